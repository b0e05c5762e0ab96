"""A spaCy component: `spacy.blank("hi").add_pipe("hindi_entities")`.

`doc._.hindi_entities` is the `Document`, with the offsets of `doc.text`. `doc.spans["hindi_entities"]` has one span a mention, in
the same order. spaCy cuts words in other places: a mention that ends inside a token takes the whole token, and two mentions may
then lie on the same one; `doc.ents`, which may not overlap, has of these the longest, or else the first. A span's `id_` is the id
of its entity; `span._` has `score`, `country`, `honorific`, `entity` (an `Entity`), `hindi_entities` (the `Mention`, with its
exact offsets; of two mentions of an entity in one token, the first) and `expanded` (whether the span is longer than the mention).

spaCy imports this file by its entry point for every pipeline that it makes, of any language: nothing here takes time before a
component is made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from hindi_entities.integrations import load_pipeline, require

require("spacy", "spacy")

from spacy.language import Language  # noqa: E402  # after the error that says how to install it
from spacy.pipeline import Pipe  # noqa: E402
from spacy.pipeline.span_ruler import prioritize_existing_ents_filter, prioritize_new_ents_filter  # noqa: E402
from spacy.scorer import get_ner_prf  # noqa: E402
from spacy.tokens import Doc, Span  # noqa: E402

if TYPE_CHECKING:
    from spacy.training import Example

    from hindi_entities.pipeline import Pipeline
    from hindi_entities.precision import Precision
    from hindi_entities.results import Document, Entity, Mention

NAME = "hindi_entities"  # of the factory, of the span group, and of the attributes that hold a `Document` and a `Mention`
_STORED: Any = ("._.", NAME, None, None)  # the key in `doc.user_data` of an extension attribute of the doc

log = logging.getLogger(__name__)


class HindiEntities(Pipe):
    """Sets `doc.ents`, `doc.spans["hindi_entities"]` and `doc._.hindi_entities`; text and tokens stay as they are.

    `model`, `labels`, `min_score`, `device` and `precision` are those of `Pipeline`. As with spaCy's entity ruler, tokens that
    are in an entity already keep it, and with `overwrite_ents` they lose it to the mentions found here; the span group has all
    mentions in either case.

    The weights are loaded for the first doc, once a process for all components with the same options, so `nlp("")` loads them
    ahead: processes forked afterwards by `nlp.pipe(n_process=...)` share them. Pickled or on disk a component is its options.
    Raises ValueError for an unknown label or a score outside 0..1, and ModelError at the first doc if the model cannot be loaded.
    """

    def __init__(
        self,
        name: str = NAME,
        *,
        model: str = "default",
        labels: Iterable[str] | None = None,
        min_score: float = 0.0,
        device: str = "auto",
        precision: Precision = "auto",
        overwrite_ents: bool = False,
    ) -> None:
        from hindi_entities.results import check_score, parse_label

        check_score(min_score)
        self.name = name
        self._model = model
        self._labels = None if labels is None else tuple(sorted({str(parse_label(label)) for label in labels}))
        self._min_score = min_score
        self._device = device
        self._precision: Precision = precision
        self._overwrite_ents = overwrite_ents
        register_extensions()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that entities may have."""
        from hindi_entities.results import Label

        return tuple(map(str, Label)) if self._labels is None else self._labels

    @property
    def pipeline(self) -> Pipeline:
        """What reads the texts. Loads the weights where no component of this process with the same options has done so."""
        return load_pipeline(
            model=self._model,
            labels=self._labels,
            min_score=self._min_score,
            device=self._device,
            precision=self._precision,
        )

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a doc, which is returned."""
        self.set_annotations(doc, self.pipeline(doc.text))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Annotate a stream of docs, in order. A doc that fails goes to the error handler and is left out."""
        handle = self.get_error_handler()

        def report(_: int, item: tuple[str, Doc], error: Exception) -> None:
            handle(self.name, self, [item[1]], error)

        pairs = ((doc.text, doc) for doc in stream)
        for document, doc in self.pipeline.pipe(pairs, batch_size=batch_size, as_tuples=True, on_error=report):
            try:
                self.set_annotations(doc, document)
            except Exception as error:
                handle(self.name, self, [doc], error)
            else:
                yield doc

    def set_annotations(self, doc: Doc, document: Document) -> None:
        """Write what was found in `doc.text` into the doc."""
        doc._.set(NAME, document)
        ids = {mention.start: str(entity.id) for entity in document.entities for mention in entity.mentions}
        spans = [
            cast("Span", doc.char_span(m.start, m.end, label=str(m.label), span_id=ids[m.start], alignment_mode="expand"))
            for m in document.mentions
        ]
        doc.spans[NAME] = spans
        arrange = prioritize_new_ents_filter if self._overwrite_ents else prioritize_existing_ents_filter
        doc.ents = arrange(doc.ents, spans)

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of `doc.ents`, for `nlp.evaluate`."""
        return get_ner_prf(examples)


@Language.factory(
    NAME,
    default_config={
        "model": "default",
        "labels": None,
        "min_score": 0.0,
        "device": "auto",
        "precision": "auto",
        "overwrite_ents": False,
    },
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "token.ent_id", "doc.spans"],
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_component(
    nlp: Language,
    name: str,
    model: str,
    labels: list[str] | None,
    min_score: float,
    device: str,
    precision: str,
    overwrite_ents: bool,
) -> HindiEntities:
    """What `nlp.add_pipe("hindi_entities", config={...})` calls."""
    return HindiEntities(
        name,
        model=model,
        labels=labels,
        min_score=min_score,
        device=device,
        precision=cast("Precision", precision),
        overwrite_ents=overwrite_ents,
    )


def register_extensions() -> None:
    """Register the attributes of `doc._` and `span._`, which making a component does; needed to read stored docs without one.

    An attribute of a span that something else has registered is left alone, with a warning in the log. Raises ValueError, as
    spaCy does, where it is `hindi_entities` itself.
    """
    if not _is_registered(Doc, NAME, _get_document):
        Doc.set_extension(NAME, getter=_get_document, setter=_set_document)
    if not _is_registered(Span, NAME, _get_mention):
        Span.set_extension(NAME, getter=_get_mention)
    for name, getter in _GETTERS.items():
        if not Span.has_extension(name):
            Span.set_extension(name, getter=getter)
        elif not _is_registered(Span, name, getter):
            log.warning("span._.%s belongs to another extension; what it would say is in span._.%s", name, NAME)


def _is_registered(kind: type[Doc | Span], name: str, getter: Callable[[Any], Any]) -> bool:
    return kind.has_extension(name) and kind.get_extension(name)[2] is getter


def _get_document(doc: Doc) -> Document | None:
    stored = doc.user_data.get(_STORED)
    return None if stored is None else _parse(stored)


def _set_document(doc: Doc, document: Document) -> None:
    # as JSON, since user data goes through msgpack on its way to disk and to other processes
    doc.user_data[_STORED] = document.model_dump_json()


@lru_cache(maxsize=16)  # every attribute of every span asks for the document of its doc
def _parse(stored: str) -> Document:
    from hindi_entities.results import Document

    return Document.model_validate_json(stored)


def _get_entity(span: Span) -> Entity | None:
    document = _get_document(span.doc)
    return next((entity for entity in document.entities if str(entity.id) == span.id_), None) if document else None


def _get_mention(span: Span) -> Mention | None:
    """The first mention of the span's entity, with its label, that lies in the span."""
    entity = _get_entity(span)
    if entity is None:
        return None
    inside = (m for m in entity.mentions if m.label == span.label_ and span.start_char <= m.start < m.end <= span.end_char)
    return next(inside, None)


def _get_field(span: Span, *, field: str) -> Any:
    return getattr(_get_mention(span), field, None)


def _is_expanded(span: Span) -> bool | None:
    mention = _get_mention(span)
    return None if mention is None else (mention.start, mention.end) != (span.start_char, span.end_char)


_GETTERS: dict[str, Callable[[Span], Any]] = {  # no lambdas: spaCy pickles them for processes that are not forked
    **{field: partial(_get_field, field=field) for field in ("score", "country", "honorific")},
    "entity": _get_entity,
    "expanded": _is_expanded,
}
