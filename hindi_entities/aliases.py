"""Entities: which mentions of a document speak of the same thing.

Mentions with the same key are one entity. A person named by a part of a longer name that the document also has (पुतिन of
व्लादिमीर पुतिन, किम जोंग of किम जोंग उन) is the bearer of that name; of several, the one mentioned last before it, or the
first one after it. Countries and demonyms go by their code.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from hindi_entities.keys import lookup_key
from hindi_entities.results import Entity, Label, Mention
from hindi_entities.segmentation import tokenize

Keys = tuple[str, ...]


def group_mentions(mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """The entities of mentions in text order, most mentioned first, then in text order; each mention is in exactly one."""
    keys = [_keys_of(mention.text) for mention in mentions]
    full = _full_names(mentions, keys)
    groups: dict[Hashable, list[Mention]] = {}
    for mention, key, name in zip(mentions, keys, full, strict=True):
        by_country = mention.country if mention.label in (Label.COUNTRY, Label.NATIONALITY) else None
        identity = ("country", by_country) if by_country else (mention.label, name or key)
        groups.setdefault(identity, []).append(mention)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0].start))
    return tuple(_make_entity(number, group) for number, group in enumerate(ordered))


def _full_names(mentions: Sequence[Mention], keys: Sequence[Keys]) -> list[Keys | None]:
    """For each mention of a person the longest name in the document that it is a part of; None for all others."""
    places: dict[Keys, list[int]] = {}
    for at, (mention, key) in enumerate(zip(mentions, keys, strict=True)):
        if mention.label is Label.PERSON:
            places.setdefault(key, []).append(at)
    with_word: dict[str, set[Keys]] = {}
    for name in places:
        for word in name:
            with_word.setdefault(word, set()).add(name)
    longer = {
        name: [other for other in set.intersection(*(with_word[word] for word in name)) if _is_part(name, other)]
        for name in places
    }
    bearers = {name: sorted((at, other) for other in others for at in places[other]) for name, others in longer.items() if others}
    full: list[Keys | None] = [None] * len(mentions)
    for key, where in places.items():
        for at in where:
            full[at] = _choose(at, key, bearers)
    return full


def _choose(at: int, key: Keys, bearers: Mapping[Keys, Sequence[tuple[int, Keys]]]) -> Keys:
    """Follow a short name to a longer one until there is none: the last bearer before `at`, or else the first after it.

    `bearers` has for each short name the mentions of longer ones that it is a part of: their place, in order, and name.
    """
    while key in bearers:
        before = bisect_left(bearers[key], (at,))
        key = bearers[key][max(0, before - 1)][1]
    return key


def _is_part(short: Keys, long: Keys) -> bool:
    """Whether the words of a name occur in a longer one in the same order."""
    rest = iter(long)
    return len(short) < len(long) and all(word in rest for word in short)


def _make_entity(number: int, group: Sequence[Mention]) -> Entity:
    countries = [mention for mention in group if mention.label is Label.COUNTRY]
    named = countries or group
    codes = {mention.country for mention in named if mention.country}
    return Entity(
        id=number,
        name=_fullest(mention.text for mention in named),
        label=named[0].label,
        mentions=tuple(group),
        country=codes.pop() if len(codes) == 1 else None,
    )


def _fullest(forms: Iterable[str]) -> str:
    """The form of most words, then the most frequent, then the first."""
    counts = Counter(forms)
    return max(counts, key=lambda form: (len(form.split()), counts[form]))


def _keys_of(text: str) -> Keys:
    return tuple(lookup_key(token.text) for token in tokenize(text) if token.text[0].isalnum()) or (lookup_key(text),)
