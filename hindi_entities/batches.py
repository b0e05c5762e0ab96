"""Batches of sequences of different lengths under a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def cut_batches(items: Iterable[Item], size: Callable[[Item], int], budget: int, limit: int) -> list[list[Item]]:
    """Consecutive items in batches whose number times the size of the largest is at most `budget`; sort them by size before.

    A batch holds at most `limit` items, and an item over the budget is a batch of its own.
    """
    batches: list[list[Item]] = []
    largest = 0
    for item in items:
        largest = max(largest, size(item))
        if batches and len(batches[-1]) < limit and (len(batches[-1]) + 1) * largest <= budget:
            batches[-1].append(item)
        else:
            batches.append([item])
            largest = size(item)
    return batches
