"""Decoding of a linear-chain CRF in batches: the best tag sequence, and the posterior of spans.

Scores follow Stanza's `CRFLoss`: a sequence y scores sum_t emissions[t, y_t] + sum_t transitions[y_{t-1}, y_t], with no
start or end scores. Rows are padded at the end; `lengths` says how much of each row counts.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor


def viterbi(emissions: Tensor, lengths: Tensor, transitions: Tensor) -> Tensor:
    """The best tags, int64 [batch, time], for emissions [batch, time, tags] and transitions [tags, tags].

    Past a row's length the result repeats its last tag. Ties fall to the lower tag, as in Stanza's decoder.
    """
    batch, time, _ = emissions.shape
    trellis = emissions[:, 0]
    pointers = []
    for step in range(1, time):
        best, pointer = (trellis.unsqueeze(2) + transitions).max(dim=1)
        inside = (step < lengths).unsqueeze(1)
        trellis = torch.where(inside, emissions[:, step] + best, trellis)
        pointers.append(torch.where(inside, pointer, torch.arange(pointer.shape[1], device=pointer.device)))
    tag = trellis.argmax(dim=1)
    tags = [tag]
    for pointer in reversed(pointers):
        tag = pointer.gather(1, tag.unsqueeze(1)).squeeze(1)
        tags.append(tag)
    return torch.stack(tags[::-1], dim=1).view(batch, time)


def forward_backward(emissions: Tensor, lengths: Tensor, transitions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Log-space forward scores [batch, time, tags], backward scores [batch, time, tags] and log partition [batch].

    forward includes the emission of its step, backward does not: forward + backward - partition is the log posterior of a
    tag at a step (Rabiner 1989). Past a row's length forward repeats its last value and backward is 0.
    """
    time = emissions.shape[1]
    forward = [emissions[:, 0]]
    for step in range(1, time):
        score = emissions[:, step] + torch.logsumexp(forward[-1].unsqueeze(2) + transitions, dim=1)
        forward.append(torch.where((step < lengths).unsqueeze(1), score, forward[-1]))
    backward = [torch.zeros_like(emissions[:, 0])]
    for step in range(time - 2, -1, -1):
        score = torch.logsumexp(transitions + (emissions[:, step + 1] + backward[-1]).unsqueeze(1), dim=2)
        backward.append(torch.where((step + 1 < lengths).unsqueeze(1), score, torch.zeros_like(score)))
    partition = torch.logsumexp(forward[-1], dim=1)
    return torch.stack(forward, dim=1), torch.stack(backward[::-1], dim=1), partition


def span_posterior(
    emissions: Tensor, transitions: Tensor, forward: Tensor, backward: Tensor, partition: Tensor, start: int, tags: list[int]
) -> float:
    """The probability that the tags of one row from step `start` on are exactly `tags`, all else free (0..1).

    The first three tensors are one row: [time, tags]; `partition` is its scalar.
    """
    score = forward[start, tags[0]]
    for step, (before, tag) in enumerate(pairwise(tags), start + 1):
        score = score + transitions[before, tag] + emissions[step, tag]
    score = score + backward[start + len(tags) - 1, tags[-1]] - partition
    return min(1.0, float(score.exp()))
