"""Keys: spellings that look the same are the same to the model and to the word lists."""

from __future__ import annotations

import pytest

from hindi_entities.keys import lookup_key, model_key

SAME = [
    ("composed nukta", "ज़मीन", "ज\u093cमीन"),
    ("composed nukta, which NFC leaves alone", "\u0929\u0931\u0934", "न\u093cर\u093cळ\u093c"),
    ("virama before nukta", "फ़्रांस", "फ\u094d\u093cरांस"),
    ("matra before nukta", "ज़िला", "जि\u093cला"),
    ("ZWJ in a conjunct", "राजस्थान", "राजस्\u200dथान"),
    ("ZWNJ", "राजस्थान", "राजस्\u200cथान"),
    ("visarga for a colon", "दिल्ली", "दिल्लीः"),
    ("full-width letters", "US", "ＵＳ"),
    ("soft hyphen", "मोदी", "मो\u00adदी"),
]


@pytest.mark.parametrize(("why", "one", "other"), SAME)
def test_one_word_has_one_key(why: str, one: str, other: str) -> None:
    assert model_key(one) == model_key(other)


@pytest.mark.parametrize("word", ["अतः", "पुनः", "प्रायः"])
def test_a_true_visarga_stays(word: str) -> None:
    assert model_key(word) == word


@pytest.mark.parametrize("nothing", ["\u200d", "\x00", "\u00ad\u200c", "\u202e"])
def test_a_key_is_never_empty(nothing: str) -> None:
    assert model_key(nothing) == "-"


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert model_key("\ud800") == "\ufffd"


LOOKUP = [("हिन्दुस्तान", "हिंदुस्तान"), ("बाँग्लादेश", "बांग्लादेश"), ("फ़्रांस", "फ्रांस"), ("इटलि", "इटली"), ("म्याम्मार", "म्यांमार")]


@pytest.mark.parametrize(("one", "other"), LOOKUP)
def test_word_lists_fold_further(one: str, other: str) -> None:
    assert lookup_key(one) == lookup_key(other)


def test_latin_case_counts() -> None:
    assert lookup_key("US") != lookup_key("us")
