"""Two thousand paragraphs, and what the plain loop reads in them: what Spark and Ray are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hindi_entities import Pipeline
from hindi_entities.corpora import read_corpus

CORPUS = Path(__file__).parent.parent / "hindi_entities" / "training" / "corpus"
COUNT = 2000
LONG = "लगातार " * 800_000  # 5.6 million characters

Mentions = Sequence[dict[str, Any]]


@cache
def paragraphs() -> list[str]:
    """Paragraphs of the news corpus, without its annotation."""
    texts = [example.text for path in sorted(CORPUS.glob("*.txt")) for example in read_corpus(path)]
    return texts[:: len(texts) // COUNT][:COUNT]


@cache
def plain_loop(pipeline: Pipeline) -> list[Mentions]:
    """The mentions of each paragraph."""
    return [document.to_records() for document in pipeline.pipe(paragraphs())]


def assert_same(found: Sequence[Mentions], wanted: Sequence[Mentions]) -> None:
    """The same mentions in every field; the last of a score's four digits depends on the number of threads."""
    assert _without_scores(found) == _without_scores(wanted)
    assert _scores(found) == pytest.approx(_scores(wanted), abs=2e-4)


def _without_scores(rows: Sequence[Mentions]) -> list[Mentions]:
    return [[{key: value for key, value in mention.items() if key != "score"} for mention in row] for row in rows]


def _scores(rows: Sequence[Mentions]) -> list[float]:
    return [mention["score"] for row in rows for mention in row]
