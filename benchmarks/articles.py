"""Whole articles, end to end: mentions and entities against those annotated, and what the rules over a document change.

`python -m benchmarks.articles` reads the annotated articles of tests/data/clusters. The gain and the harm of the rules that
let a document correct its sentences are counted in mentions: those that only they get right, and those that only they get
wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from hindi_entities import Document, Label, Pipeline
from hindi_entities.corpora import Span
from hindi_entities.scoring import Clustered, Judged, b_cubed, score
from tests.test_clusters import ARTICLES, read_article

LABELS = (Label.PERSON, Label.COUNTRY, Label.LOCATION, Label.ORGANIZATION, Label.NATIONALITY)


def main() -> None:
    """Print the scores with and without the rules, and every mention that they change."""
    pipeline = Pipeline(labels=LABELS)
    articles = [read_article(path) for path in ARTICLES]
    gold = [frozenset(Span(m.start, m.end, m.label) for m in mentions) for _, mentions, _ in articles]
    clusters = [_clusters(zip(((m.start, m.end) for m in mentions), numbers, strict=True)) for _, mentions, numbers in articles]
    texts = [text for text, _, _ in articles]
    corrected = list(pipeline.pipe(texts))
    with patch("hindi_entities.consistency.echo", lambda keys, found, beliefs: found):
        plain = list(pipeline.pipe(texts))
    for name, documents in (("without echoes", plain), ("with echoes", corrected)):
        judged = [Judged(wanted, _found(document)) for wanted, document in zip(gold, documents, strict=True)]
        mentions = score(judged, LABELS).micro
        entities = b_cubed(Clustered(wanted, _entities(document)) for wanted, document in zip(clusters, documents, strict=True))
        print(f"{name}: {len(texts)} articles, {mentions.support} mentions, strict F1 {mentions.f1}, B-cubed F1 {entities.f1}")
    for path, wanted, before, after in zip(ARTICLES, gold, plain, corrected, strict=True):
        for kind, some, others in (("now", after, before), ("no more", before, after)):
            for span in sorted(_found(some).keys() - _found(others).keys()):
                verdict = "right" if span in wanted else "wrong"
                print(f"{path.stem}: {kind} {some.text[span.start : span.end]} {span.label}, which is {verdict}")


def _found(document: Document) -> dict[Span, float]:
    return {Span(m.start, m.end, m.label): m.score for m in document.mentions}


def _entities(document: Document) -> list[list[tuple[int, int]]]:
    return [[(m.start, m.end) for m in entity.mentions] for entity in document.entities]


def _clusters(numbered: Iterable[tuple[tuple[int, int], int]]) -> list[list[tuple[int, int]]]:
    clusters: dict[int, list[tuple[int, int]]] = {}
    for place, number in numbered:
        clusters.setdefault(number, []).append(place)
    return list(clusters.values())


if __name__ == "__main__":
    main()
