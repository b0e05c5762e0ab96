"""Scores of spans found against spans annotated: strict, partial, with intervals, confusion and calibration.

A span counts where its borders and its label are those of the annotation; the other measures say how far off the rest is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from hindi_entities.corpora import Span

NOTHING = "-"  # in the confusion table: no span on the other side
RESAMPLES = 1000
BINS = 10
Counts = npt.NDArray[np.int64]  # right, found, annotated; as a row or, for each text, as a table


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)


class Score(_Result):
    """Precision, recall and F1 from 0 to 100, and the number of spans in the annotation."""

    precision: float
    recall: float
    f1: float
    support: int


class Bin(_Result):
    """The spans found with a score in one of ten equal parts of 0..1: how many, their mean score, the share that is right."""

    count: int
    score: float
    right: float


class Calibration(_Result):
    """Whether scores are probabilities.

    `error` is the expected calibration error (Guo et al. 2017): the mean over the spans found of the distance between score
    and share of right spans in its bin, from 0 to 1. `bins` are those that are not empty.
    """

    error: float
    bins: tuple[Bin, ...]


class Evaluation(_Result):
    """The scores of a file.

    `micro` and `labels` are strict. `interval` holds the 2.5 and 97.5 percentiles of the micro-F1 over bootstrap samples of
    the sentences. `overlap` counts a span that overlaps an annotated one of its label, `borders` one that has the borders of
    an annotated one of any label; each annotated span counts once. `confusion[annotated][found]` counts spans that
    overlap, "-" standing for none. `sentences` is the number of sentences or texts.
    """

    micro: Score
    interval: tuple[float, float]
    labels: dict[str, Score]
    overlap: Score
    borders: Score
    confusion: dict[str, dict[str, int]]
    calibration: Calibration
    sentences: int


class Judged(NamedTuple):
    """The spans of one text: those of the annotation, and those found with their scores (0..1)."""

    gold: frozenset[Span]
    found: Mapping[Span, float]


class Clustered(NamedTuple):
    """The entities of one text, each as its mentions: those of the annotation, and those found."""

    gold: Sequence[Collection[Hashable]]
    found: Sequence[Collection[Hashable]]


class Mistake(NamedTuple):
    """A span found that is wrong, or (score None) one that was missed; `instead` are those that it overlaps on the other side."""

    text: int
    span: Span
    score: float | None
    instead: tuple[Span, ...]


def score(judged: Sequence[Judged], labels: Iterable[str]) -> Evaluation:
    """The scores of spans found against those annotated, one pair of sets a text."""
    by_label = {}
    table = np.zeros((len(judged), 3), dtype=np.int64)
    for label in labels:
        counts = np.array([_count(text, label) for text in judged], dtype=np.int64).reshape(-1, 3)
        table += counts
        by_label[label] = _score(counts.sum(axis=0))
    pairs = [_pair(text) for text in judged]
    found, gold = table.sum(axis=0)[1:]
    overlap = sum(a is not None and b is not None and a.label == b.label for text in pairs for a, b in text)
    borders = sum(len({s[:2] for s in text.gold} & {s[:2] for s in text.found}) for text in judged)
    confusion = Counter((a.label if a else NOTHING, b.label if b else NOTHING) for text in pairs for a, b in text)
    rows: dict[str, dict[str, int]] = {}
    for (a, b), count in sorted(confusion.items()):
        rows.setdefault(a, {})[b] = count
    return Evaluation(
        micro=_score(table.sum(axis=0)),
        interval=_bootstrap(table),
        labels=by_label,
        overlap=_score((overlap, found, gold)),
        borders=_score((borders, found, gold)),
        confusion=rows,
        calibration=calibration((p, span in text.gold) for text in judged for span, p in text.found.items()),
        sentences=len(judged),
    )


def calibration(scored: Iterable[tuple[float, bool]]) -> Calibration:
    """The calibration of scores (0..1), each with whether what it was given to is right."""
    pairs = list(scored)
    scores = np.array([p for p, _ in pairs], dtype=np.float64)
    right = np.array([r for _, r in pairs], dtype=np.float64)
    places = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    bins = []
    for place in sorted(set(places.tolist())):
        inside = places == place
        bins.append(Bin(count=int(inside.sum()), score=float(scores[inside].mean()), right=float(right[inside].mean())))
    total = sum(one.count * abs(one.score - one.right) for one in bins)
    return Calibration(error=round(total / max(1, len(pairs)), 4), bins=tuple(bins))


def b_cubed(clustered: Iterable[Clustered]) -> Score:
    """The B-cubed scores (Bagga and Baldwin 1998) of entities: how far those of each mention agree, on average over mentions.

    A mention found that is not annotated is wrong, one that is missed has no recall; `support` is the number of annotated
    mentions. A mention is in one entity of a side.
    """
    precision, recall, found_total, gold_total = 0.0, 0.0, 0, 0
    for text in clustered:
        gold = {mention: at for at, entity in enumerate(text.gold) for mention in entity}
        found = {mention: at for at, entity in enumerate(text.found) for mention in entity}
        shared = Counter((gold[mention], found[mention]) for mention in gold.keys() & found.keys())
        precision += sum(count * count / len(text.found[b]) for (_, b), count in shared.items())
        recall += sum(count * count / len(text.gold[a]) for (a, _), count in shared.items())
        found_total += len(found)
        gold_total += len(gold)
    p, r = precision / max(1, found_total), recall / max(1, gold_total)
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return Score(precision=round(100 * p, 2), recall=round(100 * r, 2), f1=round(100 * f1, 2), support=gold_total)


def mistakes(judged: Sequence[Judged], limit: int) -> list[Mistake]:
    """The `limit` wrong spans with the highest scores; where there are fewer, missed spans in text order after them."""
    wrong = [(-p, number, span) for number, text in enumerate(judged) for span, p in text.found.items() if span not in text.gold]
    missed = [
        Mistake(number, span, None, ())
        for number, text in enumerate(judged)
        for span in sorted(text.gold)
        if not _overlapping(span, text.found)
    ]
    ranked = [Mistake(number, span, -p, _overlapping(span, judged[number].gold)) for p, number, span in sorted(wrong)]
    return [*ranked, *missed][:limit]


def _overlapping(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(other for other in others if other.start < span.end and other.end > span.start))


def _pair(text: Judged) -> list[tuple[Span | None, Span | None]]:
    """Annotated and found spans that overlap, each in one pair at most, the best agreement first; the others alone."""
    candidates = sorted(
        (a[:2] != b[:2], a.label != b.label, a, b) for a in text.gold for b in text.found if a.start < b.end and a.end > b.start
    )
    gold, found = set(text.gold), set(text.found)
    pairs: list[tuple[Span | None, Span | None]] = []
    for _, _, a, b in candidates:
        if a in gold and b in found:
            pairs.append((a, b))
            gold.remove(a)
            found.remove(b)
    return [*pairs, *((a, None) for a in gold), *((None, b) for b in found)]


def _count(text: Judged, label: str) -> tuple[int, int, int]:
    gold, found = ({span for span in side if span.label == label} for side in (text.gold, text.found))
    return len(gold & found), len(found), len(gold)


def _score(counts: Sequence[int] | Counts) -> Score:
    right, found, gold = map(int, counts)

    def percent(part: float, whole: float) -> float:
        return round(100 * part / whole, 2) if whole else 0.0

    return Score(precision=percent(right, found), recall=percent(right, gold), f1=percent(2 * right, found + gold), support=gold)


def _bootstrap(table: Counts) -> tuple[float, float]:
    """The 95 % percentile interval of the micro-F1 over samples of the rows with replacement (Efron 1979)."""
    draws = np.random.default_rng(1).integers(0, len(table), (RESAMPLES, len(table))) if len(table) else np.zeros((1, 0), int)
    right, found, gold = table[draws].sum(axis=1).T
    f1 = 200 * right / np.maximum(1, found + gold)
    low, high = np.percentile(f1, (2.5, 97.5))
    return round(float(low), 2), round(float(high), 2)
