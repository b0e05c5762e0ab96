"""Sentences as they are learned from: some names swapped for others of their kind, some tokens hidden.

Both make the tagger read the context of a name and not only the name: a person or a place takes the name of another one of
the same label and tag column (Dai and Adel 2020, "mention replacement"), in whatever script it is written, and all pieces of
a token become the mask piece (word dropout).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hindi_entities.corpora import Span, spans_of_bioes
from hindi_entities.network import MAX_PIECES, Encoded

SWAPPED = frozenset({"PERSON", "LOCATION", "NEP", "NEL"})
Pieces = list[int]


class Row(NamedTuple):
    """A sentence ready for the network: pieces, gold tag ids, and the tag column that they belong to."""

    pieces: Encoded
    tags: list[int]
    column: int


class Augmenter:
    """Changes rows by chance: `swap` is how often a name is swapped, `hide` how often a token is hidden (0..1).

    `tags` has the names of each column's tags by id; `mask` is the mask piece, None where the tokenizer has none.
    """

    def __init__(self, rows: Iterable[Row], tags: Sequence[Sequence[str]], mask: int | None, swap: float, hide: float) -> None:
        self.tags, self.mask, self.swap, self.hide = tags, mask, swap, hide
        self.ids = [{name: at for at, name in enumerate(names) if name != "O"} for names in tags]
        self.names = defaultdict[tuple[int, str], list[list[Pieces]]](list)
        for row in rows if swap else ():
            words = _words(row.pieces)
            for span in self._spans(row):
                self.names[row.column, span.label].append(words[span.start : span.end])

    def __call__(self, row: Row, chance: random.Random) -> Row:
        """The row, or a changed copy of it."""
        if self.swap:
            row = self._swap_names(row, chance)
        if self.hide and self.mask is not None:
            words = _words(row.pieces)
            hidden = [[self.mask] * len(word) if chance.random() < self.hide else word for word in words]
            row = row._replace(pieces=_encoded(row.pieces, hidden))
        return row

    def _spans(self, row: Row) -> list[Span]:
        names = self.tags[row.column]
        return [span for span in spans_of_bioes([names[i] for i in row.tags]) if span.label in SWAPPED]

    def _swap_names(self, row: Row, chance: random.Random) -> Row:
        words, tags = _words(row.pieces), list(row.tags)
        for start, end, label in reversed(self._spans(row)):
            if chance.random() < self.swap:
                name = chance.choice(self.names[row.column, label])
                words[start:end] = name
                prefixes = "S" if len(name) == 1 else "B" + "I" * (len(name) - 2) + "E"
                tags[start:end] = [self.ids[row.column][f"{prefix}-{label}"] for prefix in prefixes]
        if sum(map(len, words)) > MAX_PIECES:
            return row
        return row._replace(pieces=_encoded(row.pieces, words), tags=tags)


def _words(pieces: Encoded) -> list[Pieces]:
    """The pieces of each token, without the special ones at both ends."""
    starts = [1, *(end + 1 for end in pieces.last)]
    return [pieces.ids[start : end + 1] for start, end in zip(starts, pieces.last, strict=False)]


def _encoded(pieces: Encoded, words: Sequence[Pieces]) -> Encoded:
    ids, last = [pieces.ids[0]], []
    for word in words:
        ids += word
        last.append(len(ids) - 1)
    return Encoded([*ids, pieces.ids[-1]], last)
