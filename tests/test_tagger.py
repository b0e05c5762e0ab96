"""The model: what is computed is what Stanza computes, long sentences keep every token, damaged weights are refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from stanza.models.common.crf import viterbi_decode
from stanza.models.ner.trainer import fix_singleton_tags
from transformers import PreTrainedTokenizerFast

from hindi_entities import ModelError, Pipeline
from hindi_entities.corpora import spans_of_bioes
from hindi_entities.keys import model_key
from hindi_entities.network import collate, emissions, load_network, tag_names
from hindi_entities.segmentation import segment
from hindi_entities.stanza_parts import NERTagger
from hindi_entities.tagger import DEFAULT, Tagger


@pytest.fixture(scope="module")
def tagger(pipeline: Pipeline) -> Tagger:
    return pipeline.tagger


@pytest.fixture(scope="module")
def reference() -> Tagger:
    return Tagger(precision="fp32")


def keys_of(text: str) -> list[list[str]]:
    return [[model_key(token.text) for token in sentence.tokens] for sentence in segment(text)]


@pytest.fixture(scope="module")
def network() -> NERTagger:
    return load_network(torch.load(DEFAULT / "tagger.pt", weights_only=True), DEFAULT / "encoder")


def by_stanza(network: NERTagger, sentences: list[list[str]]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Stanza's own emissions and transitions for sentences that come longest first."""
    path = str(DEFAULT / "encoder" / "tokenizer.json")
    make = PreTrainedTokenizerFast
    network.bert_tokenizer = make(tokenizer_file=path, pad_token="<pad>", cls_token="<s>", sep_token="</s>")  # type: ignore[no-untyped-call]
    lengths = [len(sentence) for sentence in sentences]
    gold = torch.zeros(len(sentences), lengths[0], len(network.crits), dtype=torch.long)
    with torch.inference_mode():
        _, scores, transitions = network(sentences, None, None, gold, None, lengths, None, None, None, None, None)
    return scores, transitions


def test_emissions_and_tags_are_those_of_stanza(reference: Tagger, network: NERTagger, seed: str) -> None:
    sentences = sorted(keys_of(seed), key=len, reverse=True)
    lengths = [len(sentence) for sentence in sentences]
    expected, transitions = by_stanza(network, sentences)
    windows = [window for (window,) in reference.emitter.cut(sentences)]
    with torch.inference_mode():
        found = reference.emitter(windows, range(len(reference.columns)))
        trained = emissions(network, *collate(windows, network.bert_model.config.pad_token_id))
    for column in range(len(reference.columns)):
        for row, length in enumerate(lengths):
            for ours in (found, trained):
                torch.testing.assert_close(ours[column][row, :length], expected[column][row, :length], atol=1e-3, rtol=1e-3)
    for column, name in enumerate(reference.columns):
        names = tag_names(network.vocab, column)
        for row, tagged in enumerate(reference.tag(sentences, [name])):
            ids, _ = viterbi_decode(expected[column][row, : lengths[row]].numpy(), transitions[column].detach().numpy())
            assert tagged[name].spans == tuple(spans_of_bioes(fix_singleton_tags([names[i] for i in ids])))


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_what_is_said_of_a_sentence_does_not_depend_on_its_neighbours(seed: str, precision: str) -> None:
    try:
        tagger = Tagger(precision=precision)
    except ValueError as error:
        pytest.skip(str(error))
    sentences = [*keys_of(seed), ["रूस"], ["पुतिन", "।"], ["और"] * 200]
    together = tagger.tag(sentences, tagger.columns)
    for sentence, tagged in zip(sentences, together, strict=True):
        (alone,) = tagger.tag([sentence], tagger.columns)
        for column in tagger.columns:
            assert alone[column].scores == tagged[column].scores
            assert (alone[column].marginals == tagged[column].marginals).all()


@pytest.mark.parametrize("precision", ["int8", "bf16"])
def test_lower_precision_says_nearly_the_same(reference: Tagger, seed: str, precision: str) -> None:
    try:
        tagger = Tagger(precision=precision)
    except ValueError as error:
        pytest.skip(str(error))
    sentences = keys_of(seed)
    pairs = zip(tagger.tag(sentences, ["unified"]), reference.tag(sentences, ["unified"]), strict=True)
    differences = [abs(one["unified"].marginals - other["unified"].marginals).max() for one, other in pairs]
    assert 0 < sum(differences) / len(differences) < 0.02


