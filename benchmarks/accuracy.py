"""Strict micro-F1 of a model on the test and development sets, as a Markdown table: `make accuracy DATA=folder`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hindi_entities import Pipeline
from hindi_entities.evaluation import evaluate

CORPUS = Path(__file__).parent.parent / "hindi_entities" / "training" / "corpus"

# file, tag set; a name with a slash is in the repository
SETS = [
    ("news_dev.jsonl", "unified"),
    ("corpus/test.txt", "unified"),
    ("ilner_test.conll", "ilner"),
    ("ilner_test_unseen.conll", "ilner"),
    ("ilner_test.conll", "unified"),
    ("hiner_test.conll", "hiner"),
    ("hiner_test.conll", "unified"),
    ("multiconer2_dev.conll", "unified"),
    ("wikiann_test.conll", "unified"),
]
SHOWN = ("PERSON", "LOCATION", "ORGANIZATION")


def main(data: Path, model: Annotated[str, typer.Option(help='"default" or a folder.')] = "default") -> None:
    """Print the table for the corpora in a folder."""
    pipeline = Pipeline(model)
    print("| set | tag set | texts | precision | recall | micro-F1 | PERSON / LOCATION / ORGANIZATION |")
    print("|---|---|---|---|---|---|---|")
    for name, tagset in SETS:
        path = CORPUS.parent / name if "/" in name else data / name
        result = evaluate(path, tagset, pipeline)
        parts = " / ".join(f"{result.labels[label].f1:.1f}" for label in SHOWN if label in result.labels)
        micro = result.micro
        scores = f"{micro.precision:.1f} | {micro.recall:.1f} | {micro.f1:.2f}"
        print(f"| `{name}` | {tagset} | {result.sentences} | {scores} | {parts} |", flush=True)


if __name__ == "__main__":
    typer.run(main)
