"""Calibrates scores: fits the log-odds of a tier's spans to the share of them that are right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from models.training.labels import LABELS, NOT_PII
from shield.analyzer.tagging.tiers import SpanTagger

SOFT: Final = tuple(label for label in LABELS if label in NOT_PII)


def calibrate(
    tagger: SpanTagger, records: Sequence[dict[str, Any]]
) -> tuple[float, float, list[tuple[float, float, int]]]:
    """Slope and shift of the log-odds by logistic regression on hard spans, and the reliability table.

    A hard span is right if it overlaps a marked span of personal data; only records that mark every person
    count. `tagger` must have slope 1, shift 0 and a low threshold.
    """
    scores: list[float] = []
    right: list[bool] = []
    for record in records:
        if "PERSON" not in record["exhaustive"]:
            continue
        gold = [(s["start"], s["end"]) for s in record["spans"] if s["label"] not in NOT_PII]
        for start, end, label, score in tagger.tag([record["text"]])[0]:
            hit = any(start < e and s < end for s, e in gold)
            if label in SOFT or (
                label not in record["exhaustive"] and not hit and not record.get("negative")
            ):
                continue  # unknown whether it is right
            scores.append(score)
            right.append(hit)
    raw = np.clip(np.array(scores), 1e-4, 1 - 1e-4)
    x = np.log(raw / (1 - raw))
    y = np.array(right, dtype=float)
    slope, shift = 1.0, 0.0
    for _ in range(50):  # Newton's method, two parameters
        p = 1 / (1 + np.exp(-(slope * x + shift)))
        w = p * (1 - p) + 1e-9
        gradient = np.array([((p - y) * x).sum(), (p - y).sum()])
        hessian = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + np.eye(2) * 1e-6
        move = np.linalg.solve(hessian, gradient)
        slope, shift = slope - float(move[0]), shift - float(move[1])
        if math.hypot(*move) < 1e-8:
            break
    p = 1 / (1 + np.exp(-(slope * x + shift)))
    table = []
    for low in np.arange(0.1, 1.0, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        if inside.any():
            table.append((float(p[inside].mean()), float(y[inside].mean()), int(inside.sum())))
    return slope, shift, table
