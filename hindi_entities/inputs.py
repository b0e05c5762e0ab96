"""The inputs of the command line: files, folders, globs and standard input, in the order in which they are read."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final, NamedTuple

JOURNAL: Final = ".progress"  # what is added to the name of an output for the journal beside it
SPOOL: Final = ".partial"  # and for what holds the records of an output that is made at the end
STDIN: Final = "standard input"
COMPRESSED: Final = (".gz", ".bz2", ".xz")


class InputFormat(StrEnum):
    """How an input is read."""

    text = "text"
    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    parquet = "parquet"


FORMATS: Final = {
    ".txt": InputFormat.text,
    ".jsonl": InputFormat.jsonl,
    ".ndjson": InputFormat.jsonl,
    ".csv": InputFormat.csv,
    ".tsv": InputFormat.tsv,
    ".parquet": InputFormat.parquet,
}


class Input(NamedTuple):
    """A file by its path as it was given, or standard input, whose `path` is None."""

    path: str | None
    format: InputFormat

    @property
    def name(self) -> str:
        """What messages and results call it."""
        return STDIN if self.path is None else self.path

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where that is not known."""
        try:
            return 0 if self.path is None else Path(self.path).stat().st_size
        except OSError:
            return 0


def find_inputs(arguments: Sequence[str], format: InputFormat | None = None, output: Path | None = None) -> list[Input]:
    """The files that the arguments name, in the order in which they are read; standard input for `-` and for no argument.

    A folder stands for the files under it, sorted, with a suffix that says how they are read, but for hidden ones and for
    the output; a glob (`**` goes into folders) for the files that it matches, sorted. `format` overrides the suffixes. What
    is not there is an input, too: that it cannot be read is said when its turn comes.
    """
    inputs = []
    for argument in arguments or ["-"]:
        if argument == "-":
            inputs.append(Input(None, format or InputFormat.text))
        elif Path(argument).is_dir():
            inputs += _walk(argument, format, output)
        elif is_many(argument):
            matches = [path for path in sorted(glob.glob(argument, recursive=True)) if not Path(path).is_dir()]  # noqa: PTH207
            kept = [path for path in matches if not is_output(path, output)]
            inputs += [Input(path, format or format_of(path)) for path in kept or [argument]]
        else:
            inputs.append(Input(argument, format or format_of(argument)))
    return inputs


def is_many(argument: str) -> bool:
    """Whether an argument is a folder or a glob, and may stand for several files."""
    path = Path(argument)
    return path.is_dir() or (glob.has_magic(argument) and not path.exists())


def format_of(path: str) -> InputFormat:
    """How a file is read by its suffix, apart from that of its compression; as text where the suffix says nothing."""
    return FORMATS.get(_suffix(path), InputFormat.text)


def _walk(folder: str, format: InputFormat | None, output: Path | None) -> list[Input]:
    closed: list[str] = []
    inputs = []
    for root, folders, files in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = str(Path(root, name))
            if not name.startswith(".") and (format or _suffix(path) in FORMATS) and not is_output(path, output):
                inputs.append(Input(path, format or format_of(path)))
    inputs += [Input(path, InputFormat.text) for path in closed]
    return inputs or [Input(folder, InputFormat.text)]


def is_output(path: str, output: Path | None) -> bool:
    """Whether a file is the output, lies in it, or stands beside it until the run is done."""
    if output is None:
        return False
    own, file = Path(os.path.realpath(output)), Path(os.path.realpath(path))
    beside = file.parent == own.parent and file.name.startswith((own.name + JOURNAL, own.name + SPOOL))
    return beside or file.is_relative_to(own)


def _suffix(path: str) -> str:
    pure = PurePath(path)
    return (PurePath(pure.stem) if pure.suffix.lower() in COMPRESSED else pure).suffix.lower()
