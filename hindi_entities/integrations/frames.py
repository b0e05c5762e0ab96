"""Data frames of pandas and of polars: results beside a column of texts, and one row a mention."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from hindi_entities.integrations.arrow import MENTION, Extractor, check_columns

if TYPE_CHECKING:
    import pandas
    import polars

Frame = TypeVar("Frame", "pandas.DataFrame", "polars.DataFrame")


def extract_frame(frame: Frame, text_column: str = "text", **options: Any) -> Frame:
    """A frame with the columns `mentions`, `entities` and `error` after its own, with the fields that `arrow.FIELDS` has.

    `options` are those of `Extractor`. The frame's rows, and the index of pandas, stay as they are; in a pandas frame
    mentions and entities are lists of dicts. A missing value (None; in pandas also NaN and NA) has neither mentions nor an
    error; what else is no text has the error only. Raises ValueError where there is no such column or one that the results
    need, and TypeError for what is no frame.
    """
    extract = _extract_pandas if _is_pandas(frame) else _extract_polars
    check_columns(list(frame.columns), text_column)
    extracted: Frame = extract(frame, text_column, Extractor(**options))
    return extracted


def explode_mentions(frame: Frame) -> Frame:
    """One row a mention, of a frame that `extract_frame` gave: the fields of `arrow.MENTION` are its columns.

    A pandas frame keeps the index of the text's row; a polars frame has the row's number, from 0, in the column `row`.
    """
    exploded: Frame = _explode_pandas(frame) if _is_pandas(frame) else _explode_polars(frame)
    return exploded


def _extract_pandas(frame: Any, text_column: str, extractor: Extractor) -> Any:
    texts = frame[text_column]
    values = [None if missing else value for value, missing in zip(texts, texts.isna(), strict=True)]
    return frame.assign(**{name: column.to_pylist() for name, column in extractor.columns(values).items()})


def _extract_polars(frame: Any, text_column: str, extractor: Extractor) -> Any:
    import polars

    found = extractor.columns(frame.get_column(text_column).to_list())
    return frame.with_columns(polars.Series(name, column) for name, column in found.items())


def _explode_pandas(frame: Any) -> Any:
    import pandas

    mentions = frame["mentions"].explode().dropna()
    return pandas.DataFrame(mentions.tolist(), index=mentions.index, columns=[field.name for field in MENTION])


def _explode_polars(frame: Any) -> Any:
    rows = frame.with_row_index("row").select("row", "mentions")
    return rows.explode("mentions").drop_nulls("mentions").unnest("mentions")


def _is_pandas(frame: object) -> bool:
    """Whether it is a frame of pandas, or else of polars; who has one has imported its library."""
    for name in ("pandas", "polars"):
        if name in sys.modules and isinstance(frame, sys.modules[name].DataFrame):
            return name == "pandas"
    raise TypeError(f"a frame is a pandas or a polars DataFrame, not {type(frame).__module__}.{type(frame).__name__}")
