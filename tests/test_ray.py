"""Ray Data: a local Ray with two workers."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pyarrow as pa
import pytest
import ray

from hindi_entities import Pipeline
from hindi_entities.integrations.ray import extract_dataset
from tests.paragraphs import LONG, paragraphs, plain_loop

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*"),  # it sets deprecated settings of its own
    pytest.mark.filterwarnings("ignore::UserWarning:ray.data.context"),
]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))  # or Ray writes one into the home folder
    ray.init(
        num_cpus=3, include_dashboard=False, _node_ip_address="127.0.0.1", object_store_memory=200_000_000, log_to_driver=False
    )
    yield
    ray.shutdown()


def test_two_thousand_paragraphs_are_those_of_the_plain_loop(cluster: None, pipeline: Pipeline) -> None:
    texts = [*paragraphs(), None, "", LONG]
    table = pa.table({"id": range(len(texts)), "text": texts})
    dataset = ray.data.from_arrow([table.slice(first, 500) for first in range(0, len(texts), 500)])
    rows = sorted(extract_dataset(dataset, workers=2).drop_columns(["text"]).take_all(), key=lambda row: row["id"])

    read, (null, empty, long) = rows[:-3], rows[-3:]
    assert [row["mentions"] for row in read] == plain_loop(pipeline)
    assert {row["error"] for row in read} == {None}
    assert (null["mentions"], null["error"]) == (None, None)
    assert (empty["mentions"], empty["error"]) == ([], None)
    assert (long["mentions"], long["error"][:37]) == (None, "ValueError: a text of 5,600,000 chara")

    numbers = extract_dataset(ray.data.from_arrow(pa.table({"text": [5, 6]})), workers=1)
    assert [row["error"] for row in numbers.take_all()] == ["TypeError: a text is a string, not int64"] * 2
    with pytest.raises(ValueError, match="no columns are named 'body', of 'id', 'text'"):
        extract_dataset(dataset, "body")
