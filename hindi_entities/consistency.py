"""One name, one reading: what the sentences of a document, each read alone, can tell each other.

Rules for names that the document itself confirms elsewhere, in this order:
a person's name goes on to where it ends in a longer mention (किम जोंग + उन, where किम जोंग उन is mentioned, too);
a demonym before an organization is not part of its name where the organization is also mentioned without it and the
tagger is not sure of the whole (it is of भारतीय रिज़र्व बैंक, also where रिज़र्व बैंक stands alone elsewhere);
a name of several words has one label, that of the mentions in which the tagger believes most;
a mention of which the tagger is not sure takes the label of clear mentions of the same name, or becomes a person where it
is a part of a person's clear full name, and a clear name is found again where the tagger passed over it (`echoes.py`).
Each takes time linear in the tokens of the document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from hindi_entities.belief import Belief
from hindi_entities.corpora import Span
from hindi_entities.countries import Found
from hindi_entities.echoes import MAX_WORDS, echo
from hindi_entities.gazetteer import demonym_at
from hindi_entities.keys import lookup_key
from hindi_entities.results import Label
from hindi_entities.segmentation import Token

Keys = tuple[str, ...]
SURE = 0.8
NAMES = frozenset({Label.PERSON, Label.LOCATION, Label.ORGANIZATION})


def reconcile(
    sentences: Sequence[Sequence[Token]],
    found: Sequence[Sequence[Found]],
    marginals: Sequence[npt.NDArray[np.float32]],
    labels: Sequence[str],
) -> list[list[Found]]:
    """The spans found in each sentence of a document after the rules; in order, without overlap, as before.

    `marginals` has for each sentence the tagger's beliefs [tokens, labels], `labels` are their columns. What a rule changed
    has the source "document".
    """
    keys = [[lookup_key(token.text) for token in tokens] for tokens in sentences]
    named = defaultdict[Label, set[Keys]](set)
    for words, spans in zip(keys, found, strict=True):
        for one in spans:
            named[Label(one.span.label)].add(tuple(words[one.span.start : one.span.end]))
    people = frozenset(name for name in named[Label.PERSON] if len(name) <= MAX_WORDS)
    changed = [
        _extend([part for one in spans for part in _split(one, words, named)], words, people)
        for words, spans in zip(keys, found, strict=True)
    ]
    return echo(keys, _vote(keys, changed), [Belief(each, labels) for each in marginals])


def _split(one: Found, words: Sequence[str], named: dict[Label, set[Keys]]) -> Iterator[Found]:
    """A demonym and the organization after it, where the document has that organization without the demonym."""
    start, end, label = one.span
    width = demonym_at(words, start) if label == Label.ORGANIZATION and one.score < SURE else None
    if width is not None and tuple(words[start + width[0] : end]) in named[Label.ORGANIZATION]:
        middle = start + width[0]
        yield Found(Span(start, middle, Label.NATIONALITY), one.score, width[1], "document", "split")
        yield one._replace(span=Span(middle, end, label), source="document", rule="split")
    else:
        yield one


def _extend(spans: Sequence[Found], words: Sequence[str], people: frozenset[Keys]) -> list[Found]:
    """Persons up to the end of the longest name of the document that stands there in full."""
    result = []
    for at, one in enumerate(spans):
        start, end, label = one.span
        if label == Label.PERSON:
            limit = min(spans[at + 1].span.start if at + 1 < len(spans) else len(words), start + MAX_WORDS)
            stop = next((stop for stop in range(limit, end, -1) if tuple(words[start:stop]) in people), end)
            if stop > end:
                one = one._replace(span=Span(start, stop, label), source="document", rule="extended")
        result.append(one)
    return result


def _vote(keys: Sequence[Sequence[str]], found: Sequence[Sequence[Found]]) -> list[list[Found]]:
    """One label for each name of several words: the one with the highest sum of scores."""
    votes = defaultdict[Keys, Counter[str]](Counter)
    for words, spans in zip(keys, found, strict=True):
        for one in spans:
            if one.span.label in NAMES and one.span.end - one.span.start > 1:
                votes[tuple(words[one.span.start : one.span.end])][one.span.label] += one.score  # type: ignore[assignment]
    result = []
    for words, spans in zip(keys, found, strict=True):
        row = []
        for one in spans:
            counts = votes.get(tuple(words[one.span.start : one.span.end]))
            label = counts.most_common(1)[0][0] if counts and one.span.label in NAMES else one.span.label
            if label != one.span.label:
                one = one._replace(span=one.span._replace(label=label), source="document", rule="majority")
            row.append(one)
        result.append(row)
    return result
