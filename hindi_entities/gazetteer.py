"""The names and demonyms of countries: CLDR's Hindi names (through Babel) and the word lists, under folded keys.

A word list has the forms that cannot be derived. Derived are the oblique plural of a demonym (रूसी: रूसियों) and the people
of a country whose name is one word (पोलैंड: पोलैंडवासी, पोलैंडवासियों).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

import regex
from babel import Locale
from babel.core import UnknownLocaleError

from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Country, Label
from hindi_entities.segmentation import tokenize

Keys = tuple[str, ...]

_WORD: Final = regex.compile(r"[\u0900-\u0963\u0971-\u097f]+|[A-Za-z]+")
PEOPLE: Final = ("वासी", "वासियों")  # who lives there
# CLDR territories that are not in ISO 3166-1: unions, outlying areas, and the codes for an unknown region and for tests.
_NO_COUNTRY: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


class Entry(NamedTuple):
    """What a form of the lists stands for.

    `label` is LOCATION for a longer name that holds a country's and is none. `senses` are what the form may be beside a
    country or a demonym. `form` is the form as the list has it, `file` the list.
    """

    code: str | None
    label: Label
    senses: frozenset[str]
    form: str
    file: str


def country(code: str) -> Country:
    """The country or territory of an ISO 3166-1 alpha-2 code, or Kosovo (XK). Raises KeyError for an unknown one."""
    names = territories()
    if code not in names:
        raise KeyError(f"{code!r} is no ISO 3166-1 alpha-2 code")
    return names[code]


def demonym_at(keys: Sequence[str], start: int) -> tuple[int, str | None] | None:
    """The longest demonym that begins at a token, as its number of tokens and its country; None where there is none."""
    for width in range(min(longest(), len(keys) - start), 0, -1):
        entry = entries().get(tuple(keys[start : start + width]))
        if entry is not None and entry.label is Label.NATIONALITY:
            return width, entry.code
    return None


def country_named(words: Sequence[str]) -> str | None:
    """The country whose name the words are as a whole; None for a demonym, a continent and all else."""
    entry = entries().get(tuple(map(lookup_key, words)))
    return entry.code if entry is not None and entry.label is Label.COUNTRY else None


def is_listed(words: Sequence[str]) -> bool:
    """Whether the word lists have the words as a whole: a country, a demonym, or what holds such a name and is none."""
    return tuple(map(lookup_key, words)) in entries()


def keys_of(form: str) -> Keys:
    """The lookup keys of a form's tokens."""
    words = form.split(" ")
    if all(map(_WORD.fullmatch, words)):  # a token each
        return tuple(map(lookup_key, words))
    return tuple(lookup_key(token.text) for token in tokenize(form))


@cache
def entries() -> Mapping[Keys, Entry]:
    """Every form of the lists and every derived one; a listed form comes before a derived one of the same key."""
    senses = {keys_of(form): frozenset(sense.split("; ")) for form, sense in read_table("ambiguous.tsv")}
    found: dict[Keys, Entry] = {}
    for form, code, label, file in _listed():
        keys = keys_of(form)
        found.setdefault(keys, Entry(code, label, senses.get(keys, frozenset()), form, file))
    for entry in list(found.values()):
        for form in _derived(entry):
            keys = keys_of(form)
            found.setdefault(keys, Entry(entry.code, Label.NATIONALITY, senses.get(keys, frozenset()), entry.form, entry.file))
    return MappingProxyType(found)


@cache
def longest() -> int:
    """The number of tokens of the longest form."""
    return max(map(len, entries()))


@cache
def territories() -> Mapping[str, Country]:
    """Every territory with a two-letter code that CLDR names in Hindi, without its regions and the codes it adds itself."""
    try:
        hindi, english = (_names_of(language) for language in ("hi", "en"))
    except UnknownLocaleError as error:  # Babel built without locale data
        raise RuntimeError("Babel has no Hindi locale data; reinstall Babel") from error
    codes = sorted(code for code in hindi if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY)
    return MappingProxyType({code: Country(code=code, name=hindi[code], name_en=english[code]) for code in codes})


def plural_of(demonym: str) -> str | None:
    """The oblique plural of a demonym in Devanagari: रूसी, रूसियों; थाई, थाइयों; जर्मन, जर्मनों. None where it has none."""
    if demonym.endswith(("ों", "ियो", "वंशी")):
        return None
    if demonym.endswith("ी"):
        return demonym[:-1] + "ियों"
    if demonym.endswith("ई"):
        return demonym[:-1] + "इयों"
    last = demonym[-1]
    return demonym + "ों" if "\u0915" <= last <= "\u0939" or last == "\u093c" else None


def _listed() -> Iterator[tuple[str, str | None, Label, str]]:
    for code, kind, form in read_table("countries.tsv"):
        yield form, code, Label.COUNTRY if kind == "name" else Label.NATIONALITY, "countries.tsv"
    for code, territory in territories().items():
        yield territory.name, code, Label.COUNTRY, "CLDR"
    for (form,) in read_table("demonyms_regional.tsv"):
        yield form, None, Label.NATIONALITY, "demonyms_regional.tsv"
    for form, _what in read_table("no_countries.tsv"):
        yield form, None, Label.LOCATION, "no_countries.tsv"


def _derived(entry: Entry) -> Iterator[str]:
    if not "\u0900" <= entry.form[-1] <= "\u097f":
        return
    if entry.label is Label.NATIONALITY:
        plural = plural_of(entry.form)
        if plural is not None:
            yield plural
    elif entry.label is Label.COUNTRY and _WORD.fullmatch(entry.form):
        yield from (entry.form + ending for ending in PEOPLE)


def _names_of(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
