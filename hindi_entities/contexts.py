"""The neighbours of an ambiguous word: what shows a country, what a language, what something else.

चाड के राष्ट्रपति and रूसी सेना have words of state beside them, माली और नाइजीरिया another country; रूसी में and नेपाली भाषा are
languages; चीनी beside चाय is sugar. The words are in `country_words.tsv`, `language_words.tsv` and `sense_words.tsv`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from hindi_entities.belief import Belief
from hindi_entities.corpora import Span
from hindi_entities.gazetteer import Entry
from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Label

WINDOW: Final = 3  # tokens on each side in which a word may show another sense
PERSON_BEFORE: Final = 0.5  # the belief from which the token before is taken for a part of the same person's name
HOME: Final = "IN"  # whose forces Hindi calls by the demonym as by a name
_OF: Final = frozenset(map(lookup_key, ("का", "के", "की")))
_WITH: Final = frozenset(map(lookup_key, ("साथ", "बीच", "खिलाफ")))
_AND: Final = frozenset(map(lookup_key, ("और", "व", "एवं", "तथा", "या", ",", "-", "/", "बनाम", "&")))
_JOINTS: Final = frozenset("-/")


def is_of_state(keys: Sequence[str], match: Span, entry: Entry, belief: Belief) -> bool:
    """Whether a word of state follows, at once or after का, के, की: चाड के राष्ट्रपति, जॉर्डन की सेना, पाक सेना, नेपाली टीम.

    Or one of the dealings of states after के साथ and the like: ओमान के साथ द्विपक्षीय वार्ता.

    Not where somebody comes into the office (के प्रधानमंत्री बनने पर), nor after a token that is part of a person's name.
    """
    if belief.at(match.start - 1, Label.PERSON) >= PERSON_BEFORE:
        return False
    at, kinds = match.end, ["state"]
    if at < len(keys) and keys[at] in _OF:
        at += 1
        if at < len(keys) and keys[at] in _WITH:
            at, kinds = at + 1, ["dealing"]
    elif entry.label is Label.NATIONALITY:
        kinds.append("national")
    shown = at < len(keys) and any(keys[at] in _words(kind) for kind in kinds)
    return shown and not (at + 1 < len(keys) and keys[at + 1] in _words("becoming"))


def is_force(keys: Sequence[str], match: Span, entry: Entry) -> bool:
    """Whether the word after makes the form the unnamed forces of a country: रूसी सेना. Not भारतीय सेना, which is a name."""
    follows = match.end < len(keys) and keys[match.end] in _words("group")
    return follows and entry.code is not None and (entry.code != HOME or match.end - match.start > 1)


def is_place(keys: Sequence[str], match: Span) -> bool:
    """Whether the word after makes the form a part of the name of a place: इंडिया गेट."""
    return match.end < len(keys) and keys[match.end] in _words("place")


def is_language(keys: Sequence[str], match: Span, entry: Entry) -> bool:
    """Whether the form is a language here: before भाषा and the like, and where it may be one also before में or a verb."""
    if match.end >= len(keys) or not (entry.label is Label.NATIONALITY or "language" in entry.senses):
        return False
    if keys[match.end] in _language("always"):
        return True
    return entry.label is Label.NATIONALITY and "language" in entry.senses and keys[match.end] in _language("after")


def other_sense(keys: Sequence[str], match: Span, entry: Entry) -> str | None:
    """The kind ("place" or "thing") of another sense of the form that a word nearby shows: चाय में चीनी; None where none does."""
    if not entry.senses:
        return None
    near = [*keys[max(0, match.start - WINDOW) : match.start], *keys[match.end : match.end + WINDOW]]
    return next((kind for key in near for sense, kind in _senses().get(key, ()) if sense in entry.senses), None)


def listed_with_sure(keys: Sequence[str], matches: Sequence[tuple[Span, Entry]]) -> list[bool]:
    """For each match, in order, whether it stands in a list or compound with one that can be nothing else.

    Joined are names with names and demonyms with demonyms, and with a hyphen all: भारत-पाक, केन्या, चाड और माली.
    """
    result = [False] * len(matches)
    begin = 0
    for at in range(len(matches)):
        if at + 1 == len(matches) or not _joined(keys, matches[at], matches[at + 1]):
            sure = any(not entry.senses and entry.label is not Label.LOCATION for _, entry in matches[begin : at + 1])
            if at > begin:
                result[begin : at + 1] = [sure] * (at + 1 - begin)
            begin = at + 1
    return result


def _joined(keys: Sequence[str], left: tuple[Span, Entry], right: tuple[Span, Entry]) -> bool:
    between = keys[left[0].end : right[0].start]
    if len(between) != 1 or Label.LOCATION in (left[1].label, right[1].label):
        return False
    return between[0] in _JOINTS or (between[0] in _AND and left[1].label is right[1].label)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(lookup_key(word) for word, what in read_table("country_words.tsv") if what == kind)


@cache
def _language(where: str) -> frozenset[str]:
    return frozenset(lookup_key(word) for word, place in read_table("language_words.tsv") if place == where)


@cache
def _senses() -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for sense, word, kind in read_table("sense_words.tsv"):
        found.setdefault(lookup_key(word), []).append((sense, kind))
    return found
