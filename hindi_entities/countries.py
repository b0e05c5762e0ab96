"""Countries and demonyms: what the word lists know, put together with what the tagger says.

The names are CLDR's Hindi territory names (through Babel) and `data/countries.tsv`, looked up under the folded key of
`keys.lookup_key`, longest match first. A word that may also be something else (`data/ambiguous.tsv`: चीनी is sugar, ईरानी a
surname, रूसी a language) counts only where the tagger sees a place or a demonym; any other counts also where the tagger
missed it. Longer names that hold a country's but are none (`data/no_countries.tsv`: दक्षिण अमेरिका, यूएस ओपन) hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from babel import Locale
from babel.core import UnknownLocaleError

from hindi_entities.corpora import Span
from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Country, Label
from hindi_entities.segmentation import Token, tokenize

Keys = tuple[str, ...]

MIN_SUPPORT: Final = 0.3  # the tagger's belief from which an ambiguous word that it left out counts
SURE: Final = 0.5  # the score from which a person's name is not taken for a country
_JOINTS: Final = frozenset("-–—‐‑/")


class Found(NamedTuple):
    """A span of tokens with its label, score (0..1), country and where it comes from."""

    span: Span
    score: float
    country: str | None
    source: str


class _Entry(NamedTuple):
    code: str | None
    label: Label  # LOCATION for what is no country
    ambiguous: bool


def country(code: str) -> Country:
    """The country or territory of an ISO 3166-1 alpha-2 code, or Kosovo (XK). Raises KeyError for an unknown one."""
    names = _territories()
    if code not in names:
        raise KeyError(f"{code!r} is no ISO 3166-1 alpha-2 code")
    return names[code]


def find_countries(
    tokens: Sequence[Token], found: Sequence[Found], marginals: npt.NDArray[np.float32], labels: Sequence[str]
) -> list[Found]:
    """Give places and demonyms their country, split compounds, and add the countries that the tagger missed.

    `found` are the tagger's spans of one sentence in order, `marginals` [tokens, labels] its beliefs, `labels` their
    columns. The result is in order and does not overlap; a LOCATION that is a country has become a COUNTRY.
    """
    keys = [lookup_key(token.text) for token in tokens]
    belief = _Belief(marginals, labels)
    taken = [each for one in found for each in _split_compound(one, tokens, keys)]
    result = []
    for match in _matches(keys):
        entry = _lexicon()[tuple(keys[match.start : match.end])]
        over = [one for one in taken if one.span.start < match.end and one.span.end > match.start]
        if not _accepts(match, entry, over, belief):
            continue
        known = [one for one in over if one.span.label in (Label.LOCATION, Label.NATIONALITY)]
        score = max((one.score for one in known if one.span[:2] == match[:2]), default=None)
        source = "lexicon" if score is None else "model"
        score = belief.free(match) if score is None else score
        taken = [one for one in taken if one not in over]
        result.append(Found(match._replace(label=entry.label), score, entry.code, source))
    return sorted([*taken, *result], key=lambda one: one.span.start)


def demonym_at(keys: Sequence[str], start: int) -> tuple[int, str | None] | None:
    """The longest demonym that begins at a token, as its number of tokens and its country; None where there is none."""
    for width in range(min(_longest(), len(keys) - start), 0, -1):
        entry = _lexicon().get(tuple(keys[start : start + width]))
        if entry is not None and entry.label is Label.NATIONALITY:
            return width, entry.code
    return None


def country_named(words: Sequence[str]) -> str | None:
    """The country whose name the words are as a whole; None for a demonym, a continent and all else."""
    entry = _lexicon().get(tuple(map(lookup_key, words)))
    return entry.code if entry is not None and entry.label is Label.COUNTRY else None


def is_listed(words: Sequence[str]) -> bool:
    """Whether the word lists have the words as a whole: a country, a demonym, or what holds such a name and is none."""
    return tuple(map(lookup_key, words)) in _lexicon()


class _Belief:
    """The tagger's marginals by label."""

    def __init__(self, marginals: npt.NDArray[np.float32], labels: Sequence[str]) -> None:
        self._of = {label: marginals[:, at] for at, label in enumerate(labels)}

    def place_or_demonym(self, span: Span) -> float:
        """How far the tagger believes the span's weakest token to be inside a place or a demonym."""
        return float(min(self._sum(at, Label.LOCATION, Label.NATIONALITY) for at in range(span.start, span.end)))

    def free(self, span: Span) -> float:
        """The probability that no token of the span is inside a person or an organization, taken at the worst one."""
        worst = max(self._sum(at, Label.PERSON, Label.ORGANIZATION) for at in range(span.start, span.end))
        return float(np.clip(1 - worst, 0, 1))

    def _sum(self, at: int, *labels: Label) -> float:
        return float(sum(self._of[label][at] for label in labels if label in self._of))


