"""The pipeline: text to `Document`, by segmentation, tagging, countries, places, and grouping into entities."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from hindi_entities.aliases import group_mentions
from hindi_entities.consistency import reconcile
from hindi_entities.corpora import Span
from hindi_entities.countries import Found, find_countries
from hindi_entities.errors import ModelError
from hindi_entities.keys import lookup_key, model_key
from hindi_entities.lexicon import read_table
from hindi_entities.places import locate
from hindi_entities.results import Document, Label, Mention, ModelInfo, Sentence
from hindi_entities.segmentation import Token, segment
from hindi_entities.tagger import DEFAULT, Tagged, Tagger
from hindi_entities.tagsets import TO_UNIFIED, UNIFIED

Context = TypeVar("Context")

EXTRA_COLUMN = "ilner"  # where TIME, NUMBER and ARTIFACT come from
EXTRA_LABELS = frozenset({Label.TIME, Label.NUMBER, Label.ARTIFACT})
MAX_TOKENS = 250  # tokens of a sentence that are read together
_PAUSES = frozenset(",;:-–—।॥.|")


class Pipeline:
    """Finds the entities of Hindi texts. Loads the model once; may be called from several threads.

    `model` is "default", the shipped one, or the folder of another; `labels` are those wanted in the results, by default
    all; mentions with a score under `min_score` (0..1) are left out. A pipeline pickles as its options, without weights:
    unpickled, it has loaded the model anew. Raises ModelError where the model cannot be loaded and ValueError for an
    unknown label or a score outside 0..1.
    """

    def __init__(
        self, model: str | Path = "default", *, labels: Collection[Label | str] | None = None, min_score: float = 0.0
    ) -> None:
        if not 0 <= min_score <= 1:
            raise ValueError(f"min_score is a probability from 0 to 1, not {min_score}")
        self.options = {"model": model, "labels": None if labels is None else sorted(map(str, labels)), "min_score": min_score}
        self.min_score = min_score
        self.labels = frozenset(Label) if labels is None else frozenset(map(parse_label, labels))
        self.tagger = Tagger(DEFAULT if model == "default" else Path(model))
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
        if not isinstance(text, str):
            raise TypeError(f"a text is a str, not {type(text).__name__}: {text!r:.80}")
        sentences = segment(text)
        parts = [(number, part) for number, sentence in enumerate(sentences) for part in _cut(sentence.tokens)]
        mentions = [
            mention
            for (number, tokens), found in zip(parts, self._find([tokens for _, tokens in parts]), strict=True)
            for mention in _make_mentions(text, number, tokens, found)
            if mention.label in self.labels and mention.score >= self.min_score
        ]
        return Document(
            text=text,
            sentences=tuple(Sentence(start=sentence.start, end=sentence.end) for sentence in sentences),
            mentions=tuple(mentions),
            entities=group_mentions(mentions, text),
            model=self.model,
        )

    def _find(self, sentences: Sequence[Sequence[Token]]) -> list[list[Found]]:
        """What stands in each sentence of one text: labelled spans of tokens, in order, which do not overlap."""
        extra = EXTRA_COLUMN in self.tagger.columns and bool(self.labels & EXTRA_LABELS)
        columns = (UNIFIED, EXTRA_COLUMN) if extra else (UNIFIED,)
        tagged = self.tagger.tag([[model_key(token.text) for token in tokens] for tokens in sentences], columns)
        labels = self.tagger.labels[self.tagger.columns.index(UNIFIED)]
        results = []
        for tokens, by_column in zip(sentences, tagged, strict=True):
            core = find_countries(tokens, _found(by_column[UNIFIED]), by_column[UNIFIED].marginals, labels)
            results.append([_without_honorifics(one, tokens) for one in core])
        results = reconcile(sentences, results, [each[UNIFIED].marginals for each in tagged], labels)
        results = [locate(found, tokens) for found, tokens in zip(results, sentences, strict=True)]
        if extra:
            results = [_add_extras(core, _found(each[EXTRA_COLUMN])) for core, each in zip(results, tagged, strict=True)]
        return results

    @overload
    def pipe(
        self, texts: Iterable[str], *, batch_size: int = ..., as_tuples: Literal[False] = ..., on_error: OnError | None = ...
    ) -> Iterator[Document]: ...

    @overload
    def pipe(
        self,
        texts: Iterable[tuple[str, Context]],
        *,
        batch_size: int = ...,
        as_tuples: Literal[True],
        on_error: OnError | None = ...,
    ) -> Iterator[tuple[Document, Context]]: ...

    def pipe(
        self, texts: Iterable[Any], *, batch_size: int = 64, as_tuples: bool = False, on_error: OnError | None = None
    ) -> Iterator[Any]:
        """Read a stream of texts, in order; with `as_tuples` of (text, context) pairs, which give (document, context).

        An item that is no text raises TypeError when its turn comes; with `on_error(position, item, error)` it is reported
        there instead and left out. Sentences are batched within a text, never across texts, so that a text's scores do not
        depend on its neighbours to the last digit; `batch_size`, which other libraries take here, changes nothing.
        Raises ValueError for a `batch_size` under 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        return self._pipe(texts, as_tuples, on_error)

    def _pipe(self, texts: Iterable[Any], as_tuples: bool, on_error: OnError | None) -> Iterator[Any]:
        for position, item in enumerate(texts):
            try:
                text, context = item if as_tuples else (item, None)
                document = self(text)
            except (TypeError, ValueError) as error:
                if on_error is None:
                    raise
                on_error(position, item, error)
                continue
            yield (document, context) if as_tuples else document


