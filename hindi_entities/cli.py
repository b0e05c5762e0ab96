"""The command line: `hindi-entities extract`, `evaluate` and `train`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hindi_entities import __version__
from hindi_entities.home import find_model
from hindi_entities.inputs import InputFormat, find_inputs, is_many, is_output
from hindi_entities.layouts import OutputFormat
from hindi_entities.training.command import train
from hindi_entities.writing import format_of

if TYPE_CHECKING:
    from hindi_entities.pipeline import Pipeline
    from hindi_entities.results import Document

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(train)


class ScoreFormat(StrEnum):
    """How `evaluate` writes."""

    table = "table"
    json = "json"


@app.callback()
def main_options() -> None:
    """Find people, countries, organizations and places in Hindi text."""


@app.command()
def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|FOLDER|GLOB",
            help="Text, JSON lines, CSV, TSV or Parquet; - or nothing is standard input.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        OutputFormat | None, typer.Option("--format", "-f", help="What is written; by the suffix of the output, else a table.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write there: a file; a folder for brat, and for html of several texts.")
    ] = None,
    input_format: Annotated[InputFormat | None, typer.Option(help="How inputs are read, instead of by their suffixes.")] = None,
    text_field: Annotated[str, typer.Option(help="Field or column of a record that holds its text.")] = "text",
    id_field: Annotated[str | None, typer.Option(help="Field or column that holds an id, which is written, too.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted run with this output stopped; a complete output stays.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    labels: Annotated[str | None, typer.Option(help="Labels wanted, separated by commas; all by default.")] = None,
    min_score: Annotated[float, typer.Option(help="Leave out mentions with a lower score (0 to 1).")] = 0.0,
    html: Annotated[Path | None, typer.Option(help="Write an HTML view of the one input there, too.")] = None,
    model: Annotated[str, typer.Option(help='"default", or the folder, Stanza checkpoint or name of another.')] = "default",
    batch_size: Annotated[int, typer.Option(min=1, help="Texts that are read ahead and together.")] = 64,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes, each with a model of its own.")] = 1,
    device: Annotated[str | None, typer.Option(help="Where the model runs, such as cpu or cuda.")] = None,
    precision: Annotated[
        str | None, typer.Option(help="auto, fp32, bf16 or int8: the numbers that the model calculates with.")
    ] = None,
) -> None:
    """Find the entities of texts: of whole text files, or of records in JSON lines, CSV, TSV and Parquet files.

    One text gives one document. Several, or records, give an array in JSON and a line each in JSONL, all with a field "origin"
    (file, line, id); in CSV and Parquet these are columns. What cannot be read is reported and left out; the exit code is 1 then.
    """
    from hindi_entities.archive import Job, Run
    from hindi_entities.reading import Fields

    if resume and overwrite:
        raise typer.BadParameter("--resume keeps what is there and --overwrite does not: give one of them")
    found = find_inputs(inputs or [], input_format, output)
    alone = len(found) == 1 and found[0].format is InputFormat.text and not any(map(is_many, inputs or []))
    if html is not None and not alone:
        raise typer.BadParameter("--html takes one input, not several")
    if html is not None and any(source.path is not None and is_output(source.path, html) for source in found):
        raise typer.BadParameter(f"--html {html} would take the place of the input")
    if html is not None and html.exists() and not overwrite:
        raise typer.BadParameter(f"--html {html} exists: --overwrite replaces it")
    settings = {"labels": labels, "min_score": min_score, "device": device, "precision": precision}
    fields = Fields(text_field, id_field)
    written = format or (OutputFormat.table if output is None else format_of(output))
    job = Job(
        inputs=found,
        fields=fields,
        format=written,
        output=output,
        alone=alone,
        options={**settings, **fields._asdict(), "format": written, "model": _stamp(model), "version": __version__},
        batching={"batch_size": batch_size} | ({"n_process": jobs} if jobs > 1 else {}),
        complain=_complain,
        view=None if html is None else lambda document: _write_page(document, html),
        resume=resume,
        overwrite=overwrite,
    )
    run = Run(job)
    try:
        worked = run.execute(lambda: _load({**settings, "model": model}))
    except KeyboardInterrupt:
        if run.interrupted:
            _complain(f"interrupted; the same command with --resume{' instead of --overwrite' if overwrite else ''} goes on")
        raise
    except BrokenPipeError:  # the reader of our standard output has gone, as `head` does
        if output is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        worked, alone = True, True
    if not worked:
        _complain(f"{output} is there and no run that writes it was interrupted: nothing is left to do")
    elif not alone:
        _complain(run.summary())
    if run.state.bad:
        raise typer.Exit(1)


def _load(options: Mapping[str, Any]) -> Pipeline:
    """The pipeline with the options that were given."""
    from hindi_entities.pipeline import Pipeline
    from hindi_entities.results import parse_label

    given = {name: value for name, value in options.items() if value is not None}
    if "labels" in given:
        given["labels"] = [parse_label(name.strip()) for name in given["labels"].split(",")]
    return Pipeline(**given)


def _stamp(model: str) -> str:
    """A model by its path and the time of its last change. Raises ModelError where there is none."""
    if model == "default":
        return model
    place = find_model(model)
    path = place / "model.json" if place.is_dir() else place
    return f"{path} of {datetime.fromtimestamp(path.stat().st_mtime)}" if path.is_file() else str(path)


def _write_page(document: Document, path: Path) -> None:
    path.write_text(document.to_html(page=True), encoding="utf-8")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="CoNLL, JSON lines with character spans (.jsonl), or inline annotation (.txt).")],
    tagset: Annotated[str, typer.Option(help="unified, ilner or hiner.")] = "unified",
    format: Annotated[
        ScoreFormat, typer.Option("--format", "-f", help="What is written to standard output.")
    ] = ScoreFormat.table,
    errors: Annotated[int, typer.Option(min=0, help="Print this many of the most confident mistakes.")] = 0,
    model: Annotated[str, typer.Option(help='"default", or the folder, Stanza checkpoint or name of another.')] = "default",
) -> None:
    """Score the model on an annotated file: strict precision, recall and F1 of spans, from 0 to 100.

    Also a 95 % bootstrap interval over sentences, scores that count partial matches, which labels are confused, and the
    expected calibration error of the scores.
    """
    from hindi_entities import report, scoring
    from hindi_entities.errors import CorpusError
    from hindi_entities.evaluation import judge
    from hindi_entities.pipeline import Pipeline

    if file.is_dir():
        raise CorpusError(f"{file} is a directory, not a file")
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
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        code = 1
    except (HindiEntitiesError, ValueError, RuntimeError) as error:
        _complain(str(error))
        code = 1
    sys.exit(code or 0)


def _complain(message: str) -> None:
    if message:  # none where the help was printed
        with contextlib.suppress(BrokenPipeError):  # who reads of the problems may be gone, the work goes on
            print(f"hindi-entities: {' '.join(message.split())}", file=sys.stderr)
