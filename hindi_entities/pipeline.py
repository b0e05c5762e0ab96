"""The pipeline: text to `Document`, by segmentation, tagging, countries, places, and grouping into entities."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, overload

from hindi_entities import segmentation
from hindi_entities.aliases import group_mentions
from hindi_entities.consistency import reconcile
from hindi_entities.countries import Found, find_countries
from hindi_entities.errors import ModelError
from hindi_entities.home import find_model
from hindi_entities.keys import model_key
from hindi_entities.mentions import make_mentions, without_honorifics
from hindi_entities.places import locate
from hindi_entities.precision import Precision
from hindi_entities.results import Document, Label, ModelInfo, Sentence, check_score, parse_label
from hindi_entities.segmentation import Token, segment
from hindi_entities.streams import MAX_PROCESSES, Windows, read_in_processes, read_windows
from hindi_entities.tagger import DEFAULT, Tagged, Tagger
from hindi_entities.tagsets import TO_UNIFIED, UNIFIED
from hindi_entities.texts import check_text

Context = TypeVar("Context")

EXTRA_COLUMN = "ilner"  # where TIME, NUMBER and ARTIFACT come from
EXTRA_LABELS = frozenset({Label.TIME, Label.NUMBER, Label.ARTIFACT})
MAX_TOKENS = 250  # tokens of a sentence that are read together
_PAUSES = frozenset(",;:-–—।॥.|")


class Pipeline:
    """Finds the entities of Hindi texts. Loads the model once; may be called from several threads.

    - `model` is "default", the shipped one; the folder of another, made by `hindi-entities train`; the file of a Stanza NER
      model (see `checkpoints`); or the name of either in the folder that `HINDI_ENTITIES_HOME` names (`~/.hindi_entities`).
    - `labels` are those wanted in the results, by default all.
    - `min_score`: mentions with a lower score (0..1) are left out.
    - `device` is "cpu", "cuda", "mps" or "auto": a GPU where there is one.
    - `precision` is "fp32", the reference, "bf16", "int8" (a third quicker, for encoders like BERT on x86 processors), or "auto":
      int8 where there is int8, else fp32. What it does to accuracy and speed is in the model card and the README.

    A pipeline pickles as its options, without weights: unpickled, it has loaded the model anew. Raises ModelError where the
    model cannot be loaded, and ValueError for an unknown label, device or precision or a score outside 0..1.
    """

    def __init__(
        self,
        model: str | Path = "default",
        *,
        labels: Collection[Label | str] | None = None,
        min_score: float = 0.0,
        device: str = "auto",
        precision: Precision = "auto",
    ) -> None:
        check_score(min_score)
        self.min_score = min_score
        self.labels = frozenset(Label) if labels is None else frozenset(map(parse_label, labels))
        self.options = {
            "model": model,
            "labels": None if labels is None else sorted(self.labels),
            "min_score": min_score,
            "device": device,
            "precision": precision,
        }
        self.tagger = Tagger(DEFAULT if model == "default" else find_model(model), device=device, precision=precision)
        if UNIFIED not in self.tagger.columns:
            raise ModelError(f"{model} has no tag column {UNIFIED!r}; it has {', '.join(self.tagger.columns)}")

    def __reduce__(self) -> tuple[Callable[..., Pipeline], tuple[type[Pipeline], dict[str, Any]]]:
        return _make, (type(self), self.options)

    @property
    def model(self) -> ModelInfo:
        """Name, version and sha256 of the weights."""
        return self.tagger.info

    def __call__(self, text: str) -> Document:
        """Read one text. Raises TypeError for anything but a string."""
        check_text(text)
        return self.read([text])[0]

    def read(self, texts: Sequence[str]) -> list[Document]:
        """Read several texts at once, their sentences batched together; for many use `pipe`."""
        segmented = [segment(text) for text in texts]
        parts = [
            _Part(at, number, tokens)
            for at, sentences in enumerate(segmented)
            for number, sentence in enumerate(sentences)
            for tokens in _cut(sentence.tokens)
        ]
        tagged = self.tagger.tag([[model_key(token.text) for token in part.tokens] for part in parts], self._columns)
        documents, begin = [], 0
        for at, (text, sentences) in enumerate(zip(texts, segmented, strict=True)):
            end = next((place for place in range(begin, len(parts)) if parts[place].text != at), len(parts))
            documents.append(self._make_document(text, sentences, parts[begin:end], tagged[begin:end]))
            begin = end
        return documents

    def _make_document(
        self, text: str, sentences: Sequence[segmentation.Sentence], parts: Sequence[_Part], tagged: Sequence[dict[str, Tagged]]
    ) -> Document:
        mentions = [
            mention
            for part, found in zip(parts, self._find([part.tokens for part in parts], tagged), strict=True)
            for mention in make_mentions(text, part.sentence, part.tokens, found)
            if mention.label in self.labels and mention.score >= self.min_score
        ]
        return Document(
            text=text,
            sentences=tuple(Sentence(start=sentence.start, end=sentence.end) for sentence in sentences),
            mentions=tuple(mentions),
            entities=group_mentions(mentions, text),
            model=self.model,
        )

    @property
    def _columns(self) -> tuple[str, ...]:
        extra = EXTRA_COLUMN in self.tagger.columns and bool(self.labels & EXTRA_LABELS)
        return (UNIFIED, EXTRA_COLUMN) if extra else (UNIFIED,)

    def _find(self, sentences: Sequence[Sequence[Token]], tagged: Sequence[dict[str, Tagged]]) -> list[list[Found]]:
        """What stands in each sentence of one text: labelled spans of tokens, in order, which do not overlap."""
        labels = self.tagger.labels[self.tagger.columns.index(UNIFIED)]
        results = []
        for tokens, by_column in zip(sentences, tagged, strict=True):
            core = find_countries(tokens, _found(by_column[UNIFIED]), by_column[UNIFIED].marginals, labels)
            results.append([without_honorifics(one, tokens) for one in core])
        results = reconcile(sentences, results, [each[UNIFIED].marginals for each in tagged], labels)
        results = [locate(found, tokens) for found, tokens in zip(results, sentences, strict=True)]
        if EXTRA_COLUMN in self._columns:
            results = [_add_extras(core, _found(each[EXTRA_COLUMN])) for core, each in zip(results, tagged, strict=True)]
        return results

    @overload
    def pipe(
        self,
        texts: Iterable[str],
        *,
        batch_size: int = ...,
        n_process: int = ...,
        as_tuples: Literal[False] = ...,
        on_error: OnError | None = ...,
    ) -> Iterator[Document]: ...

    @overload
    def pipe(
        self,
        texts: Iterable[tuple[str, Context]],
        *,
        batch_size: int = ...,
        n_process: int = ...,
        as_tuples: Literal[True],
        on_error: OnError | None = ...,
    ) -> Iterator[tuple[Document, Context]]: ...

    def pipe(
        self,
        texts: Iterable[Any],
        *,
        batch_size: int = 64,
        n_process: int = 1,
        as_tuples: bool = False,
        on_error: OnError | None = None,
    ) -> Iterator[Any]:
        """Read a stream of texts, in order; with `as_tuples` of (text, context) pairs, which give (document, context).

        Up to `batch_size` texts are taken from the stream at a time, fewer at its beginning and where texts are long, and
        their sentences are batched together; a text's document does not depend on its neighbours (but for the last digits of a
        score on a GPU, with an encoder that is not like BERT, and with a Stanza checkpoint). `n_process` is the number
        of processes, each with a model of its own, -1 for one a core; they are spawned, so a script needs the guard
        `if __name__ == "__main__":`.

        An item that is no text raises TypeError when its turn comes; with `on_error(position, item, error)` it is reported
        there instead and left out. Raises ValueError for a `batch_size` under 1 or an `n_process` of 0 or under -1, and
        WorkerError where a process dies.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        if n_process < 1 and n_process != -1:
            raise ValueError(f"n_process is at least 1, or -1 for one a core, not {n_process}")
        processes = n_process if n_process > 0 else min(os.cpu_count() or 1, MAX_PROCESSES)
        return self._pipe(
            Windows(texts, batch_size, as_tuples=as_tuples, keep_bad=on_error is not None), processes, as_tuples, on_error
        )

    def _pipe(self, windows: Windows, processes: int, as_tuples: bool, on_error: OnError | None) -> Iterator[Any]:
        pairs = read_windows(self, windows) if processes == 1 else read_in_processes(self, windows, processes)
        for entry, result in pairs:
            if isinstance(result, Document):
                yield (result, entry.context) if as_tuples else result
            elif on_error is None:
                raise result
            else:
                on_error(entry.position, entry.item, result)
        if windows.error is not None:
            raise windows.error


