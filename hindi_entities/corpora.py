"""Readers of annotated corpora: CoNLL, JSON lines with character spans, and text with inline annotation.

Every reader gives the same thing, a text with labelled character spans, so that a corpus is tokenized for training and
evaluation by the code that tokenizes a user's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from hindi_entities.errors import CorpusError
from hindi_entities.tagsets import REPAIRED


class Span(NamedTuple):
    """A labelled span, half-open; of code points in a text or of tokens in a sentence."""

    start: int
    end: int
    label: str


class Example(NamedTuple):
    """An annotated text. `tokens` are the corpus's own tokens as spans of the text, where the corpus has any."""

    text: str
    spans: tuple[Span, ...]
    tokens: tuple[tuple[int, int], ...] | None = None


_INLINE = regex.compile(r"\[([^\[\]]+)\]\(([A-Z]+)\)")


def read_corpus(path: Path) -> list[Example]:
    """Read a corpus; the format follows from the suffix: `.jsonl`, `.txt` (inline), any other is CoNLL.

    Raises OSError where the file cannot be opened and CorpusError, with file and line, where it cannot be understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8: byte {error.object[error.start]:#04x} at offset {error.start}") from error
    lines = text.split("\n")
    reader = {".jsonl": _read_jsonl, ".txt": _read_inline}.get(path.suffix, _read_conll)
    examples = []
    try:
        for _number, example in reader(lines):
            examples.append(example)
    except CorpusError as error:
        raise CorpusError(f"{path}, {error}") from error
    if not examples:
        raise CorpusError(f"{path} holds no sentence")
    return examples


def parse_inline(line: str) -> Example:
    """Parse `[रूस](LOCATION) के राष्ट्रपति [पुतिन](PERSON)` into the text without brackets and its spans."""
    text, spans, done = "", [], 0
    for match in _INLINE.finditer(line):
        text += line[done : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        done = match.end()
    return Example(text + line[done:], tuple(spans))


def _read_inline(lines: Sequence[str]) -> Iterator[tuple[int, Example]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, parse_inline(line.strip())


def _read_jsonl(lines: Sequence[str]) -> Iterator[tuple[int, Example]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            spans = tuple(Span(int(e["start"]), int(e["end"]), str(e["label"])) for e in row["entities"])
            example = Example(row["text"], tuple(sorted(spans)))
            valid = isinstance(example.text, str) and all(0 <= s.start < s.end <= len(example.text) for s in spans)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise CorpusError(
                f'line {number}: no JSON of the form {{"text", "entities": [{{"start", "end", "label"}}]}}: {error}'
            ) from error
        if not valid:
            raise CorpusError(f"line {number}: a span lies outside the text")
        yield number, example


def _read_conll(lines: Sequence[str]) -> Iterator[tuple[int, Example]]:
    words: list[str] = []
    tags: list[str] = []
    for number, raw in enumerate([*lines, ""], 1):
        line = raw.rstrip("\r")
        if line.strip():
            columns = line.split("\t") if "\t" in line else line.split()
            if not columns[0].strip() or (len(columns) == 1 and _is_tag(columns[0])):
                continue  # a token that was white space, as in one place of IL-NER
            if columns[0].startswith("-DOCSTART-"):
                continue  # the beginning of a document
            if len(columns) < 2:
                raise CorpusError(f"line {number}: a token and a tag separated by a tab are expected, not {line!r}")
            words.append(columns[0])
            tags.append(columns[-1].strip())
        elif words:
            yield number, _join(words, repair_tags(tags))
            words, tags = [], []


def _is_tag(text: str) -> bool:
    return text == "O" or text[:2] in ("B-", "I-")


def repair_tags(tags: Sequence[str]) -> list[str]:
    """Mend the broken tags of IL-NER: `-` continues the tag before it, `-NEL` is `I-NEL`, NEU and NED are NEN; then IOB2."""
    mended: list[str] = []
    for tag in tags:
        before = mended[-1] if mended else "O"
        if tag == "-":
            tag = before if before == "O" else "I-" + before[2:]
        elif tag.startswith("-"):
            tag = "I" + tag
        if tag != "O" and tag[:2] not in ("B-", "I-"):
            tag = "B-" + tag if before[2:] != tag else "I-" + tag
        if tag != "O":
            label = REPAIRED.get(tag[2:], tag[2:])
            tag = tag[:2] + label
            if tag[0] == "I" and before[2:] != label:
                tag = "B-" + label
        mended.append(tag)
    return mended


def _join(words: Sequence[str], tags: Sequence[str]) -> Example:
    borders, at = [], 0
    for word in words:
        borders.append((at, at + len(word)))
        at += len(word) + 1
    spans = [Span(borders[first][0], borders[last - 1][1], label) for first, last, label in spans_of_iob(tags)]
    return Example(" ".join(words), tuple(spans), tuple(borders))


def spans_of_iob(tags: Sequence[str]) -> list[Span]:
    """The spans of an IOB2 sequence, in tokens."""
    spans: list[Span] = []
    for at, tag in enumerate(tags):
        if tag.startswith("B-"):
            spans.append(Span(at, at + 1, tag[2:]))
        elif tag.startswith("I-") and spans and spans[-1].end == at:
            spans[-1] = spans[-1]._replace(end=at + 1)
    return spans


def spans_of_bioes(tags: Sequence[str]) -> list[Span]:
    """The spans of a valid BIOES sequence, in tokens."""
    spans, begin = [], 0
    for at, tag in enumerate(tags):
        if tag[0] in "BS":
            begin = at
        if tag[0] in "ES":
            spans.append(Span(begin, at + 1, tag[2:]))
    return spans
