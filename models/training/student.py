"""Trains the student on gold spans and on the teacher's predictions for every token."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from models.training.corpus import Example
from models.training.labels import TAGS
from models.training.loss import partial_loss, targets
from models.training.network import Student
from models.training.precision import autocast
from models.training.teacher import Pieces, Teacher
from models.training.words import Table
from shield.analyzer.tagging.features import COLUMNS, Features

LONGEST: Final = 48


@dataclass(slots=True)
class Row:
    """A training row: an example, its features, and the teacher's log-probabilities (tokens, tags) if any."""

    example: Example
    features: npt.NDArray[np.int32]
    opinion: npt.NDArray[np.float16] | None = None


def rows_of(examples: Sequence[Example], table: Table) -> list[Row]:
    """Features of the examples."""
    of_word = cache(Features({w: i for i, w in enumerate(table.words, 1)}).of_word)
    return [
        Row(
            e,
            np.array(
                [(*of_word(w), g) for w, g in zip(e.words, e.gaps, strict=True)], dtype=np.int32
            ).reshape(-1, COLUMNS),
        )
        for e in examples
    ]


def ask(teacher: Teacher, pieces: Pieces, rows: Sequence[Row], budget: int = 3000) -> None:
    """Writes the teacher's predictions into every row of at most `LONGEST` tokens of a real text.

    Longer rows are expensive (attention is quadratic) and mostly from sets that mark everything. In synthetic
    texts all labels are known, so predictions could only blur them.
    """
    teacher.eval()
    real = (r for r in rows if r.example.source != "synthetic" and len(r.example.words) <= LONGEST)
    order = sorted(real, key=lambda r: len(r.example.words))
    at, done, start = 0, 0, time.monotonic()
    with torch.inference_mode(), autocast():
        while at < len(order):
            batch: list[Row] = []
            while at < len(order) and (len(batch) + 1) * len(order[at].example.words) <= max(
                budget, len(order[at].example.words)
            ):
                batch.append(order[at])
                at += 1
            inputs = pieces.batch([(r.example.words, r.example.gaps) for r in batch])
            logp = torch.log_softmax(teacher(*inputs).float(), dim=-1).numpy().astype(np.float16)
            firsts = inputs[4].numpy()
            for i, row in enumerate(batch):
                count = min(len(row.example.words), int((firsts[i] > 0).sum()))
                row.opinion = logp[i, :count].copy()
            done += len(batch)
            if done // 5000 != (done - len(batch)) // 5000:
                print(
                    f"teacher read {done} of {len(order)} rows, {time.monotonic() - start:.0f} s", flush=True
                )


def remember(former: Student, rows: Sequence[Row], budget: int = 6000) -> None:
    """Writes the predictions of a model that is trained on into `rows`: what it was before.

    Where rows of what it has learned carry them, it learns new texts without forgetting those (Li and Hoiem
    2016, "Learning without forgetting").
    """
    former.eval()
    with torch.inference_mode(), autocast():
        for batch in batches(rows, random.Random(0), budget):
            width = max(len(r.features) for r in batch)
            real = np.array([[at < len(r.features) for at in range(width)] for r in batch], np.float32)
            logits = former(_features(batch, width), torch.from_numpy(real))
            logp = torch.log_softmax(logits.float(), dim=-1).numpy().astype(np.float16)
            for i, row in enumerate(batch):
                row.opinion = logp[i, : len(row.features)].copy()


def _features(batch: Sequence[Row], width: int) -> torch.Tensor:
    """Features of the rows, padded to `width` tokens."""
    ids = np.zeros((len(batch), width, COLUMNS), np.int64)
    for i, row in enumerate(batch):
        ids[i, : len(row.features)] = row.features
    return torch.from_numpy(ids)


def keep(rows: Sequence[Row], path: Path) -> None:
    """Saves the predictions in `rows`."""
    lengths = np.array([0 if r.opinion is None else len(r.opinion) for r in rows], np.int32)
    parts = [r.opinion for r in rows if r.opinion is not None]
    np.savez(path, lengths=lengths, data=np.concatenate(parts))


def recall(rows: Sequence[Row], path: Path) -> None:
    """Restores the saved predictions into `rows`, which must be the same rows."""
    saved = np.load(path)
    lengths, data = saved["lengths"], saved["data"]
    if len(lengths) != len(rows):
        raise SystemExit(f"{path} is of another run")
    at = 0
    for row, length in zip(rows, lengths, strict=True):
        if length:
            row.opinion = data[at : at + length]
            at += int(length)


def batches(rows: Sequence[Row], rng: random.Random, budget: int) -> list[list[Row]]:
    """All rows once, in batches of about `budget` tokens with padding."""
    order = sorted(rows, key=lambda r: len(r.features) * (1 + 0.15 * rng.random()))
    out: list[list[Row]] = []
    batch: list[Row] = []
    width = 0
    for row in order:
        width = max(width, len(row.features))
        if batch and (len(batch) + 1) * width > budget:
            out.append(batch)
            batch, width = [], len(row.features)
        batch.append(row)
    if batch:
        out.append(batch)
    rng.shuffle(out)
    return out


RATE: Final = 3e-3
REFINED: Final = RATE / 5
"""Peaks of the learning rate: of the training, and of the refinement on new passes that follows."""


def train(
    model: Student,
    passes: Iterable[Sequence[Row]],
    *,
    steps: int,
    seed: int,
    rate: float = RATE,
    distil: float = 0.7,
    budget: int = 3000,
) -> Student:
    """Trains `model` on the passes, one after the other, for `steps` steps; returns the averaged weights.

    The learning rate falls with the steps, not with the time, so that a slow machine trains the same model.
    The loss of a token is the partial loss on its gold, plus `distil` times the cross-entropy to the teacher.
    It ends early when there are no more passes.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    start = time.monotonic()
    step, seen, running = 0, 0, 0.0
    for number, rows in enumerate(passes):
        for batch in batches(rows, rng, budget):
            done = step / steps
            if step >= steps:
                break
            for group in optimizer.param_groups:
                group["lr"] = (
                    rate * min(1.0, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * done)) * 0.98 + 0.02)
                )
            width = max(len(r.features) for r in batch)
            allowed, outside, real = targets([r.example for r in batch], width)
            model.train()
            with autocast():
                logits = model(_features(batch, width), real)
            loss = partial_loss(logits, allowed, outside, real)
            if distil and any(r.opinion is not None for r in batch):
                opinion = np.zeros((len(batch), width, len(TAGS)), np.float32)
                told = np.zeros((len(batch), width), np.float32)
                for i, row in enumerate(batch):
                    if row.opinion is not None:
                        opinion[i, : len(row.opinion)] = np.exp(row.opinion.astype(np.float32))
                        told[i, : len(row.opinion)] = 1
                weight = torch.from_numpy(told)
                logp = torch.log_softmax(logits.float(), -1)
                away = -(torch.from_numpy(opinion) * logp).sum(-1)
                loss = (1 - 0.5 * distil) * loss + distil * (away * weight).sum() / weight.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            step += 1
            seen += int(real.sum())
            keep = min(0.998, (1 + step) / (10 + step))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    if k != "table":
                        average[k].lerp_(v, 1 - keep)
            running = loss.item() if step == 1 else 0.99 * running + 0.01 * loss.item()
            if step % 200 == 0:
                print(
                    f"pass {number} step {step} done {done:.3f} loss {running:.4f} "
                    f"{seen / (time.monotonic() - start):.0f} tokens/s",
                    flush=True,
                )
        if step >= steps:
            break
    model.load_state_dict(average)
    return model.eval()
