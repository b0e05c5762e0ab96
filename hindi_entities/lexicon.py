"""Reading of the word lists in `data/`: UTF-8, a header line, columns separated by tabs, `#` begins a comment line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a word list below its header, one string a column.

    Raises ValueError with file and line where a row has more or fewer columns than the header.
    """
    lines = files("hindi_entities").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    rows = [(number, tuple(line.split("\t"))) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    header = rows[0][1]
    for number, row in rows:
        if len(row) != len(header):
            raise ValueError(f"{name}, line {number}: {len(row)} columns where the header has {len(header)}: {row}")
    return tuple(row for _, row in rows[1:])
