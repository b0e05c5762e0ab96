"""Arrow: a batch of texts in, the same batch with what the texts mention out. The schema is `FIELDS`; others build on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hindi_entities.integrations import load_pipeline, require
from hindi_entities.results import Document
from hindi_entities.texts import check_characters, check_text, say_not_utf8

if TYPE_CHECKING:
    import pyarrow as pa

    from hindi_entities.pipeline import Pipeline
else:
    pa = require("pyarrow", "arrow")

MAX_CHARS = 1_000_000  # about 200,000 words: minutes
ROWS = 1024  # that are held as documents at a time

MENTION: Final = pa.struct(
    [
        ("text", pa.string()),
        ("label", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("sentence", pa.int32()),
        ("score", pa.float64()),
        ("country", pa.string()),
        ("source", pa.string()),
        ("rule", pa.string()),
        ("honorific", pa.string()),
        ("entity_id", pa.int32()),
        ("entity", pa.string()),
    ]
)
"""A mention, with the fields of `Document.to_records`: those of `Mention`, and the id and name of its entity.

`start` and `end` count code points of the text, as everywhere in this library, not the bytes of Arrow's strings.
"""

ENTITY: Final = pa.struct(
    [
        ("id", pa.int32()),
        ("name", pa.string()),
        ("romanized", pa.string()),
        ("label", pa.string()),
        ("country", pa.string()),
        ("mentions", pa.list_(pa.int32())),
    ]
)
"""An entity; its `mentions` are indices into the row's mentions, from 0."""

FIELDS: Final = (
    pa.field("mentions", pa.list_(MENTION)),
    pa.field("entities", pa.list_(ENTITY)),
    pa.field("error", pa.string()),
)
"""The columns of the results. A row has mentions and entities (both may be empty), or an error, or for a null text neither."""

Result: TypeAlias = Document | Exception | None


def columns_of(results: Iterable[Result]) -> dict[str, pa.Array]:
    """The columns of `FIELDS`, by name, one row a result: a document, what is wrong with a text, or None for no text."""
    mentions: list[list[dict[str, Any]] | None] = []
    entities: list[list[dict[str, Any]] | None] = []
    errors: list[str | None] = []
    for result in results:
        mentions.append(result.to_records() if isinstance(result, Document) else None)
        entities.append(_entities(result) if isinstance(result, Document) else None)
        errors.append(_message(result) if isinstance(result, Exception) else None)
    arrays = (pa.array(rows, field.type) for rows, field in zip((mentions, entities, errors), FIELDS, strict=True))
    return dict(zip((field.name for field in FIELDS), arrays, strict=True))


def _entities(document: Document) -> list[dict[str, Any]]:
    place = {mention.start: index for index, mention in enumerate(document.mentions)}
    return [
        {
            "id": entity.id,
            "name": entity.name,
            "romanized": entity.romanized,
            "label": str(entity.label),
            "country": entity.country,
            "mentions": [place[mention.start] for mention in entity.mentions],
        }
        for entity in document.entities
    ]


