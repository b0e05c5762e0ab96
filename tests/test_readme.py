"""The README's Python prints what the README says."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import regex

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = regex.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", README, regex.S)
COMMANDS = regex.findall(r"^(?:cat .* \| )?hindi-entities (?:extract|evaluate) .*$", README, regex.M)
NEEDED = {"pyspark": "java"}


def test_every_block_of_python_says_what_it_prints() -> None:
    assert len(EXAMPLES) == README.count("```python") >= 6


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


def test_the_commands_run_as_written(tmp_path: Path) -> None:
    for path, text in {
        "article.txt": "पुतिन रूस के राष्ट्रपति हैं।",
        "archive/one.txt": "किम जोंग उन उत्तर कोरिया के नेता हैं।",
        "more.jsonl": json.dumps({"body": "मोदी दिल्ली में हैं।", "url": "a"}),
        "news/2024/a.csv": "url,body\nb,चीन और रूस\n",
        "annotated.conll": "पुतिन\tB-NEP\nआए\tO\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    commands = [command.partition("  #")[0] for command in COMMANDS if "--model build" not in command]
    assert len(commands) >= 6
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
    assert (tmp_path / "out.parquet").is_file()
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert (tmp_path / "annotated" / "one.ann").is_file()
