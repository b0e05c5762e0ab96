"""The results: what a document promises is checked when it is made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from hindi_entities import Document, Entity, Label, Mention, ModelInfo, Sentence

MODEL = ModelInfo(name="test", version="1", sha256="0" * 64)
TEXT = "पुतिन ने रूस में कहा।"


def mention(start: int, end: int, label: str = "PERSON", text: str = TEXT, **more: Any) -> Mention:
    return Mention(text=text[start:end], label=Label(label), start=start, end=end, score=0.9, **{"sentence": 0, **more})


def document(*mentions: Mention, text: str = TEXT, entities: tuple[Entity, ...] | None = None) -> Document:
    made = tuple(Entity(id=n, name=m.text, label=m.label, mentions=(m,), country=m.country) for n, m in enumerate(mentions))
    sentences = (Sentence(start=0, end=len(text)),) if text else ()
    entities = made if entities is None else entities
    return Document(text=text, sentences=sentences, mentions=mentions, entities=entities, model=MODEL)


def test_a_document_survives_json() -> None:
    doc = document(mention(0, 5), mention(9, 12, "COUNTRY", country="RU"))
    assert Document.model_validate_json(doc.model_dump_json()) == doc
    assert Document.model_validate(doc.model_dump()) == doc


def test_a_document_with_a_lone_surrogate_survives_json() -> None:
    text = "\ud800 पुतिन"
    doc = document(mention(2, 7, text=text), text=text)
    assert Document.model_validate_json(doc.model_dump_json()) == doc
    assert Document.model_validate_json(doc.model_dump_json(indent=1)).text == text


def test_json_that_is_none_says_so() -> None:
    with pytest.raises(ValidationError, match="Invalid JSON"):
        Document.model_validate_json("{")


def test_results_are_frozen_and_closed() -> None:
    one = mention(0, 5)
    with pytest.raises(ValidationError, match="frozen"):
        one.text = "किम"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        mention(0, 5, colour="red")


@pytest.mark.parametrize(
    ("why", "mentions"),
    [
        ("does not stand at", [mention(0, 5, text="किमने ने रूस में कहा।")]),
        ("overlaps", [mention(0, 5), mention(3, 8)]),
        ("overlaps", [mention(9, 12), mention(0, 5)]),
        ("outside a text", [mention(19, 25, text=TEXT + "xxxxx")]),
        ("cuts a grapheme", [mention(0, 1)]),
        ("is in sentence 3", [mention(0, 5, sentence=3)]),
    ],
)
def test_a_broken_document_is_refused(why: str, mentions: list[Mention]) -> None:
    with pytest.raises(ValidationError, match=why):
        document(*mentions)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", 1.5),
        ("score", -0.1),
        ("country", "Russia"),
        ("label", "GOD"),
        ("start", -1),
        ("end", 0),
        ("source", "x"),
        ("country", "RU"),
    ],
)
def test_a_broken_mention_is_refused(field: str, value: object) -> None:
    good = mention(0, 5).model_dump()
    with pytest.raises(ValidationError):
        Mention.model_validate(good | {field: value})


def test_every_mention_belongs_to_one_entity() -> None:
    with pytest.raises(ValidationError, match="exactly once"):
        document(mention(0, 5), entities=())


def test_views_count_demonyms_to_their_country() -> None:
    text = "रूसी सेना मॉस्को में"
    doc = document(mention(0, 4, "NATIONALITY", text, country="RU"), mention(10, 16, "LOCATION", text), text=text)
    assert [entity.name for entity in doc.countries] == ["रूसी"]
    assert [entity.name for entity in doc.locations] == ["मॉस्को"]
    assert doc.people == doc.organizations == ()


def test_records_are_flat() -> None:
    record = document(mention(0, 5, honorific="श्री")).to_records()[0]
    assert record["entity"] == "पुतिन"
    assert record["honorific"] == "श्री"
    assert all(value is None or isinstance(value, str | int | float) for value in record.values())


def test_a_document_shows_itself_shortly() -> None:
    assert repr(document(mention(0, 5))) == f"Document('{TEXT}', 1 mentions, 1 entities)"


def test_a_country_has_a_code_and_only_a_person_an_honorific() -> None:
    with pytest.raises(ValidationError, match="has no country code"):
        mention(9, 12, "COUNTRY")
    with pytest.raises(ValidationError, match="has an honorific"):
        mention(9, 12, "LOCATION", honorific="श्री")


def test_an_entity_keeps_the_order_of_the_text() -> None:
    with pytest.raises(ValidationError, match="out of order"):
        Entity(id=0, name="पुतिन", label=Label.PERSON, mentions=(mention(9, 12), mention(0, 5)))


@pytest.mark.parametrize("data", [b"\xff{", "[" * 100_000, ""])
def test_what_is_no_json_is_a_validation_error(data: str | bytes) -> None:
    with pytest.raises(ValidationError):
        Document.model_validate_json(data)
