"""Resident memory and speed of a process that reads the paragraphs of a text: `python benchmarks/memory.py FILE [--limit 1000]`.

FILE is UTF-8 text, a paragraph a line; `.xz` is unpacked.
"""

from __future__ import annotations

import lzma
import resource
import time
from pathlib import Path
from typing import Annotated

import typer

from hindi_entities import Pipeline


def main(file: Path, limit: Annotated[int, typer.Option(help="Paragraphs read.")] = 1000) -> None:
    """Print paragraphs, words, seconds, and the resident memory at the end and at its peak, in MB (2^20 bytes)."""
    data = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    paragraphs = [line for line in data.decode("utf-8").splitlines() if line.strip()][:limit]
    pipeline = Pipeline()
    begun = time.monotonic()
    mentions = sum(len(document.mentions) for document in pipeline.pipe(paragraphs))
    seconds = time.monotonic() - begun
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() >> 20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{len(paragraphs)} paragraphs, {words} words, {mentions} mentions, {words / seconds:.0f} words/s")
    print(f"resident memory {resident} MB, at its peak {peak} MB")


if __name__ == "__main__":
    typer.run(main)
