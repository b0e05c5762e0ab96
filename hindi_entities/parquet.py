"""A Parquet file of the JSON lines that `extract` writes: the columns of `integrations.arrow`, and where each text comes from."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Final

from hindi_entities.integrations import require
from hindi_entities.results import Document

ROWS: Final = 1024  # of a row group, and held at a time


def convert(lines: Path, output: Path) -> None:
    """Write the columns `file`, `line`, `id`, `text`, `mentions` and `entities`, one row a document.

    Raises MissingExtraError without pyarrow.
    """
    pa, parquet = require("pyarrow", "arrow"), require("pyarrow.parquet", "arrow")
    from hindi_entities.integrations.arrow import FIELDS, columns_of

    results = [field for field in FIELDS if field.name != "error"]
    schema = pa.schema([("file", pa.string()), ("line", pa.int64()), ("id", pa.string()), ("text", pa.string()), *results])
    with lines.open(encoding="utf-8") as stream, parquet.ParquetWriter(output, schema) as writer:
        rows = map(json.loads, stream)
        while chunk := list(islice(rows, ROWS)):
            origins = [row.pop("origin") for row in chunk]
            columns = columns_of(Document.model_validate(row) for row in chunk)
            columns |= {
                "file": pa.array([_name(origin["file"]) for origin in origins], pa.string()),
                "line": pa.array([origin["line"] for origin in origins], pa.int64()),
                "id": pa.array([None if origin["id"] is None else str(origin["id"]) for origin in origins], pa.string()),
                "text": pa.array([row["text"] for row in chunk], pa.string()),
            }
            writer.write_batch(pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema))


def _name(file: str) -> str:
    """The name of a file as UTF-8 can hold it."""
    return file.encode("utf-8", "backslashreplace").decode("utf-8")
