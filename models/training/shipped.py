"""The weights of models that are shipped, taken back from their eight bits, to train them on.

A weight comes back as what the graph computes with: whole numbers times the scale of their column. The frozen
embeddings of word pieces are those of the pretrained encoder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from models.training.network import Size, Student
from models.training.teacher import Teacher
from models.training.words import Table

Arrays = dict[str, npt.NDArray[Any]]
_WIDE = 6  # inputs of a product before its summand


class Read:
    """The nodes of a graph with their constants."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.nodes = list(graph.node)
        self.constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}

    def of(self, kind: str) -> Iterator[list[Any]]:
        """The inputs of each node of a kind, in order: arrays, or None for what is no constant."""
        for node in self.nodes:
            if node.op_type == kind:
                yield [self.constants.get(name) for name in node.input]

    def products(self) -> Iterator[tuple[Any, Any]]:
        """Weight (inputs, outputs) and summand (or None) of each product in eight bits."""
        for inputs in self.of("MatMulIntegerToFloat"):
            codes, steps = inputs[1], inputs[3]
            yield codes.astype(np.float32) * steps, inputs[_WIDE] if len(inputs) > _WIDE else None

    def norms(self) -> Iterator[tuple[Any, Any]]:
        """Scale and shift of each layer normalization."""
        return ((scale, shift) for _, scale, shift in self.of("LayerNormalization"))

    def out(self) -> tuple[Any, Any]:
        """Weight and summand of the layer before the scores."""
        weight = next(w for _, w in self.of("MatMul") if w is not None and w.ndim == 2)
        summand = next(
            other
            for node in self.nodes
            if node.op_type == "Add"
            for other in [self.constants.get(node.input[1])]
            if other is not None and other.shape == (weight.shape[1],)
        )
        return weight, summand


def teacher_of(folder: Path, teacher: Teacher) -> Teacher:
    """`teacher` with the weights of the encoder in `folder`."""
    read = Read(folder / "model.onnx")
    state: Arrays = {k: v.detach().numpy().copy() for k, v in teacher.state_dict().items()}
    tables = [c for c, _ in read.of("Gather") if c is not None]
    codes, steps, state["case.weight"], state["gap.weight"] = tables[:4]
    state["encoder.embeddings.word_embeddings.weight"] = codes * steps
    places = next(read.of("Slice"))[0]
    prefix = "encoder.embeddings"
    state[f"{prefix}.position_embeddings.weight"][: len(places)] = (
        places.astype(np.float32) - state[f"{prefix}.token_type_embeddings.weight"][0]
    )
    products, norms = read.products(), read.norms()
    state[f"{prefix}.LayerNorm.weight"], state[f"{prefix}.LayerNorm.bias"] = next(norms)
    layers = 1 + max(int(k.split(".")[3]) for k in state if k.startswith("encoder.encoder.layer."))
    for i in range(layers):
        name = f"encoder.encoder.layer.{i}"
        weight, summand = next(products)
        for part, own, bias in zip(
            ("query", "key", "value"),
            np.split(weight, 3, axis=1),
            np.split(summand, 3),
            strict=True,
        ):
            state[f"{name}.attention.self.{part}.weight"] = own.T
            state[f"{name}.attention.self.{part}.bias"] = bias
        for dense, norm in (
            ("attention.output.dense", "attention.output.LayerNorm"),
            ("intermediate.dense", ""),
            ("output.dense", "output.LayerNorm"),
        ):
            weight, state[f"{name}.{dense}.bias"] = next(products)
            state[f"{name}.{dense}.weight"] = weight.T
            if norm:
                state[f"{name}.{norm}.weight"], state[f"{name}.{norm}.bias"] = next(norms)
    weight, state["out.bias"] = read.out()
    state["out.weight"] = weight.T
    teacher.load_state_dict(_tensors(state))
    return teacher


def student_of(folder: Path) -> tuple[Student, Table]:
    """The tagger in `folder`, and its word table."""
    token, text = Read(folder / "token.onnx"), Read(folder / "model.onnx")
    tables = [c for c, _ in token.of("Gather") if c is not None]
    codes, prefix, suffix, shape, gap = (t for t in tables if t.ndim == 2)
    scale = next(own for other in token.of("Mul") for own in other if own is not None)
    norm = next(own for own, *_ in token.of("Cast") if own is not None)
    words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]
    table = Table(words, codes, scale)
    state: Arrays = {"norm.weight": norm, "prefix.weight": prefix, "suffix.weight": suffix}
    state |= {"shape.weight": shape, "gap.weight": gap}
    products = list(token.products())
    state["enter.weight"], state["enter.bias"] = products[0][0].T, products[0][1]
    state["enter_norm.weight"], state["enter_norm.bias"] = next(token.norms())
    first = next(own for other in text.of("Mul") for own in other if own is not None)
    entered = list(token.of("QuantizeLinear"))[1][1]
    mix = np.concatenate([weight for weight, _ in products[1:]]) * (first / entered)
    summand = next(own for other in text.of("Add") for own in other if own is not None)
    mixes = [(mix, summand), *text.products()]
    for i, ((weight, bias), (gain, shift)) in enumerate(zip(mixes, text.norms(), strict=True)):
        state[f"layers.{i}.mix.weight"], state[f"layers.{i}.mix.bias"] = weight.T, bias
        state[f"layers.{i}.norm.weight"], state[f"layers.{i}.norm.bias"] = gain, shift
    weight, state["out.bias"] = text.out()
    state["out.weight"] = weight.T
    known = torch.from_numpy(codes.astype(np.float32) * scale)
    student = Student(Size(), known)
    student.load_state_dict({"table": known, **_tensors(state)})
    return student, table


def _tensors(state: Arrays) -> dict[str, torch.Tensor]:
    return {k: torch.from_numpy(np.array(v, dtype=np.float32, order="C")) for k, v in state.items()}
