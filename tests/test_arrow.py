"""Arrow: a batch in, a batch out; what cannot be read; the schema; extractors in other processes."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hindi_entities import MissingExtraError, ModelError, Pipeline
from hindi_entities.integrations import require
from hindi_entities.integrations.arrow import ENTITY, FIELDS, MENTION, ROWS, Extractor, columns_of

TEXTS = [
    "रूसी राष्ट्रपति व्लादिमीर पुतिन ने मॉस्को में कहा कि रूस तैयार है। पुतिन जल्द ही भारत आएंगे।",
    None,
    "",
    "लगातार तीसरे दिन बारिश हुई।",
    "श्री नरेंद्र मोदी जी दिल्ली में मिले।",
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture(scope="module")
def mentions(pipeline: Pipeline) -> list[list[dict[str, Any]] | None]:
    return [None if text is None else pipeline(text).to_records() for text in TEXTS]


def test_a_row_has_what_its_document_has(extractor: Extractor, pipeline: Pipeline) -> None:
    (row,) = extractor(pa.array(TEXTS[:1])).to_pylist()
    document = pipeline(str(TEXTS[0]))
    assert row["mentions"] == document.to_records()
    assert row["error"] is None
    assert [(e["id"], e["name"], e["romanized"], e["label"], e["country"]) for e in row["entities"]] == [
        (e.id, e.name, e.romanized, str(e.label), e.country) for e in document.entities
    ]
    for entity, found in zip(document.entities, row["entities"], strict=True):
        assert [row["mentions"][index]["start"] for index in found["mentions"]] == [m.start for m in entity.mentions]
        assert {row["mentions"][index]["entity_id"] for index in found["mentions"]} == {entity.id}


def test_the_schema_has_every_field_of_the_results(pipeline: Pipeline) -> None:
    document = pipeline(str(TEXTS[0]))
    assert {field.name for field in MENTION} == set(document.to_records()[0])
    assert {field.name for field in ENTITY} == {*document.entities[0].model_dump(), "romanized"}


def test_null_and_empty_stay_as_they_are(extractor: Extractor) -> None:
    found = extractor(pa.array([None, "", " \n"])).drop_columns(["text"]).to_pylist()
    assert found[0] == {"mentions": None, "entities": None, "error": None}
    assert found[1] == found[2] == {"mentions": [], "entities": [], "error": None}


KINDS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_kind_of_string_is_read(extractor: Extractor, mentions: list[object], kind: pa.DataType) -> None:
    found = extractor(pa.array(TEXTS, pa.string()).cast(kind))
    assert found.column("mentions").to_pylist() == mentions
    assert found.schema.field("text").type == kind


def test_each_container_comes_back_as_its_kind(extractor: Extractor, mentions: list[object]) -> None:
    array, chunks = pa.array(TEXTS), pa.chunked_array([TEXTS[:1], [], TEXTS[1:]])
    assert chunks.num_chunks == 3
    batch, table = pa.record_batch({"text": array}), pa.table({"text": chunks})
    for given, kind in ((array, pa.RecordBatch), (chunks, pa.Table), (batch, pa.RecordBatch), (table, pa.Table)):
        found = extractor(given)
        assert isinstance(found, kind)
        found.validate(full=True)
        assert found.column("mentions").to_pylist() == mentions


def test_a_table_longer_than_what_is_held_at_a_time(extractor: Extractor, mentions: list[object]) -> None:
    texts = [TEXTS[4], *[""] * ROWS, TEXTS[4]]
    found = extractor(pa.table({"text": texts})).column("mentions").to_pylist()
    assert found == [mentions[4], *[[]] * ROWS, mentions[4]]


def test_other_columns_and_metadata_stay(extractor: Extractor) -> None:
    schema = pa.schema([("id", pa.int8()), ("body", pa.string())], metadata={"source": "archive"})
    table = pa.table({"id": [7], "body": ["भारत"]}, schema=schema)
    found = Extractor(text_column="body")(table)
    assert found.select(["id", "body"]) == table
    assert found.schema == pa.schema([*schema, *FIELDS])
    assert found.schema.metadata == schema.metadata


def test_an_empty_table_has_the_schema(extractor: Extractor) -> None:
    schema = pa.schema([("text", pa.string())])
    for empty in (schema.empty_table(), pa.RecordBatch.from_pylist([], schema=schema)):
        assert extractor(empty).schema == pa.schema([*schema, *FIELDS])
        assert extractor(empty).num_rows == 0


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["id", "body"], "no columns are named 'text', of 'id', 'body': one holds the texts"),
        (["text", "text"], "2 columns are named 'text'"),
        (["text", "mentions"], "there is a column 'mentions' already"),
    ],
)
def test_a_table_without_the_columns_it_needs(extractor: Extractor, names: list[str], message: str) -> None:
    table = pa.Table.from_arrays([pa.array(["भारत"])] * len(names), names=names)
    with pytest.raises(ValueError, match=message):
        extractor(table)


def test_numbers_are_reported_row_by_row(extractor: Extractor) -> None:
    found = extractor(pa.array([5, None])).to_pylist()
    assert found == [
        {"text": 5, "mentions": None, "entities": None, "error": "TypeError: a text is a string, not int64"},
        {"text": None, "mentions": None, "entities": None, "error": None},
    ]


def test_a_text_of_five_megabytes_is_reported(extractor: Extractor, mentions: list[object]) -> None:
    found = extractor(pa.array([TEXTS[0], "क" * 1_700_000, "क" * 1_000_001])).drop_columns(["text"]).to_pylist()
    assert found[0]["mentions"] == mentions[0]
    assert [row["error"] for row in found[1:]] == [
        "ValueError: a text of 1,700,000 characters is longer than max_chars=1,000,000: split it",
        "ValueError: a text of 1,000,001 characters is longer than max_chars=1,000,000: split it",
    ]
    assert Extractor(max_chars=3)(pa.array(["भारत", "रूस"])).column("error").is_null().to_pylist() == [False, True]


def test_bytes_that_are_no_utf8_are_reported(extractor: Extractor, mentions: list[object]) -> None:
    data = [b"\xe0\xa4\xff", str(TEXTS[0]).encode()]
    broken = pa.array(data, pa.binary()).view(pa.string())
    found = extractor(broken).drop_columns(["text"]).to_pylist()
    assert [row["error"] for row in found] == ["ValueError: not UTF-8: byte 0xe0 at offset 0", None]
    assert found[1]["mentions"] == mentions[0]
    assert extractor(pa.array(data)).column("error")[1].as_py() == "TypeError: a text is a string, not binary"


def test_python_values_that_are_no_text_are_reported(extractor: Extractor) -> None:
    found = columns_of(extractor.read([3.5, "रूस\ud800", ["भारत"], "भारत"]))
    assert found["error"].to_pylist() == [
        "TypeError: a text is a str, not float: 3.5",
        "ValueError: a lone surrogate, U+D800, stands at 3: it is no character",
        "TypeError: a text is a str, not list: ['भारत']",
        None,
    ]
    assert [m["country"] for m in found["mentions"][3].as_py()] == ["IN"]


def test_a_parquet_file_keeps_the_schema(extractor: Extractor, tmp_path: Path) -> None:
    found = extractor(pa.table({"text": TEXTS}))
    pq.write_table(found, tmp_path / "found.parquet")
    back = pq.read_table(tmp_path / "found.parquet")
    assert back.schema == found.schema
    assert back == found


def test_options_are_those_of_the_pipeline() -> None:
    some = Extractor(labels=["PERSON", "COUNTRY"])
    found = some(pa.array(TEXTS[:1])).column("mentions")[0].as_py()
    assert {mention["label"] for mention in found} == {"PERSON", "COUNTRY"}
    assert Extractor(labels={"COUNTRY", "PERSON"}).pipeline is some.pipeline
    with pytest.raises(ModelError):
        Extractor(model="no/such/model")(pa.array(["भारत"]))


def test_an_extractor_pickles_small_and_loads_nothing(extractor: Extractor) -> None:
    assert extractor.pipeline.model.name  # loaded here
    pickled = pickle.dumps(extractor)
    assert len(pickled) < 300
    code = "import pickle, sys; pickle.load(sys.stdin.buffer); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], input=pickled, capture_output=True, check=True).stdout == b"False\n"
    assert pickle.loads(pickled).pipeline is extractor.pipeline


def test_a_folder_is_found_from_another_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    assert Extractor(model=Path("model")).options["model"] == str(tmp_path / "model")


@pytest.mark.parametrize(
    ("package", "extra", "code"),
    [
        ("pyarrow", "arrow", "import hindi_entities.integrations.arrow"),
        ("pyspark", "spark", "from hindi_entities.integrations.spark import extract_dataframe as f; f(None)"),
        ("pandas", "spark", "from hindi_entities.integrations.spark import extract_dataframe as f; f(None)"),
        ("ray", "ray", "from hindi_entities.integrations.ray import extract_dataset as f; f(None)"),
    ],
)
def test_an_absent_package_is_one_clear_error(package: str, extra: str, code: str) -> None:
    hidden = f"import sys; sys.modules[{package!r}] = None; {code}"
    run = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True)
    *_, last = run.stderr.splitlines()
    assert last.startswith(f"hindi_entities.errors.MissingExtraError: {package} cannot be imported")
    assert last.endswith(f'pip install "hindi-entities[{extra}]"')


def test_a_module_that_is_there_is_given() -> None:
    assert require("pyarrow", "arrow") is pa
    with pytest.raises(MissingExtraError, match=r'no_such_package .* pip install "hindi-entities\[arrow\]"') as caught:
        require("no_such_package.part", "arrow")
    assert caught.value.name == "no_such_package"
