"""Runs the notebooks of this folder and writes their outputs: `python examples/notebooks.py [NOTEBOOK ...]`."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

HERE = Path(__file__).parent


def read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def execute(path: Path) -> NotebookNode:
    """The notebook with the outputs of a run in its own folder, by this interpreter. Raises CellExecutionError."""
    notebook = read(path)
    # Without folders of kernels only the one of this interpreter is found, whatever "python3" means to the user's Jupyter.
    kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, km=kernel, timeout=300, record_timing=False, resources=resources).execute(cleanup_kc=True)
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or sorted(map(str, HERE.glob("*.ipynb")))):
        nbformat.write(execute(path), path)  # type: ignore[no-untyped-call]
