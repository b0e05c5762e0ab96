"""Annotation without its text: it finds its sentences again, and only those."""

from __future__ import annotations

import lzma
from itertools import pairwise
from pathlib import Path

import pytest

from hindi_entities import CorpusError
from hindi_entities.corpora import parse_inline
from hindi_entities.tagsets import TAGSETS, UNIFIED
from hindi_entities.training.annotations import annotate, digest_text, read_annotations, read_raw, write_annotations
from tests.conftest import ROOT

FOLDER = ROOT / "hindi_entities" / "training" / "annotations"

RIVER = parse_inline("[गंगा](LOCATION) का पानी उतर गया।")
MINISTER = parse_inline("मंत्री [शोइगु](PERSON) ने कहा।")
NOTHING = parse_inline("बाज़ार खुला रहा।")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_annotations(path, [RIVER, NOTHING], "two lines\nof comment")
    assert path.read_text(encoding="utf-8").startswith("# two lines\n# of comment\n")
    assert read_annotations(path) == {digest_text(RIVER.text): RIVER.spans, digest_text(NOTHING.text): ()}


def test_a_corpus_is_corrected_line_by_line() -> None:
    wrong = RIVER._replace(spans=(RIVER.spans[0]._replace(label="PERSON"),))
    corrections = {digest_text(RIVER.text): RIVER.spans}
    assert annotate([wrong, MINISTER], corrections, listed=False) == [RIVER, MINISTER]
    assert annotate([wrong, MINISTER], corrections, listed=True) == [RIVER]


def test_sentences_are_found_in_raw_text(tmp_path: Path) -> None:
    path = tmp_path / "raw.txt.xz"
    text = f"{NOTHING.text} {RIVER.text} {MINISTER.text}\n{RIVER.text}\n"
    path.write_bytes(lzma.compress(text.encode()))
    listed = {digest_text(example.text): example.spans for example in (RIVER, MINISTER)}
    assert read_raw(path, listed) == [RIVER, MINISTER]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("00aa 0:4:PERSON", "a tab are expected"),
        ("00aa\t0-4-PERSON", "spans are start:end:LABEL"),
        ("00aa\t\n00aa\t", "a new digest"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.tsv").write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"a.tsv, line [23]: .*{message}"):
        read_annotations(tmp_path / "a.tsv")


def test_spans_outside_their_text_are_refused() -> None:
    longer = {digest_text(NOTHING.text): (RIVER.spans[0]._replace(end=99),)}
    with pytest.raises(CorpusError, match="lies outside its text"):
        annotate([NOTHING], longer, listed=False)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.tsv")), ids=lambda path: path.stem)
def test_the_files_of_the_project_hold_spans_and_no_text(path: Path) -> None:
    annotations = read_annotations(path)
    assert annotations
    for digest, spans in annotations.items():
        assert len(digest) == 16, digest
        assert {span.label for span in spans} <= set(TAGSETS[UNIFIED]), digest
        assert all(a.end <= b.start for a, b in pairwise(spans)), digest
