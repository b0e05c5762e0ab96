"""The README's Python prints what the README says."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import regex

from tests.conftest import ROOT

EXAMPLES = regex.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), regex.S)
NEEDED = {"pyspark": "java"}


def test_every_block_of_python_says_what_it_prints() -> None:
    assert len(EXAMPLES) == (ROOT / "README.md").read_text(encoding="utf-8").count("```python") >= 6


@pytest.mark.parametrize(("code", "output"), EXAMPLES, ids=[code.split()[1] for code, _ in EXAMPLES])
def test_an_example_gives_its_output(code: str, output: str, tmp_path: Path) -> None:
    for package, program in NEEDED.items():
        if package in code and shutil.which(program) is None:
            pytest.skip(f"{package} needs {program}, which is not installed")
    local = {"SPARK_LOCAL_IP": "127.0.0.1", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env={**os.environ, **local}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == output
