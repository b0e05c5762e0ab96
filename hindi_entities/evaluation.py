"""Scoring a pipeline on annotated files.

In CoNLL files borders are tokens of the corpus: the text is its tokens joined by spaces, read as a user's text is, and a span
found takes every token that it overlaps. In files with character spans borders are characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hindi_entities.corpora import Example, Span, read_corpus
from hindi_entities.errors import CorpusError
from hindi_entities.keys import model_key
from hindi_entities.pipeline import Pipeline
from hindi_entities.results import Document
from hindi_entities.scoring import Evaluation, Judged, score
from hindi_entities.segmentation import Token, segment
from hindi_entities.tagger import Tagger
from hindi_entities.tagsets import SCORED, TAGSETS, TO_UNIFIED, UNIFIED

WINDOW = 64  # examples that are tagged at once


class Scored(NamedTuple):
    """A span found, and its score (0..1)."""

    span: Span
    score: float


class Judgement(NamedTuple):
    """An annotated file beside what a pipeline found in it; `labels` are those that count, in order."""

    examples: tuple[Example, ...]
    judged: tuple[Judged, ...]
    labels: tuple[str, ...]

    def text_of(self, number: int, span: Span) -> str:
        """What stands in a span of a text; the span is in tokens where the file has tokens."""
        example = self.examples[number]
        if example.tokens is None:
            return example.text[span.start : span.end]
        return example.text[example.tokens[span.start][0] : example.tokens[span.end - 1][1]]


def evaluate(path: Path, tagset: str, pipeline: Pipeline | None = None) -> Evaluation:
    """Score a pipeline, by default the shipped one, on an annotated file; see `judge` for the tag sets and the errors."""
    judgement = judge(path, tagset, pipeline)
    return score(judgement.judged, judgement.labels)


def judge(path: Path, tagset: str, pipeline: Pipeline | None = None) -> Judgement:
    """Run a pipeline, by default the shipped one, on an annotated file.

    `tagset` is "unified" (PERSON, LOCATION with COUNTRY, ORGANIZATION, TIME, NUMBER, ARTIFACT; those of them count that the
    file annotates), or another tag column of the model, in the shipped one "ilner" or "hiner" (the corpus's own tags, by the
    column for that corpus). Raises ValueError for any other, OSError and CorpusError for a file that cannot be read or that
    annotates no label of the tag set.
    """
    examples = read_corpus(path)
    try:
        return judge_examples(examples, tagset, pipeline or Pipeline())
    except CorpusError as error:
        raise CorpusError(f"{path} {error}") from error


def judge_examples(examples: Sequence[Example], tagset: str, source: Pipeline | Tagger) -> Judgement:
    """Run a pipeline, or for the columns of the corpora a bare tagger, on annotated texts; see `judge`."""
    tagger = source.tagger if isinstance(source, Pipeline) else source
    if tagset not in tagger.columns:
        raise ValueError(f"unknown tag set {tagset!r}; the model has {', '.join(tagger.columns)}")
    if isinstance(source, Pipeline) and tagset == UNIFIED:
        labels = {tag: label for tag, label in TO_UNIFIED.items() if label in SCORED}
        found_in: Iterable[list[Scored]] = map(_scored_mentions, source.pipe(example.text for example in examples))
    else:
        labels = {label: label for label in TAGSETS.get(tagset, tagger.labels[tagger.columns.index(tagset)])}
        found_in = _find_in_column(tagger, tagset, examples)
    order = tuple(dict.fromkeys(labels.values()))
    annotated = {labels[span.label] for example in examples for span in example.spans if span.label in labels}
    if not annotated:
        raise CorpusError(f"annotates no label of the tag set {tagset}: {', '.join(order)}")
    judged = []
    for example, ones in zip(examples, found_in, strict=True):
        gold = (_on_tokens(example, span._replace(label=labels[span.label])) for span in example.spans if span.label in labels)
        found = ((_on_tokens(example, one.span), one.score) for one in ones if one.span.label in annotated)
        judged.append(Judged(frozenset(span for span in gold if span), {span: p for span, p in found if span}))
    return Judgement(tuple(examples), tuple(judged), tuple(label for label in order if label in annotated))


def _scored_mentions(document: Document) -> list[Scored]:
    mentions = document.mentions
    return [Scored(Span(m.start, m.end, TO_UNIFIED[m.label]), m.score) for m in mentions if m.label in TO_UNIFIED]


def _find_in_column(tagger: Tagger, column: str, examples: Sequence[Example]) -> Iterator[list[Scored]]:
    for begin in range(0, len(examples), WINDOW):
        sentences = [_sentences_of(example) for example in examples[begin : begin + WINDOW]]
        keys = [[model_key(token.text) for token in tokens] for parts in sentences for tokens in parts]
        tagged = iter(tagger.tag(keys, [column]))
        for parts in sentences:
            yield [
                Scored(Span(tokens[span.start].start, tokens[span.end - 1].end, span.label), p)
                for tokens, by_column in zip(parts, islice(tagged, len(parts)), strict=True)
                for span, p in zip(by_column[column].spans, by_column[column].scores, strict=True)
            ]


def _sentences_of(example: Example) -> list[tuple[Token, ...]]:
    sentences = [tuple(sentence.tokens) for sentence in segment(example.text)]
    if example.tokens is not None and sentences:  # the corpus says what a sentence is
        return [tuple(token for tokens in sentences for token in tokens)]
    return sentences


def _on_tokens(example: Example, span: Span) -> Span | None:
    """A character span as a span of the corpus's own tokens, or as it is where it has none; None where it touches none."""
    if example.tokens is None:
        return span
    inside = [at for at, (start, end) in enumerate(example.tokens) if start < span.end and end > span.start]
    return Span(inside[0], inside[-1] + 1, span.label) if inside else None
