"""The map from posteriors to probabilities: it finds a known one again, and keeps order."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hindi_entities.calibration import Map, fit, keep
from hindi_entities.scoring import calibration

PROBABILITIES = st.floats(0, 1)


def test_too_much_confidence_is_taken_back() -> None:
    chance = random.Random(1)
    truth = Map(0.5, -0.8)
    posteriors = [1 / (1 + math.exp(-chance.uniform(-2, 9))) for _ in range(20_000)]
    scored = [(p, chance.random() < truth(p)) for p in posteriors]
    found = fit(scored)
    assert found.slope == pytest.approx(truth.slope, abs=0.03)
    assert found.offset == pytest.approx(truth.offset, abs=0.1)
    assert calibration(scored).error > 0.1
    assert calibration((found(p), right) for p, right in scored).error < 0.01


def test_a_span_of_a_low_posterior_may_be_right() -> None:
    scored = [(0.3, n % 3 == 0) for n in range(300)] + [(0.999, n % 50 != 0) for n in range(1000)]
    found = fit(scored)
    assert found(0.3) == pytest.approx(1 / 3, abs=0.02)
    assert found(0.999) == pytest.approx(0.98, abs=0.01)


def test_only_right_spans_can_be_fitted() -> None:
    found = fit([(0.99, True)] * 50 + [(0.7, True)] * 5)
    assert found(0.99) > 0.95
    assert 0.1 < found(0.3) < found(0.7) < 0.97


@pytest.mark.parametrize(
    ("scored", "message"),
    [([], "no span to fit"), ([(0.9, False), (0.1, True)] * 40, "say nothing about which spans are right")],
)
def test_what_cannot_be_fitted_says_why(scored: list[tuple[float, bool]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(scored)


@given(PROBABILITIES, PROBABILITIES, st.floats(0.01, 3), st.floats(-3, 3))
def test_a_map_keeps_the_order_and_the_range(a: float, b: float, slope: float, offset: float) -> None:
    low, high = sorted((a, b))
    apply = Map(slope, offset)
    assert 0 <= apply(low) <= apply(high) <= 1
    assert keep(a) == a


def test_the_calibration_error_is_the_mean_distance_of_the_bins() -> None:
    # 0.8..0.9: mean 0.85, half right; 0.1..0.2: mean 0.15, none right
    result = calibration([(0.85, True), (0.85, False), (0.15, False), (0.15, False)])
    assert [(one.count, one.score, one.right) for one in result.bins] == [(2, 0.15, 0.0), (2, 0.85, 0.5)]
    assert result.error == pytest.approx((2 * 0.15 + 2 * 0.35) / 4)
    assert calibration([]).error == 0
    assert calibration([(1.0, True)]).error == 0
