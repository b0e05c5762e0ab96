"""Sentences changed for the training: other names, hidden words, and always as many tags as tokens."""

from __future__ import annotations

import random

from hindi_entities.corpora import spans_of_bioes
from hindi_entities.network import Encoded
from hindi_entities.training.augment import Augmenter, Row

TAGS = ["O", "B-PERSON", "I-PERSON", "E-PERSON", "S-PERSON", "B-ORGANIZATION", "E-ORGANIZATION"]
MASK = 99

PUTIN = Row(Encoded([0, 10, 11, 12, 13, 14, 2], [1, 3, 4, 5]), [1, 3, 0, 0], 0)  # two tokens of a person: 10 | 11 12
SHI = Row(Encoded([0, 20, 21, 2], [1, 2]), [4, 0], 0)
PARTY = Row(Encoded([0, 30, 31, 32, 2], [1, 2, 3]), [5, 6, 0], 0)
OTHER = Row(Encoded([0, 40, 41, 2], [1, 2]), [4, 0], 1)
ROWS = [PUTIN, SHI, PARTY, OTHER]


def names(row: Row) -> list[tuple[str, list[int]]]:
    starts = [1, *(end + 1 for end in row.pieces.last)]
    return [
        (span.label, row.pieces.ids[starts[span.start] : starts[span.end]])
        for span in spans_of_bioes([TAGS[tag] for tag in row.tags])
    ]


def test_a_person_gets_the_name_of_another_person_of_the_column() -> None:
    augment = Augmenter(ROWS, [TAGS, TAGS], MASK, swap=1.0, hide=0.0)
    seen = set()
    for seed in range(40):
        row = augment(PUTIN, random.Random(seed))
        assert len(row.tags) == len(row.pieces.last)
        assert row.pieces.ids[0] == 0
        assert row.pieces.ids[-3:] == [13, 14, 2]
        assert row.pieces.last[-1] == len(row.pieces.ids) - 2
        seen |= {tuple(pieces) for _, pieces in names(row)}
    assert seen == {(10, 11, 12), (20,)}  # not 40, which is of another column
    assert augment(PARTY, random.Random(1)) == PARTY


def test_hidden_words_keep_their_length_and_their_tags() -> None:
    augment = Augmenter([], [TAGS], MASK, swap=0.0, hide=0.5)
    hidden = [augment(PUTIN, random.Random(seed)) for seed in range(60)]
    assert all(row.tags == PUTIN.tags and row.pieces.last == PUTIN.pieces.last for row in hidden)
    assert all(row.pieces.ids[2:4] in ([11, 12], [MASK, MASK]) for row in hidden)
    shares = [row.pieces.ids.count(MASK) / 5 for row in hidden]
    assert 0.35 < sum(shares) / len(shares) < 0.65


def test_nothing_changes_where_nothing_is_asked_for() -> None:
    plain = Augmenter(ROWS, [TAGS, TAGS], None, swap=0.0, hide=0.5)
    assert plain(PUTIN, random.Random(1)) == PUTIN


def test_the_same_chance_gives_the_same_row() -> None:
    augment = Augmenter(ROWS, [TAGS, TAGS], MASK, swap=0.5, hide=0.2)
    assert augment(PUTIN, random.Random(7)) == augment(PUTIN, random.Random(7))
