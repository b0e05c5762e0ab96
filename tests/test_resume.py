"""Runs that end early: killed, interrupted, out of space; and what a later run makes of them."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from hindi_entities import Pipeline, cli
from hindi_entities.corpora import read_corpus
from tests.conftest import ROOT

COMMAND = (sys.executable, "-c", "from hindi_entities.cli import run; run()", "extract")
Extract = Callable[..., Result]


@pytest.fixture
def extract(monkeypatch: pytest.MonkeyPatch, pipeline: Pipeline) -> Extract:
    """`hindi-entities extract` in this process, with the pipeline that is loaded."""

    def load(options: Mapping[str, Any]) -> Pipeline:
        assert (options["model"], options["labels"], options["min_score"]) == ("default", None, 0.0)
        return pipeline

    monkeypatch.setattr(cli, "_load", load)
    return lambda *arguments: CliRunner().invoke(cli.app, ["extract", *map(str, arguments)])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 records in two files, five of them bad."""
    folder = tmp_path_factory.mktemp("archive")
    corpus = read_corpus(ROOT / "hindi_entities" / "training" / "corpus" / "hard.txt")
    short = [example.text for example in corpus if 4 <= len(example.text.split()) <= 12]
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(islice(cycle(short), 2000))]
    for number in (0, 3, 999, 1300, 1999):
        lines[number] = "bad"
    for name, part in (("a.jsonl", lines[:700]), ("b.jsonl", lines[700:])):
        (folder / name).write_text("".join(line + "\n" for line in part), encoding="utf-8")
    return folder


@pytest.fixture
def part(archive: Path, tmp_path: Path) -> Path:
    """The first records of the archive."""
    path = tmp_path / "in" / "part.jsonl"
    path.parent.mkdir()
    lines = (archive / "a.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:150]), encoding="utf-8")
    return path


def progress_of(output: Path) -> dict[str, Any]:
    with contextlib.suppress(FileNotFoundError):
        state: dict[str, Any] = json.loads(output.with_name(output.name + ".progress").read_text(encoding="utf-8"))["state"]
        return state
    return {"documents": -1}


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *map(str, arguments)], **{"stderr": subprocess.PIPE, **options})


def stop(process: subprocess.Popen[bytes], how: signal.Signals, when: Callable[[], bool]) -> bytes:
    """Send a signal as soon as something is so; what was said on standard error."""
    while not when():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(how)
    return process.communicate()[1]


def has_saved(output: Path) -> Callable[[], bool]:
    return lambda: progress_of(output)["documents"] > 0


def has_lines(output: Path, number: int) -> Callable[[], bool]:
    return lambda: output.exists() and output.read_bytes().count(b"\n") >= number


def content(path: Path) -> object:
    """What is in an output: its bytes, those of its files, or the rows of its table."""
    if path.is_dir():
        return {file.relative_to(path): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    return pq.read_table(path).to_pylist() if path.suffix == ".parquet" else path.read_bytes()


def test_a_run_killed_half_way_through_2000_records_is_completed(archive: Path, tmp_path: Path, extract: Extract) -> None:
    whole, resumed = tmp_path / "whole.jsonl", tmp_path / "resumed.jsonl"
    result = extract(archive, "--id-field", "id", "-o", whole)
    assert result.exit_code == 1
    assert "1,995 documents" in result.stderr
    stop(start(archive, "--id-field", "id", "-o", resumed), signal.SIGKILL, has_lines(resumed, 900))
    lines = resumed.read_bytes().splitlines(keepends=True)
    assert 900 <= len(lines) < 1995
    assert lines == whole.read_bytes().splitlines(keepends=True)[: len(lines)]
    with resumed.open("ab") as stream:  # as a write that the kill has torn
        stream.write(b'{"origin": {"file": "')
    result = extract(archive, "--id-field", "id", "-o", resumed, "--resume")
    assert result.exit_code == 1
    assert "1,995 documents" in result.stderr
    assert "5 bad records" in result.stderr
    assert resumed.read_bytes() == whole.read_bytes()
    ids = [json.loads(line)["origin"]["id"] for line in resumed.read_text(encoding="utf-8").splitlines()]
    assert ids == [number for number in range(2000) if number not in (0, 3, 999, 1300, 1999)]
    assert not resumed.with_name("resumed.jsonl.progress").exists()
    again = extract(archive, "--id-field", "id", "-o", resumed, "--resume")
    assert again.exit_code == 0
    assert again.stderr.endswith("is there and no run that writes it was interrupted: nothing is left to do\n")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "out.brat"])
