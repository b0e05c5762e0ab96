"""Places: the country that a city or region lies in.

`data/places.tsv` (cities, from GeoNames) and `data/regions.tsv` (states, regions and what GeoNames lacks or has wrong) are
looked up under one folded key, so that a spelling variant needs no row. A name that comparable places of several countries
share has their codes, and counts only where the sentence names one of them; a name that is more often something else has
none. Only what the tagger took for a place is looked up: the lists never make one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import regex

from hindi_entities.countries import Found
from hindi_entities.gazetteer import country_named, is_listed
from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Label
from hindi_entities.segmentation import Token

UNKNOWN: Final = "-"  # in the lists: no country, whatever GeoNames says
_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}\u200c\u200d]+")
_COMMAS: Final = frozenset(",،")
# Vowels that names from other languages are spelled with either way: length, o and au, e and ai, the English o; also ण and ष.
_FOLD: Final = str.maketrans("ीूईऊॉॅऑऍौऔैऐणष", "िुइउाेआएोओेएनश")


def place_key(words: Iterable[str]) -> str:
    """The key of a place's name: words and hyphens joined, vowels that vary in foreign names folded.

    न्यूयॉर्क and न्यू यार्क have one key, so have लाहौर and लाहोर.
    """
    return "".join(lookup_key(word).lower().translate(_FOLD) for text in words for word in _WORD.findall(text))


def country_of_place(words: Sequence[str], named: Collection[str] = ()) -> str | None:
    """The ISO 3166-1 code of the country that a place lies in, by the words of its name; None where unknown or unsure.

    `named` are the countries that stand beside it: they decide between places of the same name, and nothing else.
    """
    codes = {code for part in _parts(words) for code in _choose(_candidates(part), named)}
    return codes.pop() if len(codes) == 1 else None


def english_name(words: Sequence[str]) -> str | None:
    """The name that GeoNames has for a city; None for a region and for what is not known."""
    return _names().get(place_key(words))


def locate(found: Sequence[Found], tokens: Sequence[Token]) -> list[Found]:
    """The spans of one sentence, its LOCATIONs with their country where it is known."""
    named = {one.country for one in found if one.span.label == Label.COUNTRY and one.country}
    return [
        one._replace(country=country_of_place([token.text for token in tokens[one.span.start : one.span.end]], named))
        if one.span.label == Label.LOCATION and one.country is None
        else one
        for one in found
    ]


def _choose(candidates: Sequence[str], named: Collection[str]) -> Sequence[str]:
    if len(candidates) < 2:
        return candidates
    beside = [code for code in candidates if code in named]
    return beside if len(beside) == 1 else ()


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The places of a mention such as पटना, बिहार."""
    begin = 0
    for at, word in enumerate(words):
        if word in _COMMAS:
            yield words[begin:at]
            begin = at + 1
    yield words[begin:]


def _candidates(words: Sequence[str]) -> Sequence[str]:
    """The countries of a name, the most likely first; of its core (पूर्वी दिल्ली, पुणे जिले) where the whole is unknown."""
    table = _places()
    whole = table.get(place_key(words))
    if whole is not None:
        return whole
    begin, end = 0, len(words)
    while begin < end - 1 and (words[begin] == "-" or place_key([words[begin]]) in _around("before")):
        begin += 1
    if begin:
        code = None if is_listed(words) else country_named(words[begin:])
        if code:
            return (code,)
    while end > begin + 1 and place_key([words[end - 1]]) in _around("after"):
        end -= 1
    return table.get(place_key(words[begin:end]), ()) if (begin, end) != (0, len(words)) else ()


@cache
def _places() -> Mapping[str, tuple[str, ...]]:
    rows = (row[:2] for name in ("places.tsv", "regions.tsv") for row in read_table(name))  # the second has the last word
    return MappingProxyType({place_key([form]): () if codes == UNKNOWN else tuple(codes.split()) for form, codes in rows})


@cache
def _names() -> Mapping[str, str]:
    return MappingProxyType({place_key([form]): name for form, _codes, name in read_table("places.tsv")})


@cache
def _around(where: str) -> frozenset[str]:
    return frozenset(place_key([form]) for form, place in read_table("place_words.tsv") if place == where)
