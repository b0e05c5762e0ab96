"""Reading an archive: the records of many inputs through one pipeline into one output, with progress, and resumed if need be."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hindi_entities.inputs import Input, InputFormat, is_output
from hindi_entities.integrations import require
from hindi_entities.journal import Journal, State
from hindi_entities.layouts import OutputFormat
from hindi_entities.progress import show_progress
from hindi_entities.reading import BadRecord, Fields, Origin, Position, read
from hindi_entities.writing import OutputError, Writer, check_target, open_writer

if TYPE_CHECKING:
    from hindi_entities.pipeline import Pipeline
    from hindi_entities.results import Document

SAVE_EVERY = 1.0  # seconds between two states in the journal: the work that a killed run repeats at most


@dataclass(frozen=True)
class Job:
    """What is read and written, and how.

    `alone` says that the input is one text, `options` what the results depend on besides the inputs, by name; `batching`
    holds arguments of `Pipeline.pipe`. `view` is called with each document, `complain` with each bad record.
    """

    inputs: Sequence[Input]
    fields: Fields
    format: OutputFormat
    output: Path | None
    alone: bool
    options: Mapping[str, Any]
    batching: Mapping[str, Any]
    complain: Callable[[str], None]
    view: Callable[[Document], None] | None = None
    resume: bool = False
    overwrite: bool = False


class _Task(NamedTuple):
    """A record on its way: the position after it, the bytes read up to there, and how many bad ones stand right before it."""

    position: Position
    read: int
    origin: Origin
    bad: int


class Run:
    """One run of a job; `state` is how far it has come, earlier runs that it goes on with included."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.state = State()
        self._journal = self._make_journal()
        self._resumed = self._journal is not None and job.resume and self._journal.path.exists()
        self._bad_at_end = 0
        self._began = time.monotonic()
        self._seconds_before = 0.0
        self._saved = 0.0  # long ago: the first document is saved at once

    def execute(self, load: Callable[[], Pipeline]) -> bool:
        """Do what is left to do; False where that is nothing. `load` is called when there is a record to read.

        Raises OutputError where the output exists or cannot be gone on with, and what loading and writing raise. After
        KeyboardInterrupt all records up to there are written, whole.
        """
        if not self._begin():
            return False
        texts = self._texts()
        first = next(texts, None)
        if first is None and self._bad_at_end and not self._resumed:
            self._end(self._bad_at_end)
            return True
        pipeline = None if first is None else load()
        self._began = time.monotonic()
        writer = self._open()
        self.state = self.state._replace(size=writer.size)
        try:
            if pipeline is not None and first is not None:
                self._read_all(pipeline, chain([first], texts), writer)
            self._end(self._bad_at_end)
            self._save(writer)
            writer.finish()
            if self._journal is not None:
                self._journal.remove()
        except KeyboardInterrupt:
            self._save(writer)
            raise
        finally:
            writer.close()
        return True

    @property
    def interrupted(self) -> bool:
        """Whether there is an unfinished output that a later run can go on with."""
        return self.resumable and self._journal is not None and self._journal.path.exists()

    @property
    def resumable(self) -> bool:
        """Whether a later run can go on where this one stops."""
        return self._journal is not None and all(source.path is not None for source in self.job.inputs)

    def summary(self) -> str:
        """What was done, in words."""
        state = self.state
        speed = f" ({state.documents / state.seconds:,.1f} documents/s)" if state.seconds else ""
        counts = (_say(state.documents, "document"), _say(state.mentions, "mention"), _say(state.bad, "bad record"))
        return f"{', '.join(counts)} in {state.seconds:,.1f} s{speed}"

    def _make_journal(self) -> Journal | None:
        output = self.job.output
        if output is None or (output.exists() and not output.is_file() and not output.is_dir()):
            return None  # a pipe or a device keeps nothing
        return Journal(output, self.job.inputs, self.job.options)

    def _begin(self) -> bool:
        """Check that the output may be written and take up the state of the interrupted run; False where nothing is left."""
        job, output = self.job, self.job.output
        if job.format is OutputFormat.parquet or any(source.format is InputFormat.parquet for source in job.inputs):
            require("pyarrow", "arrow")
        if job.resume and not self.resumable:
            raise OutputError("--resume needs --output and inputs that are files: what went through a pipe cannot be read again")
        check_target(job.format, output, job.alone)
        if output is None or self._journal is None:
            return True
        if not output.parent.is_dir():
            raise OutputError(f"{output.parent} is no folder, and the output is to stand there")
        for source in job.inputs:
            if source.path is not None and is_output(source.path, output):
                raise OutputError(f"the output {output} would take the place of the input {source.path}")
        if self._resumed:
            self.state = self._journal.load()
            self._seconds_before = self.state.seconds
        elif not job.overwrite:
            there = any(output.iterdir()) if output.is_dir() else output.exists()
            if there and job.resume:
                return False
            if self._journal.path.exists():
                raise OutputError(f"a run that writes {output} was interrupted: --resume goes on, --overwrite starts again")
            if there:
                what = (
                    "is not empty: --overwrite replaces files of the same names"
                    if output.is_dir()
                    else "exists: --overwrite replaces it"
                )
                raise OutputError(f"{output} {what}")
        return True

    def _open(self) -> Writer:
        job, state = self.job, self.state
        if self._resumed:
            return open_writer(job.format, job.output, job.inputs, job.alone, state.size, state.documents)
        if self._journal is not None:
            self._journal.save(state)  # before there is an output: one without a journal is complete
        try:
            return open_writer(job.format, job.output, job.inputs, job.alone)
        except (OSError, OutputError):
            if self._journal is not None:
                self._journal.remove()
            raise

    def _texts(self) -> Iterator[tuple[str, _Task]]:
        bad = 0
        for position, done, item in read(self.job.inputs, self.job.fields, self.state.position):
            if isinstance(item, BadRecord):
                self.job.complain(item.message)
                bad += 1
            else:
                yield item.text, _Task(position, done, item.origin, bad)
                bad = 0
        self._bad_at_end = bad

    def _read_all(self, pipeline: Pipeline, texts: Iterator[tuple[str, _Task]], writer: Writer) -> None:
        with self._progress() as progress:
            for document, task in pipeline.pipe(texts, as_tuples=True, on_error=self._fail, **self.job.batching):
                writer.write(document, task.origin)
                self._count(task, writer.size, document)
                if self.job.view is not None:
                    self.job.view(document)
                progress(self.state.documents, task.read)
                if time.monotonic() - self._saved >= SAVE_EVERY:
                    self._save(writer)

    def _fail(self, position: int, item: tuple[str, _Task], error: Exception) -> None:
        task = item[1]
        self.job.complain(f"{task.origin}: {error}")
        self.state = self.state._replace(position=task.position, bad=self.state.bad + task.bad + 1)

    def _count(self, task: _Task, size: int, document: Document) -> None:
        """Count a document that was written, and the bad records before it."""
        state = self.state
        self.state = State(
            position=task.position,
            size=size,
            documents=state.documents + 1,
            mentions=state.mentions + len(document.mentions),
            bad=state.bad + task.bad,
            seconds=self._seconds(),
        )

    def _end(self, bad: int) -> None:
        """Count the bad records at the end of the inputs."""
        end = Position(len(self.job.inputs))
        self.state = self.state._replace(position=end, bad=self.state.bad + bad, seconds=self._seconds())

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._began

    def _save(self, writer: Writer) -> None:
        if self._journal is not None:
            writer.sync(self.state.size)
            self._journal.save(self.state)
        self._saved = time.monotonic()

    def _progress(self) -> AbstractContextManager[Callable[[int, int], None]]:
        """A progress bar on a terminal; none where the results go to the same one."""
        if not sys.stderr.isatty() or (self.job.output is None and sys.stdout.isatty()):
            return nullcontext(lambda documents, read: None)
        return show_progress(sum(source.size for source in self.job.inputs), self.state.documents)


def _say(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
