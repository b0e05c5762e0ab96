"""The batched CRF against enumeration of every tag sequence, and against Stanza's own decoder and loss."""

from __future__ import annotations

import itertools

import pytest
import torch
from stanza.models.common.crf import CRFLoss, viterbi_decode

from hindi_entities.crf import forward_backward, span_posterior, viterbi

LENGTHS = torch.tensor([5, 3, 1])


@pytest.fixture
def lattice() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(7)
    return torch.randn(3, 5, 4) * 2, torch.randn(4, 4)


def _score(emissions: torch.Tensor, transitions: torch.Tensor, tags: tuple[int, ...]) -> torch.Tensor:
    score = sum(emissions[step, tag] for step, tag in enumerate(tags))
    return torch.as_tensor(score + sum(transitions[a, b] for a, b in itertools.pairwise(tags)))


def test_viterbi_is_stanzas(lattice: tuple[torch.Tensor, torch.Tensor]) -> None:
    emissions, transitions = lattice
    best = viterbi(emissions, LENGTHS, transitions)
    for row, length in enumerate(LENGTHS.tolist()):
        expected, _ = viterbi_decode(emissions[row, :length].numpy(), transitions.numpy())
        assert best[row, :length].tolist() == [int(tag) for tag in expected]


def test_partition_is_that_of_stanzas_loss(lattice: tuple[torch.Tensor, torch.Tensor]) -> None:
    emissions, transitions = lattice
    loss = CRFLoss(4)
    loss._transitions.data = transitions
    masks = torch.arange(5)[None, :] >= LENGTHS[:, None]
    expected = loss.crf_log_norm(emissions, masks, torch.zeros(3, 5, dtype=torch.long))
    torch.testing.assert_close(forward_backward(emissions, LENGTHS, transitions)[2], expected)


def test_posteriors_are_sums_over_all_sequences(lattice: tuple[torch.Tensor, torch.Tensor]) -> None:
    emissions, transitions = lattice
    forward, backward, partition = forward_backward(emissions, LENGTHS, transitions)
    for row, length in enumerate(LENGTHS.tolist()):
        sequences = list(itertools.product(range(4), repeat=length))
        weights = torch.stack([_score(emissions[row], transitions, tags).exp() for tags in sequences])
        total = weights.sum()
        for start, width in [(0, 1), (length - 1, 1), (0, length), (length // 2, length - length // 2)]:
            wanted = [1, 2, 3, 0, 1][:width]
            expected = sum(w for tags, w in zip(sequences, weights, strict=True) if list(tags[start : start + width]) == wanted)
            lattice_row = (emissions[row], transitions, forward[row], backward[row], partition[row])
            assert span_posterior(*lattice_row, start, wanted) == pytest.approx(float(expected / total), rel=1e-4)
