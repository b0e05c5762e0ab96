"""Linear layers of the encoder in single precision, in bf16, and in integers of eight bits.

In int8 each row of the input has a scale of its own, found as it comes (dynamic quantization by token, as in ZeroQuant, Yao et
al. 2022), so that a row's result does not depend on the other rows; each output column of the weights has one, too. Inputs have
eight bits and weights seven, because processors without VNNI add two products in sixteen bits.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Final, Literal

import torch
from torch import Tensor
from torch.nn.functional import linear

Precision = Literal["auto", "fp32", "bf16", "int8"]
Dense = Callable[[Tensor], Tensor]  # [rows, inputs] to [rows, outputs], both in single precision

GELU_MINIMUM: Final = -0.17  # no output of GELU is lower: its minimum is -0.16997
_LARGEST_INPUT: Final = 255
_LARGEST_WEIGHT: Final = 63
_ZERO: Final = 128  # of inputs of both signs


def choose_precision(wanted: str, device: torch.device, *, packed: bool = True) -> Literal["fp32", "bf16", "int8"]:
    """What a precision means on a device; "auto" is int8 where there is int8, else fp32.

    Only an encoder that runs without padding (`packed`) can calculate in integers. Raises ValueError for an unknown name, and for
    int8 where there is none.
    """
    possible = packed and device.type == "cpu" and _has_int8()
    if wanted == "int8" and not possible:
        where = f"not {platform.machine()} and {device}" if packed else "and an encoder like BERT, which this model's is not"
        raise ValueError(f"precision 'int8' needs an x86 processor and device 'cpu', {where}")
    if wanted == "auto":
        return "int8" if possible else "fp32"
    for known in ("fp32", "bf16", "int8"):
        if wanted == known:
            return known
    raise ValueError(f"unknown precision {wanted!r}; there are auto, fp32, bf16 and int8")


def make_dense(weight: Tensor, bias: Tensor, precision: str, *, minimum: float | None = None) -> Dense:
    """A linear layer of weight [outputs, inputs] and bias [outputs]; `minimum` is the lowest input there is, if known."""
    if precision == "int8":
        return _Int8(weight, bias, minimum)
    if precision == "bf16":
        low = (weight.bfloat16(), bias.bfloat16())
        return lambda rows: linear(rows.bfloat16(), *low).float()
    return lambda rows: linear(rows, weight, bias)


def round_weight(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight [outputs, inputs] in whole steps of -63..63, and the size of a step for each output [outputs]."""
    scales = weight.detach().abs().amax(dim=1).clamp(min=1e-12) / _LARGEST_WEIGHT
    return (weight.detach() / scales.unsqueeze(1)).round(), scales


def round_inputs(rows: Tensor, minimum: float | None) -> tuple[Tensor, Tensor]:
    """Inputs [rows, inputs] in whole steps, and the size of a step for each row [rows, 1].

    Steps are -127..127, or with a `minimum` 0..255 upwards from it.
    """
    if minimum is None:
        scales = torch.maximum(rows.amax(1, keepdim=True), -rows.amin(1, keepdim=True)).clamp_(min=1e-12) / (_ZERO - 1)
        return (rows / scales).round_(), scales
    scales = (rows.amax(1, keepdim=True) - minimum).clamp_(min=1e-12) / _LARGEST_INPUT
    return (rows - minimum).div_(scales).round_(), scales


class _Int8:
    def __init__(self, weight: Tensor, bias: Tensor, minimum: float | None) -> None:
        steps, self._scales = round_weight(weight)
        self._packed = torch.ops.onednn.qlinear_prepack(steps.to(torch.int8), None)
        self._zeros = torch.zeros(len(weight), dtype=torch.int64)
        self._minimum = minimum
        self._bias = bias.detach()
        if minimum is not None:  # inputs are moved up by it
            self._bias = self._bias + minimum * (steps * self._scales.unsqueeze(1)).sum(dim=1)

    def __call__(self, rows: Tensor) -> Tensor:
        steps, scales = round_inputs(rows, self._minimum)
        zero = _ZERO if self._minimum is None else 0
        # From -128..127 to 0..255 by the highest bit: torch casts quickly to int8, and not to uint8.
        inputs = (steps if zero else steps.sub_(_ZERO)).to(torch.int8).view(torch.uint8) ^ _ZERO
        product = torch.ops.onednn.qlinear_pointwise.default(
            *(inputs, 1.0, zero, self._packed, self._scales, self._zeros, None),
            *(1.0, 0, torch.float32, "none", [], ""),
        )
        return torch.addcmul(self._bias, product, scales)


def _has_int8() -> bool:
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    return bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
