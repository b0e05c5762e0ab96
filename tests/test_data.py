"""Every word list: where it comes from, no row twice, one encoding of a word, codes that exist."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from babel import Locale

from hindi_entities import lexicon
from hindi_entities.keys import model_key
from hindi_entities.lexicon import read_table
from hindi_entities.places import UNKNOWN, place_key

FOLDER = Path(lexicon.__file__).parent / "data"
NAMES = sorted(path.name for path in FOLDER.glob("*.tsv"))
LICENCES = ("CC0", "CC-BY-4.0")
SOURCES = ("ompiled", "GeoNames")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_begins_with_its_source_and_licence(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    head = " ".join(lines[: next(at for at, line in enumerate(lines) if not line.startswith("#"))])
    assert any(licence in head for licence in LICENCES), head
    assert any(source in head for source in SOURCES), head


@pytest.mark.parametrize("name", NAMES)
def test_no_row_stands_twice_or_has_stray_space(name: str) -> None:
    rows = read_table(name)
    assert len(set(rows)) == len(rows)
    assert not [row for row in rows for cell in row if cell != cell.strip() or not cell]


@pytest.mark.parametrize("name", NAMES)
def test_a_word_is_in_one_encoding(name: str) -> None:
    """NFC, or the key that the model reads, which decomposes every nukta."""
    cells = [cell for row in read_table(name) for cell in row]
    assert not [
        cell for cell in cells if cell not in (unicodedata.normalize("NFC", cell), " ".join(map(model_key, cell.split())))
    ]


def test_codes_are_in_iso_3166() -> None:
    known = set(Locale.parse("en").territories) - {"EU", "UN", "EZ", "QO", "ZZ"}
    codes = {row[0] for row in read_table("countries.tsv")}
    codes |= {code for name in ("places.tsv", "regions.tsv") for row in read_table(name) for code in row[1].split()}
    assert codes - known == {UNKNOWN}
    assert not [code for code in codes if len(code) != 2 and code != UNKNOWN]


def test_a_place_has_one_row() -> None:
    keys = [place_key([row[0]]) for name in ("places.tsv", "regions.tsv") for row in read_table(name)]
    assert len(set(keys)) == len(keys)


def test_words_near_an_ambiguous_form_show_a_sense_that_a_form_has() -> None:
    known = {sense for _, senses in read_table("ambiguous.tsv") for sense in senses.split("; ")}
    assert {sense for sense, _, _ in read_table("sense_words.tsv")} <= known
    assert {kind for _, _, kind in read_table("sense_words.tsv")} == {"place", "thing"}
    assert {kind for _, kind in read_table("country_words.tsv")} == {"state", "national", "dealing", "becoming", "group", "place"}
    assert {place for _, place in read_table("language_words.tsv")} == {"always", "after"}
