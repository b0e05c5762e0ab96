"""The library inside others, one module each: nothing here is imported before it is used, and each brings an extra."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from hindi_entities.errors import MissingExtraError


def require(module: str, extra: str) -> ModuleType:
    """Import a module that `pip install "hindi-entities[extra]"` brings. Raises MissingExtraError where it cannot be imported."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f'{package} cannot be imported ({error}): pip install "hindi-entities[{extra}]"', name=error.name
        ) from error
