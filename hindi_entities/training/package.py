"""A model folder, as `Pipeline(model=...)` takes it, from a checkpoint and its encoder."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import torch

ENCODER_FILES = ("config.json", "tokenizer.json")


def make_model(checkpoint: Path, encoder: Path, out: Path, *, name: str, version: str) -> Path:
    """Write `out` with the checkpoint as `tagger.pt`, the encoder's shape and tokenizer, and the manifest `model.json`."""
    (out / "encoder").mkdir(parents=True, exist_ok=True)
    for file in ENCODER_FILES:
        shutil.copyfile(encoder / file, out / "encoder" / file)
    shutil.copyfile(checkpoint, out / "tagger.pt")
    manifest = {
        "name": name,
        "version": version,
        "sha256": _sha256(out / "tagger.pt"),
        "columns": torch.load(checkpoint, weights_only=True, map_location="cpu")["config"]["columns"],
        "encoder": {file: _sha256(out / "encoder" / file) for file in ENCODER_FILES},
    }
    (out / "model.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return out


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
