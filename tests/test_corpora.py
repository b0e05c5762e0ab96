"""Reading annotated corpora, with the faults that they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from hindi_entities import CorpusError
from hindi_entities.corpora import Example, Span, parse_inline, read_corpus, repair_tags, spans_of_bioes
from hindi_entities.training.sentences import tag_example


def texts(example: Example) -> list[tuple[str, str]]:
    return [(example.text[span.start : span.end], span.label) for span in example.spans]


def test_inline_annotation() -> None:
    example = parse_inline("[रूस](LOCATION) के राष्ट्रपति [व्लादिमीर पुतिन](PERSON) (नए) बोले")
    assert example.text == "रूस के राष्ट्रपति व्लादिमीर पुतिन (नए) बोले"
    assert texts(example) == [("रूस", "LOCATION"), ("व्लादिमीर पुतिन", "PERSON")]


def test_conll(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("मुंबई\tB-NEL\r\nकी\tO\r\n\r\nसचिन\tB-NEP\nतेंदुलकर\tI-NEP\n\tO\n।\tO", encoding="utf-8")
    first, second = read_corpus(path)
    assert first.text == "मुंबई की"
    assert texts(second) == [("सचिन तेंदुलकर", "NEP")]
    assert second.tokens == ((0, 4), (5, 13), (14, 15))


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("B-NEL - O", "B-NEL I-NEL O"),
        ("O - O", "O O O"),
        ("B-NEL -NEL", "B-NEL I-NEL"),
        ("O -NETI", "O B-NETI"),
        ("B-NEU I-NEU", "B-NEN I-NEN"),
        ("I-NEP I-NEP", "B-NEP I-NEP"),
        ("B-NEP I-NEL", "B-NEP B-NEL"),
        ("NEP NEP", "B-NEP I-NEP"),
    ],
)
def test_broken_tags_are_mended(broken: str, mended: str) -> None:
    assert repair_tags(broken.split()) == mended.split()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b'{"text": "x"}\n', "line 1: no JSON of the form"),
        (
            "a.jsonl",
            b'{"text": "x", "entities": []}\n{"text": "x", "entities": [{"start": 0, "end": 5, "label": "A"}]}',
            "line 2",
        ),
        ("a.conll", "मुंबई\n".encode(), "line 1: a token and a tag"),
        ("a.conll", b"\xff\xfe", "not UTF-8: byte 0xff at offset 0"),
        ("a.conll", b"\n\n", "holds no sentence"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message) as caught:
        read_corpus(path)
    assert str(path) in str(caught.value)


TAGGED = [
    ("[रूस](L) गया।", "S-L O O"),
    ("[ए.पी.जे. अब्दुल कलाम](P) बोले", "B-P I-P I-P I-P I-P I-P I-P E-P O"),
    ("[विंबलडन,](L) आज", "S-L O O"),
    ("'[अलीगढ़'](L) में", "O S-L O O"),
    ("वह [नई दिल्ली](L). [मोदी](P) ने", "O B-L E-L O S-P O"),
]


@pytest.mark.parametrize(("inline", "tags"), TAGGED)
def test_labels_are_carried_over_to_the_tokens_of_the_pipeline(inline: str, tags: str) -> None:
    sentences = tag_example(
        parse_inline(inline.replace("(L)", "(LOCATION)").replace("(P)", "(PERSON)")), {"LOCATION": "L", "PERSON": "P"}
    )
    assert [tag for sentence in sentences for tag in sentence.tags] == tags.split()


def test_a_sentence_end_inside_a_name_does_not_cut_it() -> None:
    text = "वह याहू! जापान में है। और"
    (first, second) = tag_example(Example(text, (Span(3, 14, "ORG"),)), {"ORG": "O"})
    assert " ".join(first.tags) == "O B-O I-O E-O O O O"
    assert second.tags == ("O",)


def test_bioes_spans() -> None:
    assert spans_of_bioes(["B-P", "I-P", "E-P", "O", "S-L"]) == [Span(0, 3, "P"), Span(4, 5, "L")]


def test_the_beginning_of_a_document_is_no_sentence(tmp_path: Path) -> None:
    path = tmp_path / "documents.conll"
    path.write_text("-DOCSTART-\ta.txt:1\tO\n\nरूस\tB-LOCATION\n\n-DOCSTART- -X- O\n\nपुतिन\tB-PERSON\n", encoding="utf-8")
    assert [example.text for example in read_corpus(path)] == ["रूस", "पुतिन"]
