"""Annotation kept apart from its text, which it names by hash: corrections of a corpus, and of texts that are not ours to give.

A line of such a file is the first 16 hexadecimal digits of the sha256 of a text (of its UTF-8), a tab, and the spans of the
text as `start:end:LABEL`, in code points, separated by spaces. A text without spans has nothing after the tab.
"""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hindi_entities.corpora import Example, Span
from hindi_entities.errors import CorpusError
from hindi_entities.segmentation import segment

Annotations = Mapping[str, tuple[Span, ...]]


def digest_text(text: str) -> str:
    """The name of a text in a file of annotations."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_annotations(path: Path) -> dict[str, tuple[Span, ...]]:
    """The spans of each text by its digest. Raises CorpusError, with the line, for one that cannot be understood."""
    result = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        digest, tab, spans = line.partition("\t")
        try:
            parsed = [(int(start), int(end), label) for start, end, label in (span.split(":") for span in spans.split())]
        except ValueError as error:
            raise CorpusError(f"{path}, line {number}: spans are start:end:LABEL, not {spans!r}") from error
        if not tab or digest in result:
            raise CorpusError(f"{path}, line {number}: a new digest and a tab are expected, not {line!r}")
        result[digest] = tuple(Span(*span) for span in parsed)
    return result


def write_annotations(path: Path, examples: Iterable[Example], comment: str) -> None:
    """Write the annotation of texts, sorted by digest, under a comment that says what they are."""
    lines = {
        digest_text(text): " ".join(f"{start}:{end}:{label}" for start, end, label in sorted(spans))
        for text, spans, _ in examples
    }
    rows = [f"{digest}\t{spans}" for digest, spans in sorted(lines.items())]
    path.write_text("\n".join([*(f"# {line}" for line in comment.splitlines()), *rows]) + "\n", encoding="utf-8")


def annotate(examples: Iterable[Example], annotations: Annotations, *, listed: bool) -> list[Example]:
    """Examples with the spans that `annotations` has for them; the others as they are, or with `listed` left out."""
    result = []
    for example in examples:
        spans = annotations.get(digest_text(example.text))
        if spans is not None:
            result.append(_checked(example._replace(spans=spans)))
        elif not listed:
            result.append(example)
    return result


def read_raw(path: Path, annotations: Annotations) -> list[Example]:
    """The annotated ones among the sentences of a raw text, xz-compressed; each once."""
    found = {}
    for sentence in _sentences(path):
        digest = digest_text(sentence)
        if digest in annotations and digest not in found:
            found[digest] = _checked(Example(sentence, annotations[digest]))
    return list(found.values())


def _sentences(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        for line in stream:
            text = line.removesuffix("\n")
            for sentence in segment(text):
                yield text[sentence.start : sentence.end]


def _checked(example: Example) -> Example:
    if any(not 0 <= start < end <= len(example.text) for start, end, _ in example.spans):
        raise CorpusError(f"an annotated span lies outside its text {example.text[:60]!r}: {example.spans}")
    return example
