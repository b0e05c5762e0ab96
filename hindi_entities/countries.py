"""Countries and demonyms: what the word lists know, put together with what the tagger says.

The names are those of `gazetteer.py`, looked up under the folded key of `keys.lookup_key`, longest match first. A word that may
also be something else (`data/ambiguous.tsv`: चीनी is sugar, ईरानी a surname, रूसी a language) counts only where the tagger sees
a place or a demonym, or where its neighbours show one (`contexts.py`); any other counts also where the tagger missed it.
Longer names that hold a country's but are none (`data/no_countries.tsv`: दक्षिण अमेरिका, यूएस ओपन) hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hindi_entities.belief import Belief
from hindi_entities.contexts import is_force, is_language, is_of_state, is_place, listed_with_sure, other_sense
from hindi_entities.corpora import Span
from hindi_entities.gazetteer import Entry, entries, longest
from hindi_entities.keys import lookup_key
from hindi_entities.results import Label, Rule, Source
from hindi_entities.segmentation import Token

MIN_SUPPORT: Final = 0.3  # the tagger's belief from which an ambiguous word that it left out counts
SURE: Final = 0.5  # the score from which a person's name is not taken for a country
CLEAR: Final = 0.8  # the score from which the tagger's label stands against a word nearby that shows another sense

NAMED: Final = 0.96  # the score from which the forces of a country are an organization with a name
_JOINTS: Final = frozenset("-/")


class Found(NamedTuple):
    """A span of tokens with its label, score (0..1), country, where it comes from, and the rule that decided (see `Mention`)."""

    span: Span
    score: float
    country: str | None
    source: Source
    rule: Rule | None = None


def find_countries(
    tokens: Sequence[Token], found: Sequence[Found], marginals: npt.NDArray[np.float32], labels: Sequence[str]
) -> list[Found]:
    """Give places and demonyms their country, split compounds, and add the countries that the tagger missed.

    `found` are the tagger's spans of one sentence in order, `marginals` [tokens, labels] its beliefs, `labels` their
    columns. The result is in order and does not overlap; a LOCATION that is a country has become a COUNTRY, and a demonym
    that names a language, or is part of a longer name that is none, is left out.
    """
    keys = [lookup_key(token.text) for token in tokens]
    matches = [(match, entries()[tuple(keys[match.start : match.end])]) for match in _matches(keys)]
    if not matches:
        return list(found)
    belief = Belief(marginals, labels)
    taken = [part for one in found for part in _split_compound(one, keys)]
    listed = listed_with_sure(keys, matches)
    result: list[Found] = []
    done = 0  # of `taken`: matches and spans both come in order
    for (match, entry), in_list in zip(matches, listed, strict=True):
        while done < len(taken) and taken[done].span.end <= match.start:
            result.append(taken[done])
            done += 1
        over: list[Found] = []
        while done + len(over) < len(taken) and taken[done + len(over)].span.start < match.end:
            over.append(taken[done + len(over)])
        rule = _judge(match, entry, over, belief, keys, in_list)
        if rule is not None:
            done += len(over)
            result.append(_found(match, entry, over, belief, rule))
        elif any(_is_hidden(one, match, entry, keys) for one in over):
            done += len(over)
            result += [one for one in over if not _is_hidden(one, match, entry, keys)]
    return [*result, *taken[done:]]


def _found(match: Span, entry: Entry, over: Sequence[Found], belief: Belief, rule: Rule) -> Found:
    known = [one for one in over if one.span.label in (Label.LOCATION, Label.NATIONALITY) and one.span[:2] == match[:2]]
    if not known:
        return Found(match._replace(label=entry.label), belief.free(match), entry.code, "lexicon", rule)
    score = max(one.score for one in known)
    rule = next((one.rule for one in known if one.rule is not None), "list" if rule == "belief" else rule)
    return Found(match._replace(label=entry.label), score, entry.code, "model", rule)


def _judge(match: Span, entry: Entry, over: Sequence[Found], belief: Belief, keys: Sequence[str], in_list: bool) -> Rule | None:
    """The rule by which a name from the word list is a country or a demonym here; None where it is not.

    `over` are the tagger's spans that it overlaps, `in_list` says whether it is joined to a sure country.
    """
    if entry.label is Label.LOCATION or is_language(keys, match, entry) or is_place(keys, match):
        return None
    if _is_force(over, match, entry, keys):
        return "context"
    if any(one.span.start < match.start or one.span.end > match.end for one in over):
        return None  # a part of a longer name: इंडिया गेट, दक्षिण भारत, टीम इंडिया
    other = other_sense(keys, match, entry)
    shown = other is None and (in_list or is_of_state(keys, match, entry, belief))
    sure = match.end - match.start > 1 and not entry.senses  # a long name is nobody's
    if any(one.span.label == Label.PERSON and one.score >= SURE for one in over) and not (shown or sure):
        return None
    if not entry.senses:
        return "list"
    if shown:
        return "context"
    seen = [one for one in over if one.span.label in (Label.LOCATION, Label.NATIONALITY)]
    if other == "place" or (other and not any(one.score >= CLEAR for one in seen)):
        return None
    if len(seen) < len(over):
        return None  # a person or an organization
    return "belief" if seen or belief.of(match.start, match.end, Label.LOCATION, Label.NATIONALITY) >= MIN_SUPPORT else None


def _is_force(over: Sequence[Found], match: Span, entry: Entry, keys: Sequence[str]) -> bool:
    """Whether the tagger has taken the unnamed forces of a country for an organization, and is not sure of it."""
    if not over or over[0].span.start < match.start or over[-1].span.end != match.end + 1:
        return False
    return over[-1].span.label == Label.ORGANIZATION and over[-1].score < NAMED and is_force(keys, match, entry)


def _is_hidden(one: Found, match: Span, entry: Entry, keys: Sequence[str]) -> bool:
    """Whether a demonym of the tagger is none: a language, another sense of the word, or part of a name that is no country's."""
    if one.span.start < match.start or one.span.end > match.end:
        return False
    if is_language(keys, match, entry):
        return one.span.label in (Label.LOCATION, Label.NATIONALITY)
    if one.span.label != Label.NATIONALITY:
        return False
    return entry.label is Label.LOCATION or (one.score < CLEAR and other_sense(keys, match, entry) is not None)


def _matches(keys: Sequence[str]) -> Iterator[Span]:
    """The names of the word list in a sentence, longest first at each token, which do not overlap."""
    known, widest = entries(), longest()
    first = _first_keys()
    at = 0
    while at < len(keys):
        for end in range(min(len(keys), at + widest), at, -1) if keys[at] in first else ():
            if tuple(keys[at:end]) in known:
                yield Span(at, end, Label.COUNTRY)
                at = end
                break
        else:
            at += 1


@cache
def _first_keys() -> frozenset[str]:
    return frozenset(keys[0] for keys in entries())


def _split_compound(one: Found, keys: Sequence[str]) -> Iterator[Found]:
    """Two or more countries joined by hyphens, which the tagger took for one place, are mentions of their own."""
    borders = [at for at in range(one.span.start, one.span.end) if keys[at] in _JOINTS]
    edges = [one.span.start, *(at + step for at in borders for step in (0, 1)), one.span.end]
    parts = [Span(begin, end, Label.LOCATION) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    whole = tuple(keys[one.span.start : one.span.end]) in entries()
    if borders and not whole and one.span.label != Label.PERSON and all(tuple(keys[p.start : p.end]) in entries() for p in parts):
        yield from (one._replace(span=part, rule="compound") for part in parts)
    else:
        yield one
