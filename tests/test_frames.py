"""Data frames of pandas and polars, against the plain loop."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from hindi_entities import Pipeline
from hindi_entities.integrations.frames import explode_mentions, extract_frame

TEXTS = [
    "रूसी राष्ट्रपति व्लादिमीर पुतिन ने मॉस्को में कहा कि रूस तैयार है।",
    None,
    "लगातार तीसरे दिन बारिश हुई।",
    "श्री नरेंद्र मोदी जी दिल्ली में मिले।",
    "",
]
WRONG = [5, float("nan"), pd.NA, b"x", "रूस\ud800", ["भारत"]]
COMPLAINTS = [
    "TypeError: a text is a str, not int: 5",
    None,
    None,
    "TypeError: a text is a str, not bytes: b'x'",
    "ValueError: a lone surrogate, U+D800, stands at 3: it is no character",
    "TypeError: a text is a str, not list: ['भारत']",
]


@pytest.fixture(scope="module")
def mentions(pipeline: Pipeline) -> list[list[dict[str, Any]] | None]:
    return [None if text is None else pipeline(text).to_records() for text in TEXTS]


@pytest.fixture(scope="module")
def flat(mentions: list[list[dict[str, Any]] | None]) -> list[tuple[int, dict[str, Any]]]:
    return [(row, mention) for row, found in enumerate(mentions) for mention in found or []]


@pytest.mark.parametrize("kind", [None, object, "string", pd.CategoricalDtype()], ids=str)
def test_pandas_is_the_plain_loop(mentions: list[object], kind: Any) -> None:
    frame = pd.DataFrame({"id": range(5), "body": pd.Series(TEXTS, dtype=kind)}).set_index("id")
    found = extract_frame(frame, "body")
    assert found["mentions"].tolist() == mentions
    for row in found.dropna(subset="mentions").itertuples():
        assert {entity["id"] for entity in row.entities} == {mention["entity_id"] for mention in row.mentions}
    assert found["error"].isna().all()
    pd.testing.assert_frame_equal(found[["body"]], frame)
    assert list(frame.columns) == ["body"]


def test_polars_is_the_plain_loop(mentions: list[object]) -> None:
    frame = pl.DataFrame({"id": range(5), "text": TEXTS})
    found = extract_frame(frame)
    assert found["mentions"].to_list() == mentions
    assert found["error"].is_null().all()
    assert found.select("id", "text").equals(frame)


def test_one_row_a_mention_in_pandas_keeps_the_index(flat: list[tuple[int, dict[str, Any]]]) -> None:
    index = ["a", "b", "c", "c", "d"]
    found = explode_mentions(extract_frame(pd.DataFrame({"text": TEXTS}, index=index)))
    assert list(found.index) == [index[row] for row, _ in flat]
    assert found["text"].tolist() == [mention["text"] for _, mention in flat]
    assert found["score"].tolist() == [mention["score"] for _, mention in flat]
    assert set(found.columns) == set(flat[0][1])


def test_one_row_a_mention_in_polars_has_the_row(flat: list[tuple[int, dict[str, Any]]]) -> None:
    found = explode_mentions(extract_frame(pl.DataFrame({"text": TEXTS})))
    assert found.to_dicts() == [{"row": row, **mention} for row, mention in flat]


def test_what_is_no_text_is_reported_in_its_row() -> None:
    found = extract_frame(pd.DataFrame({"text": [*WRONG, "भारत"]}, dtype=object))
    assert [None if pd.isna(error) else error for error in found["error"]] == [*COMPLAINTS, None]
    assert [mention["country"] for mention in found["mentions"].iloc[-1]] == ["IN"]
    assert extract_frame(pl.DataFrame({"text": [5, None]}))["error"].to_list() == COMPLAINTS[:2]


def test_empty_frames() -> None:
    exploded = explode_mentions(extract_frame(pd.DataFrame({"text": []})))
    assert exploded.empty
    assert "entity_id" in exploded
    assert explode_mentions(extract_frame(pl.DataFrame({"text": []}))).is_empty()


def test_a_frame_without_the_column_and_what_is_no_frame() -> None:
    for frame in (pd.DataFrame({"body": ["भारत"]}), pl.DataFrame({"body": ["भारत"]})):
        with pytest.raises(ValueError, match="no columns are named 'text', of 'body'"):
            extract_frame(frame)
    with pytest.raises(TypeError, match=r"a frame is a pandas or a polars DataFrame, not polars\.\S*LazyFrame"):
        extract_frame(pl.LazyFrame({"text": ["भारत"]}))
