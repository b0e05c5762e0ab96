"""The HTML view: its text is the caller's text, and nothing in it is markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from hindi_entities import Pipeline


class Reader(HTMLParser):
    """Reads the text of the element that holds the document's text, and the tags inside it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth:
            self.depth += 1
            self.tags.append(tag)
        elif ("class", "he-text") in attrs:
            self.depth = 1

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.mark.parametrize(
    "text",
    [
        "पुतिन ने <b>रूस</b> में 'कहा' & \"सुना\"।",
        "<script>alert(1)</script> रूस",
        "</div></mark>पुतिन",
        "रूस\r\n  चीन\tभारत",
        "",
    ],
)
def test_the_text_of_the_view_is_the_text(pipeline: Pipeline, text: str) -> None:
    reader = read(pipeline(text).to_html())
    assert reader.text == text
    assert set(reader.tags) <= {"mark"}


def test_a_page_is_whole_and_loads_nothing(pipeline: Pipeline, seed: str) -> None:
    html = pipeline(seed).to_html(page=True)
    assert html.startswith("<!DOCTYPE html>")
    assert "http" not in html.replace(seed, "")
    assert 'data-label="COUNTRY RU"' in html
    assert read(html).text == seed


def test_what_utf8_cannot_hold_is_replaced(pipeline: Pipeline) -> None:
    assert pipeline("\ud800 पुतिन \x00").to_html(page=True).encode("utf-8")


def test_a_notebook_shows_the_view(pipeline: Pipeline) -> None:
    doc = pipeline("पुतिन रूस में हैं।")
    assert doc._repr_html_() == doc.to_html()
