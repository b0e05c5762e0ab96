"""A BERT encoder run on sentences without padding, so that what comes out for a sentence does not depend on its neighbours.

The pieces of all sentences stand in one matrix [pieces, hidden]. What treats each piece alone (projections, normalization,
feed-forward) runs on the whole matrix, in parts whose intermediate results stay in the processor's cache; attention runs on
the sentences of one length together. A matrix product gives each row the same digits whatever stands in the other rows, from
`MIN_ROWS` rows on (tests/test_tagger.py); fewer are filled up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, pad, scaled_dot_product_attention

from hindi_entities.precision import GELU_MINIMUM, Dense, make_dense

MIN_ROWS = 32
CHUNK_ROWS = 512
ARCHITECTURES = frozenset({"bert", "roberta", "xlm-roberta"})


class _Norm(NamedTuple):
    weight: Tensor
    bias: Tensor
    epsilon: float


class _Layer(NamedTuple):
    """The parts of one layer; query, key and value are one projection."""

    attention: Dense
    output: Dense
    attention_norm: _Norm
    up: Dense
    down: Dense
    norm: _Norm


def can_pack(config: Mapping[str, Any]) -> bool:
    """Whether `Transformer` computes what an encoder of the package transformers with this configuration does."""
    return (
        config.get("model_type") in ARCHITECTURES
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") in ("absolute", None)
        and None not in (config.get("layer_norm_eps"), config.get("pad_token_id"))
    )


class Transformer:
    """The weighted sum of an encoder's last layers.

    `state` has the weights of a BERT or RoBERTa model by their names in the package transformers, `config` is its configuration
    (see `can_pack`), `mix` one number for each of the last layers to sum, the last layer's at the end; `precision` is fp32, bf16
    or int8, of the linear layers only.
    """

    def __init__(
        self, state: Mapping[str, Tensor], config: Mapping[str, Any], mix: Sequence[float], precision: str = "fp32"
    ) -> None:
        self._epsilon = float(config["layer_norm_eps"])
        self._words = state["embeddings.word_embeddings.weight"]
        self._pad = int(config["pad_token_id"])
        first = 0 if config["model_type"] == "bert" else self._pad + 1
        types = state["embeddings.token_type_embeddings.weight"]
        self._places = state["embeddings.position_embeddings.weight"][first:] + types[0]
        self._norm = self._take_norm(state, "embeddings")
        self._heads = int(config["num_attention_heads"])
        layers = int(config["num_hidden_layers"])
        self._layers = [self._take_layer(state, f"encoder.layer.{number}", precision) for number in range(layers)]
        self._mix = [0.0] * (layers - len(mix)) + list(mix)

    def __call__(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """The states of the pieces of all sequences, one after the other: [pieces, hidden]. Sort by length to be quick."""
        real = sum(map(len, sequences))
        if real < MIN_ROWS:
            sequences = [*sequences, [self._pad] * (MIN_ROWS - real)]
        groups = [(length, len(list(group))) for length, group in groupby(map(len, sequences))]
        places = torch.cat([torch.arange(length).repeat(count) for length, count in groups])
        ids = torch.tensor([piece for sequence in sequences for piece in sequence])
        states = _normalize(self._words[ids] + self._places[places], self._norm)
        total = torch.zeros_like(states)
        for layer, weight in zip(self._layers, self._mix, strict=True):
            states = self._run(layer, states, groups)
            if weight:
                total.add_(states, alpha=weight)
        return total[:real]

    def _run(self, layer: _Layer, states: Tensor, groups: Sequence[tuple[int, int]]) -> Tensor:
        projected = layer.attention(states)
        mixed = torch.empty_like(states)
        begin = 0
        for length, count in groups:
            end = begin + length * count
            heads = projected[begin:end].view(count, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            mixed[begin:end] = scaled_dot_product_attention(*heads).transpose(1, 2).reshape(length * count, -1)
            begin = end
        result = torch.empty_like(states)
        for part in _cut_rows(len(states)):
            attended = _normalize(layer.output(mixed[part]).add_(states[part]), layer.attention_norm)
            wide = gelu(layer.up(attended))
            result[part] = _normalize(layer.down(wide).add_(attended), layer.norm)
        return result

    def _take_layer(self, state: Mapping[str, Tensor], name: str, precision: str) -> _Layer:
        def make(*parts: str, minimum: float | None = None) -> Dense:
            weight, bias = (torch.cat([state[f"{name}.{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))
            return make_dense(weight, bias, precision, minimum=minimum)

        return _Layer(
            make("attention.self.query", "attention.self.key", "attention.self.value"),
            make("attention.output.dense"),
            self._take_norm(state, f"{name}.attention.output"),
            make("intermediate.dense"),
            make("output.dense", minimum=GELU_MINIMUM),
            self._take_norm(state, f"{name}.output"),
        )

    def _take_norm(self, state: Mapping[str, Tensor], name: str) -> _Norm:
        return _Norm(state[f"{name}.LayerNorm.weight"], state[f"{name}.LayerNorm.bias"], self._epsilon)


def project(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer on rows [..., inputs], never on fewer than `MIN_ROWS`."""
    flat = rows.reshape(-1, rows.shape[-1])
    filled = pad(flat, (0, 0, 0, max(0, MIN_ROWS - len(flat))))
    return linear(filled, weight, bias)[: len(flat)].view(*rows.shape[:-1], -1)


def _cut_rows(rows: int) -> list[slice]:
    """Parts of about `CHUNK_ROWS` rows, none under `MIN_ROWS` where the whole is not."""
    starts = list(range(0, rows, CHUNK_ROWS))
    if len(starts) > 1 and rows - starts[-1] < MIN_ROWS:
        starts.pop()
    return [slice(begin, end) for begin, end in zip(starts, [*starts[1:], rows], strict=True)]


def _normalize(rows: Tensor, norm: _Norm) -> Tensor:
    return layer_norm(rows, (rows.shape[1],), norm.weight, norm.bias, norm.epsilon)
