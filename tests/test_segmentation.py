"""Sentences and tokens: the texts themselves, with ‖ where a sentence ends."""

from __future__ import annotations

import pytest

from hindi_entities.graphemes import grapheme_borders
from hindi_entities.segmentation import segment, tokenize

SENTENCES = [
    "वह 1947 में था। ‖ अगला साल आया।",
    "वह 1947। ‖ अगला साल।",
    "क्या वह आया? ‖ हाँ! ‖ अच्छा।",
    "वह आया ।। ‖ फिर गया",
    "पुतिन ने कहा. ‖ किम ने सुना.",
    "वे वहां हैं.‖पीटीआई के मुताबिक सब ठीक है.‖भाषा",
    "यह 2019 की बात है.‖US ने मना किया.",
    "डॉ. मनमोहन सिंह आए।",
    "डा. राजेंद्र प्रसाद और पं. नेहरू मिले।",
    "ए.पी.जे. अब्दुल कलाम बोले. ‖ सब चुप थे.",
    "कीमत 500 रु. है और दूरी 3.5 कि.मी. है।",
    "वह U.S. में है। ‖ Dr. Roy वहीं हैं।",
    "बी.एड. की परीक्षा 12.05.2024 को है।",
    "जीडीपी 7.5 फीसदी रही. ‖ महंगाई 4.2 फीसदी.",
    "https://a.in/b?c=1&d=2 देखें। ‖ फिर लिखें।",
    "उन्होंने कहा, “मैं नहीं आऊंगा।” ‖ फिर वे चले गए।",
    "'क्या हुआ?' ‖ उसने पूछा।‖'ठीक है' कहा।",
    "वह रुका... फिर चला।",
    "यह हुआ | ‖ वह हुआ|",
    "सब अलग-थलग हैं। (एपी)",
    "हमला हुआ। (रॉयटर्स/भाषा)",
    "वह आया. (पीटीआई-भाषा)",
    "बात 1947 में हुई 1950. ‖ अगले साल",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences_end_where_they_should(marked: str) -> None:
    text = marked.replace("‖ ", "").replace("‖", "")
    expected = [part.strip() for part in marked.split("‖")]
    assert [text[s.start : s.end] for s in segment(text)] == expected


def test_lines_are_sentences_of_their_own() -> None:
    text = "रूस पर निर्भर हुआ चीन\r\nपुतिन ने कहा\u2028किम ने सुना\n\nयह भी पढ़ें"
    assert [text[s.start : s.end] for s in segment(text)] == ["रूस पर निर्भर हुआ चीन", "पुतिन ने कहा", "किम ने सुना", "यह भी पढ़ें"]


TOKENS = [
    ("रूस के राष्ट्रपति पुतिन।", "रूस के राष्ट्रपति पुतिन ।"),
    ("भारत-पाकिस्तान सीमा", "भारत - पाकिस्तान सीमा"),
    ("“मोदी”—‘शाह’…", "“ मोदी ” — ‘ शाह ’ …"),
    ("₹500 का नोट", "₹ 500 का नोट"),
    ("12/05/2024 को 3.5, और 1,00,000।", "12/05/2024 को 3.5 , और 1,00,000 ।"),
    ("सुबह 10:30 बजे १२.५", "सुबह 10:30 बजे १२.५"),
    ("12 / 05 / 2024", "12 / 05 / 2024"),
    ("BJPके नेता,USने कहाthe", "BJP के नेता , US ने कहा the"),
    ("डॉ.रॉय (एपी)", "डॉ . रॉय ( एपी )"),
    ("राजस्‍थान दिल्लीः आज", "राजस्‍थान दिल्लीः आज"),
    ("मोदी\nने\u00a0कहा\u200bऔर\tगए", "मोदी ने कहा और गए"),
    ("👨‍👩‍👧घर", "👨‍👩‍👧 घर"),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_tokens_are_cut_where_they_should(text: str, tokens: str) -> None:
    assert [token.text for token in tokenize(text)] == tokens.split(" ")


def test_offsets_are_those_of_the_text(seed: str) -> None:
    tokens = [token for sentence in segment(seed) for token in sentence.tokens]
    assert all(seed[token.start : token.end] == token.text for token in tokens)
    assert "".join(token.text for token in tokens) == "".join(seed.split())


@pytest.mark.parametrize(
    "text", ["", " \n\t\r\n", "\u200b\ufeff", "\x00\x01", "\ud800", "क\u200d.", " ़अ", "e\u0301.", "a\u0903b", "🇮🇳🇷🇺", "च्‍." * 5]
)
def test_no_token_cuts_a_grapheme(text: str) -> None:
    borders = set(grapheme_borders(text))
    for token in tokenize(text):
        assert {token.start, token.end} <= borders
        assert text[token.start : token.end] == token.text
