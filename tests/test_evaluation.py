"""Scoring: against seqeval, and on small files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from hindi_entities import CorpusError, Pipeline
from hindi_entities.corpora import Span, spans_of_iob
from hindi_entities.evaluation import evaluate, judge
from hindi_entities.scoring import Judged, mistakes, score

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


def judged(gold: list[str], found: list[str], p: float = 0.9) -> Judged:
    return Judged(frozenset(spans_of_iob(gold)), dict.fromkeys(spans_of_iob(found), p))


def test_scores_are_those_of_seqeval() -> None:
    chance = random.Random(3)
    gold = [random_tags(chance, 12) for _ in range(80)]
    found = [tags if chance.random() < 0.5 else random_tags(chance, 12) for tags in gold]
    report = classification_report(gold, found, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    ours = score([judged(g, f) for g, f in zip(gold, found, strict=True)], LABELS)
    for name, value in [("micro avg", ours.micro), *((label, ours.labels[label]) for label in LABELS)]:
        assert value.support == report[name]["support"]
        assert value.precision == pytest.approx(100 * report[name]["precision"], abs=0.006)
        assert value.recall == pytest.approx(100 * report[name]["recall"], abs=0.006)
        assert value.f1 == pytest.approx(100 * report[name]["f1-score"], abs=0.006)


P, L, O = "PERSON", "LOCATION", "O"  # noqa: E741
GOLD = ["B-PERSON", "I-PERSON", O, "B-LOCATION", O, "B-ORGANIZATION", O]
FOUND = [O, "B-PERSON", O, "B-PERSON", O, O, "B-LOCATION"]  # a cut person, a place as a person, one missed, one too many


def test_partial_matches_are_counted_apart() -> None:
    result = score([judged(GOLD, FOUND)], LABELS)
    assert (result.micro.f1, result.micro.support) == (0, 3)
    assert result.overlap.recall == pytest.approx(33.33)  # the person
    assert result.borders.precision == pytest.approx(33.33)  # the place
    assert result.confusion == {
        "PERSON": {"PERSON": 1},
        "LOCATION": {"PERSON": 1},
        "ORGANIZATION": {"-": 1},
        "-": {"LOCATION": 1},
    }


def test_a_span_is_paired_once_and_with_its_like() -> None:
    # one long span found over two annotated ones pairs with the one of its label
    text = Judged(frozenset({Span(0, 1, P), Span(1, 2, L)}), {Span(0, 2, L): 0.9})
    assert score([text], LABELS).confusion == {"LOCATION": {"LOCATION": 1}, "PERSON": {"-": 1}}


def test_the_interval_holds_the_score_and_narrows_with_the_data() -> None:
    chance = random.Random(3)
    rows = [random_tags(chance, 12) for _ in range(400)]
    texts = [judged(tags, tags if chance.random() < 0.8 else random_tags(chance, 12)) for tags in rows]
    few, many = score(texts[:40], LABELS), score(texts, LABELS)
    for result in (few, many):
        assert result.interval[0] < result.micro.f1 < result.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]
    assert score(texts, LABELS) == many


def test_the_most_confident_mistakes_come_first_and_then_what_was_missed() -> None:
    texts = [judged(GOLD, FOUND, 0.6), judged([O, "B-PERSON"], ["B-LOCATION", O], 0.9)]
    found = mistakes(texts, 10)
    assert [(m.text, m.span, m.score) for m in found] == [
        (1, Span(0, 1, L), 0.9),
        (0, Span(1, 2, P), 0.6),
        (0, Span(3, 4, P), 0.6),
        (0, Span(6, 7, L), 0.6),
        (0, Span(5, 6, "ORGANIZATION"), None),
        (1, Span(1, 2, P), None),
    ]
    assert found[1].instead == (Span(0, 2, P),)
    assert mistakes(texts, 1) == found[:1]


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
    with pytest.raises(ValueError, match="unknown tag set 'conll'; the model has unified, ilner, hiner"):
        evaluate(path, "conll", pipeline)
    with pytest.raises(CorpusError, match=r"a\.conll annotates no label of the tag set hiner"):
        evaluate(path, "hiner", pipeline)


def test_a_judgement_gives_the_text_of_a_span(tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "a.conll"
    path.write_text(CONLL, encoding="utf-8")
    judgement = judge(path, "unified", pipeline)
    assert {judgement.text_of(0, span) for span in judgement.judged[0].gold} == {"रूस", "व्लादिमीर पुतिन"}
    assert all(0 < p <= 1 for p in judgement.judged[0].found.values())
