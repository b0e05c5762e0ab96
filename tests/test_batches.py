"""Batches under a budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hindi_entities.batches import cut_batches


@given(st.lists(st.integers(1, 50)), st.integers(1, 100), st.integers(1, 8))
def test_batches_keep_order_and_budget(sizes: list[int], budget: int, limit: int) -> None:
    batches = cut_batches(sizes, lambda size: size, budget, limit)
    assert [size for batch in batches for size in batch] == sizes
    assert all(len(batch) <= limit for batch in batches)
    assert all(len(batch) * max(batch) <= budget or len(batch) == 1 for batch in batches)


def test_a_batch_is_as_full_as_can_be() -> None:
    assert cut_batches([1, 2, 3, 3, 9], lambda size: size, 9, 64) == [[1, 2, 3], [3], [9]]
