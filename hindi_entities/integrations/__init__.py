"""The library inside others, one module each: nothing here is imported before it is used, and each brings an extra."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hindi_entities.errors import MissingExtraError

if TYPE_CHECKING:
    from hindi_entities.pipeline import Pipeline

_lock = Lock()


def require(module: str, extra: str) -> ModuleType:
    """Import a module that `pip install "hindi-entities[extra]"` brings. Raises MissingExtraError where it cannot be imported."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f'{package} cannot be imported ({error}): pip install "hindi-entities[{extra}]"', name=error.name
        ) from error


def load_pipeline(**options: Any) -> Pipeline:
    """The pipeline with these options, which are hashable: loaded once a process and shared. Raises what `Pipeline` raises."""
    defaults = {"model": "default", "labels": None, "min_score": 0.0, "device": "auto", "precision": "auto"}
    given = {name: value for name, value in options.items() if name not in defaults or value != defaults[name]}
    with _lock:
        return _load(tuple(sorted(given.items())))


@cache
def _load(options: tuple[tuple[str, Any], ...]) -> Pipeline:
    from hindi_entities.pipeline import Pipeline

    return Pipeline(**dict(options))
