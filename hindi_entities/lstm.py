"""Stanza's bidirectional LSTM run so that what comes out for a sentence does not depend on its neighbours.

torch's own runs a step on the sentences that are not yet at their end, and the products of the few longest ones round in their
own way. Here no product has fewer than `MIN_ROWS` rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from hindi_entities.transformer import MIN_ROWS, project


def run_lstm(lstm: nn.LSTM, words: Tensor, lengths: Sequence[int], initial: tuple[Tensor, Tensor]) -> Tensor:
    """The outputs [batch, tokens, 2 * hidden] for words [batch, tokens, input] of sentences that come longest first.

    `initial` are the hidden and cell states to begin with, [2 * layers, 1, hidden]. Past a sentence's end the output is 0.
    """
    batch, steps, _ = words.shape
    rows = max(batch, MIN_ROWS)
    active = [sum(length > step for length in lengths) for step in range(steps)]
    back = _reversed_places(lengths, steps).to(words.device)
    for layer in range(lstm.num_layers):
        outputs = []
        for direction, suffix in enumerate(("", "_reverse")):
            inputs = words if not direction else words.gather(1, back.unsqueeze(2).expand_as(words))
            weights = (getattr(lstm, f"{name}_l{layer}{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            start = tuple(state[2 * layer + direction].expand(rows, -1) for state in initial)
            outputs.append(_run(inputs, active, rows, tuple(weights), start))
        outputs[1] = outputs[1].gather(1, back.unsqueeze(2).expand_as(outputs[1]))
        words = torch.cat(outputs, dim=2)
    return words


def _run(inputs: Tensor, active: Sequence[int], rows: int, weights: tuple[Tensor, ...], start: tuple[Tensor, ...]) -> Tensor:
    batch, steps, _ = inputs.shape
    from_input, from_hidden, input_bias, hidden_bias = weights
    gates = inputs.new_zeros(steps, rows, len(from_input))
    gates[:, :batch] = project(inputs.transpose(0, 1), from_input, input_bias + hidden_bias)
    hidden, cell = start
    width = hidden.shape[1]
    outputs = inputs.new_zeros(steps, batch, width)
    turned = from_hidden.t()
    for step, count in enumerate(active):
        used = max(count, MIN_ROWS)
        sums = torch.addmm(gates[step, :used], hidden[:used], turned)
        entry, keep, _, out = sums.sigmoid().chunk(4, dim=1)
        cell = keep * cell[:used] + entry * sums[:, 2 * width : 3 * width].tanh()
        hidden = out * cell.tanh()
        outputs[step, :count] = hidden[:count]
    return outputs.transpose(0, 1)


def _reversed_places(lengths: Sequence[int], steps: int) -> Tensor:
    """For each sentence the place of the token that stands at a step when it is read backwards: [batch, steps]."""
    places = torch.arange(steps).expand(len(lengths), steps)
    ends = torch.tensor(lengths).unsqueeze(1)
    return torch.where(places < ends, ends - 1 - places, places)
