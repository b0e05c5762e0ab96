"""The command line: `hindi-entities extract`, `evaluate` and `train`."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hindi_entities.training.command import train

if TYPE_CHECKING:
    from hindi_entities.results import Document, Entity

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(train)

COLUMNS = (
    *("file", "text", "label", "start", "end", "sentence", "score", "country", "source", "rule", "honorific"),
    *("entity_id", "entity"),
)


class ExtractFormat(StrEnum):
    """How `extract` writes."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


class ScoreFormat(StrEnum):
    """How `evaluate` writes."""

    table = "table"
    json = "json"


class InputError(Exception):
    """An input that cannot be read: one line that says which and why."""


@app.callback()
def main_options() -> None:
    """Find people, countries, organizations and places in Hindi text."""


@app.command()
def extract(
    files: Annotated[list[Path] | None, typer.Argument(help="UTF-8 text files; standard input without one.")] = None,
    format: Annotated[
        ExtractFormat, typer.Option("--format", "-f", help="What is written to standard output.")
    ] = ExtractFormat.table,
    labels: Annotated[str | None, typer.Option(help="Labels wanted, separated by commas; all by default.")] = None,
    min_score: Annotated[float, typer.Option(help="Leave out mentions with a lower score (0 to 1).")] = 0.0,
    html: Annotated[Path | None, typer.Option(help="Write an HTML view of the one input there, too.")] = None,
    model: Annotated[str, typer.Option(help='"default" or the folder of another model.')] = "default",
) -> None:
    """Find the entities of texts.

    JSON is one document for one input and an array for several; JSONL is one document a line; CSV one mention a line.
    """
    from hindi_entities.pipeline import Pipeline, parse_label

    paths: list[Path | None] = [*files] if files else [None]
    if html is not None and len(paths) > 1:
        raise typer.BadParameter("--html takes one input, not several")
    wanted = None if labels is None else [parse_label(name.strip()) for name in labels.split(",")]
    texts, problems = _read_all(paths)
    if texts:
        pipeline = Pipeline(model, labels=wanted, min_score=min_score)
        documents: Iterator[tuple[str, Document]] = ((name, pipeline(text)) for name, text in texts)
        if html is not None:
            name, document = next(documents)
            html.write_text(document.to_html(page=True), encoding="utf-8")
            documents = iter([(name, document)])
        _WRITERS[format](documents, len(paths) > 1)
    for problem in problems:
        _complain(str(problem))
    if problems:
        raise typer.Exit(1)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="CoNLL, JSON lines with character spans (.jsonl), or inline annotation (.txt).")],
    tagset: Annotated[str, typer.Option(help="unified, ilner or hiner.")] = "unified",
    format: Annotated[
        ScoreFormat, typer.Option("--format", "-f", help="What is written to standard output.")
    ] = ScoreFormat.table,
    errors: Annotated[int, typer.Option(min=0, help="Print this many of the most confident mistakes.")] = 0,
    model: Annotated[str, typer.Option(help='"default" or the folder of another model.')] = "default",
) -> None:
    """Score the model on an annotated file: strict precision, recall and F1 of spans, from 0 to 100.

    Also a 95 % bootstrap interval over sentences, scores that count partial matches, which labels are confused, and the
    expected calibration error of the scores.
    """
    from hindi_entities import report, scoring
    from hindi_entities.evaluation import judge
    from hindi_entities.pipeline import Pipeline

    if file.is_dir():
        raise InputError(f"{file} is a directory, not a file")
    judgement = judge(file, tagset, Pipeline(model))
    result = scoring.score(judgement.judged, judgement.labels)
    mistakes = scoring.mistakes(judgement.judged, errors)
    if format is ScoreFormat.json:
        print(report.to_json(result, judgement, mistakes))
    else:
        report.print_scores(result)
        report.print_mistakes(judgement, mistakes)


def run() -> None:
    """The entry point: every expected error is one line on standard error and exit code 1, or 2 for wrong usage."""
    from hindi_entities.errors import HindiEntitiesError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        _complain(error.format_message())
        code = error.exit_code
    except typer.Abort:
        code = 130
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        code = 1
    except (HindiEntitiesError, ValueError, RuntimeError, InputError) as error:
        _complain(str(error))
        code = 1
    sys.exit(code or 0)


def _complain(message: str) -> None:
    if message:  # none where the help was printed
        print(f"hindi-entities: {' '.join(message.split())}", file=sys.stderr)


def _read_all(paths: Sequence[Path | None]) -> tuple[list[tuple[str, str]], list[InputError]]:
    """The texts that can be read, by name, and what is wrong with the others."""
    texts, problems = [], []
    for path in paths:
        name = "standard input" if path is None else str(path)
        try:
            texts.append((name, _read(path, name)))
        except InputError as problem:
            problems.append(problem)
    return texts, problems


def _read(path: Path | None, name: str) -> str:
    try:
        if path is None and sys.stdin is None:
            raise InputError("standard input is closed")
        data = sys.stdin.buffer.read() if path is None else path.read_bytes()
        text = data.decode("utf-8")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        byte = f"byte {data[error.start]:#04x} at offset {error.start}"
        raise InputError(f"{name} is not UTF-8: {byte}; convert it first") from error
    if not text.strip():
        raise InputError(f"{name} is empty")
    return text


def _write_json(documents: Iterator[tuple[str, Document]], several: bool) -> None:
    parts = [document.model_dump_json(indent=1) for _, document in documents]
    print("[\n" + ",\n".join(parts) + "\n]" if several else parts[0])


def _write_jsonl(documents: Iterator[tuple[str, Document]], several: bool) -> None:
    for _, document in documents:
        print(document.model_dump_json())


def _write_csv(documents: Iterator[tuple[str, Document]], several: bool) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for name, document in documents:
        for record in document.to_records():
            writer.writerow({"file": name, **record})


def _write_table(documents: Iterator[tuple[str, Document]], several: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(markup=False, emoji=False, highlight=False)
    for name, document in documents:
        table = Table(title=Text(name) if several else None, title_justify="left")
        for heading, justify in (("", "left"), ("entity", "left"), ("mentions", "right"), ("country", "left"), ("forms", "left")):
            table.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
        for heading, entities in _sections(document):
            for row, entity in enumerate(entities):
                table.add_row("" if row else heading, entity.name, str(len(entity)), entity.country or "", _forms(entity))
            if entities:
                table.add_section()
        console.print(table)


def _sections(document: Document) -> list[tuple[str, Sequence[Entity]]]:
    named = [
        ("people", document.people),
        ("countries", document.countries),
        ("organizations", document.organizations),
        ("places", document.locations),
    ]
    shown = {entity.id for _, entities in named for entity in entities}
    return [*named, ("other", [entity for entity in document.entities if entity.id not in shown])]


def _forms(entity: Entity) -> str:
    return ", ".join(f"{form} {count}" for form, count in Counter(mention.text for mention in entity.mentions).most_common())


_WRITERS: dict[ExtractFormat, Callable[[Iterator[tuple[str, Document]], bool], None]] = {
    ExtractFormat.table: _write_table,
    ExtractFormat.json: _write_json,
    ExtractFormat.jsonl: _write_jsonl,
    ExtractFormat.csv: _write_csv,
}
