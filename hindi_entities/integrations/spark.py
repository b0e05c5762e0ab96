"""Spark: results beside a column of texts, one model in each Python worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hindi_entities.integrations import require

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def extract_dataframe(frame: DataFrame, text_column: str = "text", *, threads: int = 1, **options: Any) -> DataFrame:
    """A frame with the columns `mentions`, `entities` and `error` after its own, as `arrow.FIELDS` has them.

    `options` are those of `Extractor`. A worker reads a partition at a time, with `threads` threads of torch: a frame has at
    least as many partitions as Spark has cores, or some idle. As everything in Spark it is done when it is asked for, and
    again when it is asked for again: write it or cache it. Raises ValueError where there is no such column or one that the
    results need.
    """
    for module in ("pyspark.sql", "pyarrow", "pandas"):  # mapInArrow asks for pandas
        require(module, "spark")
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    from hindi_entities.integrations.arrow import FIELDS, Extractor, check_columns

    check_columns(frame.columns, text_column)
    schema = StructType([*frame.schema.fields, *from_arrow_schema(pa.schema(FIELDS)).fields])
    return frame.mapInArrow(Extractor(text_column=text_column, threads=threads, **options).map, schema)
