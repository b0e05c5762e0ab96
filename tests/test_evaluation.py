"""Scoring: against seqeval, and on small files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from hindi_entities import CorpusError, Pipeline
from hindi_entities.corpora import spans_of_iob
from hindi_entities.evaluation import Judged, evaluate, score

LABELS = ("PERSON", "LOCATION", "ORGANIZATION")


def random_tags(chance: random.Random, length: int) -> list[str]:
    tags: list[str] = []
    while len(tags) < length:
        if chance.random() < 0.5:
            label = chance.choice(LABELS)
            tags += [f"B-{label}", *[f"I-{label}"] * chance.randrange(3)]
        else:
            tags.append("O")
    return tags[:length]


def test_scores_are_those_of_seqeval() -> None:
    chance = random.Random(3)
    gold = [random_tags(chance, 12) for _ in range(80)]
    found = [tags if chance.random() < 0.5 else random_tags(chance, 12) for tags in gold]
    report = classification_report(gold, found, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    ours = score(
        [Judged(frozenset(spans_of_iob(g)), frozenset(spans_of_iob(f))) for g, f in zip(gold, found, strict=True)], LABELS
    )
    for name, value in [("micro avg", ours.micro), *((label, ours.labels[label]) for label in LABELS)]:
        assert value.support == report[name]["support"]
        assert value.precision == pytest.approx(100 * report[name]["precision"], abs=0.006)
        assert value.recall == pytest.approx(100 * report[name]["recall"], abs=0.006)
        assert value.f1 == pytest.approx(100 * report[name]["f1-score"], abs=0.006)


CONLL = "रूस\tB-NEL\nके\tO\nराष्ट्रपति\tO\nव्लादिमीर\tB-NEP\nपुतिन\tI-NEP\nबोले।\tO\n\nवह\tO\nगया\tO\n।\tO\n"


def test_a_conll_file_is_scored_on_its_own_tokens(tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "a.conll"
    path.write_text(CONLL, encoding="utf-8")
    for tagset, labels in [("ilner", ["NEP", "NEL"]), ("unified", ["PERSON", "LOCATION"])]:
        result = evaluate(path, tagset, pipeline)
        assert list(result.labels) == labels
        assert result.sentences == 2
        assert result.micro.f1 == 100
        assert result.micro.support == 2


def test_spans_are_scored_on_characters(tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "पुतिन रूस गए। 5 लोग मिले।", "entities": ['
        '{"start": 0, "end": 5, "label": "PERSON"}, {"start": 6, "end": 9, "label": "COUNTRY"}]}',
        encoding="utf-8",
    )
    result = evaluate(path, "unified", pipeline)
    assert result.micro.f1 == 100  # the number is not annotated in this file, so it is not scored
    assert list(result.labels) == ["PERSON", "LOCATION"]


def test_what_cannot_be_scored_says_why(tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "a.conll"
    path.write_text(CONLL, encoding="utf-8")
    with pytest.raises(ValueError, match="unknown tag set 'conll'; the tag sets are unified, ilner, hiner"):
        evaluate(path, "conll", pipeline)
    with pytest.raises(CorpusError, match="annotates no label of the tag set hiner"):
        evaluate(path, "hiner", pipeline)
