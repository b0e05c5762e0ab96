"""The library's log is silent where a program has not asked for it, and heard where it has."""

from __future__ import annotations

import subprocess
import sys

import pytest

WARN = "import hindi_entities, logging; logging.getLogger('hindi_entities.pipeline').warning('एक चेतावनी')"


@pytest.mark.parametrize(("program", "heard"), [(WARN, False), (f"import logging; logging.basicConfig(); {WARN}", True)])
def test_warnings_are_for_those_who_listen(program: str, heard: bool) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ("एक चेतावनी" in done.stderr) is heard
    assert heard or not done.stderr
