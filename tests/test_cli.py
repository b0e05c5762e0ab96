"""The command line, run as a user runs it: arguments in, standard output and error and exit code out."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import regex

from hindi_entities import Document, Pipeline, cli
from hindi_entities.cli import run
from tests.conftest import SEED

LOAD = cli._load


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture(scope="module")
def load() -> Callable[[Mapping[str, Any]], Pipeline]:
    """The command's pipelines, each loaded once."""
    loaded: dict[str, Pipeline] = {}

    def load(options: Mapping[str, Any]) -> Pipeline:
        if str(options) not in loaded:
            loaded[str(options)] = LOAD(options)
        return loaded[str(options)]

    return load


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], load: Callable[[Mapping[str, Any]], Pipeline]
) -> Command:
    monkeypatch.setattr(cli, "_load", load)

    def call(*arguments: str | Path, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["hindi-entities", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as exit_:
            run()
        captured = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Outcome(exit_.value.code, captured.out, captured.err)

    return call


def test_json_of_one_file_is_a_document(command: Command, pipeline: Pipeline, seed: str) -> None:
    code, out, err = command("extract", SEED, "--format", "json")
    assert (code, err) == (0, "")
    assert Document.model_validate_json(out) == pipeline(seed)


def test_json_of_several_files_is_an_array(command: Command, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"पुतिन {name}", encoding="utf-8")
    code, out, _ = command("extract", tmp_path / "a", tmp_path / "b", "-f", "json")
    assert (code, [doc["text"] for doc in json.loads(out)]) == (0, ["पुतिन a", "पुतिन b"])


def test_jsonl_is_a_document_a_line(command: Command) -> None:
    code, out, _ = command("extract", "--format", "jsonl", stdin="पुतिन\nरूस में".encode())
    assert code == 0
    assert Document.model_validate_json(out.removesuffix("\n")).text == "पुतिन\nरूस में"


def test_records_say_where_they_come_from(command: Command, tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"no": 7, "body": "पुतिन आए"}\n{"no": 8}\n{"no": 9, "body": "रूस में"}\n', encoding="utf-8")
    code, out, err = command("extract", path, "--text-field", "body", "--id-field", "no", "-f", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    origins = [{"file": str(path), "line": 1, "id": 7}, {"file": str(path), "line": 3, "id": 9}]
    assert [row.pop("origin") for row in rows] == origins
    assert [Document.model_validate(row) for row in rows] == [pipeline("पुतिन आए"), pipeline("रूस में")]
    assert code == 1
    bad, summary = err.splitlines()
    assert bad == f"hindi-entities: {path}:2: there is no field 'body', of 'no'"
    assert regex.fullmatch(r"hindi-entities: 2 documents, 2 mentions, 1 bad record in [\d.,]+ s \([\d.,]+ documents/s\)", summary)


def test_standard_input_may_hold_records(command: Command) -> None:
    code, out, _ = command("extract", "-", "--input-format", "csv", "-f", "csv", stdin="text,x\nपुतिन,1\n".encode())
    assert code == 0
    assert [(row["file"], row["line"], row["text"]) for row in csv.DictReader(io.StringIO(out))] == [
        ("standard input", "2", "पुतिन")
    ]


def test_several_processes_give_the_same_in_order(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "पुतिन {n} बार रूस में"}}\n' for n in range(9)), encoding="utf-8")
    alone = command("extract", path, "-f", "jsonl", "--batch-size", 2)
    assert [json.loads(line)["origin"]["line"] for line in alone.out.splitlines()] == list(range(1, 10))
    assert command("extract", path, "-f", "jsonl", "--batch-size", 2, "--jobs", 2).out == alone.out


def test_the_format_follows_from_the_output(command: Command, tmp_path: Path, pipeline: Pipeline, seed: str) -> None:
    for name in ("a.json", "a.csv", "a.html", "a.conll", "a.parquet"):
        assert command("extract", SEED, "-o", tmp_path / name) == (0, "", "")
    assert Document.model_validate_json((tmp_path / "a.json").read_bytes()) == pipeline(seed)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("file,line,id,text,label,")
    assert "</html>" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "व्लादिमीर\tB-PERSON\nपुतिन\tI-PERSON\n" in (tmp_path / "a.conll").read_text(encoding="utf-8")
    assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"


def test_an_archive_without_records_gives_an_empty_output(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n")
    code, out, err = command("extract", tmp_path / "a.jsonl", "-f", "json")
    assert (code, json.loads(out), err) == (
        0,
        [],
        "hindi-entities: 0 documents, 0 mentions, 0 bad records in 0.0 s (0.0 documents/s)\n",
    )


def test_where_all_is_bad_nothing_is_written(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"bad\n")
    code, out, err = command("extract", tmp_path / "a.jsonl", "-o", tmp_path / "out.csv")
    assert (code, out) == (1, "")
    assert err.endswith("hindi-entities: 0 documents, 0 mentions, 1 bad record in 0.0 s (0.0 documents/s)\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_csv_is_a_mention_a_line(command: Command, pipeline: Pipeline, seed: str) -> None:
    code, out, _ = command("extract", SEED, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    mentions = pipeline(seed).mentions
    assert code == 0
    assert [(row["text"], int(row["start"]), row["label"]) for row in rows] == [(m.text, m.start, m.label) for m in mentions]
    assert {row["file"] for row in rows} == {str(SEED)}


def test_the_table_shows_entities_with_counts(command: Command) -> None:
    code, out, _ = command("extract", SEED)
    assert code == 0
    assert all(word in out for word in ("people", "countries", "organizations", "places", "व्लादिमीर पुतिन", "RU"))


def test_labels_and_html(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("extract", SEED, "--labels", "PERSON, COUNTRY", "-f", "json", "--html", tmp_path / "a.html")
    assert code == 0
    assert {mention["label"] for mention in json.loads(out)["mentions"]} == {"PERSON", "COUNTRY"}
    assert "</html>" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "{tmp}/none.txt"], "{tmp}/none.txt: No such file or directory"),
        (["extract", "{tmp}/good.txt", "--resume"], "--resume needs --output and inputs that are files"),
        (["extract", "{tmp}/good.txt", "-o", "{tmp}/no/a.csv"], "{tmp}/no is no folder, and the output is to stand there"),
        (["extract", "{tmp}/good.txt", "-f", "brat"], "brat of these inputs is written to a folder: name it with --output"),
        (["extract", "{tmp}/latin.txt"], "{tmp}/latin.txt is not UTF-8: byte 0xe9 at offset 1; convert it first"),
        (["extract", "{tmp}/empty.txt"], "{tmp}/empty.txt is empty"),
        (
            ["extract", "{tmp}/good.txt", "--format", "xml"],
            "'xml' is not one of 'table', 'json', 'jsonl', 'csv', 'parquet', 'conll'",
        ),
        (["extract", "{tmp}/good.txt", "--labels", "GOD"], "unknown label 'GOD'; the labels are PERSON, COUNTRY"),
        (["extract", "{tmp}/good.txt", "--model", "{tmp}"], "{tmp} holds no model: No such file or directory: {tmp}/model.json"),
        (["extract", "{tmp}/good.txt", "{tmp}/good.txt", "--html", "{tmp}/a.html"], "--html takes one input, not several"),
        (["evaluate", "{tmp}/none.conll"], "{tmp}/none.conll: No such file or directory"),
        (["evaluate", "{tmp}"], "{tmp} is a directory, not a file"),
        (["evaluate", "{tmp}/good.txt", "--tagset", "x"], "unknown tag set 'x'; the model has unified, ilner, hiner"),
        (["evaluate", "{tmp}/empty.txt"], "{tmp}/empty.txt holds no sentence"),
        (["unknown"], "No such command 'unknown'"),
    ],
)
def test_bad_input_is_one_clear_line(command: Command, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "latin.txt").write_bytes(b"h\xe9")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "good.txt").write_text("पुतिन रूस में", encoding="utf-8")
    code, out, err = command(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert code > 0
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("hindi-entities: ")
    assert message.format(tmp=tmp_path) in err


def test_a_bad_file_loses_none_of_the_others(command: Command, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("पुतिन", encoding="utf-8")
    code, out, err = command("extract", tmp_path / "none.txt", tmp_path / "good.txt", "-f", "jsonl")
    assert code == 1
    assert "none.txt: No such file" in err
    assert "1 document, 1 mention, 1 bad record in" in err
    assert json.loads(out.removesuffix("\n").strip("[]"))["text"] == "पुतिन"


def test_file_names_are_no_markup(command: Command, tmp_path: Path) -> None:
    for name in ("a[bold]b.txt", "c[:x].txt"):
        (tmp_path / name).write_text("पुतिन [/y] रूस में", encoding="utf-8")
    code, out, _ = command("extract", *sorted(tmp_path.iterdir()))
    assert code == 0
    assert "a[bold]b.txt" in out.replace("\n", "")


def test_without_a_command_the_help_is_shown(command: Command) -> None:
    code, out, err = command()
    assert code == 2
    assert "extract" in out + err


def test_empty_standard_input_is_an_error(command: Command) -> None:
    assert command("extract")[::2] == (1, "hindi-entities: standard input is empty\n")


def test_evaluate_prints_scores(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("[रूस](LOCATION) में [व्लादिमीर पुतिन](PERSON) ने कहा।\n", encoding="utf-8")
    code, out, _ = command("evaluate", path, "--format", "json")
    result = json.loads(out)
    assert code == 0
    assert set(result) == {
        *("micro", "interval", "labels", "overlap", "borders", "confusion", "calibration", "sentences"),
    }
    assert set(result["micro"]) == {"precision", "recall", "f1", "support"}
    assert result["micro"]["f1"] == 100
    assert result["confusion"] == {"LOCATION": {"LOCATION": 1}, "PERSON": {"PERSON": 1}}
    code, out, _ = command("evaluate", path)
    assert code == 0
    for heading in ("PERSON", "micro", "95 % interval", "calibration error", "annotated (rows)"):
        assert heading in out


def test_evaluate_prints_mistakes_in_their_sentences(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("[पुतिन](LOCATION) ने [रूस](LOCATION) में कहा।\nवह [पेड़](PERSON) गिर गया।\n", encoding="utf-8")
    code, out, _ = command("evaluate", path, "--errors", 5)
    assert code == 0
    assert "found PERSON, annotated पुतिन LOCATION" in out
    assert "[पुतिन] ने रूस में कहा।" in out
    assert "missed PERSON" in out
    code, out, _ = command("evaluate", path, "--errors", 1, "--format", "json")
    [error] = json.loads(out)["errors"]
    assert error["found"] == {"text": "पुतिन", "label": "PERSON"}
    assert error["annotated"] == [{"text": "पुतिन", "label": "LOCATION"}]


def test_mentions_with_a_low_score_can_be_left_out(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("व्लादिमीर पुतिन ने कहा कि रूस तैयार है।", encoding="utf-8")
    assert "पुतिन" in command("extract", path, "--min-score", 0.5)[1]
    assert "पुतिन" not in command("extract", path, "--min-score", 1)[1]
    assert command("extract", path, "--min-score", 2)[::2] == (
        1,
        "hindi-entities: min_score is a probability from 0 to 1, not 2.0\n",
    )


def test_train_makes_a_model_of_annotated_files(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("[रूस](COUNTRY) में [पुतिन](PERSON) ने कहा।\nवह आज घर गया।\n" * 20, encoding="utf-8")
    options = ("--encoder", "none", "--epochs", 30, "--rate", 3e-3)
    code, out, err = command("train", "--train", path, "--dev", f"{path}:unified", *options, "--out", tmp_path / "run")
    assert code == 0, err
    assert out.strip() == str(tmp_path / "run" / "model")
    assert json.loads((tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1])["dev"]["dev1"]["micro"] > 90
    (tmp_path / "plain.txt").write_text("रूस में पुतिन ने कहा।", encoding="utf-8")
    code, out, _ = command("extract", tmp_path / "plain.txt", "--model", tmp_path / "run" / "model", "-f", "csv")
    assert [row.split(",")[3:5] for row in out.splitlines()[1:]] == [["रूस", "COUNTRY"], ["पुतिन", "PERSON"]]


def test_train_needs_a_recipe_or_corpora(command: Command, tmp_path: Path) -> None:
    code, _, err = command("train", "--out", tmp_path / "run")
    assert code == 2
    assert "give --config with a recipe, or --train with a corpus" in err
