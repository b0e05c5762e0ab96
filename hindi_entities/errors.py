"""The exceptions of this library; what is no text at all raises the TypeError of Python."""

from __future__ import annotations


class HindiEntitiesError(Exception):
    """The base of the library's own errors."""


class ModelError(HindiEntitiesError):
    """A model that cannot be loaded: missing, damaged, or of another kind."""


class CorpusError(HindiEntitiesError, ValueError):
    """An annotated file that cannot be read; the message names file and line."""


class MissingExtraError(HindiEntitiesError, ImportError):
    """A package that is not installed; the message names the extra of this library that brings it."""


class WorkerError(HindiEntitiesError, RuntimeError):
    """A process of `pipe(n_process=...)` that died."""
