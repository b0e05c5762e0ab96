"""From the CRF's posterior of a span to the probability that the span is right.

A tagger that fits its training data well is too sure of itself. The map is a logistic function of -log(1 - posterior), fitted for
each tag column on a development set and stored with the model. It is beta calibration (Kull, Silva Filho and Flach 2017) without
its term of log(posterior), which a free fit would make negative: a span that was decoded is right now and then, however low its
posterior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

EDGE = 1e-4  # posteriors are taken no closer than this to 1: beyond, single precision is noise


class Map(NamedTuple):
    """q = 1 / (1 + exp(slope * log(1 - p) - offset))."""

    slope: float
    offset: float

    def __call__(self, posterior: float) -> float:
        """The probability (0..1) for a posterior (0..1)."""
        return 1 / (1 + math.exp(-(self.slope * _surprise(posterior) + self.offset)))


def keep(posterior: float) -> float:
    """The posterior itself, where a model is not calibrated."""
    return posterior


def fit(scored: Iterable[tuple[float, bool]]) -> Map:
    """The map of greatest likelihood for posteriors, each with whether its span is right, by Newton's method.

    A right span at a posterior of 0 and a wrong one at a half are added, so that there is a solution where all others are right.
    Raises ValueError where there is no span to fit on, or where higher posteriors are not more often right.
    """
    pairs = [(_surprise(p), float(right)) for p, right in scored]
    if not pairs:
        raise ValueError("there is no span to fit the calibration on")
    pairs += [(_surprise(0.0), 1.0), (_surprise(0.5), 0.0)]
    slope, offset = 1.0, -1.0
    for _ in range(100):
        gradient, hessian = [0.0, 0.0], [1e-9, 0.0, 1e-9]
        for x, right in pairs:
            q = 1 / (1 + math.exp(-(slope * x + offset)))
            error, weight = q - right, q * (1 - q)
            gradient[0] += error * x
            gradient[1] += error
            hessian[0] += weight * x * x
            hessian[1] += weight * x
            hessian[2] += weight
        determinant = hessian[0] * hessian[2] - hessian[1] ** 2
        steps = (
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        )
        shrink = min(1.0, 1.0 / max(1e-12, *map(abs, steps)))  # no step longer than 1 in either direction
        slope, offset = slope - shrink * steps[0], offset - shrink * steps[1]
        if max(map(abs, steps)) < 1e-9:
            break
    if slope <= 0:
        raise ValueError(f"the posteriors say nothing about which spans are right: the slope fitted is {slope:.3f}")
    return Map(round(slope, 4), round(offset, 4))


def _surprise(posterior: float) -> float:
    """How much less than certain: -log(1 - p), 0 for a posterior of 0."""
    return -math.log(max(EDGE, 1 - posterior))
