"""Writes the student and the encoder as the files of a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from models.training import encoder_graph, graph
from models.training.calibration import SOFT
from models.training.labels import LABELS
from models.training.network import Student
from models.training.teacher import Teacher
from models.training.words import Table
from shield.analyzer.tagging.encoder import FILES as ENCODER_FILES
from shield.analyzer.tagging.model_files import write_sums
from shield.analyzer.tagging.tagger import FILES, FORMAT


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

    With `samples` (rows of features of some texts) the matrix products are quantized to eight bits.
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
    """Writes the encoder's `model.onnx`, `pieces.txt` and `config.json`; `feeds` are sample inputs."""
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
