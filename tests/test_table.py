"""A document in the terminal: its entities as a Rich table."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from hindi_entities import Document, Pipeline
from hindi_entities.results import Entity, Label, Mention, ModelInfo, Sentence
from hindi_entities.table import make_table


def printed(value: object, width: int = 90) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(value)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def rows(output: str) -> list[list[str]]:
    return [line.strip().split(maxsplit=2) for line in output.splitlines() if line.strip(" ─")]


def test_a_document_prints_its_entities_with_counts_countries_and_forms(pipeline: Pipeline) -> None:
    text = "रूसी राष्ट्रपति व्लादिमीर पुतिन ने मॉस्को में कहा कि रूस तैयार है। पुतिन जल्द ही भारत आएंगे।"
    assert rows(printed(pipeline(text))) == [
        ["mentions", "country", "entity"],
        ["people", "2", "व्लादिमीर पुतिन: व्लादिमीर पुतिन 1, पुतिन 1"],
        ["countries", "2", "RU        रूस: रूसी 1, रूस 1"],
        ["1", "IN", "भारत"],
        ["places", "1", "RU        मॉस्को"],
    ]


def test_a_document_without_entities_says_so(pipeline: Pipeline) -> None:
    assert "no entities" in printed(pipeline("कल कुछ नहीं हुआ।"))


def test_a_narrow_terminal_keeps_words_whole(pipeline: Pipeline, seed: str) -> None:
    output = printed(pipeline(seed), width=56)
    assert "organizations" in output
    assert "mentions" in output
    assert "व्लादिमीर" in output


def only(name: str) -> Document:
    mention = Mention(text=name, label=Label.PERSON, start=0, end=len(name), sentence=0, score=1)
    return Document(
        text=name,
        sentences=(Sentence(start=0, end=len(name)),),
        mentions=(mention,),
        entities=(Entity(id=0, name=name, label=Label.PERSON, mentions=(mention,)),),
        model=ModelInfo(name="none", version="0", sha256="0" * 64),
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[bold]पुतिन[/]", "[bold]पुतिन[/]"),
        (":smile: पुतिन", ":smile: पुतिन"),
        ("व्लादिमीर\n  पुतिन", "व्लादिमीर पुतिन"),
        ("\x1b[31mपुतिन\x07", "\ufffd[31mपुतिन\ufffd"),
        ("पुतिन\ud800", "पुतिन\ufffd"),
    ],
)
def test_a_name_is_shown_as_text(name: str, shown: str) -> None:
    output = printed(only(name))
    assert rows(output)[1] == ["people", "1", shown]
    assert shown in printed(make_table(only("रूस"), title=name))
