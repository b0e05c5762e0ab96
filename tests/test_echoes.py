"""What a clear name tells weak and missed mentions of it, with the tagger's beliefs written into the sentences.

`[शोइगु](LOCATION)` is a mention with the score of its sentence's line; `{शोइगु PERSON .3}` gives a token a belief without one.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import regex

from hindi_entities.consistency import reconcile
from hindi_entities.corpora import Span, parse_inline
from hindi_entities.countries import Found
from hindi_entities.segmentation import tokenize

LABELS = ["PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"]
BELIEF = regex.compile(r"\{(\S+) ([A-Z]+) (\d?\.\d+)\}")


def read(*lines: tuple[float, str]) -> list[str]:
    """The mentions of each sentence as `text/label`, those that the document changed as `text/label/rule`.

    A line is the score of its mentions and the sentence. The tagger's belief in a mention's label is its score, the rest is in
    no name; `{word LABEL .3}` sets another belief for a word, inside a mention or alone.
    """
    sentences, found, marginals = [], [], []
    for score, line in lines:
        example = parse_inline(BELIEF.sub(r"\1", line))
        tokens = tokenize(example.text)
        beliefs = np.zeros((len(tokens), len(LABELS)), dtype=np.float32)
        spans = []
        for span in example.spans:
            inside = [at for at, token in enumerate(tokens) if token.start < span.end and token.end > span.start]
            label = "LOCATION" if span.label == "COUNTRY" else span.label
            beliefs[inside, LABELS.index(label)] = score
            country = {"COUNTRY": "TD"}.get(span.label)
            spans.append(Found(Span(inside[0], inside[-1] + 1, span.label), score, country, "model"))
        for word, label, belief in BELIEF.findall(line):
            beliefs[[at for at, token in enumerate(tokens) if token.text == word], LABELS.index(label)] = float(belief)
        sentences.append(tokens)
        found.append(spans)
        marginals.append(beliefs)
    result = []
    for tokens, spans in zip(sentences, reconcile(sentences, found, marginals, LABELS), strict=True):
        texts = (" ".join(token.text for token in tokens[one.span.start : one.span.end]) for one in spans)
        changed = (one.rule if one.source == "document" else None for one in spans)
        result.append(
            ", ".join(
                "/".join(filter(None, (text, one.span.label, rule)))
                for text, one, rule in zip(texts, spans, changed, strict=True)
            )
        )
    return result


FULL = (0.95, "रक्षा मंत्री [सर्गेई शोइगु](PERSON) ने कहा")
PARTY = (0.95, "[नीली पार्टी](ORGANIZATION) ने कहा")
CHAD = (0.95, "[चाड](COUNTRY) में तख्तापलट हुआ")

CASES = [
    ("a surname alone is the person", FULL, (0.5, "[{शोइगु PERSON .3}](LOCATION) ने सुना"), "शोइगु/PERSON/relabelled"),
    ("a first name, too", FULL, (0.5, "[{सर्गेई PERSON .3}](LOCATION) ने सुना"), "सर्गेई/PERSON/relabelled"),
    ("not where the tagger is sure", FULL, (0.9, "[{शोइगु PERSON .1}](LOCATION) में बाढ़"), "शोइगु/LOCATION"),
    ("not where it sees no person at all", FULL, (0.6, "[{शोइगु PERSON .02}](LOCATION) में बाढ़"), "शोइगु/LOCATION"),
    ("not in a longer name", FULL, (0.5, "[{शोइगु PERSON .3} नगर](LOCATION) में"), "शोइगु नगर/LOCATION"),
    ("a name of one word", (0.95, "[शोइगु](PERSON) ने"), (0.4, "[{शोइगु PERSON .3}](ORGANIZATION) ने"), "शोइगु/PERSON/relabelled"),
    ("a missed name", FULL, (0.9, "{सर्गेई PERSON .4} {शोइगु PERSON .4} ने सुना"), "सर्गेई शोइगु/PERSON/recalled"),
    ("a missed surname", FULL, (0.9, "तब {शोइगु PERSON .4} ने सुना"), "शोइगु/PERSON/recalled"),
    (
        "a missed organization",
        PARTY,
        (0.9, "{नीली ORGANIZATION .3} {पार्टी ORGANIZATION .3} हारी"),
        "नीली पार्टी/ORGANIZATION/recalled",
    ),
    ("a missed country keeps its code", CHAD, (0.9, "{चाड LOCATION .25} ने मदद मांगी"), "चाड/COUNTRY/recalled"),
    ("a word that the tagger takes for a common one", FULL, (0.9, "{शोइगु PERSON .05} ने सुना"), ""),
    ("a word in which another label is likelier", FULL, (0.9, "{शोइगु PERSON .4} {शोइगु LOCATION .45} में"), ""),
    ("a part of a longer name", FULL, (0.9, "{शोइगु PERSON .4} {मार्ग LOCATION .6} पर"), ""),
    ("a part of an organization", PARTY, (0.9, "{पार्टी ORGANIZATION .4} हारी"), ""),
    ("a weak name echoes nothing", (0.6, "[सर्गेई शोइगु](PERSON) ने"), (0.5, "[{शोइगु PERSON .3}](LOCATION) ने"), "शोइगु/LOCATION"),
    (
        "a surname that is also a clear place",
        (0.95, "[सर्गेई शोइगु](PERSON) ने [शोइगु](LOCATION) में"),
        (0.5, "[{शोइगु PERSON .3}](ORGANIZATION) ने"),
        "शोइगु/ORGANIZATION",
    ),
    (
        "a common word that is also a surname",
        (0.95, "[राम सागर](PERSON) ने कहा"),
        (0.9, "{सागर PERSON .1} में तूफान आया"),
        "",
    ),
]


@pytest.mark.parametrize(("why", "clear", "line", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_clear_name_has_echoes(why: str, clear: tuple[float, str], line: tuple[float, str], expected: str) -> None:
    assert read(clear, line)[1] == expected
    assert read(line, clear)[0] == expected  # also before the clear mention


def test_a_recalled_country_has_its_code_and_the_belief_as_its_score() -> None:
    tokens = [tokenize("चाड में"), tokenize("चाड ने")]
    beliefs = [np.zeros((2, 4), dtype=np.float32) for _ in tokens]
    beliefs[1][0, 1] = 0.25
    found = [[Found(Span(0, 1, "COUNTRY"), 0.9, "TD", "model")], []]
    assert reconcile(tokens, found, beliefs, LABELS)[1] == [Found(Span(0, 1, "COUNTRY"), 0.25, "TD", "document", "recalled")]


def test_a_long_document_takes_linear_time() -> None:
    def run(count: int) -> float:
        """Seconds for a document of that many sentences, each with a name of its own."""
        tokens = [tokenize(f"नाम {at} कुल{at % 7} ने कुल{at % 7} को") for at in range(count)]
        beliefs = [np.full((len(each), len(LABELS)), 0.3, dtype=np.float32) for each in tokens]
        found = [[Found(Span(0, 3, "PERSON"), 0.9, None, "model")] for _ in tokens]
        begin = time.perf_counter()
        reconcile(tokens, found, beliefs, LABELS)
        return time.perf_counter() - begin

    run(5000)  # fills the cache of keys
    assert run(5000) < 30 * run(500)
