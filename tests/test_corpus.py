"""The project's own corpus: its form, its balance, and the rules of annotation that can be checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hindi_entities.corpora import Example, parse_inline
from hindi_entities.tagsets import TAGSETS, UNIFIED
from tests.conftest import ROOT

FOLDER = ROOT / "hindi_entities" / "training" / "corpus"
FILES = sorted(FOLDER.glob("*.txt"))
POSTPOSITIONS = frozenset(["ने", "को", "का", "के", "की", "से", "में", "पर"])
TITLES = frozenset(["श्री", "श्रीमती", "डॉ.", "राष्ट्रपति", "प्रधानमंत्री", "मुख्यमंत्री"])


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def texts(example: Example) -> list[tuple[str, str]]:
    return [(example.text[span.start : span.end], span.label) for span in example.spans]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_annotation_is_well_formed(path: Path) -> None:
    for number, line in enumerate(lines_of(path), 1):
        example = parse_inline(line)
        where = f"{path.name}:{number}: {line}"
        assert line.strip() == line != "", where
        assert "](" not in example.text, where
        assert "[" not in example.text, where
        for text, label in texts(example):
            assert label in TAGSETS[UNIFIED], where
            assert text == text.strip(" \"'‘’“”,।:;!?"), where


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_postpositions_and_titles_stay_outside(path: Path) -> None:
    for number, line in enumerate(lines_of(path), 1):
        for text, label in texts(parse_inline(line)):
            words = text.split()
            assert words[-1] not in POSTPOSITIONS, f"{path.name}:{number}: {text}"
            assert label != "PERSON" or words[0] not in TITLES, f"{path.name}:{number}: {text}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_fifth_to_a_third_of_the_sentences_name_nothing(path: Path) -> None:
    lines = lines_of(path)
    empty = sum(not parse_inline(line).spans for line in lines)
    assert 0.18 < empty / len(lines) < 0.34


def test_no_sentence_occurs_twice() -> None:
    counts = Counter(parse_inline(line).text for path in FILES for line in lines_of(path))
    assert [text for text, count in counts.items() if count > 1] == []


def test_the_names_are_many() -> None:
    names = Counter(name for path in FILES for line in lines_of(path) for name in texts(parse_inline(line)))
    assert len(names) > 0.6 * sum(names.values())
