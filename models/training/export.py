"""The student as the files of a model, calibrated on the part of the training data held apart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx

from models.training import encoder_graph, graph
from models.training.labels import LABELS, NOT_PII
from models.training.network import Student
from models.training.teacher import Teacher
from models.training.words import Table
from shield.analyzer.encoder import FILES as ENCODER_FILES
from shield.analyzer.model_files import write_sums
from shield.analyzer.tagger import FILES, FORMAT
from shield.analyzer.tiers import SpanTagger

SOFT: Final = tuple(label for label in LABELS if label in NOT_PII)


def write(
    student: Student,
    table: Table,
    folder: Path,
    *,
    slope: float,
    shift: float,
    threshold: float,
    leaning: graph.Leaning = graph.EVEN,
    samples: Sequence[npt.NDArray[np.int32]] = (),
    about: dict[str, Any] | None = None,
) -> None:
    """Writes `token.onnx`, `model.onnx`, `words.txt` and `config.json` to `folder`.

    With `samples` (rows of features of some texts) the matrix products are in eight bits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ranges = graph.measured(student, table, samples) if samples else None
    graphs = graph.build(student, table, ranges, leaning)
    for name, model in (("token.onnx", graphs.token), ("model.onnx", graphs.text)):
        if ranges is None:
            onnx.checker.check_model(model)
        (folder / name).write_bytes(model.SerializeToString(deterministic=True))
    (folder / "words.txt").write_text("\n".join(table.words) + "\n", encoding="utf-8")
    _write_config(
        folder, leaning, slope=slope, shift=shift, threshold=threshold, reach=student.reach, about=about
    )
    write_sums(folder, FILES)


def write_encoder(
    teacher: Teacher,
    vocabulary: Sequence[str],
    folder: Path,
    *,
    slope: float,
    shift: float,
    threshold: float,
    leaning: graph.Leaning,
    feeds: Sequence[dict[str, Any]],
    about: dict[str, Any] | None = None,
) -> None:
    """Writes the encoder's `model.onnx`, `pieces.txt` and `config.json`; `feeds` are inputs of some texts."""
    folder.mkdir(parents=True, exist_ok=True)
    model, _ = encoder_graph.build(teacher, encoder_graph.measured(teacher, feeds), leaning)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (folder / "pieces.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    _write_config(folder, leaning, slope=slope, shift=shift, threshold=threshold, reach=0, about=about)
    write_sums(folder, ENCODER_FILES)


def _write_config(
    folder: Path, leaning: graph.Leaning, *, about: dict[str, Any] | None, **values: float
) -> None:
    config = {
        "format": FORMAT,
        "labels": list(LABELS),
        "soft": list(SOFT),
        **{name: round(value, 4) for name, value in values.items()},
        "added": {"PERSON": leaning.person, "ORGANIZATION": leaning.organization},
        **(about or {}),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


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
                continue  # nobody knows
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
