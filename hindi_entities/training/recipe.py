"""The recipe of a training: what is learned from which corpora, in which stages."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hindi_entities.tagsets import TAGSETS, TO_UNIFIED, UNIFIED


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Corpus(_Strict):
    """A corpus file and the tag column that it teaches."""

    name: str
    file: str
    column: str
    package: bool = False  # the file lies in hindi_entities/training, not in the data folder
    labels: dict[str, str] = {}  # the corpus's tags to the column's; the same names where empty
    annotation: str = ""  # a file in hindi_entities/training with the spans of some of its texts, see annotations.py
    listed: bool = False  # only the texts that `annotation` lists; raw text (.xz) has no others


class Stage(_Strict):
    """Some epochs over some corpora; the rate rises over the first `warmup` steps and falls linearly to `end` of itself.

    With `patience` the result of the stage is the model of its best report, else the last one. `mix` under 1 keeps more of what
    the stages before have learned (Wortsman et al. 2022, arXiv 2109.01903).
    """

    epochs: float = Field(gt=0)
    repeat: dict[str, float]  # how often a corpus's sentences occur in an epoch; a fraction takes a sample
    rate: float = 1e-4  # of the encoder
    head_rate: float = 1e-3  # of everything else
    warmup: int = 200
    end: float = 0.0
    word_dropout: float = Field(0.0, ge=0, lt=1)  # how often a token's pieces are masked
    swap: float = Field(0.0, ge=0, le=1)  # how often a person or a place gets another one's name
    mix: float = Field(1.0, gt=0, le=1)  # share of its weights in its result, the rest are those that it began from
    rounded: bool = False  # the encoder calculates as it will in int8, see rounding.py
    patience: int = Field(0, ge=0)  # reports without a better F1 on the first dev set after which it ends; 0: never


class Recipe(_Strict):
    """A whole training. `encoder` is what `encoder.prepare_encoder` takes; `tags` has the tags of columns that are no tag set
    of the library."""

    encoder: str
    name: str = "custom"  # of the model, in `Document.model`
    version: str = "1"
    columns: tuple[str, ...]
    tags: dict[str, tuple[str, ...]] = {}
    corpus: tuple[Corpus, ...]
    stage: tuple[Stage, ...]
    dev: tuple[Corpus, ...] = ()
    seed: int = 1
    hidden: int = 192
    layers: int = 4  # the last ones of the encoder, of which the mix is read; all where it has fewer
    dropout: float = 0.3
    pieces: int = 1536

    @model_validator(mode="after")
    def _names_are_known(self) -> Recipe:
        for column in self.columns:
            if column not in TAGSETS and column not in self.tags:
                raise ValueError(f"unknown column {column!r}; the tag sets are {', '.join([*TAGSETS, *self.tags])}")
        for corpus in (*self.corpus, *self.dev):
            if corpus.column not in self.columns:
                raise ValueError(f"corpus {corpus.name}: column {corpus.column!r} is not among the columns {self.columns}")
        if self.stage and self.stage[0].mix < 1:
            raise ValueError("the first stage begins from nothing to mix with: its `mix` is 1")
        if not self.dev and any(stage.patience for stage in self.stage):
            raise ValueError("`patience` needs a development set, by which the best report is known")
        names = {corpus.name for corpus in self.corpus}
        for number, stage in enumerate(self.stage, 1):
            if unknown := set(stage.repeat) - names:
                raise ValueError(f"stage {number} repeats unknown corpora: {', '.join(sorted(unknown))}")
        return self

    def tags_of(self, column: str) -> tuple[str, ...]:
        """The tags of a column, without prefix."""
        return self.tags.get(column) or TAGSETS[column]

    def labels_of(self, corpus: Corpus) -> dict[str, str]:
        """The tags of a corpus to those of its column: as the recipe says, else by the library's tag sets."""
        tags = self.tags_of(corpus.column)
        known = TO_UNIFIED if corpus.column == UNIFIED else {}
        return corpus.labels or {**{tag: to for tag, to in known.items() if to in tags}, **{tag: tag for tag in tags}}


def read_recipe(path: Path) -> Recipe:
    """Read a TOML recipe. Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
