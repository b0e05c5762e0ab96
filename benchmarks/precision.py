"""What a lower precision does to accuracy: `python -m benchmarks.precision DATA`, the folder of the annotated corpora."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from hindi_entities import Pipeline
from hindi_entities.evaluation import evaluate
from hindi_entities.precision import Precision

SETS = (("news_dev.jsonl", "unified"), ("hiner_test.conll", "hiner"), ("ilner_test.conll", "ilner"))


def main(
    data: Path, only: Annotated[str, typer.Option(help="Precisions, separated by commas; fp32 is always there.")] = "int8,bf16"
) -> None:
    """Print the micro-F1 of each set in each precision, and how far it is from fp32."""
    chosen = ["fp32", *(name for name in only.split(",") if name in get_args(Precision) and name != "fp32")]
    print("| precision | " + " | ".join(f"`{file}`" for file, _ in SETS) + " |")
    print("|---" * (len(SETS) + 1) + "|")
    reference: list[float] = []
    for precision in chosen:
        pipeline = Pipeline(precision=precision)  # type: ignore[arg-type]
        scores = [evaluate(data / file, tagset, pipeline).micro.f1 for file, tagset in SETS]
        reference = reference or scores
        cells = (f"{score:.2f} ({score - base:+.2f})" for score, base in zip(scores, reference, strict=True))
        print(f"| {precision} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    typer.run(main)
