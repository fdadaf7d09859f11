"""The training loss where some tags are known only as a set of possible ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from models.training.corpus import Example
from models.training.labels import TAGS

_BITS = np.arange(len(TAGS), dtype=np.int64)


def targets(batch: Sequence[Example], width: int) -> tuple[Tensor, Tensor, Tensor]:
    """`allowed` (rows, width, tags) as bool, `outside` and `real` (rows, width)."""
    codes = np.full((len(batch), width), (1 << len(TAGS)) - 1, dtype=np.int64)
    outside = np.zeros((len(batch), width), dtype=np.float32)
    real = np.zeros((len(batch), width), dtype=np.float32)
    for row, e in enumerate(batch):
        count = min(len(e.words), width)
        codes[row, :count] = e.allowed[:count]
        outside[row, :count] = e.outside[:count]
        real[row, :count] = 1.0
    allowed = (codes[..., None] >> _BITS) & 1 == 1
    return torch.from_numpy(allowed), torch.from_numpy(outside), torch.from_numpy(real)


def partial_loss(
    logits: Tensor, allowed: Tensor, outside: Tensor, real: Tensor, smooth: float = 0.02
) -> Tensor:
    """Mean over real tokens of -log p(allowed tags), and of -log p(O) weighted by `outside`."""
    logp = torch.log_softmax(logits.float(), dim=-1)
    marginal = torch.logsumexp(logp.masked_fill(~allowed, -1e4), dim=-1)
    known = allowed.sum(-1) == 1
    loss = -marginal - smooth * (logp.mean(-1) - marginal) * known * 0.5
    loss = loss - outside * (~known) * logp[..., 0]
    return (loss * real).sum() / real.sum()