def test_a_killed_run_is_completed_in_every_format(part: Path, tmp_path: Path, extract: Extract, name: str) -> None:
    whole, resumed = tmp_path / "whole" / name, tmp_path / "resumed" / name
    for output in (whole, resumed):
        output.parent.mkdir()
    extract(part, "-o", whole)
    stop(start(part, "-o", resumed), signal.SIGKILL, has_saved(resumed))
    assert progress_of(resumed)["documents"] < 148
    result = extract(part, "-o", resumed, "--resume")
    assert "148 documents" in result.stderr
    assert "2 bad records" in result.stderr
    assert content(resumed) == content(whole)
    assert [path.name for path in resumed.parent.iterdir()] == [name]


def test_control_c_leaves_whole_records_and_says_how_to_go_on(part: Path, tmp_path: Path, extract: Extract) -> None:
    whole, resumed = tmp_path / "whole.json", tmp_path / "resumed.json"
    extract(part, "-o", whole)
    process = start(part, "-o", resumed)
    err = stop(process, signal.SIGINT, has_saved(resumed)).decode()
    assert process.returncode == 130
    assert "hindi-entities: interrupted; the same command with --resume goes on\n" in err
    assert "Traceback" not in err
    done = progress_of(resumed)
    assert 0 < done["documents"] < 148
    text = resumed.read_text(encoding="utf-8")
    assert len(text.encode()) == done["size"]
    assert len(json.loads(text + "]")) == done["documents"]
    extract(part, "-o", resumed, "--resume")
    assert resumed.read_bytes() == whole.read_bytes()


def interrupt_after(
    records: int, pipeline: Pipeline, extract: Extract, monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> Result:
    """A run in which Ctrl-C is pressed when so many records have been asked for."""
    pipe = pipeline.pipe

    def press(texts: Any, **options: Any) -> Any:
        for number, item in enumerate(pipe(texts, **options)):
            if number == records:
                raise KeyboardInterrupt
            yield item

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "pipe", press)
        return extract(*arguments)


@pytest.mark.parametrize("name", ["out.jsonl", "out.conll", "out.csv", "out.txt"])
def test_a_run_stopped_again_and_again_loses_and_repeats_nothing(
    tmp_path: Path, pipeline: Pipeline, extract: Extract, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("text\nरूस गए\nक,ख\nक,ख\nपुतिन आए\n", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text("भारत में", encoding="utf-8")
    (tmp_path / "in" / "c.txt").write_bytes(b"\xe9")
    (tmp_path / "in" / "d.jsonl").write_text('{"text": "चीन"}\n{}\n{"text": "नेपाल"}\n{}\n', encoding="utf-8")
    whole = extract(tmp_path / "in", "-o", tmp_path / f"whole-{name}")
    output = tmp_path / name
    for _ in range(4):
        extract_one = interrupt_after(1, pipeline, extract, monkeypatch, tmp_path / "in", "-o", output, "--resume")
        assert "--resume goes on" in extract_one.stderr
    last = extract(tmp_path / "in", "-o", output, "--resume")
    assert last.exit_code == whole.exit_code == 1
    assert output.read_bytes() == (tmp_path / f"whole-{name}").read_bytes()
    counts = [result.stderr.splitlines()[-1].split(" in ")[0] for result in (whole, last)]
    assert counts[0] == counts[1]
    assert counts[0].startswith("hindi-entities: 5 documents, ")
    assert counts[0].endswith(" mentions, 5 bad records")


@pytest.fixture
def interrupted(part: Path, tmp_path: Path, pipeline: Pipeline, extract: Extract, monkeypatch: pytest.MonkeyPatch) -> Path:
    output = tmp_path / "out.jsonl"
    interrupt_after(5, pipeline, extract, monkeypatch, part, "-o", output)
    assert progress_of(output)["documents"] == 5
    return output


def test_an_interrupted_run_is_not_started_again_by_mistake(part: Path, interrupted: Path, extract: Extract) -> None:
    before = interrupted.read_bytes()
    result = extract(part, "-o", interrupted)
    assert str(result.exception) == f"a run that writes {interrupted} was interrupted: --resume goes on, --overwrite starts again"
    assert interrupted.read_bytes() == before
    assert "148 documents" in extract(part, "-o", interrupted, "--overwrite").stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--labels", "PERSON"], "the interrupted run had labels unset, not PERSON: resume it with the same options, or start"),
        (["--min-score", "0.5"], "the interrupted run had min_score 0.0, not 0.5"),
        (["-f", "csv"], "the interrupted run had format jsonl, not csv"),
        (["--id-field", "id"], "the interrupted run had id unset, not id"),
        (["more.txt"], "the inputs are not those of the interrupted run, or have changed since: start again with --overwrite"),
    ],
)
def test_a_run_is_resumed_as_it_was_only(
    part: Path, interrupted: Path, extract: Extract, options: list[str], message: str
) -> None:
    before = interrupted.read_bytes()
    result = extract(part, "-o", interrupted, "--resume", *options)
    assert message in str(result.exception)
    assert interrupted.read_bytes() == before


