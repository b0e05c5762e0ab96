"""Writers of documents: to one file or standard output, to a Parquet file, or to a folder with files for each.

A record is written whole, in one go, so that what is there is complete records at any moment, and a writer can be opened
again at the count of bytes where an earlier run stopped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from hindi_entities.errors import HindiEntitiesError
from hindi_entities.inputs import SPOOL, STDIN, Input
from hindi_entities.layouts import BRAT_CONFIGURATION, Layout, OutputFormat, layout_of, to_brat

if TYPE_CHECKING:
    from hindi_entities.reading import Origin
    from hindi_entities.results import Document


class OutputError(HindiEntitiesError):
    """An output that cannot be written or continued; the message says what to do."""


class Writer(Protocol):
    """Takes documents; `size` counts the bytes of what it has written in one piece."""

    size: int

    def write(self, document: Document, origin: Origin) -> None:
        """Write one record, whole."""

    def sync(self, size: int) -> None:
        """See to it that so many bytes, and no more, are there even after a power cut."""

    def finish(self) -> None:
        """Write what stands after the last record."""

    def close(self) -> None:
        """Let go of the output."""


def format_of(output: Path) -> OutputFormat:
    """The format that a suffix stands for; a table where it says nothing."""
    name = output.suffix.lower().removeprefix(".")
    return {"ndjson": OutputFormat.jsonl, "htm": OutputFormat.html}.get(name) or (
        OutputFormat(name) if name in set(OutputFormat) else OutputFormat.table
    )


def check_target(format: OutputFormat, output: Path | None, alone: bool) -> None:
    """Raise OutputError where a format that needs a path has none."""
    if output is None and (format is OutputFormat.parquet or _is_folder(format, alone)):
        what = "a file" if format is OutputFormat.parquet else "a folder"
        raise OutputError(f"{format} of these inputs is written to {what}: name it with --output")


def open_writer(
    format: OutputFormat, output: Path | None, inputs: Sequence[Input], alone: bool, size: int | None = None, documents: int = 0
) -> Writer:
    """A writer to a path or to standard output, anew or to go on after so many bytes and documents.

    `alone` says that the input is one text, of which nobody needs to be told where it comes from. Raises OutputError where there
    are fewer bytes than that, and where two inputs would be written to the same place.
    """
    check_target(format, output, alone)
    if output is None:
        return StreamWriter(None, layout_of(format, alone, to_terminal=True))
    if _is_folder(format, alone):
        return FolderWriter(output, format, inputs)
    if format is OutputFormat.parquet:
        return ParquetWriter(output, size, documents)
    return StreamWriter(output, layout_of(format, alone), size, documents)


def _is_folder(format: OutputFormat, alone: bool) -> bool:
    return format is OutputFormat.brat or (format is OutputFormat.html and not alone)


class StreamWriter:
    """Writes to one file, or to standard output."""

    def __init__(self, path: Path | None, layout: Layout, size: int | None = None, documents: int = 0) -> None:
        self.layout = layout
        self.size = size or 0
        self._empty = documents == 0
        self._opened = ExitStack()
        self._stream = self._open(path, size)
        self._regular = path is not None and path.is_file()
        if self.size == 0:
            self._put(layout.head)

    def _open(self, path: Path | None, size: int | None) -> BinaryIO:
        if path is None:
            if sys.stdout is None:
                raise OutputError("standard output is closed")
            return sys.stdout.buffer
        if size is None:
            return self._opened.enter_context(path.open("wb", buffering=0))
        there = path.stat().st_size if path.exists() else 0
        if there < size:
            raise OutputError(
                f"{path} has {there:,} bytes and had {size:,} when the run was interrupted: start again with --overwrite"
            )
        stream = self._opened.enter_context(path.open("ab", buffering=0))
        stream.truncate(size)
        return stream

    def write(self, document: Document, origin: Origin) -> None:
        """Write one record, whole."""
        record = self.layout.record(document, origin)
        self._put(record if self._empty else self.layout.between + record)
        self._empty = False

    def _put(self, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")  # file names need not be UTF-8; texts are
        rest = memoryview(data)
        while rest:
            rest = rest[self._stream.write(rest) :]
        self._stream.flush()
        self.size += len(data)

    def sync(self, size: int) -> None:
        """See to it that so many bytes, and no more, are there even after a power cut."""
        if self._regular:
            self._stream.truncate(size)
            os.fsync(self._stream.fileno())

    def finish(self) -> None:
        """Write what stands after the last record."""
        self._put(self.layout.tail)
        self.sync(self.size)

    def close(self) -> None:
        """Let go of the output."""
        self._opened.close()


class ParquetWriter(StreamWriter):
    """Writes JSON lines beside the output, and makes the Parquet file of them at the end.

    A Parquet file cannot be read, nor be gone on with, before the index at its end is written; lines can.
    """

    def __init__(self, path: Path, size: int | None = None, documents: int = 0) -> None:
        from hindi_entities.integrations import require

        require("pyarrow", "arrow")  # before the work, not after it
        self._path, self._spool, self._done = path, path.with_name(path.name + SPOOL), False
        super().__init__(self._spool, layout_of(OutputFormat.jsonl, alone=False), size, documents)

    def finish(self) -> None:
        """Write the Parquet file; nothing stands in its place before it is complete."""
        from hindi_entities.parquet import convert

        super().finish()
        made = self._spool.with_name(self._spool.name + ".parquet")
        convert(self._spool, made)
        _sync(made)
        made.replace(self._path)
        self._done = True

    def close(self) -> None:
        """Let go of the output."""
        super().close()
        if self._done:
            self._spool.unlink()


class FolderWriter:
    """Writes each document to files of its own: a page, or for brat the text and its annotations.

    A text file `a/b.txt` becomes `a/b`, relative to the folder that all inputs have in common, and a record of it
    `a/c.csv/000007`, both with the suffix of the format. Raises OutputError where two inputs would become one.
    """

    def __init__(self, folder: Path, format: OutputFormat, inputs: Sequence[Input]) -> None:
        self.size = 0
        self._folder = folder
        self._format = format
        self._unsynced: list[Path] = []
        folders = [os.path.abspath(Path(source.path).parent) for source in inputs if source.path is not None]  # noqa: PTH100
        self._root = os.path.commonpath(folders) if folders else ""
        seen: dict[Path, str] = {}
        for source in inputs:
            path = self._place(source.name, None)
            if path in seen:
                raise OutputError(f"{seen[path]} and {source.name} would be written to the same place: {path}")
            seen[path] = source.name
        folder.mkdir(parents=True, exist_ok=True)
        if format is OutputFormat.brat:
            self._put(folder / "annotation.conf", BRAT_CONFIGURATION)

    def write(self, document: Document, origin: Origin) -> None:
        """Write the files of one document."""
        place = self._place(origin.file, origin.line)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self._format is OutputFormat.html:
            self._put(place.with_name(place.name + ".html"), document.to_html(page=True))
        else:
            self._put(place.with_name(place.name + ".txt"), document.text)
            self._put(place.with_name(place.name + ".ann"), to_brat(document))

    def _place(self, name: str, line: int | None) -> Path:
        place = self._folder / ("stdin" if name == STDIN else os.path.relpath(name, self._root))
        if line is not None:
            return place / f"{line:06}"
        return place.with_suffix("") if place.suffix == ".txt" else place

    def _put(self, path: Path, text: str) -> None:
        path.write_bytes(text.encode("utf-8"))
        self._unsynced.append(path)

    def sync(self, size: int) -> None:
        """See to it that the files are there even after a power cut."""
        for path in self._unsynced:
            _sync(path)
        self._unsynced.clear()

    def finish(self) -> None:
        """Write nothing: the files are complete."""
        self.sync(0)

    def close(self) -> None:
        """Let go of nothing: no file is open."""


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
