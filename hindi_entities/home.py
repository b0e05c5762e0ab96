"""Where a model is looked for."""

from __future__ import annotations

import os
from pathlib import Path

from hindi_entities.errors import ModelError

HOME = "HINDI_ENTITIES_HOME"


def find_model(model: str | Path) -> Path:
    """The folder or file of a model: a path, else a name in the folder of the user's models, with or without ".pt".

    That folder is `HINDI_ENTITIES_HOME`, by default `~/.hindi_entities`. Raises ModelError that says what there is.
    """
    path = Path(model).expanduser()
    home = Path(os.environ.get(HOME) or "~/.hindi_entities").expanduser()
    for place in (path, home / path, home / f"{path}.pt"):
        if place.exists():
            return place
    names = sorted(place.name for place in home.glob("*") if place.suffix == ".pt" or (place / "model.json").exists())
    there = f"which has {', '.join(names)}" if names else "which has no models" if home.is_dir() else "which does not exist"
    raise ModelError(f"there is no model {str(model)!r}: neither a path nor a name in {home} ({HOME}), {there}")
