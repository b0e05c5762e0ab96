"""The pipeline on real text: the seed article, streams, bad input, threads."""

from __future__ import annotations

import json
import lzma
import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import hindi_entities
from hindi_entities import Document, Entity, Label, Pipeline, WorkerError


@pytest.fixture(scope="module")
def article(pipeline: Pipeline, seed: str) -> Document:
    return pipeline(seed)


def entity(document: Document, form: str) -> Entity:
    (found,) = [e for e in document.entities if any(m.text == form for m in e.mentions)]
    return found


def test_the_article_is_about_russia_and_north_korea(article: Document) -> None:
    assert [e.country for e in article.countries][:3] == ["RU", "KP", "US"]
    assert {e.name for e in article.people} >= {"व्लादिमीर पुतिन", "किम जोंग उन", "जॉन किर्बी", "सर्गेई शोइगु"}
    assert "व्हाइट हाउस" in {e.name for e in article.organizations}
    assert {"प्योंगयांग", "मॉस्को"} <= {e.name for e in article.locations}


def test_the_article_names_these_and_no_others(article: Document) -> None:
    assert {e.name for e in article.people} == {"व्लादिमीर पुतिन", "किम जोंग उन", "जॉन किर्बी", "सर्गेई शोइगु", "बाइडन"}
    assert {e.country for e in article.countries} == {"RU", "KP", "US", "UA", "IR", "IN", "CN"}
    assert sorted(e.name for e in article.organizations) == ["एपी", "राष्ट्रीय सुरक्षा परिषद", "व्हाइट हाउस"]
    assert set(article.places_by_country) == {"KP", "RU"}


@pytest.mark.parametrize(
    ("short", "full"),
    [("पुतिन", "व्लादिमीर पुतिन"), ("किर्बी", "जॉन किर्बी"), ("शोइगु", "सर्गेई शोइगु"), ("किम जोंग", "किम जोंग उन")],
)
def test_a_short_name_is_the_same_person(article: Document, short: str, full: str) -> None:
    assert entity(article, short) == entity(article, full)


@pytest.mark.parametrize(("form", "code"), [("रूस", "RU"), ("रूसी", "RU"), ("अमेरिका", "US"), ("अमेरिकी", "US"), ("US", "US")])
def test_every_form_of_a_country_has_its_code(article: Document, form: str, code: str) -> None:
    assert entity(article, form).country == code


def test_the_article_against_the_gold_annotation(article: Document, shared: Path) -> None:
    gold = json.loads((shared / "gold" / "seed_gold.json").read_text(encoding="utf-8"))
    wanted = {(e["start"], e["end"], e["label"]) for e in gold["entities"]}
    core = (Label.PERSON, Label.COUNTRY, Label.LOCATION, Label.ORGANIZATION, Label.NATIONALITY)
    found = {(m.start, m.end, str(m.label)) for m in article.mentions if m.label in core}
    assert 200 * len(wanted & found) / (len(wanted) + len(found)) >= 97


def test_honorifics_stay_outside(pipeline: Pipeline) -> None:
    doc = pipeline("डॉ. मनमोहन सिंह और श्री नरेंद्र मोदी जी दिल्ली में मिले।")
    assert [(m.text, m.honorific) for m in doc.mentions if m.label is Label.PERSON] == [
        ("मनमोहन सिंह", "डॉ."),
        ("नरेंद्र मोदी", "श्री … जी"),
    ]
    (modi,) = (m for m in pipeline("नरेंद्र मोदी जी-20 शिखर सम्मेलन में पहुंचे।").mentions if m.label is Label.PERSON)
    assert modi.honorific is None


def test_a_stream_is_the_same_as_single_calls(pipeline: Pipeline, shared: Path) -> None:
    texts: list[str] = []
    for name in ("news_bbc_test", "news_covid_ryd1e", "tourism_arushi", "speech_mannkibaat_hi"):
        with lzma.open(shared / "data" / "raw" / f"{name}.txt.xz", "rt", encoding="utf-8") as stream:
            texts += [line.rstrip("\n")[:1000] for _, line in zip(range(150), stream, strict=False)]  # a speech has 10,000
    texts = texts[:500]
    assert len(texts) == 500
    for document, text in zip(pipeline.pipe(texts, batch_size=64), texts, strict=True):
        assert document == pipeline(text), text


def test_a_stream_keeps_order_and_context(pipeline: Pipeline) -> None:
    items = [(f"पुतिन {n} बार रूस गए।", n) for n in range(20)]
    assert [(doc.text, n) for doc, n in pipeline.pipe(items, as_tuples=True, batch_size=7)] == items


