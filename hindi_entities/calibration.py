"""From the CRF's posterior of a span to the probability that the span is right.

A tagger that fits its training data well is too sure of itself. Platt's map (Platt 1999), a logistic function of the log odds
of the posterior, is fitted for each tag column on a development set and stored with the model; slope 1 and offset 0 change
nothing, offset 0 alone is temperature scaling (Guo et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

EDGE = 1e-4  # posteriors are taken no closer than this to 0 and 1: beyond, single precision is noise


class Map(NamedTuple):
    """q = 1 / (1 + exp(-(slope * log(p / (1 - p)) + offset)))."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, posterior: float) -> float:
        """The probability (0..1) for a posterior (0..1)."""
        if self == IDENTITY:
            return posterior
        return 1 / (1 + math.exp(-(self.slope * _log_odds(posterior) + self.offset)))


IDENTITY = Map()


def fit(scored: Iterable[tuple[float, bool]]) -> Map:
    """The map of greatest likelihood for posteriors, each with whether its span is right, by Newton's method.

    One right and one wrong span at log odds 0 are added, so that there is a solution for any input. Raises ValueError where
    there is none to fit on, or where higher posteriors are not more often right.
    """
    pairs = [(_log_odds(p), float(right)) for p, right in scored]
    if not pairs:
        raise ValueError("there is no span to fit the calibration on")
    pairs += [(0.0, 1.0), (0.0, 0.0)]
    slope, offset = 1.0, 0.0
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


def _log_odds(posterior: float) -> float:
    p = min(1 - EDGE, max(EDGE, posterior))
    return math.log(p / (1 - p))
