"""Training on a few sentences, with an encoder of two tiny layers: it learns, and it resumes where it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from transformers import BertConfig, BertModel

from hindi_entities import Pipeline
from hindi_entities.tagger import DEFAULT
from hindi_entities.training import train as train_module
from hindi_entities.training.encoder import choose_pieces, copy_encoder
from hindi_entities.training.package import make_model
from hindi_entities.training.recipe import Recipe, read_recipe
from hindi_entities.training.train import cut_batches, train

LINES = ["[रूस](LOCATION) में [पुतिन](PERSON) ने कहा।", "[चीन](LOCATION) में [शी](PERSON) ने सुना।", "वह आज घर गया।"]


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A recipe over a folder `data` with one corpus, and a random encoder with the shipped tokenizer."""
    encoder = tmp_path / "encoder"
    torch.manual_seed(1)
    config = BertConfig.from_pretrained(DEFAULT / "encoder").to_dict() | {
        "num_hidden_layers": 2,
        "hidden_size": 48,
        "intermediate_size": 96,
    }
    BertModel(BertConfig(**config)).save_pretrained(encoder)
    (encoder / "tokenizer.json").write_bytes((DEFAULT / "encoder" / "tokenizer.json").read_bytes())
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.txt").write_text("\n".join(LINES * 8), encoding="utf-8")
    corpus = {"name": "a", "file": "a.txt", "column": "unified"}
    stage = {"epochs": 12, "repeat": {"a": 1}, "rate": 3e-3, "head_rate": 1e-2, "warmup": 2}
    return Recipe.model_validate(
        {
            "encoder": encoder,
            "columns": ["unified"],
            "corpus": [corpus],
            "dev": [corpus],
            "stage": [stage],
            "hidden": 24,
            "layers": 2,
        }
        | {"dropout": 0.0, "pieces": 60}
    )


def test_a_model_is_trained_packaged_and_used(recipe: Recipe, tmp_path: Path) -> None:
    checkpoint = train(recipe, tmp_path / "data", tmp_path / "out")
    folder = make_model(checkpoint, recipe.encoder, tmp_path / "model", name="tiny", version="0")
    doc = Pipeline(folder)("रूस में पुतिन ने कहा।")
    assert [(m.text, m.label) for m in doc.mentions] == [("रूस", "COUNTRY"), ("पुतिन", "PERSON")]
    assert doc.model.name == "tiny"
    assert '"micro": 100.0' in (tmp_path / "out" / "log.jsonl").read_text().splitlines()[-1]


def test_a_killed_training_goes_on_where_it_was(recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = torch.load(train(recipe, tmp_path / "data", tmp_path / "one"), weights_only=True)["model"]
    monkeypatch.setattr(train_module, "CHECKPOINT_SECONDS", 0.0)
    step, done = train_module._step, list[int]()

    def killed(*arguments: object) -> float:
        if len(done) == 17:
            raise KeyboardInterrupt
        done.append(1)
        return step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(train_module, "_step", killed)
    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path / "data", tmp_path / "two")
    monkeypatch.setattr(train_module, "_step", step)
    resumed = torch.load(train(recipe, tmp_path / "data", tmp_path / "two"), weights_only=True)["model"]
    assert not (tmp_path / "two" / "progress.pt").exists()
    for name, value in straight.items():
        torch.testing.assert_close(resumed[name], value)


def test_progress_of_another_training_is_refused(recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(train_module, "save_checkpoint", lambda *_: None)
    train(recipe, tmp_path / "data", tmp_path / "out")
    shorter = recipe.model_copy(update={"seed": 5})
    torch.save({"identity": "another"}, tmp_path / "out" / "progress.pt")
    with pytest.raises(ValueError, match="another recipe or other corpora"):
        train(shorter, tmp_path / "data", tmp_path / "out")
    (tmp_path / "out" / "tagger.pt").touch()
    with pytest.raises(ValueError, match="finished training"):
        train(recipe, tmp_path / "data", tmp_path / "out")


def test_batches_keep_to_the_budget(recipe: Recipe, tmp_path: Path) -> None:
    from hindi_entities.network import Encoded

    rows = [train_module.Row(Encoded([0] * length, [1]), [4], 0) for length in sorted([3, 9, 4, 30, 7, 7, 200])]
    batches = cut_batches(rows, 30)
    assert [row for batch in batches for row in batch] == rows
    assert all(len(batch) * max(len(row.pieces.ids) for row in batch) <= 30 or len(batch) == 1 for batch in batches)


def test_any_encoder_of_transformers_is_taken(recipe: Recipe, tmp_path: Path) -> None:
    source = tmp_path / "source"
    BertModel.from_pretrained(recipe.encoder).save_pretrained(source)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        path = DEFAULT / "encoder" / name
        if path.exists():
            (source / name).write_bytes(path.read_bytes())
    (source / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}')
    assert copy_encoder(str(source), tmp_path / "copy") > 10_000
    assert (tmp_path / "copy" / "tokenizer.json").is_file()


def test_the_vocabulary_is_cut_to_hindi() -> None:
    vocabulary: list[list[object]] = [
        [piece, 0.0] for piece in ("<s>", "▁के", "the", "▁of", "中", "Ж", "▁", "।", "2024", "…", "zzz", "é")
    ]
    assert [vocabulary[row][0] for row in choose_pieces(vocabulary, latin=2)] == [
        "<s>",
        "▁के",
        "the",
        "▁of",
        "▁",
        "।",
        "2024",
        "…",
    ]


def test_the_recipe_of_the_shipped_weights_can_be_read() -> None:
    recipe = read_recipe(Path(train_module.__file__).parent / "recipe.toml")
    package = [corpus for corpus in recipe.corpus if corpus.package]
    assert package
    for corpus in package:
        assert list(Path(train_module.__file__).parent.glob(corpus.file)), corpus.file


def test_a_recipe_with_a_slip_says_where(recipe: Recipe) -> None:
    slips: list[tuple[dict[str, object], str]] = [
        ({"columns": ["none"]}, "unknown column 'none'"),
        ({"stage": [{"epochs": 1, "repeat": {"b": 1}}]}, "stage 1 repeats unknown corpora: b"),
        ({"colour": 1}, "Extra inputs"),
    ]
    for change, message in slips:
        with pytest.raises(ValidationError, match=message):
            Recipe.model_validate(recipe.model_dump() | change)