def _make(kind: type[Pipeline], options: dict[str, Any]) -> Pipeline:
    return kind(**options)


OnError = Callable[[int, Any, Exception], None]


def extract(text: str) -> Document:
    """Find the people, countries, organizations and places of a Hindi text, with the shipped model.

    The model is loaded at the first call and kept. Raises TypeError for anything but a string.
    """
    return _default()(text)


def parse_label(name: Label | str) -> Label:
    """The label of a name. Raises ValueError that lists the labels."""
    try:
        return Label(name)
    except ValueError:
        raise ValueError(f"unknown label {name!r}; the labels are {', '.join(Label)}") from None


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


def _without_honorifics(one: Found, tokens: Sequence[Token]) -> Found:
    """A person without the honorifics that the tagger put inside; as it is where no name would be left (मुफ्ती alone)."""
    start, end, label = one.span
    if label != Label.PERSON:
        return one
    while start < end and _is_honorific(tokens, start, "before"):
        start += 2 if start + 1 < end and tokens[start + 1].text == "." else 1
    while end > start and _is_honorific(tokens, end - 1, "after"):
        end -= 1
    return one._replace(span=Span(start, end, label)) if start < end else one


def _honorific_of(one: Found, tokens: Sequence[Token], text: str) -> str | None:
    """The honorifics on both sides of a person's name as they are written: डॉ., जी, or श्री … जी."""
    if one.span.label != Label.PERSON:
        return None
    parts = []
    at = one.span.start - 1
    if at > 0 and tokens[at].text == ".":
        at -= 1
    if at >= 0 and _is_honorific(tokens, at, "before"):
        parts.append(text[tokens[at].start : tokens[one.span.start - 1].end])
    if one.span.end < len(tokens) and _is_honorific(tokens, one.span.end, "after"):
        parts.append(tokens[one.span.end].text)
    return " … ".join(parts) or None


def _is_honorific(tokens: Sequence[Token], at: int, place: str) -> bool:
    """Whether the token is a title of respect that stands there; जी of जी-20 is none."""
    if lookup_key(tokens[at].text) not in _honorifics(place):
        return False
    return not (place == "after" and at + 1 < len(tokens) and tokens[at + 1].text == "-")


@cache
def _honorifics(place: str) -> frozenset[str]:
    return frozenset(lookup_key(form) for form, where in read_table("honorifics.tsv") if where == place)


def _make_mentions(text: str, number: int, tokens: Sequence[Token], found: Iterable[Found]) -> Iterator[Mention]:
    for one in found:
        start, end = tokens[one.span.start].start, tokens[one.span.end - 1].end
        yield Mention(
            text=text[start:end],
            label=Label(one.span.label),
            start=start,
            end=end,
            sentence=number,
            score=min(1.0, max(0.0, round(one.score, 4))),
            country=one.country,
            source=one.source,
            rule=one.rule,
            honorific=_honorific_of(one, tokens, text),
        )
