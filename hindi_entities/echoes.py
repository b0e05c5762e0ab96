"""A name that is clear in one place of a document, and its echoes: weak or missed mentions of the same name elsewhere.

A mention is clear where the tagger found it with a high score. An echo has the words of a clear name, or is the first or last
word of a person's clear full name (शोइगु of सर्गेई शोइगु). Whether it takes over the label is decided by the tagger's own
belief in that label there: not negligible where it gave another one, more than any other name's where it gave none. A word with
clear mentions of its own under another label, or that belongs to clear names of different labels, echoes none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from hindi_entities.belief import Belief
from hindi_entities.corpora import Span
from hindi_entities.countries import Found
from hindi_entities.results import Label

Keys = tuple[str, ...]

CLEAR: Final = 0.8  # the score from which a mention is clear
WEAK: Final = 0.7  # the score under which a mention may take another label
RELABEL: Final = 0.1  # the belief in the new label from which it does
RECALL: Final = 0.2  # the belief in the label from which a word that the tagger passed over is a mention
RECALL_PART: Final = 0.3  # the same for a part of a person's name, which is more often another word
NAME_BESIDE: Final = 0.5  # the belief in a name from which the token beside makes the words a part of a longer one
MAX_WORDS: Final = 8  # longer names have no echoes: every look-up stays short

_LABELS: Final = (Label.PERSON, Label.LOCATION, Label.ORGANIZATION, Label.NATIONALITY)
_ECHOED: Final = frozenset({Label.PERSON, Label.LOCATION, Label.ORGANIZATION, Label.COUNTRY, Label.NATIONALITY})
_OF_COUNTRY: Final = frozenset({Label.COUNTRY, Label.NATIONALITY})


class _Name(NamedTuple):
    """What an echo becomes: label and country; `is_part` where it is a part of a person's name."""

    label: Label
    country: str | None
    is_part: bool


def echo(keys: Sequence[Sequence[str]], found: Sequence[Sequence[Found]], beliefs: Sequence[Belief]) -> list[list[Found]]:
    """The spans of each sentence, weak ones relabelled and missed ones added, in order and without overlap.

    `keys` are the lookup keys of each sentence's tokens.
    """
    names = _clear_names(keys, found)
    if not names:
        return [list(spans) for spans in found]
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[0], set()).add(len(name))
    widths = {word: sorted(each, reverse=True) for word, each in lengths.items()}
    result = []
    for words, spans, belief in zip(keys, found, beliefs, strict=True):
        relabelled = [_relabel(one, words, names, belief) for one in spans]
        added = list(_recall(words, relabelled, names, widths, belief))
        result.append(sorted([*relabelled, *added], key=lambda one: one.span.start) if added else relabelled)
    return result


def _clear_names(keys: Sequence[Sequence[str]], found: Sequence[Sequence[Found]]) -> Mapping[Keys, _Name]:
    """The clear names of a document and the parts of its persons' names, each that has one reading."""
    clear: dict[Keys, set[_Name]] = {}
    for words, spans in zip(keys, found, strict=True):
        for one in spans:
            name = tuple(words[one.span.start : one.span.end])
            if one.source == "model" and one.score >= CLEAR and one.span.label in _ECHOED and len(name) <= MAX_WORDS:
                clear.setdefault(name, set()).add(_Name(Label(one.span.label), one.country, is_part=False))
    names = {name: next(iter(readings)) for name, readings in clear.items() if len(readings) == 1}
    for name, reading in list(names.items()):
        if reading.label is Label.PERSON and len(name) > 1:
            for part in (name[-1:], name[:1]):
                if part not in clear and len(part[0]) > 2:
                    names[part] = _Name(Label.PERSON, None, is_part=True)
    return names


def _relabel(one: Found, words: Sequence[str], names: Mapping[Keys, _Name], belief: Belief) -> Found:
    start, end, label = one.span
    name = names.get(tuple(words[start:end])) if end - start <= MAX_WORDS else None
    if name is None or label not in _ECHOED or name.label == label or one.score >= WEAK or one.rule == "context":
        return one
    if {Label(label), name.label} == _OF_COUNTRY:  # the word lists know better
        return one
    support = belief.of(start, end, name.label)
    if support < RELABEL:
        return one
    return Found(Span(start, end, name.label), support, name.country, "document", "relabelled")


def _recall(
    words: Sequence[str],
    spans: Sequence[Found],
    names: Mapping[Keys, _Name],
    widths: Mapping[str, Sequence[int]],
    belief: Belief,
) -> Iterator[Found]:
    """The clear names that stand, untagged, between the spans of a sentence."""
    gaps = zip([0, *(one.span.end for one in spans)], [*(one.span.start for one in spans), len(words)], strict=True)
    for begin, end in gaps:
        at = begin
        while at < end:
            for width in widths.get(words[at], ()):
                stop = at + width
                name = names.get(tuple(words[at:stop])) if stop <= end else None
                if name is not None and _is_missed(at, stop, name, belief):
                    yield Found(Span(at, stop, name.label), belief.of(at, stop, name.label), name.country, "document", "recalled")
                    at = stop
                    break
            else:
                at += 1


def _is_missed(start: int, end: int, name: _Name, belief: Belief) -> bool:
    """Whether the words are the name here: the tagger half believed it, no other label more, and no longer name holds them."""
    support = belief.of(start, end, name.label)
    if support < (RECALL_PART if name.is_part else RECALL):
        return False
    if any(belief.of(start, end, label) > support for label in _LABELS):
        return False
    return all(belief.at(beside, Label.PERSON, Label.LOCATION, Label.ORGANIZATION) < NAME_BESIDE for beside in (start - 1, end))
