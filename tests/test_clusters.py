"""Entities of whole articles: grouping of the annotated mentions, and the measure of it.

The articles, written for these tests, have one sentence a line and mentions as `[पुतिन](PERSON:2)`; mentions with one number are
one entity.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import regex

from hindi_entities import Label, Mention
from hindi_entities.aliases import group_mentions
from hindi_entities.corpora import Span
from hindi_entities.countries import Found, find_countries
from hindi_entities.scoring import Clustered, b_cubed
from hindi_entities.segmentation import tokenize

ARTICLES = sorted((Path(__file__).parent / "data" / "clusters").glob("*.txt"))
LABELS = ["PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"]
_MENTION = regex.compile(r"\[([^\[\]]+)\]\(([A-Z]+):(\d+)\)")


def read_article(path: Path) -> tuple[str, list[Mention], list[int]]:
    """The text of an article, its mentions, and the number of the entity of each."""
    source = path.read_text(encoding="utf-8")
    text, done, mentions, numbers = "", 0, [], []
    for match in _MENTION.finditer(source):
        text += source[done : match.start()]
        label = Label(match[2])
        mentions.append(
            Mention(
                text=match[1],
                label=label,
                start=len(text),
                end=len(text) + len(match[1]),
                sentence=text.count("\n"),
                score=1,
                country=country_of(match[1]) if label in (Label.COUNTRY, Label.NATIONALITY) else None,
            )
        )
        numbers.append(int(match[3]))
        text += match[1]
        done = match.end()
    return text + source[done:], mentions, numbers


def country_of(form: str) -> str | None:
    """The country that the word lists give a name or a demonym which the tagger has found."""
    tokens = tokenize(form)
    marginals = np.ones((len(tokens), len(LABELS)), dtype=np.float32)
    (found,) = find_countries(tokens, [Found(Span(0, len(tokens), Label.LOCATION), 1, None, "model")], marginals, LABELS)
    return found.country


def judge(path: Path) -> Clustered:
    text, mentions, numbers = read_article(path)
    gold: dict[int, list[int]] = defaultdict(list)
    for mention, number in zip(mentions, numbers, strict=True):
        gold[number].append(mention.start)
    found = [[mention.start for mention in entity.mentions] for entity in group_mentions(mentions, text)]
    return Clustered(list(gold.values()), found)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_is_annotated_in_full(path: Path) -> None:
    text, mentions, numbers = read_article(path)
    assert not set("[]") & set(text)
    assert 4 <= len(text.splitlines()) <= 8
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))
    kinds = defaultdict(set)
    for mention, number in zip(mentions, numbers, strict=True):
        assert text[mention.start : mention.end] == mention.text
        kinds[number].add(mention.country or mention.label)
    assert all(len(kind) == 1 for kind in kinds.values())


def test_annotated_mentions_become_the_annotated_entities() -> None:
    assert len(ARTICLES) >= 12
    score = b_cubed(map(judge, ARTICLES))
    assert score.f1 >= 95, score
    assert score.precision >= 98, score  # a wrong join is worse than a missed one


def test_entities_that_agree_score_a_hundred() -> None:
    score = b_cubed([Clustered(["ab", "c"], ["c", "ab"]), Clustered([], [])])
    assert (score.precision, score.recall, score.f1, score.support) == (100, 100, 100, 3)


def test_the_example_of_bagga_and_baldwin() -> None:
    gold = ["12345", "67", "89ABC"]
    assert b_cubed([Clustered(gold, ["12345", "6789ABC"])]).precision == 76.19
    assert b_cubed([Clustered(gold, ["1234589ABC", "67"])]).precision == 58.33
    assert b_cubed([Clustered(gold, ["12345", "6789ABC"])]).recall == 100


def test_mentions_of_one_side_only() -> None:
    assert b_cubed([Clustered(["ab"], ["a"])]).model_dump() == {"precision": 100, "recall": 25, "f1": 40, "support": 2}
    assert b_cubed([Clustered(["a"], ["a", "b"])]).precision == 50
    assert b_cubed([Clustered(["a"], [])]).f1 == 0
    assert b_cubed([]).f1 == 0
