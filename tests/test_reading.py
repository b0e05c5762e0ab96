"""Inputs of the command line: which files, which records in them, and what is said of those that cannot be read."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hindi_entities.inputs import Input, InputFormat, find_inputs
from hindi_entities.reading import BadRecord, Fields, Origin, Position, Record, read


def names(*arguments: str | Path, output: Path | None = None) -> list[str]:
    return [source.name for source in find_inputs([str(argument) for argument in arguments], output=output)]


def records(path: Path, fields: Fields = Fields(), start: Position = Position()) -> list[Record | str]:  # noqa: B008
    """The records of a file, and for a bad one what is said of it, without the folder."""
    items = [item for _, _, item in read(find_inputs([str(path)]), fields, start)]
    return [item.message.replace(f"{path.parent}/", "") if isinstance(item, BadRecord) else item for item in items]


def texts(path: Path, fields: Fields = Fields()) -> list[str]:  # noqa: B008
    return [item if isinstance(item, str) else item.text for item in records(path, fields)]


def write(path: Path, *lines: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return path


def test_a_folder_is_read_in_order_and_without_what_is_no_text(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl.gz", "a/2.csv", "a/10.TSV", "c.json", "c.png", ".hidden/x.txt", ".y.txt", "z.parquet"):
        write(tmp_path / name)
    found = [str(Path(name).relative_to(tmp_path)) for name in names(tmp_path)]
    assert found == ["a.jsonl.gz", "b.txt", "z.parquet", "a/10.TSV", "a/2.csv"]
    formats = [source.format.value for source in find_inputs([str(tmp_path)])]
    assert formats == ["jsonl", "text", "parquet", "tsv", "csv"]


def test_the_output_is_no_input(tmp_path: Path) -> None:
    for name in ("a.txt", "out.jsonl", "out.jsonl.progress", "out.parquet.partial.parquet", "out.jsonl.txt"):
        write(tmp_path / name)
    assert names(tmp_path, output=tmp_path / "out.jsonl") == [
        *(str(tmp_path / name) for name in ("a.txt", "out.jsonl.txt", "out.parquet.partial.parquet"))
    ]
    assert names(tmp_path / "*.jsonl*", output=tmp_path / "out.jsonl") == [str(tmp_path / "out.jsonl.txt")]
    assert names(tmp_path / "out.parquet*", output=tmp_path / "out.parquet") == [str(tmp_path / "out.parquet*")]


def test_globs_are_sorted_and_go_into_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/2.txt", "b/1.txt", "a/c/3.txt", "[x].txt"):
        write(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert names("b/*.txt", "**/3.txt", "[x].txt") == ["b/1.txt", "b/2.txt", "a/c/3.txt", "[x].txt"]
    assert names("n*.txt") == ["n*.txt"]
    assert names() == names("-") == ["standard input"]


def test_what_is_not_there_is_said_when_its_turn_comes(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "पुतिन")
    (tmp_path / "empty").mkdir()
    inputs = find_inputs([str(tmp_path / name) for name in ("none.txt", "n*.jsonl", "a.txt", "empty")])
    items = [item for _, _, item in read(inputs, Fields())]
    assert [getattr(item, "message", getattr(item, "text", "")).replace(f"{tmp_path}/", "") for item in items] == [
        "none.txt: No such file or directory",
        "n*.jsonl: No such file or directory",
        "पुतिन",
        "empty is a folder without a file that can be read by its suffix: .txt, .jsonl, .ndjson, .csv, .tsv, .parquet",
    ]


def test_a_text_file_is_one_text_and_a_byte_order_mark_no_part_of_it(tmp_path: Path) -> None:
    assert texts(write(tmp_path / "a.txt", "\ufeffपुतिन\r\nरूस\n")) == ["पुतिन\r\nरूस\n"]
    assert texts(write(tmp_path / "b.txt", " \n")) == ["b.txt is empty"]
    assert texts(write(tmp_path / "c.txt", b"h\xe9")) == ["c.txt is not UTF-8: byte 0xe9 at offset 1; convert it first"]


def test_json_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        '\ufeff{"text": "पुतिन", "n": 7}\n',
        "\n",
        '{"text": null, "n": 1}\n{"n": 2}\n{"text": 5, "n": 1}\n["text"]\n{"text": \n',
        b'{"text": "h\xe9", "n": 1}\n',
        '{"text": "\\ud800", "n": 1}\n{"text": "क", "n": null}\n',
        '{"text": "", "n": "x"}\r\n{"text": "रूस", "n": "अ"}',
    )
    assert records(path, Fields(id="n")) == [
        Record("पुतिन", Origin(str(path), 1, 7), 39),
        "a.jsonl:3: the text is null",
        "a.jsonl:4: there is no field 'text', of 'n'",
        "a.jsonl:5: a text is a string, not int: 5",
        "a.jsonl:6: a record is a JSON object, not list",
        "a.jsonl:7: no JSON: Expecting value at character 10",
        "a.jsonl:8: not UTF-8: byte 0xe9 at offset 11",
        "a.jsonl:9: a lone surrogate, U+D800, stands at 0: it is no character",
        "a.jsonl:10: an id is a string or a whole number, not None",
        Record("", Origin(str(path), 11, "x"), path.stat().st_size - len('{"text": "रूस", "n": "अ"}'.encode())),
        Record("रूस", Origin(str(path), 12, "अ"), path.stat().st_size),
    ]
    (deep,) = records(write(tmp_path / "deep.jsonl", "[" * 100_000))
    assert isinstance(deep, str)
    assert "deep.jsonl:1: maximum recursion depth exceeded" in deep


def test_csv(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        '\ufeffid,text,note\r\n1,"पुतिन\r\nरूस, ""मॉस्को""",x\r\n\r\n2,भारत,y,z\r\n3\r\n',
        b"4,h\xe9,x\r\n5,\xe0\xa4\xad,\xe9\r\n",
        '6,"क" ख,x\r\n7,5,x\r\n8,"कभी बंद नहीं,x\r\n9,क,x\r\n',
    )
    found = records(path, Fields(id="id"))
    assert [item if isinstance(item, str) else (item.text, *item.origin[1:]) for item in found] == [
        ('पुतिन\r\nरूस, "मॉस्को"', 2, "1"),
        "a.csv:5: 4 fields, and the header has 3",
        "a.csv:6: 1 fields, and the header has 3",
        "a.csv:7: not UTF-8: byte 0xe9 at offset 1",
        ("भ", 8, "5"),
        "a.csv:9: ',' expected after '\"'",
        ("5", 10, "7"),
        "a.csv:11: unexpected end of data",
    ]
    assert texts(write(tmp_path / "b.tsv", "a\ttext\n1\tरूस, भारत\n")) == ["रूस, भारत"]
    assert texts(write(tmp_path / "c.csv", "id,body\n1,क\n2,ख\n")) == ["c.csv:1: there is no column 'text', of 'id', 'body'"]
    assert texts(tmp_path / "c.csv", Fields("body")) == ["क", "ख"]
    assert texts(write(tmp_path / "d.csv", "text\n" + "क" * 200_000)) == ["क" * 200_000]
    assert texts(write(tmp_path / "e.csv")) == []


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = {"text": ["पुतिन", None, "रूस"], "n": [1, 2, None], "day": [1, 2, 3]}
    pq.write_table(pa.table(table), path, row_group_size=2)
    found = records(path, Fields(id="n"))
    assert found == [
        Record("पुतिन", Origin(str(path), 1, 1), path.stat().st_size // 3),
        "a.parquet:2: the text is null",
        "a.parquet:3: an id is a string or a whole number, not None",
    ]
    assert texts(path, Fields("day")) == [f"a.parquet:{n}: a text is a string, not int: {n}" for n in (1, 2, 3)]
    assert texts(path, Fields("body")) == ["a.parquet: there is no column 'body', of 'text', 'n', 'day'"]
    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\1\0\0\0\4\0\0\0"), pa.py_buffer(b"\xe9\xe0\xa4\x95"))
    pq.write_table(pa.table({"text": broken}), path)
    assert texts(path) == ["a.parquet:1: not UTF-8: byte 0xe9 at offset 0", "क"]
    (message,) = texts(write(path, b"no Parquet at all"))
    assert "a.parquet: Parquet magic bytes not found" in message


def test_text_formats_may_be_compressed(tmp_path: Path) -> None:
    line = '{"text": "रूस"}\n'.encode()
    for suffix, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)):
        assert texts(write(tmp_path / f"a.jsonl.{suffix}", pack(line))) == ["रूस"]
        assert texts(write(tmp_path / f"a.csv.{suffix}", pack("text\nरूस".encode()))) == ["रूस"]
        assert texts(write(tmp_path / f"a.txt.{suffix}", pack("रूस".encode()))) == ["रूस"]
        *good, bad = texts(write(tmp_path / f"b.jsonl.{suffix}", pack(line * 5)[:-6]))
        assert set(good) <= {"रूस"}
        assert bad == f"b.jsonl.{suffix}: cannot be read on: Compressed file ended before the end-of-stream marker was reached"
        (bad,) = texts(write(tmp_path / f"c.jsonl.{suffix}", b"no archive"))
        assert bad.startswith(f"c.jsonl.{suffix}: cannot be read on: ")


