"""Annotated corpora as sentences of tokens with BIOES tags, tokenized exactly as a user's text is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hindi_entities.corpora import Example, Span, read_corpus
from hindi_entities.errors import CorpusError
from hindi_entities.keys import model_key
from hindi_entities.segmentation import Token, segment
from hindi_entities.training.annotations import annotate, read_annotations, read_raw
from hindi_entities.training.recipe import Corpus

PACKAGE = Path(__file__).parent

_TRAILING = frozenset(",;:।॥?!'\"”’")
_LEADING = frozenset("'\"“‘")


class Sentence(NamedTuple):
    """Keys of the tokens, and a BIOES tag for each."""

    keys: tuple[str, ...]
    tags: tuple[str, ...]


def read_examples(corpus: Corpus, data: Path) -> list[Example]:
    """The texts of a corpus of a recipe. Raises FileNotFoundError where there is no such file and CorpusError for a bad one."""
    root = PACKAGE if corpus.package else data
    path = root / corpus.file
    paths = [path] if path.is_file() or Path(corpus.file).is_absolute() else sorted(root.glob(corpus.file))
    paths = [path for path in paths if path.is_file()]
    if not paths:
        raise FileNotFoundError(f"corpus {corpus.name}: no file {corpus.file} in {root}")
    annotations = read_annotations(PACKAGE / corpus.annotation) if corpus.annotation else {}
    examples: list[Example] = []
    for path in paths:
        if path.suffix == ".xz":
            examples += read_raw(path, annotations)
        else:
            examples += annotate(read_corpus(path), annotations, listed=corpus.listed)
    if not examples:
        raise CorpusError(f"corpus {corpus.name}: {corpus.annotation or 'nothing'} lists no text of {corpus.file} in {root}")
    return examples


def tag_example(example: Example, labels: dict[str, str]) -> Iterator[Sentence]:
    """Tokenize an annotated text and carry its labels over; `labels` maps the corpus's tags to those to be learned.

    A span takes every token that it overlaps, without punctuation that the corpus left glued to its words. Spans whose
    label is not in `labels` are dropped. Sentences that a span crosses stay together.
    """
    sentences = [list(sentence.tokens) for sentence in segment(example.text)]
    spans = [span._replace(label=labels[span.label]) for span in example.spans if span.label in labels]
    at = 0
    while at < len(sentences):
        tokens = sentences[at]
        while at + 1 < len(sentences) and any(s.start < tokens[-1].end and s.end > sentences[at + 1][0].start for s in spans):
            at += 1
            tokens = tokens + sentences[at]
        at += 1
        yield Sentence(tuple(model_key(token.text) for token in tokens), tuple(tag_tokens(tokens, spans)))


def tag_tokens(tokens: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    """BIOES tags of tokens under labelled character spans that do not overlap."""
    tags = ["O"] * len(tokens)
    for span in spans:
        inside = [at for at, token in enumerate(tokens) if token.start < span.end and token.end > span.start]
        while len(inside) > 1 and tokens[inside[-1]].text in _TRAILING:
            inside.pop()
        while len(inside) > 1 and tokens[inside[0]].text in _LEADING:
            inside.pop(0)
        if not inside or any(tags[at] != "O" for at in inside):
            continue
        for at in inside:
            tags[at] = "I-" + span.label
        tags[inside[0]] = ("B-" if len(inside) > 1 else "S-") + span.label
        if len(inside) > 1:
            tags[inside[-1]] = "E-" + span.label
    return tags
