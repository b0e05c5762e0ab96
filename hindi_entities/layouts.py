"""How documents are written, format by format: each record with where its text comes from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from hindi_entities.results import Label

if TYPE_CHECKING:
    from hindi_entities.reading import Origin
    from hindi_entities.results import Document


class OutputFormat(StrEnum):
    """How `extract` writes."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    conll = "conll"
    html = "html"
    brat = "brat"


COLUMNS: Final = (
    *("file", "line", "id", "text", "label", "start", "end", "sentence", "score", "country", "source", "rule", "honorific"),
    *("entity_id", "entity"),
)

BRAT_CONFIGURATION: Final = "\n".join(["[entities]", *Label, "[relations]", "[events]", "[attributes]", ""])
_LINE = regex.compile(r"[^\r\n]+")


class Layout(NamedTuple):
    """How records become one text: what stands before, between and after them, and each of them."""

    record: Callable[[Document, Origin], str]
    head: str = ""
    between: str = ""
    tail: str = ""


def layout_of(format: OutputFormat, alone: bool, to_terminal: bool = False) -> Layout:
    """The layout of a format in which the documents make one text.

    `alone` says that the input is one text, and that nobody needs to be told where it comes from.
    """
    match format:
        case OutputFormat.json if alone:
            return Layout(lambda document, origin: document.model_dump_json(indent=1), tail="\n")
        case OutputFormat.json:
            return Layout(lambda document, origin: to_json(document, origin, indent=1), "[\n", ",\n", "\n]\n")
        case OutputFormat.jsonl if alone:
            return Layout(lambda document, origin: document.model_dump_json() + "\n")
        case OutputFormat.jsonl:
            return Layout(lambda document, origin: to_json(document, origin) + "\n")
        case OutputFormat.csv:
            return Layout(to_csv, ",".join(COLUMNS) + "\n")
        case OutputFormat.conll:
            return Layout(lambda document, origin: to_conll(document, None if alone else origin))
        case OutputFormat.html:
            return Layout(lambda document, origin: document.to_html(page=True))
        case _:
            return Layout(_table(alone, to_terminal))


def to_json(document: Document, origin: Origin, indent: int | None = None) -> str:
    """JSON of a document with the field `origin` before its own: an object of `file`, `line` and `id`."""
    start = "{" if indent is None else "{\n" + " " * indent
    where = json.dumps(origin._asdict(), ensure_ascii=False)
    return f'{start}"origin": {where},{document.model_dump_json(indent=indent)[1:]}'


def to_csv(document: Document, origin: Origin) -> str:
    """One line of `COLUMNS` a mention."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writerows({**origin._asdict(), **record} for record in document.to_records())
    return lines.getvalue()


def to_conll(document: Document, origin: Origin | None = None) -> str:
    """A token and its IOB2 tag a line, separated by a tab, and an empty line after a sentence.

    The tokens are those that the model reads. With an origin the document begins with a line that names it between
    `-DOCSTART-` and O, as in CoNLL-2003.
    """
    from hindi_entities.segmentation import segment

    lines = [] if origin is None else [f"-DOCSTART-\t{' '.join(str(origin).split())}\tO", ""]
    mentions = iter(document.mentions)
    mention = next(mentions, None)
    for sentence in segment(document.text):
        for token in sentence.tokens:
            while mention is not None and mention.end <= token.start:
                mention = next(mentions, None)
            if mention is None or mention.start >= token.end:
                tag = "O"
            else:
                tag = f"{'B' if token.start <= mention.start else 'I'}-{mention.label}"
            lines.append(f"{token.text}\t{tag}")
        lines.append("")
    return "".join(line + "\n" for line in lines)


def to_brat(document: Document) -> str:
    """The annotations of brat's standoff format, one a mention, with a note that has its country, score and entity.

    Offsets count code points. A mention over a line end has a part for each line, as brat asks for.
    """
    lines = []
    for number, (mention, record) in enumerate(zip(document.mentions, document.to_records(), strict=True), 1):
        parts = [(mention.start + part.start(), mention.start + part.end()) for part in _LINE.finditer(mention.text)]
        spans = ";".join(f"{start} {end}" for start, end in parts)
        text = " ".join(document.text[start:end] for start, end in parts)
        note = [f"score {mention.score}", f"entity {record['entity_id']}: {' '.join(record['entity'].split())}"]
        if mention.country is not None:
            note.insert(0, mention.country)
        lines += [f"T{number}\t{mention.label} {spans}\t{text}", f"#{number}\tAnnotatorNotes T{number}\t{', '.join(note)}"]
    return "".join(line + "\n" for line in lines)


def _table(alone: bool, to_terminal: bool) -> Callable[[Document, Origin], str]:
    from rich.console import Console

    from hindi_entities.table import make_table

    console = Console(file=None if to_terminal else io.StringIO(), markup=False, emoji=False, highlight=False)

    def write(document: Document, origin: Origin) -> str:
        with console.capture() as captured:
            console.print(make_table(document, None if alone else str(origin)))
        return captured.get()

    return write
