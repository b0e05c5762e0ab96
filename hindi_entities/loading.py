"""Models on disk: what the tagger needs of one. Plain Stanza checkpoints are in `checkpoints.py`."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from hindi_entities.calibration import Map, keep
from hindi_entities.errors import ModelError
from hindi_entities.network import load_head, load_network, load_tokenizer, tag_names
from hindi_entities.precision import choose_precision
from hindi_entities.results import ModelInfo
from hindi_entities.scorer import Padded, Scorer, States, mix_of
from hindi_entities.stanza_parts import NERTagger
from hindi_entities.transformer import Transformer, can_pack

REMEDY = "reinstall hindi-entities, or train a model of your own anew"


class Emitter(Protocol):
    """Scores every tag of every token; each has windows of a kind of its own, which say their `size` and their `tokens`.

    `size` is what a window costs, in about pieces of words, and `tokens` the number of its tokens.
    """

    def cut(self, sentences: Sequence[Sequence[str]]) -> list[list[Any]]:
        """The windows of each sentence of token keys."""

    def __call__(self, windows: Sequence[Any], columns: Sequence[int]) -> list[Tensor]:
        """For each of the columns the emissions [windows, tokens, tags] in float32 on the CPU, rows padded at the end."""


class Column(NamedTuple):
    """A tag column: `number` is its place in the network, `tags` are by id, `transitions` [tags, tags] those of the CRF.

    `labels` says how the labels of the tags are reported, in order; a label that it lacks is not. `map` calibrates.
    """

    name: str
    number: int
    tags: list[str]
    transitions: Tensor
    labels: Mapping[str, str]
    map: Callable[[float], float]


class Loaded(NamedTuple):
    """A model ready to use; `precision` is the one that it runs in."""

    info: ModelInfo
    columns: list[Column]
    emitter: Emitter
    precision: str


def load_folder(folder: Path, device: torch.device, precision: str) -> Loaded:
    """A model of this library: a folder with `model.json`, `tagger.pt` (a Stanza checkpoint) and `encoder/`.

    Raises ModelError where the folder or a file in it is missing, or is not the one whose sha256 `model.json` has, and
    ValueError for a precision that there is not. On the CPU an encoder like BERT runs without padding.
    """
    info, names, encoder, maps = _read_manifest(folder)
    checkpoint = folder / "tagger.pt"
    _check(checkpoint, info.sha256)
    for name, digest in encoder.items():
        _check(folder / "encoder" / name, digest)
    try:
        config = json.loads((folder / "encoder" / "config.json").read_text(encoding="utf-8"))
        packed = device.type == "cpu" and can_pack(config)
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{folder} holds no usable model: {error}") from error
    chosen = choose_precision(precision, device, packed=packed)
    try:
        saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
        states: States
        if packed:
            network, weights = load_head(saved, config["hidden_size"])
            states = Transformer(weights, config, mix_of(network), chosen)
        else:
            network = load_network(saved, folder / "encoder")
            states = Padded(network.bert_model, mix_of(network), device, chosen)
        tokenizer = load_tokenizer(folder / "encoder")
        columns = [make_column(network, number, name, map_=maps[number]) for number, name in enumerate(names)]
    except (OSError, LookupError, RuntimeError, ValueError, TypeError, pickle.UnpicklingError, EOFError) as error:
        raise ModelError(f"{folder} holds no usable model: {error}") from error
    return Loaded(info, columns, Scorer(network, states, tokenizer, device), chosen)


def make_column(
    network: NERTagger, number: int, name: str, *, labels: Mapping[str, str] | None = None, map_: Callable[[float], float] = keep
) -> Column:
    """A column of a network; by default its labels are reported as they are, and scores are not calibrated."""
    tags = tag_names(network.vocab, number)
    known = dict.fromkeys(tag[2:] for tag in tags if tag != "O")
    transitions = network.crits[number]._transitions.detach().cpu()
    return Column(name, number, tags, transitions, labels or {label: label for label in known}, map_)


def sha256_of(path: Path) -> str:
    """The sha256 of a file. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_manifest(folder: Path) -> tuple[ModelInfo, list[str], dict[str, str], list[Callable[[float], float]]]:
    """The model's name and weights, its tag columns, the sha256 of each file of its encoder, the calibration of each column."""
    path = folder / "model.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        info = ModelInfo(name=manifest["name"], version=manifest["version"], sha256=manifest["sha256"])
        columns = [str(column) for column in manifest["columns"]]
        fitted: dict[str, Callable[[float], float]] = {
            column: Map(**values).__call__ for column, values in manifest.get("calibration", {}).items()
        }
        maps = [fitted.get(column, keep) for column in columns]
        return info, columns, dict(manifest["encoder"]), maps
    except OSError as error:
        raise ModelError(f"{folder} holds no model: {error.strerror}: {path}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} is no manifest of a model: {error}") from error


def _check(path: Path, sha256: str) -> None:
    """Raise ModelError unless the file is there with this sha256."""
    try:
        digest = sha256_of(path)
    except OSError as error:
        raise ModelError(f"a part of the model is missing: {error.strerror}: {path}; {REMEDY}") from error
    if digest != sha256:
        raise ModelError(f"{path} is damaged: its sha256 is {digest}, not {sha256}; {REMEDY}")