def test_a_stream_is_lazy(pipeline: Pipeline) -> None:
    taken: list[str] = []

    def texts() -> Any:
        for n in range(1000):
            taken.append(str(n))
            yield "पुतिन ने कहा।"

    stream = pipeline.pipe(texts(), batch_size=8)
    next(stream)
    assert len(taken) == 1
    for _ in range(20):
        next(stream)
    assert len(taken) <= 20 + 8


def test_a_stream_that_breaks_gives_what_came_before(pipeline: Pipeline) -> None:
    def texts() -> Any:
        yield from ["पुतिन ने कहा।", "रूस में बर्फ़ गिरी।", "चीन भी गया।"]
        raise OSError("the disk is gone")

    found: list[Document] = []
    with pytest.raises(OSError, match="the disk is gone"):
        found.extend(pipeline.pipe(texts()))
    assert len(found) == 3


def test_several_processes_give_the_same(pipeline: Pipeline, seed: str) -> None:
    items: list[Any] = [*((line, n) for n, line in enumerate(seed.splitlines()) if line), (None, -1), ("रूस", 0)]
    problems: list[int] = []
    stream = pipeline.pipe(items, n_process=2, as_tuples=True, on_error=lambda at, item, error: problems.append(at))
    assert list(stream) == [(pipeline(text), n) for text, n in items if text is not None]
    assert problems == [len(items) - 2]


def test_a_process_that_dies_is_an_error(pipeline: Pipeline) -> None:
    def texts() -> Any:
        for n in range(1000):
            if n == 600:
                multiprocessing.active_children()[0].kill()
            yield "पुतिन ने कहा।"

    with pytest.raises(WorkerError, match="one of the 2 processes of pipe died"):
        list(pipeline.pipe(texts(), n_process=2))


@pytest.mark.parametrize(("name", "value"), [("batch_size", 0), ("n_process", 0), ("n_process", -2)])
def test_a_stream_has_sizes(pipeline: Pipeline, name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name} is at least 1.*not {value}"):
        pipeline.pipe([], **{name: value})  # type: ignore[call-overload]


@pytest.mark.parametrize("bad", [None, 3, b"bytes", ["list"]])
def test_what_is_no_text_is_a_type_error(pipeline: Pipeline, bad: Any) -> None:
    with pytest.raises(TypeError, match=f"a text is a str, not {type(bad).__name__}"):
        pipeline(bad)


def test_a_bad_item_loses_nothing_else(pipeline: Pipeline) -> None:
    problems: list[tuple[int, Any, str]] = []
    items: list[Any] = ["रूस", None, "चीन", 5]
    docs = list(pipeline.pipe(items, on_error=lambda at, item, error: problems.append((at, item, type(error).__name__))))
    assert [doc.text for doc in docs] == ["रूस", "चीन"]
    assert problems == [(1, None, "TypeError"), (3, 5, "TypeError")]
    stream = pipeline.pipe(items)
    assert next(stream).text == "रूस"
    with pytest.raises(TypeError):
        next(stream)


def test_labels_can_be_chosen(pipeline: Pipeline, seed: str) -> None:
    chosen = Pipeline(labels=["PERSON", Label.COUNTRY])
    doc = chosen(seed)
    assert {m.label for m in doc.mentions} == {Label.PERSON, Label.COUNTRY}
    with pytest.raises(ValueError, match="unknown label 'GOD'; the labels are PERSON, COUNTRY"):
        Pipeline(labels=["GOD"])


def test_threads_share_one_pipeline(pipeline: Pipeline, seed: str) -> None:
    lines = [line for line in seed.splitlines() if line]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(pipeline, lines * 2)) == [pipeline(line) for line in lines] * 2


def test_spelling_does_not_matter(pipeline: Pipeline) -> None:
    one = pipeline("फ़्रांस के राष्ट्रपति ने राजस्थान में कहा")
    other = pipeline("फ\u094d\u093cरांस के राष्ट्रपति ने राजस्\u200dथान में कहा")
    assert [(m.label, m.country, m.score) for m in one.mentions] == [(m.label, m.country, m.score) for m in other.mentions]


def test_extract_is_the_default_pipeline(seed: str, article: Document) -> None:
    assert hindi_entities.extract(seed) == article


def test_a_pipeline_pickles_as_its_options(pipeline: Pipeline) -> None:
    chosen = Pipeline(labels=["PERSON", "COUNTRY"], min_score=0.5)
    data = pickle.dumps(chosen)
    assert len(data) < 1000
    text = "पुतिन ने बुधवार को रूस में कहा।"
    assert pickle.loads(data)(text) == chosen(text) != pipeline(text)
