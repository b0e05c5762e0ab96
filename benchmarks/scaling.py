"""Time and memory of one stream as it grows: `python -m benchmarks.scaling [--data FOLDER]` (`make bench`).

Each size is a process of its own. Writes a picture of seconds against words beside this file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.texts import make_articles, read_paragraphs, shipped_sentences

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PICTURE = Path(__file__).parent / "scaling.png"


def main(
    data: Annotated[Path | None, typer.Option(help="Folder with .txt or .xz files; the package's corpus without one.")] = None,
    largest: Annotated[int, typer.Option(help="Leave out sizes over this.")] = SIZES[-1],
    measure: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Print words, seconds, words a second, peak memory and the seconds to the first document of each size."""
    if measure:
        print(json.dumps(_measure(data, measure)))
        return
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scaling", *(["--data", str(data)] if data else [])]
    rows = []
    print("| words | seconds | words/s | time per word, of that at 10,000 | peak memory, MB | first document, s |")
    print("|---|---|---|---|---|---|")
    for size in (size for size in SIZES if size <= largest):
        done = subprocess.run([*command, "--measure", str(size)], check=True, stdout=subprocess.PIPE, text=True)
        row: dict[str, float] = json.loads(done.stdout)
        rows.append(row)
        base = rows[1]["seconds"] / rows[1]["words"] if len(rows) > 1 else 0.0
        ratio = f"{row['seconds'] / row['words'] / base:.2f}" if base else ""
        speed = row["words"] / row["seconds"]
        print(
            f"| {row['words']} | {row['seconds']:.1f} | {speed:.0f} | {ratio} | {row['memory']:.0f} | {row['first']:.2f} |",
            flush=True,
        )
    _draw([row["words"] for row in rows], [row["seconds"] for row in rows])


def _measure(data: Path | None, words: int) -> dict[str, float]:
    from hindi_entities import Pipeline

    paragraphs = shipped_sentences() if data is None else read_paragraphs(data)
    pipeline = Pipeline()
    pipeline(" ".join(paragraphs[:5]))
    read, first = 0, 0.0
    begun = time.perf_counter()
    for document in pipeline.pipe(make_articles(paragraphs, words)):
        first = first or time.perf_counter() - begun
        read += len(document.text.split())
    seconds = time.perf_counter() - begun
    return {
        "words": read,
        "seconds": seconds,
        "first": first,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _draw(words: list[float], seconds: list[float]) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4), layout="constrained")
    axes.loglog(words, seconds, "o-")
    axes.set(xlabel="words of a stream of articles", ylabel="seconds", title="hindi_entities: time against length")
    axes.grid(which="major", alpha=0.4)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    typer.run(main)
