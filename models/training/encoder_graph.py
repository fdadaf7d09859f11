"""Builds the fine-tuned encoder as an ONNX graph for one text at a time, with products in eight bits.

As in `graph`, scales are fixed and weights have seven bits, so that the same text gives the same result on
every processor, whatever was read before. (Evening out the columns of the products' inputs, as SmoothQuant
does, changed nothing here.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper

from models.training.graph import EVEN, OPSET, Builder, Leaning, Ranges, normalised, ranges_of, scores
from models.training.teacher import Teacher

HEADS: Final = 12
EPSILON: Final = 1e-12
POSITIONS: Final = 320


def build(
    teacher: Teacher, ranges: Ranges | None = None, leaning: Leaning = EVEN
) -> tuple[onnx.ModelProto, list[str]]:
    """The graph from `pieces` (id, case, gap) and `firsts` (tokens) to `scores`, and its products' inputs."""
    weights = {k: v.detach().float().numpy() for k, v in teacher.state_dict().items()}
    b = Builder(ranges)
    columns = [b.add("Gather", "pieces", b.constant(np.int64(i)), axis=1) for i in range(3)]
    words = weights["encoder.embeddings.word_embeddings.weight"]
    steps = (np.abs(words).max(axis=1, keepdims=True) / 127).astype(np.float32)
    codes = np.round(words / steps).astype(np.int8)
    x = b.add("Mul", b.gathered(codes, columns[0]), b.add("Gather", b.constant(steps), columns[0]))
    for i, name in ((1, "case"), (2, "gap")):
        x = b.add("Add", x, b.gathered(weights[f"{name}.weight"].astype(np.float16), columns[i]))
    places = weights["encoder.embeddings.position_embeddings.weight"][:POSITIONS]
    places = places + weights["encoder.embeddings.token_type_embeddings.weight"][0]
    count = b.add("Shape", columns[0])
    rows = b.add("Slice", b.constant(places.astype(np.float16)), b.constant(np.array([0], np.int64)), count)
    x = b.add("Add", x, b.add("Cast", rows, to=TensorProto.FLOAT))
    x = normalised(b, x, weights, "encoder.embeddings.LayerNorm", EPSILON)
    layers = 1 + max(int(k.split(".")[3]) for k in weights if k.startswith("encoder.encoder.layer."))
    for i in range(layers):
        # After the last layer's attention only the first piece of each token is needed.
        x = _layer(b, x, weights, f"encoder.encoder.layer.{i}", "firsts" if i == layers - 1 else "")
    tags = scores(b, x, weights, leaning)
    graph = helper.make_graph(
        b.nodes,
        "encoder",
        [
            helper.make_tensor_value_info("pieces", TensorProto.INT32, ["pieces", 3]),
            helper.make_tensor_value_info("firsts", TensorProto.INT32, ["tokens"]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["tokens", tags])],
        b.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9), b.inputs


def _layer(b: Builder, x: str, weights: dict[str, Any], name: str, kept: str) -> str:
    """A layer over `x`; if `kept` is given, only these rows are its output."""
    own = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    width = len(weights[f"{own[0]}.bias"])
    both = b.product(
        x,
        np.concatenate([weights[f"{part}.weight"].T for part in own], axis=1),
        np.concatenate([weights[f"{part}.bias"] for part in own]),
        0,
    )
    parts = b.several("Split", both, count=3, axis=1)
    shape = b.constant(np.array([0, HEADS, width // HEADS], np.int64))
    query, key, value = (b.add("Reshape", part, shape) for part in parts)
    query, value = (b.add("Transpose", part, perm=[1, 0, 2]) for part in (query, value))
    key = b.add("Transpose", key, perm=[1, 2, 0])
    size = b.constant(np.float32((width // HEADS) ** -0.5))
    heed = b.add("Softmax", b.add("MatMul", b.add("Mul", query, size), key), axis=-1)
    mixed = b.add("Transpose", b.add("MatMul", heed, value), perm=[1, 0, 2])
    mixed = b.add("Reshape", mixed, b.constant(np.array([0, width], np.int64)))
    if kept:
        x, mixed = (b.add("Gather", rows, kept, axis=0) for rows in (x, mixed))
    out = _dense(b, mixed, weights, f"{name}.attention.output.dense")
    x = normalised(b, b.add("Add", x, out), weights, f"{name}.attention.output.LayerNorm", EPSILON)
    inner = _dense(b, x, weights, f"{name}.intermediate.dense")
    inner = b.add("Gelu", inner, domain="com.microsoft")
    out = _dense(b, inner, weights, f"{name}.output.dense")
    return normalised(b, b.add("Add", x, out), weights, f"{name}.output.LayerNorm", EPSILON)


def _dense(b: Builder, x: str, weights: dict[str, Any], name: str) -> str:
    return b.product(x, weights[f"{name}.weight"].T.copy(), weights[f"{name}.bias"], 0)


def measured(teacher: Teacher, feeds: Sequence[dict[str, Any]]) -> Ranges:
    """The range of each product's input over `feeds`."""
    return ranges_of(*build(teacher), feeds)