def _message(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace").decode("utf-8")


def check_columns(names: Sequence[str], text_column: str) -> None:
    """Raise ValueError where there is not one column of texts, or where one has a name that the results need."""
    count = names.count(text_column)
    if count != 1:
        raise ValueError(
            f"{count or 'no'} columns are named {text_column!r}, of {', '.join(map(repr, names))}: one holds the texts"
        )
    taken = [field.name for field in FIELDS if field.name in names]
    if taken:
        raise ValueError(f"there is a column {taken[0]!r} already, which is to hold results: rename or drop it")


class Extractor:
    """A function from batches of texts to batches with the results beside them, for use in many processes.

    `options` are those of `Pipeline`. It pickles as its options: a process loads the model when the first text comes, once,
    for all extractors with the same options. `threads` is set as torch's number of threads in that process; None leaves it as
    it is.

    What cannot be read does not fail the batch: it is said in the column `error` of its row. That is a value which is no
    string, a string that is no valid UTF-8, and one of more than `max_chars` characters.
    """

    def __init__(
        self, *, text_column: str = "text", max_chars: int = MAX_CHARS, threads: int | None = None, **options: Any
    ) -> None:
        self.text_column = text_column
        self.max_chars = max_chars
        self.threads = threads
        if options.get("labels") is not None:
            options["labels"] = tuple(sorted(map(str, options["labels"])))
        model = options.get("model", "default")
        if model != "default" and Path(model).exists():  # a worker may have another working directory
            options["model"] = str(Path(model).resolve())
        self.options = options

    @property
    def pipeline(self) -> Pipeline:
        """This process's pipeline with these options. Raises what `Pipeline` raises."""
        import torch

        if self.threads is not None:
            torch.set_num_threads(self.threads)
        return load_pipeline(**self.options)

    def __call__(self, batch: pa.Array | pa.ChunkedArray | pa.RecordBatch | pa.Table) -> pa.RecordBatch | pa.Table:
        """Read the texts of a batch: its columns, and those of `FIELDS` after them.

        A record batch gives a record batch and a table a table; an array or a chunked array counts as one with the column of
        texts only. Raises ValueError where there is no such column or one that the results need.
        """
        if isinstance(batch, pa.Array):
            batch = pa.RecordBatch.from_arrays([batch], names=[self.text_column])
        elif isinstance(batch, pa.ChunkedArray):
            batch = pa.table({self.text_column: batch})
        check_columns(batch.schema.names, self.text_column)
        found = self.columns(_texts(batch.column(self.text_column)))
        for field in FIELDS:
            column = found[field.name]
            batch = batch.append_column(field, column if isinstance(batch, pa.Table) else column.combine_chunks())
        return batch

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Read a stream of record batches, one at a time."""
        return map(self, batches)

    def columns(self, values: Sequence[Any]) -> dict[str, pa.ChunkedArray]:
        """Read Python values, as `read` does, into the columns of `FIELDS` by name."""
        parts = [columns_of(self.read(values[first : first + ROWS])) for first in range(0, len(values), ROWS)]
        return {field.name: pa.chunked_array([part[field.name] for part in parts], field.type) for field in FIELDS}

    def read(self, values: Iterable[Any]) -> list[Result]:
        """Read Python values, in order: a document for a string, None for None, and for anything else what is wrong with it."""
        results: list[Result] = []
        texts: list[tuple[str, int]] = []
        for row, value in enumerate(values):
            problem = self._refuse(value)
            results.append(problem)
            if problem is None and value is not None:
                texts.append((value, row))

        def report(position: int, item: object, error: Exception) -> None:
            results[texts[position][1]] = error

        if texts:
            for document, row in self.pipeline.pipe(texts, as_tuples=True, on_error=report):
                results[row] = document
        return results

    def _refuse(self, value: Any) -> Exception | None:
        """What is wrong with a value that is neither None nor a text which can be read and written."""
        if value is None or isinstance(value, Exception):
            return value
        try:
            check_text(value)
            if len(value) > self.max_chars:
                raise ValueError(f"a text of {len(value):,} characters is longer than max_chars={self.max_chars:,}: split it")
            check_characters(value)
        except (TypeError, ValueError) as error:
            return error
        return None


def _texts(column: pa.Array | pa.ChunkedArray) -> list[str | Exception | None]:
    """The strings of a column, and what is wrong where there is none."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        problem = TypeError(f"a text is a string, not {kind}")
        return [problem if valid else None for valid in column.is_valid().to_pylist()]
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [_text(value) for value in column]


def _text(scalar: pa.Scalar) -> str | Exception | None:
    try:
        text: str | None = scalar.as_py()
    except UnicodeDecodeError as error:
        return ValueError(say_not_utf8(error))
    return text
