"""What `hindi-entities evaluate` prints: tables of scores and confusions, and mistakes in their sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hindi_entities.corpora import Span
from hindi_entities.evaluation import Judgement
from hindi_entities.scoring import NOTHING, Evaluation, Mistake

AROUND = 60  # characters of the sentence on each side of a mistake


def print_scores(result: Evaluation) -> None:
    """Print the tables of a file's scores."""
    console = Console(markup=False, emoji=False, highlight=False)
    table = Table(caption=f"{result.sentences} sentences", caption_justify="left")
    for heading in ("", "precision", "recall", "F1", "support"):
        table.add_column(heading, justify="right" if heading else "left")
    rows = [*result.labels.items(), ("micro", result.micro), ("borders overlap", result.overlap), ("any label", result.borders)]
    for label, score in rows:
        if label == "micro":
            table.add_section()
        table.add_row(label, *(f"{value:.2f}" for value in (score.precision, score.recall, score.f1)), str(score.support))
    console.print(table)
    low, high = result.interval
    console.print(f"micro-F1 {result.micro.f1:.2f}, 95 % interval {low:.2f} to {high:.2f} (bootstrap over sentences)")
    console.print(f"expected calibration error {result.calibration.error:.4f}")
    _print_confusion(console, result)


def _print_confusion(console: Console, result: Evaluation) -> None:
    found = [*result.labels, NOTHING]
    table = Table(title="annotated (rows), found (columns)", title_justify="left")
    for heading in ("", *found):
        table.add_column(heading, justify="right" if heading else "left")
    for label in found:
        row = result.confusion.get(label, {})
        table.add_row(label, *("" if label == other == NOTHING else str(row.get(other, 0)) for other in found))
    console.print(table)


def print_mistakes(judgement: Judgement, mistakes: Sequence[Mistake]) -> None:
    """Print mistakes, each in its sentence with the span in brackets."""
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    for mistake in mistakes:
        before, name, after = _in_context(judgement, mistake)
        head = f"{mistake.score:.3f}  found " if mistake.score is not None else "       missed "
        instead = ", ".join(f"{judgement.text_of(mistake.text, s)} {s.label}" for s in mistake.instead)
        console.print(
            Text(f"{head}{mistake.span.label}, annotated {instead or 'nothing' if mistake.score is not None else 'so'}")
        )
        console.print(Text(f"       {before}[{name}]{after}"))


def to_json(result: Evaluation, judgement: Judgement, mistakes: Sequence[Mistake]) -> str:
    """The scores as JSON, with the mistakes under `errors` where there are any."""
    data = result.model_dump(mode="json")
    if mistakes:
        data["errors"] = [_record(judgement, mistake) for mistake in mistakes]
    return json.dumps(data, ensure_ascii=False, indent=1)


def _record(judgement: Judgement, mistake: Mistake) -> dict[str, object]:
    def part(span: Span) -> dict[str, str]:
        return {"text": judgement.text_of(mistake.text, span), "label": span.label}

    return {
        "sentence": judgement.examples[mistake.text].text,
        "found" if mistake.score is not None else "missed": part(mistake.span),
        "score": mistake.score,
        "annotated": [part(span) for span in mistake.instead],
    }


def _in_context(judgement: Judgement, mistake: Mistake) -> tuple[str, str, str]:
    example = judgement.examples[mistake.text]
    start, end = mistake.span.start, mistake.span.end
    if example.tokens is not None:
        start, end = example.tokens[start][0], example.tokens[end - 1][1]
    before, after = example.text[:start], example.text[end:]
    return (
        "…" * (len(before) > AROUND) + before[-AROUND:],
        example.text[start:end],
        after[:AROUND] + "…" * (len(after) > AROUND),
    )
