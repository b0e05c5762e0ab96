"""Acronyms of organizations and places, and the names that they stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache

import regex
from babel import Locale

from hindi_entities.names import (
    Name,
    is_acronym,
    read_name,
    spelled,
    spellings,
    syllable_acronyms,
    syllable_letters,
)
from hindi_entities.results import Label, Mention
from hindi_entities.sounds import is_latin

MIN_SYLLABLES = 3  # of an acronym of syllables that is matched with one of letters: भाजपा and बीजेपी
MAX_WORD = 3  # letters of a word in brackets that is an acronym: नाटो, but not कांग्रेस
_LETTER = regex.compile(r"[अ-ह]")
_OPENS = regex.compile(r"\s*[\"'“‘]?\s*\(\s*[\"'“‘]?")
_CLOSES = regex.compile(r"[\"'”’]?\s*\)")
_UNIONS = ("UN", "EU")  # CLDR's codes for what is no country


def find_long_forms(mentions: Sequence[Mention], names: Sequence[Name], text: str | None) -> list[Name]:
    """For each mention, all of one label and with its name, the name that it is the acronym of, or else its own."""
    first: dict[Name, Mention] = {}
    for mention, name in zip(mentions, names, strict=True):
        first.setdefault(name, mention)
    derived = _derive(first)
    of_organizations = all(mention.label is Label.ORGANIZATION for mention in mentions)
    in_brackets = _introduced(mentions, names, text) if text is not None and of_organizations else {}
    spelled_out = {long for acronym, longs in derived.items() if len(longs) == 1 for long in longs}
    link = {
        acronym: long
        for acronym in {**derived, **in_brackets}
        if (long := _decide(derived.get(acronym, set()), in_brackets.get(acronym, set()), spelled_out)) is not None
    }
    by_letters = _letters_of_syllables(first)
    return [link.get(name) or link.get(by_letters.get(name, name)) or by_letters.get(name, name) for name in names]


def _decide(derived: Collection[Name], in_brackets: Collection[Name], spelled_out: Collection[Name]) -> Name | None:
    """The one long form of an acronym: that in whose brackets it stands, of those that it can be spelled from.

    Brackets alone count where they always belong to one name, and that has no acronym of its own.
    """
    both = set(derived) & set(in_brackets)
    choice = both or set(derived) or (set(in_brackets) - set(spelled_out) if len(in_brackets) == 1 else set())
    return choice.pop() if len(choice) == 1 else None


def _derive(first: Mapping[Name, Mention]) -> dict[Name, set[Name]]:
    """For each acronym the names that it can be spelled from, by letters or by syllables."""
    letters = {_joined(name): name for name in first if is_acronym(name)}
    prefixes = {acronym[:end] for acronym in letters for end in range(1, len(acronym) + 1)}
    result: dict[Name, set[Name]] = defaultdict(set)
    for name, mention in first.items():
        if len(name) < 2 or is_acronym(name):
            continue
        for options in spellings(name, mention.text) if letters else ():
            for acronym in spelled(options, prefixes):
                if acronym in letters:
                    result[letters[acronym]].add(name)
        for word in syllable_acronyms(name):
            if (word,) in first and word not in name:  # गंगा ग्राम has a river in it
                result[word,].add(name)
    for code, name in _unions().items():
        if code in letters and name in first:
            result[letters[code]].add(name)
    return result


def _letters_of_syllables(names: Collection[Name]) -> dict[Name, Name]:
    """For each acronym of letters the only acronym of syllables that has these letters: भाजपा for बीजेपी."""
    letters = {_joined(name): name for name in names if is_acronym(name)}
    prefixes = {acronym[:end] for acronym in letters for end in range(1, len(acronym) + 1)}
    found: dict[Name, set[Name]] = defaultdict(set)
    for name in names:
        options = syllable_letters(name[0]) if len(name) == 1 else ()
        if len(options) >= MIN_SYLLABLES:
            for acronym in spelled(options, prefixes):
                if acronym in letters:
                    found[letters[acronym]].add(name)
    return {acronym: words.pop() for acronym, words in found.items() if len(words) == 1}


def _introduced(mentions: Sequence[Mention], names: Sequence[Name], text: str) -> dict[Name, set[Name]]:
    """For each acronym of an organization the long forms in brackets after it, and those after which it stands in brackets.

    Of two places, the one in brackets is where the other lies: ग्रेटर नोएडा (यूपी).
    """
    result: dict[Name, set[Name]] = defaultdict(set)
    for at in range(len(mentions) - 1):
        one, other = mentions[at], mentions[at + 1]
        if _OPENS.fullmatch(text, one.end, other.start) and _CLOSES.match(text, other.end):
            for short, long in ((at, at + 1), (at + 1, at)):
                if _is_short(names[short], mentions[short].text) and len(names[long]) > 1 and not is_acronym(names[long]):
                    result[names[short]].add(names[long])
    return result


def _is_short(name: Name, text: str) -> bool:
    return is_acronym(name) or (len(name) == 1 and not is_latin(text) and len(_LETTER.findall(name[0])) <= MAX_WORD)


def _joined(acronym: Name) -> str:
    return "".join(word.rstrip(".") for word in acronym)


@cache
def _unions() -> Mapping[str, Name]:
    territories = Locale.parse("hi").territories
    return {code: read_name(str(territories[code]), Label.ORGANIZATION) for code in _UNIONS}