def test_a_later_run_goes_on_at_any_position(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"text": "क"}\nbad\n{"text": "ख"}\n')
    write(tmp_path / "b.txt", "ग")
    write(tmp_path / "c.csv", "text\n\nघ\nङ,\n")
    pq.write_table(pa.table({"text": ["च", None]}), tmp_path / "d.parquet")
    inputs = find_inputs([str(tmp_path)])
    whole = list(read(inputs, Fields()))
    assert len(whole) == 8
    for done, (position, _, _) in enumerate(whole, 1):
        assert list(read(inputs, Fields(), position)) == whole[done:]
    sizes = [bytes_read for _, bytes_read, _ in whole]
    assert sizes == sorted(sizes)
    assert sizes[-1] == sum(path.stat().st_size for path in tmp_path.iterdir())


@pytest.mark.parametrize("name", ["pipe.jsonl", "pipe.csv"])
def test_records_come_before_the_input_ends(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    first_is_read = threading.Event()
    lines = ["text\n", "रूस\n", "भारत\n"] if name.endswith("csv") else ['{"text": "रूस"}\n', '{"text": "भारत"}\n']

    def feed() -> None:
        with pipe.open("w", encoding="utf-8") as stream:
            stream.write("".join(lines[:-1]))
            stream.flush()
            assert first_is_read.wait(20)
            stream.write(lines[-1])

    feeder = threading.Thread(target=feed)
    feeder.start()
    items = read(find_inputs([str(pipe)]), Fields())
    assert getattr(next(items)[2], "text", None) == "रूस"
    first_is_read.set()
    assert [getattr(item, "text", None) for _, _, item in items] == ["भारत"]
    feeder.join()


def test_standard_input_has_any_format_but_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_stdin(format: InputFormat, data: bytes) -> Sequence[object]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
        return [item for _, _, item in read([Input(None, format)], Fields())]

    row = json.dumps({"text": "रूस"}).encode()
    assert read_stdin(InputFormat.jsonl, row) == [Record("रूस", Origin("standard input", 1), 0)]
    assert read_stdin(InputFormat.csv, "text\nरूस".encode()) == [Record("रूस", Origin("standard input", 2), 0)]
    assert read_stdin(InputFormat.text, "रूस".encode()) == [Record("रूस", Origin("standard input"), 0)]
    end, other = os.pipe()
    os.close(other)
    with os.fdopen(end, "rb") as closed:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(closed))
        (bad,) = (item for _, _, item in read([Input(None, InputFormat.parquet)], Fields()))
    assert isinstance(bad, BadRecord)
    assert bad.message == "standard input: Parquet is read from a file only: its index stands at the end"
