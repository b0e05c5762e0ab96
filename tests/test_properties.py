"""Whatever the text: the invariants hold, and nothing is raised.

The results check their own invariants when they are made, so a document that comes back is a valid one.
"""

from __future__ import annotations

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hindi_entities import Document, Pipeline
from hindi_entities.graphemes import grapheme_borders
from hindi_entities.keys import lookup_key, model_key
from hindi_entities.segmentation import segment

DEVANAGARI = st.characters(min_codepoint=0x0900, max_codepoint=0x097F)
ODD = st.sampled_from(
    [*"\u200c\u200d\u00a0\r\n\t\x00\x1f\x85\u2028\ufeff\u093c\u094d\u0903\ud800\udfff", "\r\n", "👨‍👩‍👧", "🇮🇳", "é", "e\u0301"]
)
WORDS = st.sampled_from(
    ["पुतिन", "रूस", "रूसी", "US", "भारत-पाकिस्तान", "डॉ.", "जी", "दिल्लीः", "।", ".", "…", "(", ")", "(एपी)", "1947", " "]
)
SURROGATE_PAIR = regex.compile("[\ud800-\udbff][\udc00-\udfff]")
TEXTS = st.lists(st.one_of(WORDS, ODD, DEVANAGARI, st.characters(), st.text(max_size=5)), max_size=40).map("".join)


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_tokens_tile_the_text_and_cut_no_grapheme(text: str) -> None:
    borders = {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}
    assert set(grapheme_borders(text)) == borders
    done = 0
    for sentence in segment(text):
        assert sentence.tokens
        assert (sentence.start, sentence.end) == (sentence.tokens[0].start, sentence.tokens[-1].end)
        for token in sentence.tokens:
            assert done <= token.start < token.end <= len(text)
            assert text[token.start : token.end] == token.text
            assert {token.start, token.end} <= borders
            done = token.end


@given(st.text(min_size=1, max_size=10))
@settings(max_examples=400, deadline=None)
def test_keys_are_never_empty(token: str) -> None:
    for key in (model_key, lookup_key):
        assert key(token)
        assert key(token).encode("utf-8")
        assert not any(character.isspace() for character in key(token))


@given(text=TEXTS)
@example(text="")
@example(text="\ud800पुतिन\udfff रूस")
@example(text="पुतिन\u0903ः़्" * 3)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_valid_document(pipeline: Pipeline, text: str) -> None:
    doc = pipeline(text)
    assert doc.text == text
    assert all(text[m.start : m.end] == m.text for m in doc.mentions)
    if not SURROGATE_PAIR.search(text):  # JSON reads these as one character
        assert Document.model_validate_json(doc.model_dump_json()) == doc
    assert doc.to_html()


@pytest.mark.parametrize(
    "unit", ["क", "क ", "क्ष", "\u093c", "\n", "।", ".", "\x00", "🇮", "\ud800", "a\u0301", "क।"], ids=lambda unit: ascii(unit)
)
def test_a_megabyte_is_segmented(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    tokens = [token for sentence in segment(text) for token in sentence.tokens]
    assert all(text[token.start : token.end] == token.text for token in tokens)


@pytest.mark.parametrize("unit", ["क", "\n \x00", "\ud800", "क\u094d"], ids=lambda unit: ascii(unit))
def test_a_megabyte_is_read(pipeline: Pipeline, unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode("utf-8", "surrogatepass")))
    assert pipeline(text).text == text
