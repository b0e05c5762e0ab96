"""Emissions of the tagger for batches of windows: encoder, BiLSTM and classifiers, as Stanza's model computes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from hindi_entities.lstm import run_lstm
from hindi_entities.network import Encoded, encode
from hindi_entities.stanza_parts import NERTagger
from hindi_entities.transformer import project

# Piece ids of sequences to the states of all their pieces, one after the other: [pieces, hidden].
States = Callable[[Sequence[Sequence[int]]], Tensor]


class Scorer:
    """Scores every tag of every token: a tagger's own parts on the states that a transformer gives, on a device."""

    def __init__(self, model: NERTagger, states: States, tokenizer: Tokenizer, device: torch.device) -> None:
        self._tokenizer, self._states = tokenizer, states
        self._lstm = model.taggerlstm.lstm.to(device)
        self._initial = (model.taggerlstm_h_init.to(device), model.taggerlstm_c_init.to(device))
        self._classifiers = model.tag_clfs.to(device)

    def cut(self, sentences: Sequence[Sequence[str]]) -> list[list[Encoded]]:
        """The windows of each sentence of token keys; see `network.encode`."""
        return encode(self._tokenizer, sentences)

    def __call__(self, windows: Sequence[Encoded], columns: Sequence[int]) -> list[Tensor]:
        """For each of the columns the emissions [windows, tokens, tags] in float32 on the CPU, rows padded at the end.

        Windows of the same number of pieces should stand together.
        """
        states = self._states([window.ids for window in windows])
        begins = [0, *accumulate(len(window.ids) for window in windows)]
        order = sorted(range(len(windows)), key=lambda row: -len(windows[row].last))
        lengths = [len(windows[row].last) for row in order]
        places = torch.zeros(len(windows), lengths[0], dtype=torch.long)
        for place, row in enumerate(order):
            places[place, : lengths[place]] = torch.tensor(windows[row].last) + begins[row]
        outputs = run_lstm(self._lstm, states[places.to(states.device)].float(), lengths, self._initial)
        back = torch.tensor(order).argsort()
        chosen = [self._classifiers[column] for column in columns]
        return [project(outputs, one.weight, one.bias).cpu()[back] for one in chosen]


def mix_of(model: NERTagger) -> list[float]:
    """How much each of the last layers of a tagger's transformer counts, the last layer at the end."""
    mix = model.bert_layer_mix
    return [1 / mix.in_features + weight for weight in mix.weight[0].tolist()]


class Padded:
    """Any encoder of the package transformers, on sequences padded to the longest; `weights` are those of its last layers."""

    def __init__(self, bert: Any, weights: Sequence[float], device: torch.device, precision: str) -> None:
        self._bert = bert.to(device)
        self._weights, self._device, self._precision = weights, device, precision

    def __call__(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """The states of the pieces of all sequences, one after the other: [pieces, hidden]."""
        width, pad = max(map(len, sequences)), self._bert.config.pad_token_id or 0
        ids = torch.tensor([[*sequence, *[pad] * (width - len(sequence))] for sequence in sequences], device=self._device)
        inside = torch.arange(width) < torch.tensor([len(sequence) for sequence in sequences]).unsqueeze(1)
        inside = inside.to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._precision == "bf16"):
            layers = self._bert(ids, attention_mask=inside.long(), output_hidden_states=True).hidden_states
        used = layers[-len(self._weights) :]
        mixed = torch.stack([state * weight for state, weight in zip(used, self._weights, strict=True)]).sum(dim=0)
        states: Tensor = mixed[inside]
        return states
