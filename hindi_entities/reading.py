"""Records with a text from the inputs of the command line, as a stream; what cannot be read is a record, too, a bad one.

Inputs are read in order, and the records of each in the order in which they stand: a `Position` in this order is where a
later run goes on.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path, PurePath
from typing import IO, Any, Final, NamedTuple

import regex

from hindi_entities.inputs import COMPRESSED, FORMATS, Input, InputFormat
from hindi_entities.integrations import require
from hindi_entities.texts import check_characters, say_not_utf8


class Fields(NamedTuple):
    """The fields or columns of a record that hold its text and, where one is named, its id."""

    text: str = "text"
    id: str | None = None


class Origin(NamedTuple):
    """Where a text comes from.

    `line` is the one that the record begins on, or its row in Parquet, from 1; None for a text that is a whole file.
    """

    file: str
    line: int | None = None
    id: str | int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Record(NamedTuple):
    """A text; `read` counts the bytes of its input up to about its end."""

    text: str
    origin: Origin
    read: int


class BadRecord(NamedTuple):
    """What cannot be read; the message names file and line."""

    message: str
    read: int


class Position(NamedTuple):
    """So many inputs, and so many records of the next one, good and bad, are done."""

    input: int = 0
    record: int = 0


START: Final = Position()
Item = Record | BadRecord

_UNPACK: dict[str, Callable[..., Any]] = dict(zip(COMPRESSED, (gzip.open, bz2.open, lzma.open), strict=True))
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)  # what opening, reading and decompressing raise
_BOM = "\ufeff"
_SURROGATE = regex.compile(r"\p{Cs}")
_ROWS = 256  # of a Parquet file that are held at a time
_MAX_FIELD = 2**26  # characters of a CSV field: where a quote is never closed, the rest of the file is one


def read(inputs: Sequence[Input], fields: Fields, start: Position = START) -> Iterator[tuple[Position, int, Item]]:
    """The records of the inputs from a position on: the position after each, the bytes read up to there, and the record."""
    done = sum(source.size for source in inputs[: start.input])
    for number, source in enumerate(inputs[start.input :], start.input):
        for count, item in enumerate(_read_input(source, fields), 1):
            if number > start.input or count > start.record:
                yield Position(number, count), done + item.read, item
        done += source.size


def _read_input(source: Input, fields: Fields) -> Iterator[Item]:
    """The records of one input; where it cannot be read, or not on to its end, the last item says so."""
    if source.path is not None and Path(source.path).is_dir():
        kinds = ", ".join(FORMATS)
        yield BadRecord(f"{source.name} is a folder without a file that can be read by its suffix: {kinds}", 0)
        return
    try:
        with _open(source) as raw:
            if source.format is InputFormat.parquet:
                yield from _read_parquet(source, raw, fields)
                return
            unpack = _UNPACK.get(PurePath(source.name).suffix.lower())
            tell = raw.tell if source.path is not None and raw.seekable() else int
            yield from _READERS[source.format](source.name, unpack(raw) if unpack else raw, fields, tell)
    except _DAMAGED as error:
        reason = getattr(error, "strerror", None) or f"cannot be read on: {error}"
        yield BadRecord(f"{source.name}: {reason}", source.size)


def _open(source: Input) -> AbstractContextManager[IO[bytes]]:
    if source.path is not None:
        return Path(source.path).open("rb")
    if sys.stdin is None:
        raise OSError("it is closed")
    return nullcontext(sys.stdin.buffer)


def _read_text(name: str, stream: IO[bytes], fields: Fields, tell: Callable[[], int]) -> Iterator[Item]:
    data = stream.read()
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        yield BadRecord(f"{name} is {say_not_utf8(error)}; convert it first", tell())
        return
    yield Record(text, Origin(name), tell()) if text.strip() else BadRecord(f"{name} is empty", tell())


def _read_jsonl(name: str, stream: IO[bytes], fields: Fields, tell: Callable[[], int]) -> Iterator[Item]:
    for number, line in enumerate(stream, 1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
            if not isinstance(row, dict):
                raise ValueError(f"a record is a JSON object, not {type(row).__name__}")
            values = [_value(row, field) for field in fields if field is not None]
            yield _record(Origin(name, number), values, tell())
        except UnicodeDecodeError as error:
            yield BadRecord(f"{name}:{number}: {say_not_utf8(error)}", tell())
        except json.JSONDecodeError as error:
            yield BadRecord(f"{name}:{number}: no JSON: {error.msg} at character {error.pos}", tell())
        except (ValueError, RecursionError) as error:
            yield BadRecord(f"{name}:{number}: {error}", tell())


def _read_csv(name: str, stream: IO[bytes], fields: Fields, tell: Callable[[], int], delimiter: str = ",") -> Iterator[Item]:
    csv.field_size_limit(_MAX_FIELD)
    lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header: list[str] | None = None
        places: list[int] = []
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader, None)
                if row is None:
                    return
                if not row:
                    continue
                if header is None:
                    header, places = row, []
                    places = [_column(header, field) for field in fields if field is not None]
                    continue
                if len(row) != len(header):
                    raise ValueError(f"{len(row)} fields, and the header has {len(header)}")
                for place in places:
                    if _SURROGATE.search(row[place]):
                        row[place].encode("utf-8", "surrogateescape").decode("utf-8")
                yield _record(Origin(name, number), [row[place] for place in places], tell())
            except UnicodeDecodeError as error:
                yield BadRecord(f"{name}:{number}: {say_not_utf8(error)}", tell())
            except (csv.Error, ValueError) as error:
                yield BadRecord(f"{name}:{number}: {error}", tell())
            if header is None or not places:
                return
    finally:
        lines.detach()


def _read_tsv(name: str, stream: IO[bytes], fields: Fields, tell: Callable[[], int]) -> Iterator[Item]:
    return _read_csv(name, stream, fields, tell, "\t")


_READERS = {InputFormat.text: _read_text, InputFormat.jsonl: _read_jsonl, InputFormat.csv: _read_csv, InputFormat.tsv: _read_tsv}


def _read_parquet(source: Input, raw: IO[bytes], fields: Fields) -> Iterator[Item]:
    parquet, arrow = require("pyarrow.parquet", "arrow"), require("pyarrow", "arrow")
    name, number = source.name, 0
    if not raw.seekable():
        yield BadRecord(f"{name}: Parquet is read from a file only: its index stands at the end", 0)
        return
    try:
        file = parquet.ParquetFile(raw)
        wanted = [field for field in fields if field is not None]
        for field in wanted:
            _column(file.schema_arrow.names, field)
        for batch in file.iter_batches(_ROWS, columns=wanted):
            for scalars in zip(*(batch.column(field) for field in wanted), strict=True):
                number += 1
                read = source.size * number // file.metadata.num_rows
                try:
                    yield _record(Origin(name, number), [scalar.as_py() for scalar in scalars], read)
                except UnicodeDecodeError as error:
                    yield BadRecord(f"{name}:{number}: {say_not_utf8(error)}", read)
                except ValueError as error:
                    yield BadRecord(f"{name}:{number}: {error}", read)
    except (arrow.ArrowException, ValueError) as error:
        yield BadRecord(f"{name}:{number + 1}: {error}" if number else f"{name}: {error}", source.size)


def _column(header: Sequence[str], field: str) -> int:
    if field not in header:
        raise ValueError(f"there is no column {field!r}, of {', '.join(map(repr, header))}")
    return header.index(field)


def _value(row: dict[str, Any], field: str) -> Any:
    if field not in row:
        raise ValueError(f"there is no field {field!r}, of {', '.join(map(repr, row))}")
    return row[field]


def _record(origin: Origin, values: Sequence[Any], read: int) -> Record:
    """A record of its text and, where one is wanted, its id. Raises ValueError that says what is wrong with them."""
    text = values[0]
    if not isinstance(text, str):
        raise ValueError("the text is null" if text is None else f"a text is a string, not {type(text).__name__}: {text!r:.80}")
    check_characters(text)
    for value in values[1:]:
        if not isinstance(value, str | int) or isinstance(value, bool) or _SURROGATE.search(str(value)):
            raise ValueError(f"an id is a string or a whole number, not {value!r:.80}")
        origin = origin._replace(id=value)
    return Record(text, origin, read)
