"""Two thousand paragraphs, and what the plain loop reads in them: what Spark and Ray are compared with."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch

from hindi_entities import Pipeline
from hindi_entities.corpora import read_corpus

CORPUS = Path(__file__).parent.parent / "hindi_entities" / "training" / "corpus"
COUNT = 2000
LONG = "लगातार " * 800_000  # 5.6 million characters


@cache
def paragraphs() -> list[str]:
    """Paragraphs of the news corpus, without its annotation."""
    texts = [example.text for path in sorted(CORPUS.glob("*.txt")) for example in read_corpus(path)]
    return texts[:: len(texts) // COUNT][:COUNT]


@cache
def plain_loop(pipeline: Pipeline) -> list[list[dict[str, Any]]]:
    """The mentions of each paragraph, read with one thread, as the workers do: more change the last digit of some scores."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [document.to_records() for document in pipeline.pipe(paragraphs())]
    finally:
        torch.set_num_threads(threads)
