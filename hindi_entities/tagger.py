"""The Stanza NER model: tagging and posteriors. `loading.py` and `checkpoints.py` load it; `stanza_parts.py` imports stanza."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from hindi_entities.batches import cut_batches
from hindi_entities.checkpoints import load_checkpoint
from hindi_entities.corpora import Span, spans_of_bioes
from hindi_entities.crf import forward_backward, span_posterior, viterbi
from hindi_entities.loading import Column, load_folder
from hindi_entities.stanza_parts import fix_singleton_tags

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
    """A NER model: a folder of this library (see `loading.load_folder`) or a Stanza checkpoint (see `checkpoints`).

    Raises ModelError where it cannot be loaded, and ValueError for an unknown device or precision.
    Tagging keeps no state: one tagger may serve several threads.
    """

    def __init__(self, path: Path = DEFAULT, *, device: str = "auto", precision: str = "auto") -> None:
        self.device = choose_device(device)
        load = load_checkpoint if path.is_file() else load_folder
        self.info, columns, self.emitter, self.precision = load(path, self.device, precision)
        self._columns = {column.name: column for column in columns}
        self.columns = [column.name for column in columns]
        self.labels = [list(dict.fromkeys(column.labels.values())) for column in columns]
        log.debug("loaded %s %s from %s", self.info.name, self.info.version, path)

    def tag(self, sentences: Sequence[Sequence[str]], columns: Sequence[str]) -> list[dict[str, Tagged]]:
        """Tag sentences of token keys (see `keys.model_key`): for each sentence what each of the named columns says.

        Sentences of similar length are read together; what is said of one does not depend on the others, but for the last
        digits with a Stanza checkpoint.
        """
        windows = self.emitter.cut(sentences)
        places = sorted(
            ((number, part) for number, parts in enumerate(windows) for part in range(len(parts))),
            key=lambda place: windows[place[0]][place[1]].size,
        )
        found: dict[tuple[int, int], dict[str, Tagged]] = {}
        for batch in cut_batches(places, lambda place: windows[place[0]][place[1]].size, BATCH_PIECES, MAX_WINDOWS):
            found.update(zip(batch, self._tag_batch([windows[number][part] for number, part in batch], columns), strict=True))
        return [
            {column: _join([found[number, part][column] for part in range(len(parts))]) for column in columns}
            for number, parts in enumerate(windows)
        ]

    def _tag_batch(self, windows: Sequence[Any], columns: Sequence[str]) -> list[dict[str, Tagged]]:
        chosen = [self._columns[name] for name in columns]
        lengths = torch.tensor([window.tokens for window in windows])
        with torch.inference_mode():
            emissions = self.emitter(windows, [column.number for column in chosen])
            decoded = [_decode(scores, lengths, column) for scores, column in zip(emissions, chosen, strict=True)]
        return [dict(zip(columns, row, strict=True)) for row in zip(*decoded, strict=True)]


def _decode(scores: torch.Tensor, lengths: torch.Tensor, column: Column) -> list[Tagged]:
    names, transitions = column.tags, column.transitions
    best = viterbi(scores, lengths, transitions).tolist()
    forward, backward, partition = forward_backward(scores, lengths, transitions)
    posterior = (forward + backward - partition[:, None, None]).exp()
    labels = dict.fromkeys(column.labels.values())
    groups = torch.tensor([[float(column.labels.get(tag[2:]) == label) for label in labels] for tag in names])
    marginals = (posterior @ groups).clamp(0, 1).numpy()
    results = []
    for row, length in enumerate(lengths.tolist()):
        ids = best[row][:length]
        spans, probabilities = [], []
        for span in spans_of_bioes(fix_singleton_tags([names[i] for i in ids])):
            if span.label not in column.labels:
                continue
            tags = ids[span.start : span.end]
            lattice = (scores[row], transitions, forward[row], backward[row], partition[row])
            spans.append(span._replace(label=column.labels[span.label]))
            probabilities.append(column.map(span_posterior(*lattice, span.start, tags)))
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
