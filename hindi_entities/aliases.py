"""Entities: which mentions of a document speak of the same thing.

Mentions with the same label and the same name (`names.read_name`: spelling set aside) are one entity; countries and demonyms
go by their code. Other names are forms of a longer name that the document also has:

* A person named by a part of a name (पुतिन of व्लादिमीर पुतिन), by initials (पी. चिदंबरम) or by three or more letters (केसीआर)
  is the bearer of that name; of several, the one mentioned last before it, or the first one after it. Who is named in full
  is nobody else.
* An organization or a place named by an acronym is the one name of the document that it can be spelled from: by letters in
  either alphabet (आरएसएस, RSS) or by first syllables (भाजपा). Where two can be meant, or where the letters are those of a name
  in another language (ईडी), only brackets tell, and of organizations only: `प्रवर्तन निदेशालय (ईडी)`. Parts of such names are
  other things: कांग्रेस is not तृणमूल कांग्रेस.
* A word in Latin letters is the one word of the document, in names of its label, that sounds like it (Putin).

Names are looked up in dictionaries, one for each kind of key, so that time is linear in the mentions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import regex

from hindi_entities.acronyms import find_long_forms
from hindi_entities.names import Name, first_letters, is_acronym, is_initial, read_name, spelled, spellings
from hindi_entities.results import Entity, Label, Mention
from hindi_entities.sounds import is_latin, sound_keys

_WITH_ALIASES = (Label.PERSON, Label.ORGANIZATION, Label.LOCATION)
PAIR = 2  # letters of a person's name that may be those of many: KK
SPOKEN = 3  # letters over which an acronym may be spoken as a word: NATO
_DEVANAGARI = regex.compile(r"\p{Devanagari}")


def group_mentions(mentions: Sequence[Mention], text: str | None = None) -> tuple[Entity, ...]:
    """The entities of mentions in text order, most mentioned first, then in text order; each mention is in exactly one.

    `text` is the document's, in which the mentions stand; without it brackets around acronyms are not seen.
    """
    names = _unite_alphabets(mentions, [read_name(mention.text, mention.label) for mention in mentions])
    full: list[Name] = list(names)
    for label in _WITH_ALIASES:
        at = [place for place, mention in enumerate(mentions) if mention.label is label]
        some, keys = [mentions[place] for place in at], [names[place] for place in at]
        found = _bearers(some, keys) if label is Label.PERSON else find_long_forms(some, keys, text)
        for place, name in zip(at, found, strict=True):
            full[place] = name
    groups: dict[Hashable, list[Mention]] = {}
    for mention, name in zip(mentions, full, strict=True):
        by_country = mention.country if mention.label in (Label.COUNTRY, Label.NATIONALITY) else None
        identity = ("country", by_country) if by_country else (mention.label, name)
        groups.setdefault(identity, []).append(mention)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0].start))
    return tuple(_make_entity(number, group) for number, group in enumerate(ordered))


def _unite_alphabets(mentions: Sequence[Mention], names: Sequence[Name]) -> list[Name]:
    """The names with each Latin word replaced by the Devanagari one of the same label that alone sounds like it, if any."""
    sounding: dict[tuple[Label, str], set[str]] = defaultdict(set)
    latin = {(mention.label, word) for mention, name in zip(mentions, names, strict=True) for word in _latin_words(mention, name)}
    if not latin:
        return list(names)
    for mention, name in zip(mentions, names, strict=True):
        for word in name if mention.label in _WITH_ALIASES else ():
            for key in sound_keys(word) if not is_latin(word) else ():
                sounding[mention.label, key].add(word)
    same = {}
    for label, word in latin:
        candidates = set[str]().union(*(sounding.get((label, key), ()) for key in sound_keys(word)))
        if len(candidates) == 1:
            same[label, word] = candidates.pop()
    result = []
    for mention, name in zip(mentions, names, strict=True):
        if is_acronym(name) and (whole := same.get((mention.label, mention.text.casefold()))):
            name = (whole,)  # NATO, spelled in letters, is नाटो, a word
        result.append(tuple(same.get((mention.label, word), word) for word in name))
    return result


def _latin_words(mention: Mention, name: Name) -> Iterator[str]:
    if mention.label in _WITH_ALIASES:
        if is_acronym(name) and len(mention.text) > SPOKEN and mention.text.isascii() and mention.text.isalpha():
            yield mention.text.casefold()
        yield from (word for word in name if is_latin(word) and not is_initial(word))


def _bearers(mentions: Sequence[Mention], names: Sequence[Name]) -> list[Name]:
    """For each mention of a person the fullest name in the document that it stands for."""
    places: dict[Name, list[int]] = {}
    for at, name in enumerate(names):
        places.setdefault(name, []).append(at)
    by_word: dict[str, set[Name]] = defaultdict(set)
    for name in places:
        for word in name:
            by_word[word].add(name)
        for letter in first_letters(name[0]):
            by_word[_initialled(letter, name[-1])].add(name)
    longer = {name: [other for other in _candidates(name, by_word) if _is_part(name, other)] for name in places}
    for acronym, others in _spelled_out(mentions, places).items():
        longer[acronym] = list(dict.fromkeys(other for other in others if len(other) == len(acronym)))
    bearers = {name: sorted((at, other) for other in others for at in places[other]) for name, others in longer.items() if others}
    full = list(names)
    for name, where in places.items():
        for at in where:
            full[at] = _choose(at, name, bearers)
    return full


def _spelled_out(mentions: Sequence[Mention], places: Mapping[Name, Sequence[int]]) -> dict[Name, list[Name]]:
    """For each name of letters alone the names whose words begin with these letters, in order; two letters tell too little."""
    acronyms = {"".join(word[0] for word in name): name for name in places if is_acronym(name) and len(name) > PAIR}
    prefixes = {letters[:end] for letters in acronyms for end in range(1, len(letters) + 1)}
    result: dict[Name, list[Name]] = defaultdict(list)
    for name, where in places.items() if acronyms else ():
        if not is_acronym(name):
            for options in spellings(name, mentions[where[0]].text):
                for letters in spelled(options, prefixes):
                    if letters in acronyms:
                        result[acronyms[letters]].append(name)
    return result


def _candidates(name: Name, by_word: Mapping[str, set[Name]]) -> set[Name]:
    """The names that have all words of a name, but for initials; of a name that begins with one, those that begin like it."""
    if is_acronym(name):
        return set()
    words = [word for word in name if not is_initial(word)]
    if is_initial(name[0]):
        words = [*words[:-1], _initialled(name[0][0], name[-1])]
    some = sorted((by_word[word] for word in words), key=len)
    return set.intersection(*some)


def _initialled(letter: str, word: str) -> str:
    return f"{letter}. {word}"


def _choose(at: int, name: Name, bearers: Mapping[Name, Sequence[tuple[int, Name]]]) -> Name:
    """Follow a short name to a longer one until there is none: the last bearer before `at`, or else the first after it.

    `bearers` has for each short name the mentions of longer ones that it is a part of: their place, in order, and name.
    """
    while name in bearers:
        before = bisect_left(bearers[name], (at,))
        name = bearers[name][max(0, before - 1)][1]
    return name


def _is_part(short: Name, long: Name) -> bool:
    """Whether the words of a name occur in a longer one in the same order, an initial for a word that begins with it.

    Longer is a name of more words, or of as many with fewer initials: following it never leads back.
    """
    rest = iter(long)
    return _length(short) < _length(long) and len(short) <= len(long) and all(_occurs(word, rest) for word in short)


def _occurs(word: str, rest: Iterator[str]) -> bool:
    if is_initial(word):
        return any(other == word or (not is_initial(other) and word[0] in first_letters(other)) for other in rest)
    return word in rest


def _length(name: Name) -> tuple[int, int]:
    return len(name), sum(not is_initial(word) for word in name)


def _make_entity(number: int, group: Sequence[Mention]) -> Entity:
    countries = [mention for mention in group if mention.label is Label.COUNTRY]
    named = countries or group
    codes = {mention.country for mention in named if mention.country}
    return Entity(
        id=number,
        name=_fullest(named),
        label=named[0].label,
        mentions=tuple(group),
        country=codes.pop() if len(codes) == 1 else None,
    )


def _fullest(mentions: Iterable[Mention]) -> str:
    """The form of most words that are no letters, then of most words, then in Devanagari, then the most frequent, the first."""
    counts = Counter(mention.text for mention in mentions)
    names = {mention.text: read_name(mention.text, mention.label) for mention in mentions}

    def fullness(form: str) -> tuple[int, int, bool, int]:
        whole = sum(not is_initial(word) for word in names[form])
        return whole, len(form.split()), bool(_DEVANAGARI.match(form)), counts[form]

    return max(counts, key=fullness)
