"""Training on a few sentences, with an encoder of two tiny layers: it learns, and it resumes where it was stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from transformers import BertConfig, BertModel

from hindi_entities import Pipeline
from hindi_entities.network import BASE_ARGS, build_network, make_vocabulary
from hindi_entities.precision import GELU_MINIMUM, choose_precision, make_dense, round_weight
from hindi_entities.tagger import DEFAULT, Tagger
from hindi_entities.training import train as train_module
from hindi_entities.training.encoder import choose_pieces, copy_encoder, prepare_encoder
from hindi_entities.training.recipe import Corpus, Recipe, read_recipe
from hindi_entities.training.rounding import rounded
from hindi_entities.training.sentences import read_examples, tag_example
from hindi_entities.training.train import train

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
            "encoder": str(encoder),
            "name": "tiny",
            "columns": ["unified"],
            "corpus": [corpus],
            "dev": [corpus],
            "stage": [stage],
            "hidden": 24,
            "layers": 2,
        }
        | {"dropout": 0.0, "pieces": 60}
    )


def weights(folder: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(folder / "tagger.pt", weights_only=True)["model"]
    return state


def test_a_model_is_trained_packaged_and_used(recipe: Recipe, tmp_path: Path) -> None:
    folder = train(recipe, tmp_path / "data", tmp_path / "out")
    doc = Pipeline(folder)("रूस में पुतिन ने कहा।")
    assert [(m.text, m.label) for m in doc.mentions] == [("रूस", "COUNTRY"), ("पुतिन", "PERSON")]
    assert doc.model.name == "tiny"
    assert set(json.loads((folder / "model.json").read_text())["calibration"]) == {"unified"}
    assert '"micro": 100.0' in (tmp_path / "out" / "log.jsonl").read_text().splitlines()[-1]


def test_a_killed_training_goes_on_where_it_was(recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = weights(train(recipe, tmp_path / "data", tmp_path / "one"))
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
    resumed = weights(train(recipe, tmp_path / "data", tmp_path / "two"))
    assert not (tmp_path / "two" / "progress.pt").exists()
    for name, value in straight.items():
        torch.testing.assert_close(resumed[name], value)


def test_a_training_killed_while_it_packs_its_model_goes_on(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = recipe.stage[0].model_copy(update={"patience": 2})
    patient = recipe.model_copy(update={"stage": (stage,)})
    straight = weights(train(patient, tmp_path / "data", tmp_path / "one"))

    def killed(*arguments: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train_module, "package", killed)
        with pytest.raises(KeyboardInterrupt):
            train(patient, tmp_path / "data", tmp_path / "two")
    resumed = weights(train(patient, tmp_path / "data", tmp_path / "two"))
    assert not (tmp_path / "two" / "progress.pt").exists()
    for name, value in straight.items():
        torch.testing.assert_close(resumed[name], value)


def test_progress_of_another_training_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    torch.save({"identity": "another"}, tmp_path / "out" / "progress.pt")
    with pytest.raises(ValueError, match="another recipe or other corpora"):
        train(recipe, tmp_path / "data", tmp_path / "out")
    (tmp_path / "out" / "progress.pt").unlink()
    (tmp_path / "out" / "tagger.pt").touch()
    with pytest.raises(ValueError, match="finished training"):
        train(recipe, tmp_path / "data", tmp_path / "out")


def test_a_training_goes_on_after_a_finished_stage(recipe: Recipe, tmp_path: Path) -> None:
    first = weights(train(recipe, tmp_path / "data", tmp_path / "one"))
    longer = recipe.model_copy(
        update={"stage": (*recipe.stage, recipe.stage[0].model_copy(update={"rate": 0.0, "head_rate": 0.0}))}
    )
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "stage1.pt").write_bytes((tmp_path / "one" / "stage1.pt").read_bytes())
    second = weights(train(longer, tmp_path / "data", tmp_path / "two"))
    for name, value in first.items():  # the second stage learns nothing, so the first one's weights came through
        torch.testing.assert_close(second[name], value)


def test_a_stage_may_keep_a_part_of_the_weights_it_began_from(recipe: Recipe, tmp_path: Path) -> None:
    results = {}
    for mix in (1.0, 0.25):
        second = recipe.stage[0].model_copy(update={"mix": mix, "epochs": 2.0})
        folder = train(recipe.model_copy(update={"stage": (*recipe.stage, second)}), tmp_path / "data", tmp_path / str(mix))
        results[mix] = weights(folder)
    begun = torch.load(tmp_path / "1.0" / "stage1.pt", weights_only=True)["model"]
    for name, value in results[0.25].items():
        torch.testing.assert_close(
            value.float(), begun[name].float() * 0.75 + results[1.0][name].float() * 0.25, atol=2e-3, rtol=1e-2
        )


def test_a_stage_that_gains_nothing_ends_early_with_its_best_model(recipe: Recipe, tmp_path: Path) -> None:
    patient = recipe.stage[0].model_copy(update={"epochs": 60.0, "patience": 2})
    train(recipe.model_copy(update={"stage": (patient,)}), tmp_path / "data", tmp_path / "out")
    log = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text().splitlines()]
    scores = [row["dev"]["a"].get("micro", 0.0) for row in log]
    assert log[-1]["step"] < log[-1]["of"]
    assert max(scores[-2:]) <= max(scores[:-2])
    assert not (tmp_path / "out" / "best.pt").exists()


def test_names_of_tags_follow_the_corpus(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "data" / "b.conll").write_text("रूस\tB-LOC\nमें\tO\nपुतिन\tB-PER\n\n" * 4, encoding="utf-8")
    other = Corpus(name="b", file="b.conll", column="unified")
    [sentence] = {
        sentence
        for example in read_examples(other, tmp_path / "data")
        for sentence in tag_example(example, recipe.labels_of(other))
    }
    assert sentence.tags == ("S-LOCATION", "O", "S-PERSON")


def test_a_column_may_have_tags_of_its_own(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "data" / "b.txt").write_text("[पीतल](METAL) महँगा हुआ।\nवह गया।\n" * 8, encoding="utf-8")
    metals = {"name": "b", "file": "b.txt", "column": "metals"}
    own = Recipe.model_validate(
        recipe.model_dump()
        | {"columns": ["metals"], "tags": {"metals": ["METAL"]}, "corpus": [metals], "dev": [metals]}
        | {"stage": [recipe.stage[0].model_dump() | {"repeat": {"b": 1.0}}]}
    )
    tagger = Tagger(train(own, tmp_path / "data", tmp_path / "out"))
    [tagged] = tagger.tag([["पीतल", "महँगा", "हुआ", "।"]], ["metals"])
    assert [(span.start, span.end, span.label) for span in tagged["metals"].spans] == [(0, 1, "METAL")]


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


def test_the_shipped_encoder_is_one_to_start_from(tmp_path: Path) -> None:
    folder = prepare_encoder("shipped", tmp_path / "encoder")
    kept = BertModel.from_pretrained(folder).state_dict()["encoder.layer.11.output.dense.weight"]
    shipped = torch.load(DEFAULT / "tagger.pt", weights_only=True)["model"]["bert_model.encoder.layer.11.output.dense.weight"]
    torch.testing.assert_close(kept, shipped.float())


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
        ({"dev": [], "stage": [{"epochs": 1, "repeat": {"a": 1}, "patience": 1}]}, "`patience` needs a development set"),
    ]
    for change, message in slips:
        with pytest.raises(ValidationError, match=message):
            Recipe.model_validate(recipe.model_dump() | change)


def test_a_rounded_stage_leaves_weights_that_int8_has_exactly(recipe: Recipe, tmp_path: Path) -> None:
    stage = recipe.stage[0].model_copy(update={"rounded": True})
    folder = train(recipe.model_copy(update={"stage": (stage,)}), tmp_path / "data", tmp_path / "out")
    layers = {name: value.float() for name, value in weights(folder).items() if ".layer." in name and value.dim() == 2}
    assert len(layers) == 12
    for value in layers.values():
        steps, scales = round_weight(value)
        assert steps.abs().max() == 63
        torch.testing.assert_close(steps * scales.unsqueeze(1), value, rtol=2e-3, atol=1e-6)
    assert '"micro": 100.0' in (tmp_path / "out" / "log.jsonl").read_text().splitlines()[-1]


def test_rounded_layers_calculate_what_int8_does(recipe: Recipe, tmp_path: Path) -> None:
    try:
        choose_precision("int8", torch.device("cpu"))
    except ValueError as error:
        pytest.skip(str(error))
    encoder = prepare_encoder(recipe.encoder, tmp_path / "encoder", 1)
    vocabulary = make_vocabulary([recipe.tags_of("unified")])
    model = build_network(BASE_ARGS | {"bert_hidden_layers": 2, "hidden_dim": 24}, vocabulary, encoder).eval()
    states = torch.randn(40, 48)
    layer = model.bert_model.encoder.layer[0]
    with torch.no_grad(), rounded(model):
        after_gelu = torch.nn.functional.gelu(layer.intermediate.dense(states))
        found = layer.output.dense(after_gelu)
    up, down = ((module.weight.detach(), module.bias.detach()) for module in (layer.intermediate.dense, layer.output.dense))
    with torch.no_grad():
        wide = torch.nn.functional.gelu(make_dense(*up, "int8")(states))
        expected = make_dense(*down, "int8", minimum=GELU_MINIMUM)(wide)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    assert layer.output.dense(after_gelu).sub(found).abs().max() < 1e-2  # rounded inputs apart, the weights stay