def test_an_encoder_that_is_not_like_bert_runs_padded(reference: Tagger, seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hindi_entities.loading.can_pack", lambda config: False)
    padded = Tagger(precision="fp32").emitter
    windows = [window for (window,) in reference.emitter.cut(keys_of(seed))]
    with torch.inference_mode():
        (expected,), (found,) = reference.emitter(windows, [0]), padded(windows, [0])
    for row, window in enumerate(windows):
        torch.testing.assert_close(found[row, : len(window.last)], expected[row, : len(window.last)], atol=1e-3, rtol=1e-3)


def test_an_encoder_that_is_not_like_bert_has_no_int8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hindi_entities.loading.can_pack", lambda config: False)
    with pytest.raises(ValueError, match="'int8' needs an x86 processor and device 'cpu', and an encoder like BERT"):
        Tagger(precision="int8")
    assert Tagger().precision == "fp32"


def test_an_unknown_device_or_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="the device 'abacus' is not to be had"):
        Tagger(device="abacus")
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="the device 'cuda' is not to be had"):
            Tagger(device="cuda")
    with pytest.raises(ValueError, match="unknown precision 'int4'; there are auto, fp32, bf16 and int8"):
        Tagger(precision="int4")


def test_a_sentence_longer_than_the_encoder_keeps_every_token(tagger: Tagger) -> None:
    words = ["व्लादिमीर", "पुतिन", "ने", "मॉस्को", "में", "कहा", "और", "फिर"] * 150
    (tagged,) = tagger.tag([words], ["unified", "ilner"])
    assert tagged["unified"].marginals.shape == (1200, 4)
    assert len(tagged["unified"].spans) > 250


def test_a_word_of_many_pieces_counts_as_one_token(tagger: Tagger) -> None:
    ((window,),) = tagger.emitter.cut([["क्ष" * 400, "रूस"]])
    assert len(window.last) == 2
    assert len(window.ids) < 40


def test_scores_are_posteriors_that_marginals_bound(tmp_path: Path, seed: str) -> None:
    folder = copy_of_model(tmp_path)
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8")) | {"calibration": {}}
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    tagger = Tagger(folder)
    labels = tagger.labels[0]
    for tagged in tagger.tag(keys_of(seed), ["unified"]):
        one = tagged["unified"]
        for span, score in zip(one.spans, one.scores, strict=True):
            inside = one.marginals[span.start : span.end, labels.index(span.label)]
            assert 0 < score <= inside.min() + 1e-4


def copy_of_model(tmp_path: Path) -> Path:
    shutil.copytree(DEFAULT, tmp_path / "model")
    return tmp_path / "model"


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    weights = folder / "tagger.pt"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    with pytest.raises(ModelError, match="damaged: its sha256 is"):
        Pipeline(folder)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    (folder / "tagger.pt").unlink()
    with pytest.raises(ModelError, match=r"a part of the model is missing: No such file or directory: .*tagger\.pt"):
        Pipeline(folder)


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    (folder / "encoder" / "tokenizer.json").write_text("{")
    with pytest.raises(ModelError, match=r"tokenizer\.json is damaged"):
        Pipeline(folder)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no model: .*model\.json"):
        Pipeline(tmp_path)


def test_a_model_without_the_column_of_the_library_is_refused(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    manifest = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**manifest, "columns": ["a", "b", "c"]}))
    with pytest.raises(ModelError, match="has no tag column 'unified'; it has a, b, c"):
        Pipeline(folder)


@pytest.mark.parametrize("manifest", ["{", "{}", json.dumps({"name": "x", "version": "1", "sha256": "no", "columns": []})])
def test_a_broken_manifest_is_named(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "model.json").write_text(manifest)
    with pytest.raises(ModelError, match="is no manifest of a model"):
        Pipeline(tmp_path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    (folder / "tagger.pt").write_bytes(b"no weights")
    manifest = json.loads((folder / "model.json").read_text())
    manifest["sha256"] = hashlib.sha256(b"no weights").hexdigest()
    (folder / "model.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="holds no usable model"):
        Pipeline(folder)
