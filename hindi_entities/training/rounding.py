"""A training that calculates as int8 will: weights and inputs of the encoder's linear layers are rounded, the gradient is not.

The gradient passes the rounding as if it were not there ("straight through", Bengio et al. 2013; for int8 Jacob et al. 2018). At
the end the weights are put on their steps, so that in every precision the model has the same ones and int8 rounds
its inputs only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from hindi_entities.precision import GELU_MINIMUM, round_inputs, round_weight
from hindi_entities.stanza_parts import NERTagger


@contextmanager
def rounded(model: NERTagger) -> Iterator[None]:
    """While open, the linear layers of a BERT-like encoder round; when it closes without an error, their weights are rounded."""
    layers = list(_linear_layers(model))
    for layer, minimum in layers:
        layer.forward = partial(_run, layer, minimum)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for layer, _ in layers:
            del layer.forward
    with torch.no_grad():
        for layer, _ in layers:
            layer.weight.copy_(_rounded_weight(layer.weight))


def _linear_layers(model: NERTagger) -> Iterator[tuple[nn.Linear, float | None]]:
    """The layers that `precision.make_dense` runs in integers, with the lowest of their inputs where it is known."""
    for name, module in model.bert_model.encoder.named_modules():
        if isinstance(module, nn.Linear):
            after_gelu = name.endswith("output.dense") and not name.endswith("attention.output.dense")
            yield module, GELU_MINIMUM if after_gelu else None


def _run(layer: nn.Linear, minimum: float | None, inputs: Tensor) -> Tensor:
    inputs = inputs.float()  # the steps are finer than bf16's
    with torch.no_grad():
        flat = inputs.reshape(-1, inputs.shape[-1])
        steps, scales = round_inputs(flat, minimum)
        low = flat.new_tensor(0.0 if minimum is None else minimum)
        input_change = (steps * scales + low - flat).view_as(inputs)
        weight_change = _rounded_weight(layer.weight) - layer.weight
    with torch.autocast(inputs.device.type, enabled=False):
        return linear(inputs + input_change, layer.weight + weight_change, layer.bias)


def _rounded_weight(weight: Tensor) -> Tensor:
    steps, scales = round_weight(weight)
    return steps * scales.unsqueeze(1)
