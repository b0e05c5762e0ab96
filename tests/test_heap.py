"""Freed memory goes back to the system, where the C library can do that."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

import pytest

from hindi_entities import heap
from hindi_entities.heap import give_back_memory


def resident() -> int:
    """Megabytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_freed_memory_between_blocks_in_use_goes_back() -> None:
    blocks = [bytes(2000) for _ in range(100_000)]
    kept = blocks[::500]
    del blocks
    before = resident()
    give_back_memory()
    assert resident() < before - 100
    assert len(kept) == 200


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    heap._find_trim.cache_clear()
    give_back_memory()
    assert heap._find_trim() is None
    heap._find_trim.cache_clear()
