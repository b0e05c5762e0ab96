"""Scoring: strict span precision, recall and F1 on annotated files.

A span counts where its borders and its label are those of the annotation. In CoNLL files borders are tokens of the corpus:
the text is its tokens joined by spaces, read as a user's text is, and a span found takes every token that it overlaps. In
files with character spans borders are characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from hindi_entities.corpora import Example, Span, read_corpus
from hindi_entities.errors import CorpusError
from hindi_entities.keys import model_key
from hindi_entities.pipeline import Pipeline
from hindi_entities.segmentation import segment
from hindi_entities.tagsets import SCORED, TAGSETS, TO_UNIFIED, UNIFIED


class Score(BaseModel):
    """Precision, recall and F1 from 0 to 100, and the number of spans in the annotation."""

    model_config = ConfigDict(frozen=True)

    precision: float
    recall: float
    f1: float
    support: int


class Evaluation(BaseModel):
    """The scores of a file: over all labels (`micro`), for each label, and the number of sentences or texts in it."""

    model_config = ConfigDict(frozen=True)

    micro: Score
    labels: dict[str, Score]
    sentences: int


class Judged(NamedTuple):
    """The spans of one text: those of the annotation, and those found."""

    gold: frozenset[Span]
    found: frozenset[Span]


def evaluate(path: Path, tagset: str, pipeline: Pipeline | None = None) -> Evaluation:
    """Score a pipeline, by default the shipped one, on an annotated file.

    `tagset` is "unified" (PERSON, LOCATION with COUNTRY, ORGANIZATION, TIME, NUMBER, ARTIFACT; those of them count that the
    file annotates), "ilner" or "hiner" (the corpus's own tags, by the model's column for that corpus). Raises ValueError for
    another tag set or one that the model has no column for, OSError and CorpusError for a file that cannot be read or that
    annotates no label of the tag set.
    """
    if tagset not in TAGSETS:
        raise ValueError(f"unknown tag set {tagset!r}; the tag sets are {', '.join(TAGSETS)}")
    examples = read_corpus(path)
    labels = {label: label for label in TAGSETS[tagset]}
    if tagset == UNIFIED:
        labels = {tag: label for tag, label in TO_UNIFIED.items() if label in SCORED}
    annotated = {labels[span.label] for example in examples for span in example.spans if span.label in labels}
    if not annotated:
        raise CorpusError(f"{path} annotates no label of the tag set {tagset}: {', '.join(dict.fromkeys(labels.values()))}")
    pipeline = pipeline or Pipeline()
    if tagset not in pipeline.tagger.columns:
        raise ValueError(f"the model has no tag column {tagset}; it has {', '.join(pipeline.tagger.columns)}")
    find = _find_unified if tagset == UNIFIED else _finder_of_column(tagset)
    judged = []
    for example in examples:
        gold = (span._replace(label=labels[span.label]) for span in example.spans if span.label in labels)
        found = (span for span in find(pipeline, example) if span.label in annotated)
        judged.append(Judged(_on_tokens(example, gold), _on_tokens(example, found)))
    order = [label for label in dict.fromkeys(labels.values()) if label in annotated]
    return score(judged, order)


def score(judged: Sequence[Judged], labels: Iterable[str]) -> Evaluation:
    """The scores of spans found against those annotated, one pair of sets a text."""
    by_label = {}
    totals = [0, 0, 0]
    for label in labels:
        counts = [0, 0, 0]
        for text in judged:
            gold, found = ({span for span in side if span.label == label} for side in text)
            for at, size in enumerate((len(gold & found), len(found), len(gold))):
                counts[at] += size
                totals[at] += size
        by_label[label] = _score(*counts)
    return Evaluation(micro=_score(*totals), labels=by_label, sentences=len(judged))


def _score(right: int, found: int, gold: int) -> Score:
    def percent(part: float, whole: float) -> float:
        return round(100 * part / whole, 2) if whole else 0.0

    return Score(precision=percent(right, found), recall=percent(right, gold), f1=percent(2 * right, found + gold), support=gold)


def _find_unified(pipeline: Pipeline, example: Example) -> list[Span]:
    mentions = pipeline(example.text).mentions
    return [Span(m.start, m.end, TO_UNIFIED[m.label]) for m in mentions if m.label in TO_UNIFIED]


def _finder_of_column(column: str) -> Callable[[Pipeline, Example], list[Span]]:
    def find(pipeline: Pipeline, example: Example) -> list[Span]:
        sentences = [sentence.tokens for sentence in segment(example.text)]
        if example.tokens is not None and sentences:  # the corpus says what a sentence is
            sentences = [tuple(token for tokens in sentences for token in tokens)]
        tagged = pipeline.tagger.tag([[model_key(token.text) for token in tokens] for tokens in sentences], [column])
        return [
            Span(tokens[span.start].start, tokens[span.end - 1].end, span.label)
            for tokens, by_column in zip(sentences, tagged, strict=True)
            for span in by_column[column].spans
        ]

    return find


def _on_tokens(example: Example, spans: Iterable[Span]) -> frozenset[Span]:
    """Character spans as spans of the corpus's own tokens, or as they are where it has none."""
    if example.tokens is None:
        return frozenset(spans)
    result = set()
    for span in spans:
        inside = [at for at, (start, end) in enumerate(example.tokens) if start < span.end and end > span.start]
        if inside:
            result.add(Span(inside[0], inside[-1] + 1, span.label))
    return frozenset(result)