def _accepts(match: Span, entry: _Entry, over: Sequence[Found], belief: _Belief) -> bool:
    """Whether a name from the word list is a country or a demonym here, beside the tagger's spans that it overlaps."""
    if entry.label is Label.LOCATION:
        return False
    if any(one.span.start < match.start or one.span.end > match.end for one in over):
        return False  # a part of a longer name: इंडिया गेट, दक्षिण भारत, टीम इंडिया
    if any(one.span.label == Label.PERSON and one.score >= SURE for one in over):
        return False
    if any(one.span.label in (Label.PERSON, Label.ORGANIZATION) for one in over):
        return not entry.ambiguous
    return bool(over) or not entry.ambiguous or belief.place_or_demonym(match) >= MIN_SUPPORT


def _matches(keys: Sequence[str]) -> Iterator[Span]:
    """The names of the word list in a sentence, longest first at each token, which do not overlap."""
    lexicon, longest = _lexicon(), _longest()
    at = 0
    while at < len(keys):
        for end in range(min(len(keys), at + longest), at, -1):
            if tuple(keys[at:end]) in lexicon:
                yield Span(at, end, Label.COUNTRY)
                at = end
                break
        else:
            at += 1


def _split_compound(one: Found, tokens: Sequence[Token], keys: Sequence[str]) -> Iterator[Found]:
    """Two or more countries joined by hyphens, which the tagger took for one place, are mentions of their own."""
    borders = [at for at in range(one.span.start, one.span.end) if tokens[at].text in _JOINTS]
    edges = [one.span.start, *(at + step for at in borders for step in (0, 1)), one.span.end]
    parts = [Span(begin, end, Label.LOCATION) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    lexicon = _lexicon()
    if borders and one.span.label != Label.PERSON and all(tuple(keys[p.start : p.end]) in lexicon for p in parts):
        yield from (one._replace(span=part) for part in parts)
    else:
        yield one


@cache
def _lexicon() -> Mapping[Keys, _Entry]:
    ambiguous = {_keys_of(form) for form, _sense in read_table("ambiguous.tsv")}
    entries: dict[Keys, _Entry] = {}

    def add(form: str, code: str | None, label: Label) -> None:
        keys = _keys_of(form)
        entries.setdefault(keys, _Entry(code, label, keys in ambiguous))

    for code, kind, form in read_table("countries.tsv"):
        add(form, code, Label.COUNTRY if kind == "name" else Label.NATIONALITY)
    for code, territory in _territories().items():
        add(territory.name, code, Label.COUNTRY)
    for (form,) in read_table("demonyms_regional.tsv"):
        add(form, None, Label.NATIONALITY)
    for form, _what in read_table("no_countries.tsv"):
        add(form, None, Label.LOCATION)
    return MappingProxyType(entries)


@cache
def _longest() -> int:
    return max(map(len, _lexicon()))


def _keys_of(form: str) -> Keys:
    return tuple(lookup_key(token.text) for token in tokenize(form))


def _names_of(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(language).territories.items()}


@cache
def _territories() -> Mapping[str, Country]:
    """Every territory with a two-letter code that CLDR names in Hindi, without its regions and the codes it adds itself."""
    try:
        hindi, english = (_names_of(language) for language in ("hi", "en"))
    except UnknownLocaleError as error:  # Babel built without locale data
        raise RuntimeError("Babel has no Hindi locale data; reinstall Babel") from error
    codes = sorted(code for code in hindi if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY)
    return MappingProxyType({code: Country(code=code, name=hindi[code], name_en=english[code]) for code in codes})


# CLDR territories that are not in ISO 3166-1: unions, outlying areas, and the codes for an unknown region and for tests.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