OnError = Callable[[int, Any, Exception], None]


class _Part(NamedTuple):
    """Tokens that are read together: a sentence of a text, or a part of a long one."""

    text: int
    sentence: int
    tokens: Sequence[Token]


def _make(kind: type[Pipeline], options: dict[str, Any]) -> Pipeline:
    return kind(**options)


def extract(text: str) -> Document:
    """Find the people, countries, organizations and places of a Hindi text, with the shipped model.

    The model is loaded at the first call and kept. Raises TypeError for anything but a string.
    """
    return _default()(text)


@cache
def _default() -> Pipeline:
    return Pipeline()


def _cut(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """A sentence in parts of at most `MAX_TOKENS` tokens, cut at a pause in the second half of a part where there is one."""
    begin = 0
    while len(tokens) - begin > MAX_TOKENS:
        end = begin + MAX_TOKENS
        pauses = (at + 1 for at in range(end - 1, begin + MAX_TOKENS // 2, -1) if tokens[at].text in _PAUSES)
        end = next(pauses, end)
        yield tokens[begin:end]
        begin = end
    yield tokens[begin:]


def _found(tagged: Tagged) -> list[Found]:
    return [Found(span, score, None, "model") for span, score in zip(tagged.spans, tagged.scores, strict=True)]


def _add_extras(core: list[Found], extras: Sequence[Found]) -> list[Found]:
    """Times, numbers and artifacts from the second column where they touch nothing of the first."""
    result = list(core)
    for one in extras:
        label = TO_UNIFIED.get(one.span.label, "")
        if label in EXTRA_LABELS and not any(c.span.start < one.span.end and c.span.end > one.span.start for c in core):
            result.append(one._replace(span=one.span._replace(label=label)))
    return sorted(result, key=lambda one: one.span.start)
