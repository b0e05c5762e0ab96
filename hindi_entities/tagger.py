"""The Stanza NER model: loading, tagging, posteriors. With `network.py` it runs torch; `stanza_parts.py` imports stanza."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from hindi_entities.batches import cut_batches
from hindi_entities.calibration import IDENTITY, Map
from hindi_entities.corpora import Span, spans_of_bioes
from hindi_entities.crf import forward_backward, span_posterior, viterbi
from hindi_entities.errors import ModelError
from hindi_entities.network import (
    Encoded,
    build_network,
    encode,
    load_tokenizer,
    tag_names,
)
from hindi_entities.precision import choose_precision
from hindi_entities.results import ModelInfo
from hindi_entities.scorer import Scorer
from hindi_entities.stanza_parts import MultiVocab, fix_singleton_tags

log = logging.getLogger("hindi_entities")

if hasattr(os, "register_at_fork"):  # the threads of torch's pool are not in a forked process, which would wait for them
    os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))

DEFAULT = Path(__file__).parent / "models" / "default"
BATCH_PIECES = 4096
MAX_WINDOWS = 128  # a batch


class Tagged(NamedTuple):
    """What one tag column says of a sentence.

    `spans` are in tokens, with `scores` (the calibrated posterior of span and label, 0..1) beside them; `marginals` is a
    float32 array [tokens, labels]: the probability that a token is inside a mention of a label, the labels in the column's order.
    """

    spans: tuple[Span, ...]
    scores: tuple[float, ...]
    marginals: npt.NDArray[np.float32]


class Tagger:
    """A NER model from a folder with `model.json`, `tagger.pt` (a Stanza checkpoint) and `encoder/`.

    Raises ModelError where the folder or a file in it is missing, or is not the one whose sha256 `model.json` has.
    Tagging keeps no state: one tagger may serve several threads.
    """

    def __init__(self, folder: Path = DEFAULT, *, device: str = "auto", precision: str = "auto") -> None:
        self.device = choose_device(device)
        self.precision = choose_precision(precision, self.device)
        self.info, self.columns, encoder, self.maps = _read_manifest(folder)
        checkpoint = folder / "tagger.pt"
        _check(checkpoint, self.info.sha256)
        for name, digest in encoder.items():
            _check(folder / "encoder" / name, digest)
        try:
            saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
            vocabulary = MultiVocab.load_state_dict(saved["vocab"])
            self.model = build_network(saved["config"], vocabulary, folder / "encoder", pretrained=False)
            self.model.load_state_dict(saved["model"])
            self.tokenizer = load_tokenizer(folder / "encoder")
        except (OSError, LookupError, RuntimeError, ValueError, TypeError, pickle.UnpicklingError, EOFError) as error:
            raise ModelError(f"{folder} holds no usable model: {error}") from error
        self.model.eval()
        self.scorer = Scorer(self.model, self.device, self.precision)
        self._tags = [tag_names(vocabulary, column) for column in range(len(self.columns))]
        self.labels = [list(dict.fromkeys(tag[2:] for tag in tags if tag != "O")) for tags in self._tags]
        log.debug("loaded %s %s from %s", self.info.name, self.info.version, folder)

    def tag(self, sentences: Sequence[Sequence[str]], columns: Sequence[str]) -> list[dict[str, Tagged]]:
        """Tag sentences of token keys (see `keys.model_key`): for each sentence what each of the named columns says.

        Sentences of similar length are read together; what is said of one does not depend on the others.
        """
        windows = encode(self.tokenizer, sentences)
        places = sorted(
            ((number, part) for number, parts in enumerate(windows) for part in range(len(parts))),
            key=lambda place: len(windows[place[0]][place[1]].ids),
        )
        found: dict[tuple[int, int], dict[str, Tagged]] = {}
        for batch in cut_batches(places, lambda place: len(windows[place[0]][place[1]].ids), BATCH_PIECES, MAX_WINDOWS):
            found.update(zip(batch, self._tag_batch([windows[number][part] for number, part in batch], columns), strict=True))
        return [
            {column: _join([found[number, part][column] for part in range(len(parts))]) for column in columns}
            for number, parts in enumerate(windows)
        ]

    def _tag_batch(self, windows: Sequence[Encoded], columns: Sequence[str]) -> list[dict[str, Tagged]]:
        numbers = [self.columns.index(name) for name in columns]
        lengths = torch.tensor([len(window.last) for window in windows])
        with torch.inference_mode():
            decoded = [
                self._decode(scores, lengths, column)
                for scores, column in zip(self.scorer(windows, numbers), numbers, strict=True)
            ]
        return [dict(zip(columns, row, strict=True)) for row in zip(*decoded, strict=True)]

    def _decode(self, scores: torch.Tensor, lengths: torch.Tensor, column: int) -> list[Tagged]:
        names, labels = self._tags[column], self.labels[column]
        transitions = self.model.crits[column]._transitions
        best = viterbi(scores, lengths, transitions).tolist()
        forward, backward, partition = forward_backward(scores, lengths, transitions)
        posterior = (forward + backward - partition[:, None, None]).exp()
        groups = torch.tensor([[float(tag[2:] == label) for label in labels] for tag in names])
        marginals = (posterior @ groups).clamp(0, 1).numpy()
        results = []
        for row, length in enumerate(lengths.tolist()):
            ids = best[row][:length]
            spans, probabilities = [], []
            for span in spans_of_bioes(fix_singleton_tags([names[i] for i in ids])):
                tags = ids[span.start : span.end]
                lattice = (scores[row], transitions, forward[row], backward[row], partition[row])
                spans.append(span)
                probabilities.append(self.maps[column](span_posterior(*lattice, span.start, tags)))
            results.append(Tagged(tuple(spans), tuple(probabilities), marginals[row, :length]))
        return results


def choose_device(wanted: str) -> torch.device:
    """The device of a name; "auto" is CUDA or Apple's MPS where there is one, else the CPU.

    Raises ValueError for a name that torch does not know, and for a device that this machine does not have.
    """
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(wanted)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(f"the device {wanted!r} is not to be had: {str(error).splitlines()[0]}") from error
    return device


def _join(parts: Sequence[Tagged]) -> Tagged:
    """The windows of one sentence put together."""
    if len(parts) == 1:
        return parts[0]
    spans: list[Span] = []
    done = 0
    for part in parts:
        spans += [Span(span.start + done, span.end + done, span.label) for span in part.spans]
        done += len(part.marginals)
    scores = tuple(score for part in parts for score in part.scores)
    return Tagged(tuple(spans), scores, np.concatenate([part.marginals for part in parts]))


def _read_manifest(folder: Path) -> tuple[ModelInfo, list[str], dict[str, str], list[Map]]:
    """The model's name and weights, its tag columns, the sha256 of each file of its encoder, the calibration of each column."""
    path = folder / "model.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        info = ModelInfo(name=manifest["name"], version=manifest["version"], sha256=manifest["sha256"])
        columns = [str(column) for column in manifest["columns"]]
        maps = [Map(*map(float, manifest.get("calibration", {}).get(column, IDENTITY))) for column in columns]
        return info, columns, dict(manifest["encoder"]), maps
    except OSError as error:
        raise ModelError(f"{folder} holds no model: {error.strerror}: {path}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} is no manifest of a model: {error}") from error


def _check(path: Path, sha256: str) -> None:
    """Raise ModelError unless the file is there with this sha256."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"a part of the model is missing: {error.strerror}: {path}; reinstall hindi-entities") from error
    if digest != sha256:
        raise ModelError(f"{path} is damaged: its sha256 is {digest}, not {sha256}; reinstall hindi-entities")
