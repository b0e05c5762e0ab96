"""The README's Python prints what the README says."""

from __future__ import annotations

import contextlib
import io

import regex

from tests.conftest import ROOT


def test_the_example_gives_its_output() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((code, output),) = regex.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", readme, regex.S)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output
