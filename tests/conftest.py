"""Shared fixtures, and the rule that no test opens a network socket."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest


def _refuse_sockets(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6):
        raise RuntimeError("a network socket was opened")


sys.addaudithook(_refuse_sockets)

from hindi_entities import Pipeline  # noqa: E402  # the rule holds for the import, too

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_05db9d16e02c2170.txt"
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture(scope="session")
def seed() -> str:
    return SEED.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's corpora, which are not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("the corpora are not here: no folder ../shared")
    return SHARED
