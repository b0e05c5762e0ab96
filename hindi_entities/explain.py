"""Why a mention is one: its source and rule put into words, with the form of the word list or the mention it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict

from hindi_entities.gazetteer import entries, keys_of
from hindi_entities.results import Document, Mention, Rule

_BY_LIST: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        "list": "is in a word list",
        "belief": "is in a word list, may also be something else, and is half believed by the model",
        "context": "is in a word list, may also be something else, and has neighbours that show a country",
        "compound": "is in a word list and joined to another by a hyphen",
    }
)
_BY_DOCUMENT: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        "extended": "goes on to where the name ends in another mention",
        "split": "is apart from the organization, which is also mentioned without it",
        "majority": "has the label of most mentions of the name",
        "relabelled": "was found with another label and a low score, and has the label of a clear mention",
        "recalled": "was passed over, half believed, and is clear in another mention",
    }
)


class Explanation(BaseModel):
    """Why a mention is one.

    `form` is the form of the word list that matched, as it is written there, and `file` the list: a file of
    `hindi_entities/data`, or "CLDR". `witness` is the mention, the clearest of the same entity, on which a decision of the
    document rests. All three are None where nothing of the kind took part; `reason` says the same in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mention: Mention
    form: str | None = None
    file: str | None = None
    witness: Mention | None = None
    reason: str


def explain(document: Document) -> tuple[Explanation, ...]:
    """An explanation for each mention of a document, in text order."""
    witnesses: dict[int, Mention] = {}
    for entity in document.entities:
        clear = max((m for m in entity.mentions if m.source == "model"), key=lambda m: m.score, default=None)
        if clear is not None:
            witnesses.update({mention.start: clear for mention in entity.mentions})
    return tuple(_explain(mention, witnesses.get(mention.start)) for mention in document.mentions)


def _explain(mention: Mention, witness: Mention | None) -> Explanation:
    named = f"{mention.text} ({mention.label})"
    if mention.rule is None:
        return Explanation(mention=mention, reason=f"{named} was found by the {mention.source}, score {mention.score:.2f}")
    if mention.rule in _BY_LIST:
        entry = entries().get(keys_of(mention.text))
        form, file = (entry.form, entry.file) if entry is not None else (None, None)
        where = f": {form} in {file}" if form else ""
        reason = f"{named} {_BY_LIST[mention.rule]}{where}"
        return Explanation(mention=mention, form=form, file=file, reason=reason)
    at = f": {witness.text} at {witness.start}:{witness.end}, score {witness.score:.2f}" if witness else ""
    return Explanation(mention=mention, witness=witness, reason=f"{named} {_BY_DOCUMENT[mention.rule]}{at}")
