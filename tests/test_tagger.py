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
from hindi_entities.keys import model_key
from hindi_entities.network import collate, emissions, encode
from hindi_entities.segmentation import segment
from hindi_entities.tagger import DEFAULT, Tagger


@pytest.fixture(scope="module")
def tagger(pipeline: Pipeline) -> Tagger:
    return pipeline.tagger


def keys_of(text: str) -> list[list[str]]:
    return [[model_key(token.text) for token in sentence.tokens] for sentence in segment(text)]


def test_emissions_and_tags_are_those_of_stanza(tagger: Tagger, seed: str) -> None:
    sentences = sorted(keys_of(seed), key=len, reverse=True)
    model = tagger.model
    pad, first, last = "<pad>", "<s>", "</s>"
    path = str(DEFAULT / "encoder" / "tokenizer.json")
    make = PreTrainedTokenizerFast
    model.bert_tokenizer = make(tokenizer_file=path, pad_token=pad, cls_token=first, sep_token=last)  # type: ignore[no-untyped-call]
    lengths = [len(sentence) for sentence in sentences]
    gold = torch.zeros(len(sentences), lengths[0], len(tagger.columns), dtype=torch.long)
    with torch.inference_mode():
        _, expected, transitions = model(sentences, None, None, gold, None, lengths, None, None, None, None, None)
        windows = [window for (window,) in encode(tagger.tokenizer, sentences)]
        found = emissions(model, *collate(windows, tagger.pad))
    for column in range(len(tagger.columns)):
        for row, length in enumerate(lengths):
            torch.testing.assert_close(found[column][row, :length], expected[column][row, :length], atol=1e-3, rtol=1e-3)
    names = tagger.model.vocab["tag"].items(0)
    tagged = tagger.tag(sentences, ["unified"])
    for row, length in enumerate(lengths):
        ids, _ = viterbi_decode(expected[0][row, :length].numpy(), transitions[0].detach().numpy())
        tags = fix_singleton_tags([names[i] for i in ids])
        spans = tagged[row]["unified"].spans
        assert [tags[span.start][2:] for span in spans] == [span.label for span in spans]
        assert sum(tag != "O" for tag in tags) == sum(span.end - span.start for span in spans)


def test_a_sentence_longer_than_the_encoder_keeps_every_token(tagger: Tagger) -> None:
    words = ["व्लादिमीर", "पुतिन", "और", "अंतरराष्ट्रीयकरण"] * 300
    (tagged,) = tagger.tag([words], ["unified", "ilner"])
    assert tagged["unified"].marginals.shape == (1200, 4)
    assert len(tagged["unified"].spans) > 250


def test_a_word_of_many_pieces_counts_as_one_token(tagger: Tagger) -> None:
    ((window,),) = encode(tagger.tokenizer, [["क्ष" * 400, "रूस"]])
    assert len(window.last) == 2
    assert len(window.ids) < 40


def test_scores_are_posteriors_that_marginals_bound(tagger: Tagger, seed: str) -> None:
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
