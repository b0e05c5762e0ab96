"""What `extract` writes, read back by readers that know nothing of it."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hindi_entities import Document, Entity, Label, Mention, ModelInfo, Pipeline, Sentence
from hindi_entities.corpora import read_corpus
from hindi_entities.inputs import find_inputs
from hindi_entities.layouts import OutputFormat, to_brat, to_conll, to_json
from hindi_entities.reading import Origin
from hindi_entities.segmentation import segment
from hindi_entities.writing import OutputError, Writer, format_of, open_writer

TEXTS = (
    "व्लादिमीर पुतिन ने मॉस्को में कहा, \"रूस तैयार है।\"\nअगली पंक्ति: भारत-पाकिस्तान, 'अमेरिका'।",
    "वह आज घर गया।",
    "",
    "दिल्ली पुलिस के श्री राम कुमार जी 5 बजे न्यूयॉर्क गए।\r\nरूसी राष्ट्रपति पुतिन <b>भारत</b> आए।",
)
ORIGINS = tuple(Origin("खबर, नई.csv", line, name) for line, name in ((2, "क"), (4, 7), (5, "x"), (6, None)))


@pytest.fixture(scope="module")
def documents(pipeline: Pipeline) -> list[Document]:
    return list(pipeline.pipe(TEXTS))


def written(format: OutputFormat, path: Path, documents: list[Document]) -> Path:
    fill(open_writer(format, path, find_inputs([ORIGINS[0].file]), alone=False), documents)
    return path


def fill(writer: Writer, documents: list[Document]) -> None:
    for document, origin in zip(documents, ORIGINS, strict=True):
        writer.write(document, origin)
    writer.finish()
    writer.close()


def test_json_lines(tmp_path: Path, documents: list[Document]) -> None:
    lines = written(OutputFormat.jsonl, tmp_path / "a.jsonl", documents).read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    for line, document, origin in zip(map(json.loads, lines), documents, ORIGINS, strict=True):
        assert line.pop("origin") == {"file": origin.file, "line": origin.line, "id": origin.id}
        assert Document.model_validate(line) == document


def test_json(tmp_path: Path, documents: list[Document]) -> None:
    path = written(OutputFormat.json, tmp_path / "a.json", documents)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [row.pop("origin")["line"] for row in rows] == [2, 4, 5, 6]
    assert [Document.model_validate(row) for row in rows] == documents
    assert path.read_text(encoding="utf-8").startswith('[\n{\n "origin": {"file": "खबर, नई.csv", "line": 2, "id": "क"},\n "text"')


def test_csv(tmp_path: Path, documents: list[Document]) -> None:
    with written(OutputFormat.csv, tmp_path / "a.csv", documents).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [
        (row["file"], row["line"], row["id"], row["text"], row["start"], row["country"], row["entity"], row["honorific"])
        for row in rows
    ] == [
        (
            *(origin.file, str(origin.line), "" if origin.id is None else str(origin.id), record["text"], str(record["start"])),
            *(record["country"] or "", record["entity"], record["honorific"] or ""),
        )
        for document, origin in zip(documents, ORIGINS, strict=True)
        for record in document.to_records()
    ]


def test_parquet(tmp_path: Path, documents: list[Document]) -> None:
    path = written(OutputFormat.parquet, tmp_path / "a.parquet", documents)
    rows = pq.read_table(path).to_pylist()
    assert [(row["file"], row["line"], row["id"]) for row in rows] == [
        (origin.file, origin.line, None if origin.id is None else str(origin.id)) for origin in ORIGINS
    ]
    assert [row["text"] for row in rows] == list(TEXTS)
    assert [row["mentions"] for row in rows] == [document.to_records() for document in documents]
    assert [[entity["name"] for entity in row["entities"]] for row in rows] == [
        [entity.name for entity in document.entities] for document in documents
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


def test_conll(tmp_path: Path, documents: list[Document]) -> None:
    path = written(OutputFormat.conll, tmp_path / "a.conll", documents)
    assert path.read_text(encoding="utf-8").startswith(
        "-DOCSTART-\tखबर, नई.csv:2\tO\n\nव्लादिमीर\tB-PERSON\nपुतिन\tI-PERSON\nने\tO\n"
    )
    examples = read_corpus(path)
    assert [example.text for example in examples] == [
        " ".join(token.text for token in sentence.tokens) for text in TEXTS for sentence in segment(text)
    ]
    found = [(example.text[span.start : span.end].replace(" ", ""), span.label) for example in examples for span in example.spans]
    assert found == [(m.text.replace(" ", ""), m.label) for document in documents for m in document.mentions]
    alone = to_conll(documents[1])
    assert alone == "वह\tO\nआज\tB-TIME\nघर\tO\nगया\tO\n।\tO\n\n"


def test_html(tmp_path: Path, documents: list[Document]) -> None:
    folder = written(OutputFormat.html, tmp_path / "pages", documents)
    pages = sorted(path for path in folder.rglob("*") if path.is_file())
    assert [path.relative_to(folder).as_posix() for path in pages] == [f"खबर, नई.csv/{n:06}.html" for n in (2, 4, 5, 6)]

    class Marks(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.found = False, list[str]()

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.inside = tag == "mark"

        def handle_endtag(self, tag: str) -> None:
            self.inside = False

        def handle_data(self, data: str) -> None:
            if self.inside:
                self.found.append(data)

    for page, document in zip(pages, documents, strict=True):
        marks = Marks()
        marks.feed(page.read_text(encoding="utf-8"))
        assert marks.found == [mention.text for mention in document.mentions]


def test_brat(tmp_path: Path, documents: list[Document]) -> None:
    folder = written(OutputFormat.brat, tmp_path / "brat", documents)
    configuration = (folder / "annotation.conf").read_text(encoding="utf-8")
    for document, origin in zip(documents, ORIGINS, strict=True):
        place = folder / "खबर, नई.csv" / f"{origin.line:06}"
        text = Path(f"{place}.txt").read_bytes().decode("utf-8")
        assert text == document.text
        found = []
        for line in Path(f"{place}.ann").read_text(encoding="utf-8").splitlines():
            if line.startswith("T"):
                _, place_of_it, covered = line.split("\t")
                label, start, end = place_of_it.split()
                assert text[int(start) : int(end)] == covered
                assert label in configuration.split("\n")
                found.append((int(start), label))
        assert found == [(mention.start, mention.label) for mention in document.mentions]


def test_a_mention_over_a_line_end_has_two_parts_in_brat() -> None:
    text = "श्री राम\r\nकुमार आए"
    mention = Mention(text=text[5:15], label=Label.PERSON, start=5, end=15, sentence=0, score=0.5, honorific="श्री")
    document = Document(
        text=text,
        sentences=(Sentence(start=0, end=len(text)),),
        mentions=(mention,),
        entities=(Entity(id=0, name="राम कुमार", label=Label.PERSON, mentions=(mention,)),),
        model=ModelInfo(name="m", version="1", sha256="0" * 64),
    )
    assert to_brat(document) == "T1\tPERSON 5 8;10 15\tराम कुमार\n#1\tAnnotatorNotes T1\tscore 0.5, entity 0: राम कुमार\n"
    assert "राम\tB-PERSON\nकुमार\tI-PERSON\n" in to_conll(document).replace("\n\n", "\n")


def test_the_table_has_a_title_a_text(tmp_path: Path, documents: list[Document]) -> None:
    table = written(OutputFormat.table, tmp_path / "a.txt", documents).read_text(encoding="utf-8")
    assert [line.strip() for line in table.split("\n") if "खबर" in line] == [f"खबर, नई.csv:{n}" for n in (2, 4, 5, 6)]
    assert "व्लादिमीर पुतिन" in table


@pytest.mark.parametrize(
    "format", [OutputFormat.json, OutputFormat.jsonl, OutputFormat.csv, OutputFormat.conll, OutputFormat.table]
)
def test_a_writer_goes_on_where_one_stopped(tmp_path: Path, documents: list[Document], format: OutputFormat) -> None:
    whole = written(format, tmp_path / "whole", documents).read_bytes()
    path = tmp_path / "parts"
    size: int | None = None
    for done in range(len(documents) + 1):
        writer = open_writer(format, path, [], False, size, done)
        size = writer.size
        if done < len(documents):
            writer.write(documents[done], ORIGINS[done])
            size = writer.size
            writer.write(documents[0], ORIGINS[0])  # what the next one takes back
        else:
            writer.finish()
        writer.close()
    assert path.read_bytes() == whole
    path.write_bytes(b"")
    with pytest.raises(
        OutputError, match=r"parts has 0 bytes and had .* when the run was interrupted: start again with --overwrite"
    ):
        open_writer(format, path, [], False, size, len(documents))


def test_text_files_keep_their_places_in_a_folder(tmp_path: Path, documents: list[Document]) -> None:
    for name in ("in/a.txt", "in/b/a.txt", "in/b/c.txt.gz", "in/b/d"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    inputs = find_inputs([str(tmp_path / "in"), str(tmp_path / "in" / "b" / "d"), "-"])
    writer = open_writer(OutputFormat.brat, tmp_path / "out", inputs, alone=False)
    for source in inputs:
        writer.write(documents[1], Origin(source.name))
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.ann"))
    assert made == ["a.ann", "b/a.ann", "b/c.txt.gz.ann", "b/d.ann", "stdin.ann"]
    twice = find_inputs([str(tmp_path / "in" / "b" / "d"), str(tmp_path / "in" / "b" / "d.txt")])
    with pytest.raises(OutputError, match=r"d and .*d.txt would be written to the same place"):
        open_writer(OutputFormat.html, tmp_path / "pages", twice, alone=False)


def test_names_of_files_that_are_no_utf8(documents: list[Document]) -> None:
    name = b"\xe9.jsonl".decode("utf-8", "surrogateescape")
    line = to_json(documents[0], Origin(name, 1)).encode("utf-8", "backslashreplace")
    assert json.loads(line)["origin"]["file"] == name


def test_the_suffix_says_the_format() -> None:
    for name, expected in (
        *(("a.JSONL", "jsonl"), ("a.ndjson", "jsonl"), ("a.csv", "csv"), ("a.parquet", "parquet"), ("a.conll", "conll")),
        *(("a.htm", "html"), ("a.json", "json"), ("a.txt", "table"), ("a", "table"), ("a.brat", "brat")),
    ):
        assert format_of(Path(name)) == expected


def test_some_formats_need_a_place() -> None:
    for kind, place in ((OutputFormat.parquet, "a file"), (OutputFormat.brat, "a folder"), (OutputFormat.html, "a folder")):
        with pytest.raises(OutputError, match=f"{kind.value} of these inputs is written to {place}: name it with --output"):
            open_writer(kind, None, [], alone=False)
