"""The student network: hashed forms and a frozen word table, then residual convolutions over three tokens.

A token's result depends on at most `reach` neighbours on each side, so long texts are tagged in windows with
that margin and get exactly the same tags as in one piece.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.training.labels import TAGS
from shield.analyzer.tagging.features import AFFIX_ROWS, GAP_ROWS, NORM_ROWS, SHAPE_ROWS


@dataclass(frozen=True, slots=True)
class Size:
    """Widths of the network; `dilations` has one entry per layer."""

    width: int = 256
    dilations: tuple[int, ...] = (1, 1, 2, 4, 8, 1)
    norm: int = 64
    affix: int = 32
    shape: int = 24
    gap: int = 8

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Layer(nn.Module):
    """x + f(the token, and its neighbours at `dilation`), normalised."""

    def __init__(self, width: int, dilation: int, drop: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.mix = nn.Linear(3 * width, width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        d = self.dilation
        padded = nn.functional.pad(x, (0, 0, d, d))
        length = x.shape[1]
        around = torch.cat([padded[:, :length], x, padded[:, 2 * d :]], dim=-1)
        out: Tensor = self.norm(x + self.drop(nn.functional.relu(self.mix(around))))
        return out if mask is None else out * mask


class Student(nn.Module):
    """Logits over TAGS for rows of feature integers (batch, tokens, COLUMNS)."""

    def __init__(self, size: Size, table: Tensor, drop: float = 0.15) -> None:
        super().__init__()
        self.size = size
        self.table: Tensor
        self.register_buffer("table", table)
        self.norm = nn.Embedding(NORM_ROWS, size.norm)
        self.prefix = nn.Embedding(AFFIX_ROWS, size.affix)
        self.suffix = nn.Embedding(AFFIX_ROWS, size.affix)
        self.shape = nn.Embedding(SHAPE_ROWS, size.shape)
        self.gap = nn.Embedding(GAP_ROWS, size.gap)
        for embedding in (self.norm, self.prefix, self.suffix, self.shape, self.gap):
            nn.init.normal_(embedding.weight, std=0.15)
        inputs = table.shape[1] + size.norm + 2 * size.affix + size.shape + size.gap
        self.enter = nn.Linear(inputs, size.width)
        self.enter_norm = nn.LayerNorm(size.width)
        self.layers = nn.ModuleList(Layer(size.width, d, drop) for d in size.dilations)
        self.out = nn.Linear(size.width, len(TAGS))
        self.drop = nn.Dropout(drop)
        self.forget = 0.12  # how often a word's own embedding is dropped in training

    def embed(self, rows: Tensor) -> Tensor:
        norm = self.norm(rows[..., 1]) + self.norm(rows[..., 2])
        known = self.table[rows[..., 0]].float()
        if self.training:
            norm = norm * (torch.rand(rows.shape[:-1]) >= self.forget)[..., None]
            known = known * (torch.rand(rows.shape[:-1]) >= self.forget / 3)[..., None]
        parts = [
            known,
            norm,
            self.prefix(rows[..., 3]),
            self.suffix(rows[..., 4]),
            self.shape(rows[..., 5]),
            self.gap(rows[..., 6]),
        ]
        return torch.cat(parts, dim=-1)

    def forward(self, rows: Tensor, mask: Tensor | None = None) -> Tensor:
        x: Tensor = self.enter_norm(nn.functional.relu(self.enter(self.drop(self.embed(rows)))))
        if mask is not None:
            mask = mask[..., None]
            x = x * mask
        for layer in self.layers:
            x = layer(x, mask)
        logits: Tensor = self.out(x)
        return logits

    @property
    def reach(self) -> int:
        """How many tokens on each side a result depends on."""
        return sum(self.size.dilations)
