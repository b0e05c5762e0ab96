"""People, countries, organizations and places in Hindi text.

>>> import hindi_entities
>>> doc = hindi_entities.extract("रूस के राष्ट्रपति पुतिन ने कहा।")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hindi_entities.errors import CorpusError, HindiEntitiesError, MissingExtraError, ModelError, WorkerError
    from hindi_entities.explain import Explanation
    from hindi_entities.gazetteer import country
    from hindi_entities.pipeline import Pipeline, extract
    from hindi_entities.results import Country, Document, Entity, Label, Mention, ModelInfo, Sentence

__version__ = "0.1.0"

__all__ = [
    "CorpusError",
    "Country",
    "Document",
    "Entity",
    "Explanation",
    "HindiEntitiesError",
    "Label",
    "Mention",
    "MissingExtraError",
    "ModelError",
    "ModelInfo",
    "Pipeline",
    "Sentence",
    "WorkerError",
    "country",
    "extract",
]

_HOME = {
    **dict.fromkeys(("Country", "Document", "Entity", "Label", "Mention", "ModelInfo", "Sentence"), "results"),
    **dict.fromkeys(("CorpusError", "HindiEntitiesError", "MissingExtraError", "ModelError", "WorkerError"), "errors"),
    **dict.fromkeys(("Pipeline", "extract"), "pipeline"),
    "country": "gazetteer",
    "Explanation": "explain",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: torch and stanza take seconds."""
    if name not in _HOME:
        raise AttributeError(f"module 'hindi_entities' has no attribute {name!r}")
    value = getattr(import_module(f"hindi_entities.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
