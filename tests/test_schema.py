"""The JSON schema in the package is that of the results, and their JSON is valid by it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]

from hindi_entities import Document, Label, Pipeline
from tests.conftest import ROOT

FILE = ROOT / "hindi_entities" / "data" / "document.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def article(pipeline: Pipeline, seed: str) -> Document:
    return pipeline(seed)


def test_the_file_is_current() -> None:
    made = subprocess.run([sys.executable, "-m", "hindi_entities.schema"], capture_output=True, cwd=ROOT, check=True).stdout
    assert FILE.read_bytes() == made, "python -m hindi_entities.schema > hindi_entities/data/document.schema.json"


def test_documents_are_valid(validator: Draft202012Validator, article: Document, pipeline: Pipeline) -> None:
    for document in (article, pipeline("डॉ. मनमोहन सिंह 2004 में भारत के प्रधानमंत्री बने।"), pipeline("")):
        validator.validate(json.loads(document.model_dump_json()))
        validator.validate(json.loads(document.model_dump_json(exclude_none=True)))


def test_it_knows_the_labels_and_says_what_each_thing_is(validator: Draft202012Validator) -> None:
    definitions = validator.schema["$defs"]
    assert definitions["Label"]["enum"] == list(Label)
    assert all(one["description"] for one in [validator.schema, *definitions.values()])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data["mentions"][0].update(label="GPE"), "'GPE' is not one of"),
        (lambda data: data["mentions"][0].pop("start"), "'start' is a required property"),
        (lambda data: data["mentions"][0].update(country="RUS"), "'RUS' is not valid"),
        (lambda data: data["mentions"][0].update(score=1.5), "1.5 is greater than the maximum"),
        (lambda data: data["entities"][0].update(mentions=[]), r"\[\] should be non-empty"),
        (lambda data: data.update(lang="hi"), "'lang' was unexpected"),
    ],
)
def test_what_is_no_document_is_refused(
    validator: Draft202012Validator, article: Document, spoil: Callable[[dict[str, Any]], None], says: str
) -> None:
    data = json.loads(article.model_dump_json())
    spoil(data)
    with pytest.raises(ValidationError, match=says):
        validator.validate(data)
