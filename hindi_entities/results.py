"""The results: frozen pydantic models whose invariants are checked whenever one is made, also from JSON.

Offsets are half-open and count code points of the caller's string, which a `Document` keeps untouched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticSerializationError, from_json

from hindi_entities.graphemes import grapheme_borders

if TYPE_CHECKING:
    from rich.table import Table

    from hindi_entities.explain import Explanation


class Label(StrEnum):
    """What a mention names."""

    PERSON = "PERSON"
    COUNTRY = "COUNTRY"
    LOCATION = "LOCATION"
    ORGANIZATION = "ORGANIZATION"
    NATIONALITY = "NATIONALITY"
    TIME = "TIME"
    NUMBER = "NUMBER"
    ARTIFACT = "ARTIFACT"


def parse_label(name: Label | str) -> Label:
    """The label of a name. Raises ValueError that lists the labels."""
    try:
        return Label(name)
    except ValueError:
        raise ValueError(f"unknown label {name!r}; the labels are {', '.join(Label)}") from None


def check_score(score: float) -> None:
    """Raise ValueError where a least score is no probability."""
    if not 0 <= score <= 1:
        raise ValueError(f"min_score is a probability from 0 to 1, not {score}")


_WITH_COUNTRY = frozenset({Label.COUNTRY, Label.NATIONALITY, Label.LOCATION})
Source = Literal["model", "lexicon", "document"]
Rule = Literal["list", "belief", "context", "compound", "extended", "split", "majority", "relabelled", "recalled"]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Span(_Result):
    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts, unlike {self.start}:{self.end}")
        return self


class Sentence(_Span):
    """A sentence: `start` to `end`, half-open, in code points of the text."""


class Mention(_Span):
    """A span of the text that names something.

    `score` is the model's calibrated posterior of the span and label that it decoded, before word lists and the document changed
    it; for a mention with `source="lexicon"`, which the model did not find, the probability that no person or organization
    holds the word; for one with `source="document"` that was relabelled or recalled, the model's belief in the new label at
    the span's weakest token.

    `source` says who found the mention with this label: the model, a word list, or the other mentions of the document.
    `rule` says how, and is None where the model's span and label stand as they are:

    - by a word list: "list" (a country or demonym that is nothing else, or that the model took for one), "belief" (an
      ambiguous word that the model half believes to be one), "context" (an ambiguous word whose neighbours show it),
      "compound" (a part of भारत-पाकिस्तान);
    - by the document: "extended" (to the end of a person's name), "split" (a demonym from an organization), "majority" (the
      label of most mentions of a name), "relabelled" (the label of clear mentions), "recalled" (a name that is clear
      elsewhere and was passed over here).

    `Document.explain` puts it into words, with the form of the word list that matched.
    `sentence` is an index into the document's sentences, `country` an ISO 3166-1 alpha-2 code: the country named, or for a
    LOCATION the one that it lies in. `honorific` is the title of respect beside a person's name, such as श्री or जी.
    """

    text: str
    label: Label
    sentence: int = Field(ge=0)
    score: float = Field(ge=0, le=1)
    country: CountryCode | None = None
    source: Source = "model"
    rule: Rule | None = None
    honorific: str | None = None

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if len(self.text) != self.end - self.start:
            raise ValueError(f"the text of a mention at {self.start}:{self.end} has {len(self.text)} characters: {self.text!r}")
        if self.label is Label.COUNTRY and self.country is None:
            raise ValueError(f"the COUNTRY {self.text!r} has no country code")
        if self.country is not None and self.label not in _WITH_COUNTRY:
            raise ValueError(f"the {self.label} {self.text!r} has a country")
        if self.honorific is not None and self.label is not Label.PERSON:
            raise ValueError(f"the {self.label} {self.text!r} has an honorific")
        return self


class Entity(_Result):
    """A thing that the text speaks of: one or more mentions, in text order.

    `name` is the fullest form seen. The entity of a country has the label COUNTRY and counts its demonyms as mentions.
    `country` is that of a country or demonym, and the one that a LOCATION lies in where it is known and its mentions agree.
    """

    id: int = Field(ge=0)
    name: str
    label: Label
    mentions: tuple[Mention, ...] = Field(min_length=1)
    country: CountryCode | None = None

    @model_validator(mode="after")
    def _mentions_are_in_order(self) -> Self:
        starts = [mention.start for mention in self.mentions]
        if starts != sorted(starts):
            raise ValueError(f"the mentions of {self.name!r} are out of order")
        return self

    def __len__(self) -> int:
        """The number of mentions."""
        return len(self.mentions)

    @property
    def romanized(self) -> str:
        """The name for readers without Devanagari.

        A country has its English name from CLDR and a city the one of GeoNames; any other name is spelled in Latin letters.
        """
        from hindi_entities.gazetteer import country
        from hindi_entities.places import english_name
        from hindi_entities.romanize import romanize

        if self.label is Label.COUNTRY and self.country is not None:
            return country(self.country).name_en
        return (self.label is Label.LOCATION and english_name(self.name.split())) or romanize(self.name)


class Country(_Result):
    """A country or territory of ISO 3166-1, with its Hindi and English names from CLDR."""

    code: CountryCode
    name: str
    name_en: str


class ModelInfo(_Result):
    """Which weights a document was read with."""

    name: str
    version: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Document(_Result):
    """A text, what it mentions (`mentions`, in text order) and who that is (`entities`, most mentioned first)."""

    text: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]
    model: ModelInfo

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        _check_order(self.sentences, len(self.text), "sentence")
        _check_order(self.mentions, len(self.text), "mention")
        for mention in self.mentions:
            if self.text[mention.start : mention.end] != mention.text:
                raise ValueError(f"{mention.text!r} does not stand at {mention.start}:{mention.end}")
            if mention.sentence >= len(self.sentences):
                raise ValueError(f"{mention.text!r} is in sentence {mention.sentence} of {len(self.sentences)}")
            sentence = self.sentences[mention.sentence]
            if not sentence.start <= mention.start < mention.end <= sentence.end:
                raise ValueError(f"{mention.text!r} at {mention.start}:{mention.end} is not inside its sentence")
        _check_graphemes(self.text, self.mentions)
        grouped = sorted((mention for entity in self.entities for mention in entity.mentions), key=lambda m: m.start)
        if tuple(grouped) != self.mentions:
            raise ValueError("the entities do not hold every mention exactly once")
        if len({entity.id for entity in self.entities}) != len(self.entities):
            raise ValueError("two entities have the same id")
        return self

    @property
    def people(self) -> tuple[Entity, ...]:
        """The persons, most mentioned first."""
        return self._of(Label.PERSON)

    @property
    def countries(self) -> tuple[Entity, ...]:
        """The countries, most mentioned first; a demonym (रूसी) counts to its country (रूस), also where it stands alone."""
        return tuple(entity for entity in self._of(Label.COUNTRY, Label.NATIONALITY) if entity.country)

    @property
    def organizations(self) -> tuple[Entity, ...]:
        """The organizations, most mentioned first."""
        return self._of(Label.ORGANIZATION)

    @property
    def locations(self) -> tuple[Entity, ...]:
        """The places that are no countries, most mentioned first."""
        return self._of(Label.LOCATION)

    @property
    def places_by_country(self) -> dict[str, tuple[Entity, ...]]:
        """The places by the code of the country that they lie in, the countries with most mentions of places first.

        They stand beside `countries`, which counts only what names a country or its people: मॉस्को is here under RU and not
        there. Places whose country is not known are left out.
        """
        places: dict[str, list[Entity]] = {}
        for entity in self.locations:
            if entity.country is not None:
                places.setdefault(entity.country, []).append(entity)
        ordered = sorted(places.items(), key=lambda item: -sum(map(len, item[1])))
        return {code: tuple(entities) for code, entities in ordered}

    def _of(self, *labels: Label) -> tuple[Entity, ...]:
        return tuple(entity for entity in self.entities if entity.label in labels)

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dict a mention, in text order, with the `entity_id` and `entity` (its name) it belongs to."""
        entity_of = {mention.start: entity for entity in self.entities for mention in entity.mentions}
        return [
            {
                **mention.model_dump(mode="json"),
                "entity_id": entity_of[mention.start].id,
                "entity": entity_of[mention.start].name,
            }
            for mention in self.mentions
        ]

    def explain(self) -> tuple[Explanation, ...]:
        """Why each mention is one, in text order: its rule in words, and the form or the mention that it rests on."""
        from hindi_entities.explain import explain

        return explain(self)

    def to_html(self, *, page: bool = False) -> str:
        """The text with coloured mentions and a legend: a fragment, or with `page=True` a whole HTML file."""
        from hindi_entities.render import render_html

        return render_html(self, page=page)

    def model_dump_json(self, **options: Any) -> str:
        """JSON, as by pydantic; a text with lone surrogates, which UTF-8 does not have, is written with `\\u` escapes.

        JSON reads the escapes of a high and a low surrogate that stand together as one character: such a text, which no
        decoder makes, does not come back.
        """
        try:
            return super().model_dump_json(**options)
        except PydanticSerializationError:
            indent = options.pop("indent", None)
            return json.dumps(self.model_dump(mode="json", **options), indent=indent)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """A document from its JSON. Raises pydantic.ValidationError where an invariant is broken."""
        try:
            from_json(json_data)
        except ValueError:
            try:  # the escapes of lone surrogates, which the fast parser refuses
                return cls.model_validate(json.loads(json_data), **options)
            except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
                pass
        return super().model_validate_json(json_data, **options)

    def _repr_html_(self) -> str:
        return self.to_html()

    def __rich__(self) -> Table:
        """The entities as a table, for `rich.print(document)`."""
        from hindi_entities.table import make_table

        return make_table(self)

    def __repr__(self) -> str:
        start = self.text if len(self.text) <= 40 else self.text[:39] + "…"
        return f"Document({start!r}, {len(self.mentions)} mentions, {len(self.entities)} entities)"

    __str__ = __repr__


def _check_order(spans: Sequence[_Span], length: int, what: str) -> None:
    done = 0
    for span in spans:
        if span.start < done:
            raise ValueError(f"the {what} at {span.start}:{span.end} overlaps the one before it or is out of order")
        if span.end > length:
            raise ValueError(f"the {what} at {span.start}:{span.end} lies outside a text of {length} characters")
        done = span.end


def _check_graphemes(text: str, mentions: Sequence[Mention]) -> None:
    if not mentions:
        return
    borders = set(grapheme_borders(text))
    for mention in mentions:
        if mention.start not in borders or mention.end not in borders:
            raise ValueError(f"the mention {mention.text!r} at {mention.start}:{mention.end} cuts a grapheme")
