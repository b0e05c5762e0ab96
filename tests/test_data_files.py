"""The word lists in `data/`: their source and licence, and no row twice or in a spelling of its own."""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest

from hindi_entities.lexicon import read_table

LISTS = sorted(Path(str(files("hindi_entities").joinpath("data"))).glob("*.tsv"))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_list_names_its_source_and_licence_and_repeats_nothing(path: Path) -> None:
    comments = " ".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    assert "CC" in comments
    rows = read_table(path.name)
    assert len(set(rows)) == len(rows)
    for cell in (cell for row in rows for cell in row):
        assert cell == " ".join(cell.split())
        assert cell
        # NFC, in which Devanagari writes the letters with nukta as two characters, so that one spelling of a form is one string
        assert unicodedata.is_normalized("NFC", cell)


def test_words_near_an_ambiguous_form_show_a_sense_that_a_form_has() -> None:
    known = {sense for _, senses in read_table("ambiguous.tsv") for sense in senses.split("; ")}
    assert {sense for sense, _, _ in read_table("sense_words.tsv")} <= known
    assert {kind for _, _, kind in read_table("sense_words.tsv")} == {"place", "thing"}
    assert {kind for _, kind in read_table("country_words.tsv")} == {"state", "national", "dealing", "becoming", "group", "place"}
    assert {place for _, place in read_table("language_words.tsv")} == {"always", "after"}
