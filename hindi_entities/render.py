"""HTML of a document: the text with coloured mentions and a legend with counts.

The label of a mention is drawn by CSS, not written into the text, so that what is selected and copied is the caller's
string. All text is escaped; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from unicodedata import bidirectional

import regex

if TYPE_CHECKING:
    from hindi_entities.results import Document, Mention

# OKLCH hue of each label in degrees; lightness and chroma belong to the theme.
_HUES: Final = {
    "PERSON": 305,
    "COUNTRY": 155,
    "LOCATION": 205,
    "ORGANIZATION": 50,
    "NATIONALITY": 125,
    "TIME": 255,
    "NUMBER": 90,
    "ARTIFACT": 0,
}

_UNWRITABLE = regex.compile(r"[\0\p{Cs}]")

_PAGE: Final = """<!DOCTYPE html>
<html lang="hi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html {{ color-scheme: light dark; background: light-dark(#ffffff, #16181c); }}
@media print {{ html {{ color-scheme: light; }} }}
body {{ margin: 0 auto; max-width: 56em; padding: 1em; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def render_html(document: Document, *, page: bool = False) -> str:
    """The document as an HTML fragment, or as a whole page whose title is the beginning of the text."""
    body = (
        f'<div class="hindi-entities" lang="hi" dir="ltr"><style>{_style()}</style>{_legend(document.mentions)}'
        f'<div class="he-text">{_marked(document)}</div></div>'
    )
    if not page:
        return body
    title = " ".join(document.text.split())[:60] or "hindi_entities"
    return _PAGE.format(title=_escape(title), body=body)


@cache
def _style() -> str:
    return files("hindi_entities").joinpath("data", "render.css").read_text(encoding="utf-8")


def _legend(mentions: tuple[Mention, ...]) -> str:
    if not mentions:
        return ""
    counts = Counter(mention.label for mention in mentions)
    items = (f'<li style="--he-hue:{_HUES[label]}">{label} {count}</li>' for label, count in counts.most_common())
    return f'<ul class="he-legend" lang="en">{"".join(items)}</ul>'


def _marked(document: Document) -> str:
    parts, done = [], 0
    for mention in document.mentions:
        parts.append(_escape(document.text[done : mention.start]))
        badge = mention.label if mention.country is None else f"{mention.label} {mention.country}"
        title = f"{badge}, {mention.score:.2f}, {mention.source}{f': {mention.rule}' if mention.rule else ''}"
        kind = ' class="he-rtl"' if _ends_right_to_left(mention.text) else ""
        hue = _HUES[mention.label]
        parts.append(f'<mark{kind} style="--he-hue:{hue}" data-label="{badge}" title="{title}">{_escape(mention.text)}</mark>')
        done = mention.end
    parts.append(_escape(document.text[done:]))
    return "".join(parts)


def _ends_right_to_left(text: str) -> bool:
    directions = (bidirectional(character) for character in reversed(text))
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"


def _escape(text: str) -> str:
    """HTML of a text; what UTF-8 or HTML cannot hold (lone surrogates, NUL) becomes U+FFFD, a carriage return a reference."""
    return escape(_UNWRITABLE.sub("\ufffd", text)).replace("\r", "&#13;")
