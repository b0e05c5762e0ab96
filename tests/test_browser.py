"""The HTML view in Chromium: what is selected is the text, nothing in it runs or loads, and both themes can be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import regex
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from hindi_entities import Document, Mention, Pipeline
from hindi_entities.results import Entity, Label, ModelInfo, Sentence

pytestmark = pytest.mark.loopback

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
TEXTS = [
    "पुतिन ने <b>रूस</b> में 'कहा' & \"सुना\"। &amp; &#2352; <!-- चीन --> ]]>",
    "“राष्ट्रपति (पुतिन) ने ‘रूस’ में कहा”; [भारत, (चीन)] और «अमेरिका» — 'नरेंद्र मोदी'-\"राहुल गाँधी\"? भारत-पाकिस्तान!",
    "\n\nरूस  में\n  पुतिन\n\n\nऔर\tचीन \n",
    "रूस\r\nचीन\rभारत\r\n\r\n",
    "रूस\x0bचीन\x0cभारत\x85अमेरिका\u2029पुतिन\x01\x7f",
    "</div></mark></style></textarea>पुतिन<plaintext>",
    "पाकिस्तान के प्रधानमंत्री (شہباز شریف) ने कहा। इज़राइल ישראל के नेतन्याहू נתניהו। پاکستان भारत چین रूस کے ساتھ",
    "भारत\u200d और रू\u200cस, \u202eचीन\u202c \ufeffपुतिन\u2028नरेंद्र\xa0मोदी 🇮🇳 👨‍👩‍👧 क़ क़",
    "क" * 2000 + " पुतिन " + "a" * 2000,
    "कल कुछ नहीं हुआ।",
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("Chromium is not installed: no chromium, or no chromedriver, on the path")
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options, ChromeService(driver))
    yield browser
    browser.quit()


def show(browser: Chrome, document: Document, folder: Path) -> None:
    page = folder / "page.html"
    page.write_bytes(document.to_html(page=True).encode())
    browser.get(page.as_uri())


def run(browser: Chrome, script: str, *values: object) -> Any:
    """What the script returns; in it `view` is the element of the text."""
    return browser.execute_script("const view = document.querySelector('.he-text');" + script, *values)


def read_log(browser: Any, kind: str) -> Any:
    """What was logged since the log was last read."""
    return browser.get_log(kind)


def annotated(source: str) -> Document:
    """The document of a text with inline annotation: `[रूस](COUNTRY RU) में`."""
    text, mentions, done = "", list[Mention](), 0
    for match in regex.finditer(r"\[([^\]]+)\]\((\w+) ?(\w+)?\)", source):
        text += source[done : match.start()]
        start, done = len(text), match.end()
        text += match[1]
        label, country = Label(match[2]), match[3]
        mentions.append(Mention(text=match[1], label=label, start=start, end=len(text), sentence=0, score=1, country=country))
    text += source[done:]
    return Document(
        text=text,
        sentences=(Sentence(start=0, end=len(text)),),
        mentions=tuple(mentions),
        entities=tuple(
            Entity(id=i, name=m.text, label=m.label, mentions=(m,), country=m.country) for i, m in enumerate(mentions)
        ),
        model=ModelInfo(name="none", version="0", sha256="0" * 64),
    )


EVERY_LABEL = annotated(
    "[पुतिन](PERSON) [रूस](COUNTRY RU) [मॉस्को](LOCATION RU) [व्हाइट हाउस](ORGANIZATION) [रूसी](NATIONALITY RU) "
    "[बुधवार](TIME) [500](NUMBER) [गोदान](ARTIFACT)"
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_selected_is_the_text(browser: Chrome, pipeline: Pipeline, tmp_path: Path, text: str) -> None:
    document = pipeline(text)
    show(browser, document, tmp_path)
    assert run(browser, "return view.textContent") == text
    selected = run(browser, "getSelection().selectAllChildren(view); return getSelection().toString()")
    assert selected == text.removesuffix("\n").removesuffix("\r")  # browsers leave out a last line break
    marks = run(browser, "return [...view.querySelectorAll('mark')].map(mark => mark.textContent)")
    assert marks == [mention.text for mention in document.mentions]


@pytest.mark.parametrize(
    "text",
    [
        "<script>window.ran = 1</script> रूस",
        "<img src=x onerror='window.ran = 1'> चीन <svg onload=window.ran=1>",
        "</title></style></div><script src=https://example.com/a.js></script><link rel=stylesheet href=//example.com/a.css>भारत",
        'पुतिन" onmouseover="window.ran = 1" style="background: url(https://example.com/)',
    ],
)
def test_nothing_in_the_text_runs_or_loads(browser: Chrome, pipeline: Pipeline, tmp_path: Path, text: str) -> None:
    read_log(browser, "performance")
    read_log(browser, "browser")
    show(browser, pipeline(text), tmp_path)
    run(browser, "for (const mark of view.children) mark.dispatchEvent(new Event('mouseover'))")
    assert run(browser, "return window.ran") is None
    assert run(browser, "return [...view.querySelectorAll('*')].every(element => element.matches('mark'))")
    events = [json.loads(entry["message"])["message"] for entry in read_log(browser, "performance")]
    loaded = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert loaded == [(tmp_path / "page.html").as_uri()]
    assert read_log(browser, "browser") == []


def prefer(browser: Chrome, theme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


# Colours as the screen has them: a pixel of a canvas.
CONTRASTS = """
const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
function luminance(color) {
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(value => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(front, back) {
    const [dark, light] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}
const root = getComputedStyle(document.querySelector('.hindi-entities'));
const found = {
    text: contrast(root.color, root.backgroundColor),
    legend: contrast(getComputedStyle(document.querySelector('.he-legend li')).color, root.backgroundColor),
};
for (const mark of view.querySelectorAll('mark')) {
    const style = getComputedStyle(mark);
    found[mark.dataset.label] = contrast(style.color, style.backgroundColor);
    found[mark.dataset.label + ' badge'] = contrast(getComputedStyle(mark, '::after').color, style.backgroundColor);
}
found.isDark = luminance(root.backgroundColor) < 0.1;
return found;
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_badges_have_contrast(browser: Chrome, tmp_path: Path, theme: str) -> None:
    prefer(browser, theme)
    show(browser, EVERY_LABEL, tmp_path)
    found = run(browser, CONTRASTS)
    assert found.pop("isDark") == (theme == "dark")
    assert len(found) == 2 + 2 * len(Label)
    assert {part: ratio for part, ratio in found.items() if ratio < 4.5} == {}  # WCAG 2, level AA


@pytest.mark.parametrize(
    ("element", "attribute", "light", "dark"),
    [
        ("body", "data-jp-theme-light", "true", "false"),
        ("body", "class", "vscode-light", "vscode-dark"),
        ("documentElement", "theme", "light", "dark"),
        ("documentElement", "data-theme", "light", "dark"),
    ],
)
def test_the_theme_of_the_notebook_wins(
    browser: Chrome, tmp_path: Path, element: str, attribute: str, light: str, dark: str
) -> None:
    for system, value in (("dark", light), ("light", dark)):
        prefer(browser, system)
        show(browser, EVERY_LABEL, tmp_path)
        run(browser, f"document.{element}.setAttribute('{attribute}', '{value}')")
        assert run(browser, CONTRASTS)["isDark"] == (value == dark)


def test_a_mention_broken_over_lines_keeps_its_badge_and_its_colour(browser: Chrome, tmp_path: Path) -> None:
    document = annotated("नेता [व्लादिमीर व्लादिमीरोविच पुतिन](PERSON) और [उत्तर कोरिया](COUNTRY KP) तथा [रूस](COUNTRY RU) में " * 3)
    show(browser, document, tmp_path)
    lines = run(
        browser,
        """
        const found = [];
        for (let width = 160; width < 420; width += 7) {
            view.style.width = width + 'px';
            for (const mark of view.querySelectorAll('mark')) {
                const range = document.createRange();
                range.selectNodeContents(mark);
                const [words, boxes] = [[...range.getClientRects()], [...mark.getClientRects()]];
                found.push({
                    broken: boxes.length > 1,
                    inside: boxes.every(box => box.right <= view.getBoundingClientRect().right + 12),
                    badge: words.at(-1).top < boxes.at(-1).bottom && words.at(-1).bottom > boxes.at(-1).top,
                });
            }
        }
        return found;
        """,
    )
    assert any(line["broken"] for line in lines)
    assert all(line["inside"] and line["badge"] for line in lines)


RIGHT_TO_LEFT = [
    "प्रधानमंत्री ([شہباز شریف](PERSON)) ने कहा",
    "उन्होंने کہا کہ [شہباز شریف](PERSON)، [عمران خان](PERSON) और [भारत](COUNTRY IN) ने",
    "[पुतिन](PERSON) نئی دہلی [भारत](COUNTRY IN) کا دارالحکومت ہے [रूस](COUNTRY RU)",
    "इज़राइल के [נתניהו](PERSON) [ישראל](COUNTRY IL) [नेतन्याहू](PERSON)",
]
# Where each character of the text stands on its one line, from the left.
ORDER = """
view.style.width = '4000px';
const places = [], walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
for (let node; node = walker.nextNode();)
    for (let i = 0; i < node.length; i++) {
        const range = document.createRange();
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        if (range.toString().trim()) places.push(range.getBoundingClientRect().left);
    }
return places;
"""


@pytest.mark.parametrize("source", RIGHT_TO_LEFT)
def test_marks_and_badges_do_not_reorder_a_line_that_runs_right_to_left(browser: Chrome, tmp_path: Path, source: str) -> None:
    document = annotated(source)

    def order(document: Document) -> list[int]:
        show(browser, document, tmp_path)
        places = run(browser, ORDER)
        return sorted(range(len(places)), key=places.__getitem__)

    assert order(document) == order(document.model_copy(update={"mentions": (), "entities": ()}))


def test_a_badge_stands_at_the_end_of_its_mention(browser: Chrome, tmp_path: Path) -> None:
    show(browser, annotated(RIGHT_TO_LEFT[1]), tmp_path)
    room = run(
        browser,
        """
        view.style.width = '4000px';
        return [...view.querySelectorAll('mark')].map(mark => {
            const range = document.createRange();
            range.selectNodeContents(mark);
            const [words, box] = [range.getBoundingClientRect(), mark.getBoundingClientRect()];
            return [words.left - box.left > 30, box.right - words.right > 30, mark.getClientRects().length];
        });
        """,
    )
    assert room == [[True, False, 1], [True, False, 1], [False, True, 1]]


def test_a_screen_reader_is_told_the_labels(browser: Chrome, tmp_path: Path) -> None:
    show(browser, annotated("[रूस](COUNTRY RU) में [पुतिन](PERSON)"), tmp_path)
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    spoken = [node["name"]["value"].strip("\u2068\u2069") for node in nodes if node["role"]["value"] == "StaticText"]
    assert sorted(spoken) == sorted(["COUNTRY 1", "PERSON 1", "रूस", "COUNTRY RU", " में ", "पुतिन", "PERSON"])
