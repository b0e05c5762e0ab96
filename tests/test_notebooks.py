"""The notebooks in examples/ run, and what they print is what they were committed with."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode

from examples.notebooks import HERE, execute, read

pytestmark = pytest.mark.loopback


def printed(notebook: NotebookNode) -> list[list[tuple[str, str]]]:
    """The text outputs of each cell by kind; a picture has none but its size."""
    return [
        [
            (output.name, output.text) if output.output_type == "stream" else (output.output_type, output.data["text/plain"])
            for output in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("path", sorted(HERE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_prints_what_it_was_committed_with(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # not the settings and the history of whoever runs the tests
    committed = read(path)
    assert printed(execute(path)) == printed(committed)
    assert not {name for outputs in printed(committed) for name, _ in outputs} & {"stderr", "error"}
