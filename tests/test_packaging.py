"""What a user installs: quick to import, offline, whole in the wheel, usable outside the repository."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import hindi_entities
from tests.conftest import ROOT, SEED

NO_SOCKETS = """
import sys, socket
def refuse(event, args):
    if event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6):
        raise SystemExit("a network socket was opened")
sys.addaudithook(refuse)
"""


def python(code: str, *arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_is_quick_and_brings_in_nothing_heavy() -> None:
    code = """
import sys, time
start = time.perf_counter()
import hindi_entities
print(time.perf_counter() - start)
assert not {"torch", "stanza", "transformers", "numpy", "pydantic"} & set(sys.modules)
"""
    assert min(float(python(code)) for _ in range(3)) < 0.3


def test_results_need_no_model() -> None:
    python('import sys; from hindi_entities import Document, Label; assert "torch" not in sys.modules')


def test_the_public_names_are_closed() -> None:
    for name in hindi_entities.__all__:
        assert getattr(hindi_entities, name) is not None
    assert set(hindi_entities.__all__) <= set(dir(hindi_entities))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hindi_entities.nothing


def test_library_and_command_line_open_no_socket() -> None:
    python(NO_SOCKETS + "import hindi_entities; assert hindi_entities.extract('व्लादिमीर पुतिन रूस में').people")
    run = "from hindi_entities.cli import run; run()"
    assert "पुतिन" in python(NO_SOCKETS + run, "extract", str(SEED), "--format", "json")


def test_the_wheel_holds_all_and_works_elsewhere(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 80e6
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(target)
    assert {"hindi_entities/py.typed", "hindi_entities/models/default/tagger.pt", "hindi_entities/data/countries.tsv"} <= names
    assert not [name for name in names if name.startswith(("tests/", "seeds/", "examples/"))]
    code = f"""
import sys
sys.path.insert(0, {str(target)!r})
import hindi_entities
assert hindi_entities.__file__.startswith({str(target)!r}), hindi_entities.__file__
print(hindi_entities.extract("व्लादिमीर पुतिन रूस में हैं।").people[0].name)
"""
    assert python(code, cwd=tmp_path) == "व्लादिमीर पुतिन\n"


def test_an_installation_without_extras_brings_none_of_the_packages_of_extras() -> None:
    wanted, needed = ["hindi-entities"], set()
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in needed:
            continue
        needed.add(name)
        with contextlib.suppress(PackageNotFoundError):  # needed on other systems only
            requirements = map(Requirement, requires(name) or [])
            wanted += [one.name for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert {"stanza", "indic-nlp-library", "regex", "pydantic"} <= needed
    assert not needed & {"spacy", "pyarrow", "pyspark", "ray", "polars", "ipykernel", "jupyter-client", "notebook"}
