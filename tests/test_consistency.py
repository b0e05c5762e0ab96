"""What the sentences of a document tell each other."""

from __future__ import annotations

import numpy as np
import pytest

from hindi_entities.consistency import reconcile
from hindi_entities.corpora import Span, parse_inline
from hindi_entities.countries import Found
from hindi_entities.segmentation import tokenize

LABELS = ["PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"]


def read(*lines: str, scores: dict[str, float] | None = None) -> list[str]:
    """What is left of the spans of some sentences, each as `text/label/country` in one string a sentence.

    The tagger believes in nothing but the spans, so that no name has an echo.
    """
    sentences, found, texts, marginals = [], [], [], []
    for line in lines:
        example = parse_inline(line)
        tokens = tokenize(example.text)
        spans = []
        for span in example.spans:
            inside = [at for at, token in enumerate(tokens) if token.start < span.end and token.end > span.start]
            score = (scores or {}).get(span.label, 0.9)
            spans.append(Found(Span(inside[0], inside[-1] + 1, span.label), score, None, "model"))
        sentences.append(tokens)
        marginals.append(np.zeros((len(tokens), len(LABELS)), dtype=np.float32))
        found.append(spans)
        texts.append(example.text)
    result = []
    for text, tokens, spans in zip(texts, sentences, reconcile(sentences, found, marginals, LABELS), strict=True):
        parts = []
        for one in spans:
            form = text[tokens[one.span.start].start : tokens[one.span.end - 1].end]
            parts.append("/".join(filter(None, (form, one.span.label, one.country))))
        result.append(", ".join(parts))
    return result


CASES = [
    (
        "a name goes on to where it ends elsewhere",
        ["[किम जोंग उन](PERSON) ने कहा", "नेता [किम जोंग](PERSON) उन को पत्र"],
        ["किम जोंग उन/PERSON", "किम जोंग उन/PERSON"],
    ),
    (
        "a short name stays short where the text does not go on",
        ["[किम जोंग उन](PERSON) ने कहा", "[किम जोंग](PERSON) ने सुना"],
        ["किम जोंग उन/PERSON", "किम जोंग/PERSON"],
    ),
    (
        "a name does not grow into the next mention",
        ["[राम शाह](PERSON) और", "[राम](PERSON) [शाह](ORGANIZATION) को"],
        ["राम शाह/PERSON", "राम/PERSON, शाह/ORGANIZATION"],
    ),
    (
        "a demonym stays in a name that stands only whole",
        ["[भारतीय सेना](ORGANIZATION) ने", "सेना के अधिकारी"],
        ["भारतीय सेना/ORGANIZATION", ""],
    ),
    (
        "words on their own may have several senses",
        ["[सागर](PERSON) ने कहा", "[सागर](LOCATION) में"],
        ["सागर/PERSON", "सागर/LOCATION"],
    ),
]


@pytest.mark.parametrize(("why", "lines", "expected"), CASES, ids=[case[0] for case in CASES])
def test_one_name_has_one_reading(why: str, lines: list[str], expected: list[str]) -> None:
    assert read(*lines) == expected


def test_a_name_of_several_words_has_the_label_most_believed() -> None:
    lines = ["[व्हाइट हाउस](ORGANIZATION) ने", "[व्हाइट हाउस](LOCATION) में"]
    assert read(*lines, scores={"LOCATION": 0.6}) == ["व्हाइट हाउस/ORGANIZATION"] * 2
    assert read(*lines, scores={"ORGANIZATION": 0.6}) == ["व्हाइट हाउस/LOCATION"] * 2


def test_a_demonym_is_no_part_of_a_body_that_is_also_named_without_it() -> None:
    lines = ["[राष्ट्रीय सुरक्षा परिषद](ORGANIZATION) ने", "[अमेरिकी राष्ट्रीय सुरक्षा परिषद](ORGANIZATION) के"]
    split = "अमेरिकी/NATIONALITY/US, राष्ट्रीय सुरक्षा परिषद/ORGANIZATION"
    assert read(*lines, scores={"ORGANIZATION": 0.7}) == ["राष्ट्रीय सुरक्षा परिषद/ORGANIZATION", split]
    assert read(*lines) == ["राष्ट्रीय सुरक्षा परिषद/ORGANIZATION", "अमेरिकी राष्ट्रीय सुरक्षा परिषद/ORGANIZATION"]
