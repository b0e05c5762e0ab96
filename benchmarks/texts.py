"""What the benchmarks read: articles of the sentences of the corpus in the package, or the paragraphs of given files."""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import cycle
from pathlib import Path

from hindi_entities.corpora import read_corpus


def shipped_sentences() -> list[str]:
    """The sentences of `training/corpus`, without annotation."""
    folder = Path(str(files("hindi_entities") / "training" / "corpus"))
    return [example.text for path in sorted(folder.glob("*.txt")) for example in read_corpus(path)]


def read_paragraphs(folder: Path) -> list[str]:
    """The lines of the text files of a folder, of each file in turn; `.xz` is unpacked. Raises ValueError without one."""
    texts = []
    for path in sorted(folder.iterdir()):
        if path.suffixes[-1:] in ([".txt"], [".xz"]):
            data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
            texts.append([line for line in data.decode("utf-8").splitlines() if line.strip()])
    if not texts:
        raise ValueError(f"{folder} has no .txt or .txt.xz file")
    return [text[at] for at in range(max(map(len, texts))) for text in texts if at < len(text)]


def make_articles(paragraphs: Sequence[str], words: int, size: int = 300) -> Iterator[str]:
    """Articles of at most `size` words, a paragraph a line, until there are `words` words; paragraphs come again if need be.

    Longer paragraphs are left out.
    """
    article: list[str] = []
    done = long = 0
    for paragraph in cycle(paragraphs):
        count = len(paragraph.split())
        if count > size:
            continue
        if article and long + count > size:
            yield "\n".join(article)
            article, long = [], 0
        if done >= words:
            if article:
                yield "\n".join(article)
            return
        article.append(paragraph)
        done, long = done + count, long + count