def test_inputs_that_changed_or_outputs_that_shrank_are_not_gone_on_with(part: Path, interrupted: Path, extract: Extract) -> None:
    os.truncate(interrupted, 100)
    assert "has 100 bytes and had" in str(extract(part, "-o", interrupted, "--resume").exception)
    with part.open("a", encoding="utf-8") as stream:
        stream.write('{"text": "रूस"}\n')
    assert "or have changed since" in str(extract(part, "-o", interrupted, "--resume").exception)
    interrupted.with_name("out.jsonl.progress").write_text("{", encoding="utf-8")
    assert "is no journal of a run" in str(extract(part, "-o", interrupted, "--resume").exception)


def test_resuming_what_never_began_begins_it(tmp_path: Path, extract: Extract) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "रूस गए"}\n', encoding="utf-8")
    result = extract(tmp_path / "a.jsonl", "-o", tmp_path / "out.jsonl", "--resume")
    assert (result.exit_code, result.stderr.split(" in ")[0]) == (0, "hindi-entities: 1 document, 1 mention, 0 bad records")


def test_what_went_through_a_pipe_is_not_resumed(tmp_path: Path, extract: Extract) -> None:
    for arguments in (["-", "-o", tmp_path / "out.jsonl"], [tmp_path]):
        assert "--resume needs --output and inputs that are files" in str(extract(*arguments, "--resume").exception)
    assert extract(tmp_path, "--resume", "--overwrite", "-o", tmp_path / "o").exit_code == 2


def test_an_output_is_never_written_over_unasked(tmp_path: Path, extract: Extract) -> None:
    text, output = tmp_path / "a.txt", tmp_path / "out.jsonl"
    text.write_text("रूस गए", encoding="utf-8")
    output.write_text("mine", encoding="utf-8")
    assert str(extract(text, "-o", output).exception) == f"{output} exists: --overwrite replaces it"
    assert output.read_text(encoding="utf-8") == "mine"
    assert extract(text, "-o", output, "--overwrite").exit_code == 0
    assert json.loads(output.read_bytes())["text"] == "रूस गए"
    (tmp_path / "in").mkdir()
    (tmp_path / "link.jsonl").symlink_to(text)
    for other_name in (text, tmp_path / "in" / ".." / "a.txt", tmp_path / "link.jsonl"):
        assert "would take the place of the input" in str(extract(text, "-o", other_name, "--overwrite").exception)
    assert extract(text, "--html", text).exit_code == 2
    assert text.read_text(encoding="utf-8") == "रूस गए"
    (tmp_path / "a").write_bytes(text.read_bytes())
    result = extract(text, tmp_path / "a", "-f", "brat", "-o", tmp_path / "brat")
    assert "would be written to the same place" in str(result.exception)
    assert not (tmp_path / "brat.progress").exists()
    (tmp_path / "brat").mkdir()
    assert extract(text, "-f", "brat", "-o", tmp_path / "brat").exit_code == 0
    assert "is not empty: --overwrite" in str(extract(text, "-f", "brat", "-o", tmp_path / "brat").exception)


def test_a_progress_bar_is_shown_on_a_terminal_only(part: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    process = start(part, "-o", tmp_path / "out.jsonl", stderr=theirs, env=environment)
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # Linux says EIO when the other end is closed
        while chunk := os.read(ours, 4096):
            seen += chunk
    os.close(ours)
    assert process.wait() == 1
    shown = seen.decode()
    assert " documents, " in shown
    assert "/s" in shown
    assert "%" in shown
    assert " left" in shown
    assert "part.jsonl:1: no JSON" in shown
    assert "148 documents" in shown.splitlines()[-1]


def test_a_reader_that_goes_ends_the_run_quietly(archive: Path) -> None:
    process = start(archive / "b.jsonl", "-f", "jsonl", stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["origin"]["line"] == 1
    process.stdout.close()
    _, err = process.communicate()
    assert process.returncode == 0
    assert all("no JSON" in line for line in err.decode().splitlines())
