"""What the tagger believes of each token, by label, beside what it decoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from hindi_entities.corpora import Span
from hindi_entities.results import Label

# The tag columns have no COUNTRY: to the tagger a country is a place.
_COLUMNS: Final = {Label.COUNTRY: Label.LOCATION}


class Belief:
    """The marginals of one sentence: float32 [tokens, labels], the probability (0..1) that a token is inside a label."""

    def __init__(self, marginals: npt.NDArray[np.float32], labels: Sequence[str]) -> None:
        self._of = {label: marginals[:, at].tolist() for at, label in enumerate(labels)}
        self._length = len(marginals)

    def of(self, start: int, end: int, *labels: str) -> float:
        """How far the tagger believes the weakest token of `start:end` to be inside one of the labels (0..1)."""
        return min(1.0, min(self._sum(at, labels) for at in range(start, end)))

    def at(self, position: int, *labels: str) -> float:
        """The same of one token; 0 outside the sentence."""
        return min(1.0, self._sum(position, labels)) if 0 <= position < self._length else 0.0

    def free(self, span: Span) -> float:
        """The probability that no token of the span is inside a person or an organization, taken at the worst one."""
        worst = max(self._sum(at, (Label.PERSON, Label.ORGANIZATION)) for at in range(span.start, span.end))
        return min(1.0, max(0.0, 1 - worst))

    def _sum(self, at: int, labels: Sequence[str]) -> float:
        columns = {_COLUMNS.get(Label(label), label) for label in labels}
        return float(sum(self._of[column][at] for column in columns if column in self._of))
