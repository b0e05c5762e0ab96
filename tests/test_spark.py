"""Spark: a session of two local workers."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from hindi_entities import Pipeline
from hindi_entities.integrations.arrow import FIELDS
from hindi_entities.integrations.spark import extract_dataframe
from tests.paragraphs import LONG, paragraphs, plain_loop

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(not (shutil.which("java") or "JAVA_HOME" in os.environ), reason="Spark needs Java 17, which is not here"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_two_thousand_paragraphs_are_those_of_the_plain_loop(spark: SparkSession, pipeline: Pipeline) -> None:
    texts = [*paragraphs(), None, "", LONG]
    frame = spark.createDataFrame(pa.table({"id": range(len(texts)), "text": texts})).repartition(4)
    no_utf8 = spark.sql(f"SELECT {len(texts)}L AS id, CAST(X'E0A4FF' AS STRING) AS text")
    extracted = extract_dataframe(frame.union(no_utf8))
    assert extracted.columns == ["id", "text", "mentions", "entities", "error"]

    table = extracted.drop("text").toArrow()
    rows = sorted(table.to_pylist(), key=lambda row: row["id"])
    read, (null, empty, long, broken) = rows[:-4], rows[-4:]
    assert [row["mentions"] for row in read] == plain_loop(pipeline)
    assert {row["error"] for row in read} == {None}
    assert (null["mentions"], null["error"]) == (None, None)
    assert (empty["mentions"], empty["error"]) == ([], None)
    assert (long["mentions"], long["error"][:37]) == (None, "ValueError: a text of 5,600,000 chara")
    assert (broken["mentions"], broken["error"]) == (None, "ValueError: not UTF-8: byte 0xe0 at offset 0")
    assert [table.schema.field(field.name) for field in FIELDS] == list(FIELDS)


def test_a_column_of_numbers_is_reported_row_by_row(spark: SparkSession) -> None:
    rows = extract_dataframe(spark.createDataFrame([(5,), (None,)], "body int"), "body").collect()
    assert [row.asDict() for row in rows] == [
        {"body": 5, "mentions": None, "entities": None, "error": "TypeError: a text is a string, not int32"},
        {"body": None, "mentions": None, "entities": None, "error": None},
    ]


def test_a_frame_without_the_column_is_refused_at_once(spark: SparkSession) -> None:
    with pytest.raises(ValueError, match="no columns are named 'text', of 'body'"):
        extract_dataframe(spark.createDataFrame([("भारत",)], "body string"))
