"""Accuracy and calibration on the development and test sets: `make accuracy DATA=folder`; the folder has the files of SETS.

Prints a Markdown table and draws benchmarks/reliability.png: the share of right spans against the score.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import matplotlib
import matplotlib.pyplot as plt
import typer

from hindi_entities import Pipeline
from hindi_entities.evaluation import evaluate
from hindi_entities.scoring import Calibration

matplotlib.use("Agg")

CORPUS = Path(__file__).parent.parent / "hindi_entities" / "training" / "corpus"
PICTURE = Path(__file__).parent / "reliability.png"

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
DRAWN = [("hiner_test.conll", "hiner"), ("ilner_test.conll", "ilner"), ("news_dev.jsonl", "unified")]
SHOWN = ("PERSON", "LOCATION", "ORGANIZATION")
HEADINGS = ("set", "tag set", "texts", "precision", "recall", "micro-F1 (95 %)", "PERSON / LOCATION / ORGANIZATION", "ECE")


def main(
    data: Path,
    model: Annotated[str, typer.Option(help='"default" or a folder.')] = "default",
    precision: Annotated[str, typer.Option(help="The picture is drawn for auto only.")] = "auto",
) -> None:
    """Print the table for the corpora in a folder, and draw the picture."""
    pipeline = Pipeline(model, precision=precision)  # type: ignore[arg-type]
    print("| " + " | ".join(HEADINGS) + " |")
    print("|---" * len(HEADINGS) + "|")
    calibrations = {}
    for name, tagset in SETS:
        path = CORPUS.parent / name if "/" in name else data / name
        result = evaluate(path, tagset, pipeline)
        calibrations[name, tagset] = result.calibration
        parts = " / ".join(f"{result.labels[label].f1:.1f}" for label in SHOWN if label in result.labels)
        micro, (low, high) = result.micro, result.interval
        f1 = f"{micro.f1:.2f} ({low:.1f} to {high:.1f})"
        cells = (
            *(f"`{name}`", tagset, str(result.sentences), f"{micro.precision:.1f}", f"{micro.recall:.1f}"),
            *(f1, parts, f"{result.calibration.error:.3f}"),
        )
        print("| " + " | ".join(cells) + " |", flush=True)
    if precision == "auto":
        draw({name: calibrations[name, tagset] for name, tagset in DRAWN})


def draw(calibrations: dict[str, Calibration]) -> None:
    """A reliability diagram: a line for each set, the number of spans as the size of its points."""
    figure, axes = plt.subplots(figsize=(5.5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    for name, calibration in calibrations.items():
        scores = [one.score for one in calibration.bins]
        right = [one.right for one in calibration.bins]
        [line] = axes.plot(scores, right, linewidth=1, label=f"{name} (ECE {calibration.error:.3f})")
        axes.scatter(scores, right, [4 + one.count**0.5 * 3 for one in calibration.bins], color=line.get_color())
    axes.set(xlabel="score", ylabel="share of right spans", xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(PICTURE, dpi=120)


if __name__ == "__main__":
    typer.run(main)
