"""Shared fixtures, and the rule that no test opens a network socket.

A test marked `loopback` drives a program that talks to itself over this machine's own addresses (Spark, Ray, Jupyter, a
browser): there sockets may be made, and reach these addresses only.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Generator
from ipaddress import ip_address
from pathlib import Path

import pytest

_loopback = False


def _refuse_sockets(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.__new__" and not _loopback and args[1] in (socket.AF_INET, socket.AF_INET6):
        raise RuntimeError("a network socket was opened")
    if event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple) and not _is_ours(args[1][0]):
        raise RuntimeError(f"a socket was to reach {args[1]}")


def _is_ours(host: object) -> bool:
    return host in ("", "localhost", socket.gethostname()) or ip_address(str(host)).is_loopback


sys.addaudithook(_refuse_sockets)

from hindi_entities import Pipeline  # noqa: E402  # the rule holds for the import, too

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_05db9d16e02c2170.txt"
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    global _loopback
    _loopback = item.get_closest_marker("loopback") is not None  # for the fixtures of its module, too
    try:
        return (yield)
    finally:
        _loopback = False


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
