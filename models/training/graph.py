"""Builds the student as two ONNX graphs, node by node, with products in eight bits and fixed scales.

One graph is for single tokens: a token's features, the entry layer, and its part in the products of the first
mixing layer. Its results are cached and looked up by the other, the graph for texts
(`shield.analyzer.tagging.known_tokens`). Sums of whole products are exact, so the two give what one would.

Scales measured in each run (ONNX Runtime's "dynamic" quantization) would make a token's result depend on
every other token of the run, and so on where a long text is cut; fixed ones keep it a function of its
neighbours. Weights take seven bits, since processors without VNNI add pairs of products in sixteen bits and
would saturate: so the same input gives the same result everywhere. The word table is stored in eight bits,
the embeddings of words in sixteen; the small ones are rounded to that but stored in 32, so that no run has to
widen them.

The result is the log-probability of each tag, except that a token's best hard tag gets the probability of all
hard tags together: a token can certainly be personal data while its kind is open ("7398": an account, a card,
a PIN?), and `O` must not win because such labels share their probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from models.training.labels import LABELS, NOT_PII, begin
from models.training.network import Student
from models.training.words import Table
from shield.analyzer.tagging.known_tokens import PARTS
from shield.analyzer.tagging.packing import BESIDE, around, beside, distances_of

WEIGHT_MAX: Final = 63
CLIPPED: Final = 2e-5  # share of activations beyond the scale, at each end
OPSET: Final = 17

Ranges = dict[str, tuple[float, float]]


class Builder:
    """Collects nodes and constants. With `ranges` (of the products' inputs) products are in eight bits.

    `first` is the number of products of the graph before this one.
    """

    def __init__(self, ranges: Ranges | None, first: int = 0) -> None:
        self.ranges = ranges
        self.first = first
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: list[str] = []  # of products
        self.count = 0

    def constant(self, value: npt.NDArray[Any] | np.generic) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, op: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        self.count += 1
        name = f"n{self.count}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], domain=domain, **attributes))
        return name

    def several(self, op: str, *inputs: str, count: int, **attributes: Any) -> list[str]:
        """Adds a node with `count` results."""
        self.count += 1
        names = [f"n{self.count}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names

    def gathered(self, table: npt.NDArray[Any], index: str) -> str:
        return self.add("Cast", self.add("Gather", self.constant(table), index), to=TensorProto.FLOAT)

    def quantizer(self, key: str) -> tuple[str, str]:
        """The names of the scale and the zero point of the input of product number `key`."""
        scale, zero = scale_of((self.ranges or {})[key])
        return self.constant(scale), self.constant(zero)

    def around(self, x: str, distance: int, fill: str, width: int) -> str:
        """Each token (`width` columns) between its neighbours at `distance`; `fill` where there is none.

        An input says which these are, so that one run can read several texts: the index of a missing
        neighbour is that of a row of `fill` after the last token.
        """
        padded = self.add("Pad", x, self.constant(np.array([0, 0, 1, 0], np.int64)), fill)
        three = self.add("Gather", padded, f"around_{distance}")
        return self.add("Reshape", three, self.constant(np.array([-1, 3 * width], np.int64)))

    def product(
        self, x: str, weight: npt.NDArray[np.float32], bias: npt.NDArray[np.float32], distance: int
    ) -> str:
        """`x` (or, with a distance, each token between its neighbours) times `weight`, plus `bias`."""
        key = self.key(x)
        if self.ranges is None:
            if distance:
                x = self.around(x, distance, self.constant(np.float32(0)), len(weight) // 3)
            return self.add("Add", self.add("MatMul", x, self.constant(weight)), self.constant(bias))
        scale, zero = self.quantizer(key)
        small = self.add("QuantizeLinear", x, scale, zero)
        if distance:
            small = self.around(small, distance, zero, len(weight) // 3)
        codes, steps = in_eight_bits(weight)
        return self.whole(small, codes, zero, scale, self.constant(steps), self.constant(bias))

    def key(self, x: str) -> str:
        """The key of the product whose input is `x`; counts it."""
        self.inputs.append(x)
        return str(self.first + len(self.inputs))

    def whole(self, x: str, codes: npt.NDArray[np.int8], zero: str, *floats: str) -> str:
        """`x` times `codes` in whole numbers; `floats` are two scales and an optional summand."""
        scale, steps, *bias = floats
        zeros = self.constant(np.zeros(codes.shape[1], np.int8))
        inputs = (x, self.constant(codes), scale, steps, zero, zeros, *bias)
        return self.add("MatMulIntegerToFloat", *inputs, domain="com.microsoft")


def scale_of(ends: tuple[float, float]) -> tuple[np.float32, np.uint8]:
    """Scale and zero point for eight bits between these ends."""
    low, high = min(ends[0], 0.0), max(ends[1], 0.0)
    scale = (high - low) / 255
    return np.float32(scale), np.uint8(np.clip(round(-low / scale), 0, 255))


def in_eight_bits(weight: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """`weight` as whole numbers of seven bits and a sign, and the scale of each column."""
    steps = np.maximum(np.abs(weight).max(axis=0) / WEIGHT_MAX, 1e-9).astype(np.float32)
    return np.clip(np.round(weight / steps), -WEIGHT_MAX, WEIGHT_MAX).astype(np.int8), steps


class Leaning(NamedTuple):
    """What is added to the log-probabilities of `O`, and of the tags of PERSON and of ORGANIZATION.

    Less for `O` finds more of everything. Less for PERSON makes an ambiguous name a place rather than a
    person, less for ORGANIZATION makes it a person rather than a company.
    """

    outside: float = 0.0
    person: float = 0.0
    organization: float = 0.0


EVEN: Final = Leaning()


class Graphs(NamedTuple):
    """`token`: `rows` (tokens, COLUMNS) int32 to `PARTS`; `text`: these, looked up, to (tokens, tags).

    The inputs of `text` are the parts of all known tokens, the rows of `before`, `here` and `after`, and for
    each distance `around_N` (see `shield.analyzer.tagging.packing`). `inputs` name those of the products, by
    graph.
    """

    token: onnx.ModelProto
    text: onnx.ModelProto
    inputs: tuple[list[str], list[str]]


def build(student: Student, table: Table, ranges: Ranges | None = None, leaning: Leaning = EVEN) -> Graphs:
    """Builds both graphs; `leaning` is added to the scores.

    Raises ValueError if the first layer looks beyond direct neighbours.
    """
    if student.size.dilations[0] != 1:
        raise ValueError("the first layer mixes direct neighbours")
    weights = {k: v.detach().float().numpy() for k, v in student.state_dict().items()}
    token = Builder(ranges)
    token_graph = of_tokens(token, weights, table)
    text = Builder(ranges, first=len(token.inputs))
    text_graph = of_texts(text, weights, student.size.dilations, leaning)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    first, second = (
        helper.make_model(each, opset_imports=opsets, ir_version=9) for each in (token_graph, text_graph)
    )
    return Graphs(first, second, (token.inputs, text.inputs))


def of_tokens(b: Builder, weights: dict[str, Any], table: Table) -> onnx.GraphProto:
    """The graph for tokens: a token's entry layer, and its products in the first layer, unscaled."""
    columns = [b.add("Gather", "rows", b.constant(np.int64(i)), axis=1) for i in range(7)]
    half = {
        k: weights[f"{k}.weight"].astype(np.float16) for k in ("norm", "prefix", "suffix", "shape", "gap")
    }
    known = b.add("Mul", b.gathered(table.codes, columns[0]), b.constant(table.scale))
    # Widened before the look-up, which happens once at load; after it, each run would widen it all.
    norm = b.add("Cast", b.constant(half["norm"]), to=TensorProto.FLOAT)
    parts = [known, b.add("Add", b.add("Gather", norm, columns[1]), b.add("Gather", norm, columns[2]))]
    for column, name in zip(columns[3:], ("prefix", "suffix", "shape", "gap"), strict=True):
        parts.append(b.add("Gather", b.constant(half[name].astype(np.float32)), column))
    x = b.add("Concat", *parts, axis=1)
    x = b.add("Relu", b.product(x, weights["enter.weight"].T.copy(), weights["enter.bias"], 0))
    x = normalised(b, x, weights, "enter_norm")
    b.nodes[-1].output[0] = PARTS[0]
    key = b.key(PARTS[0])
    mix = weights["layers.0.mix.weight"].T
    width = mix.shape[1]
    if b.ranges is not None:
        scale, zero = b.quantizer(key)
        small = b.add("QuantizeLinear", PARTS[0], scale, zero)
        codes, _ = in_eight_bits(mix)
        one = b.constant(np.float32(1)), b.constant(np.ones(width, np.float32))
    for i, name in enumerate(PARTS[1:]):
        rows = slice(i * width, (i + 1) * width)
        if b.ranges is None:
            b.add("MatMul", PARTS[0], b.constant(mix[rows].copy()))
        else:
            b.whole(small, codes[rows].copy(), zero, *one)
        b.nodes[-1].output[0] = name
    rows_in = helper.make_tensor_value_info("rows", TensorProto.INT32, ["tokens", 7])
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["tokens", width]) for name in PARTS]
    return helper.make_graph(b.nodes, "token", [rows_in], results, b.constants)


def of_texts(
    b: Builder, weights: dict[str, Any], dilations: Sequence[int], leaning: Leaning
) -> onnx.GraphProto:
    """The graph for texts: what follows the products of the first layer, which are looked up and added."""
    x, before, here, after = (
        b.add("Gather", part, row)
        for part, row in zip(PARTS, ("here", "before", "here", "after"), strict=True)
    )
    mixed = b.add("Add", b.add("Add", before, here), after)
    mix = weights["layers.0.mix.weight"].T
    if b.ranges is not None:
        scale, _ = scale_of(b.ranges[str(b.first)])
        mixed = b.add("Mul", mixed, b.constant(scale * in_eight_bits(mix)[1]))
    mixed = b.add("Add", mixed, b.constant(weights["layers.0.mix.bias"]))
    x = normalised(b, b.add("Add", x, b.add("Relu", mixed)), weights, "layers.0.norm")
    for i, distance in enumerate(dilations[1:], 1):
        mixed = b.product(
            x, weights[f"layers.{i}.mix.weight"].T.copy(), weights[f"layers.{i}.mix.bias"], distance
        )
        x = normalised(b, b.add("Add", x, b.add("Relu", mixed)), weights, f"layers.{i}.norm")
    tags = scores(b, x, weights, leaning)
    width = mix.shape[1]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["known", width]) for name in PARTS]
    given += [helper.make_tensor_value_info(name, TensorProto.INT32, ["tokens"]) for name in BESIDE]
    given += [
        helper.make_tensor_value_info(f"around_{distance}", TensorProto.INT32, ["places"])
        for distance in distances_of(dilations[1:])
    ]
    result = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["tokens", tags])
    return helper.make_graph(b.nodes, "text", given, [result], b.constants)


def scores(b: Builder, x: str, weights: dict[str, Any], leaning: Leaning) -> int:
    """Adds the output layer and the result, named `scores`; returns how many tags there are."""
    out = b.add("MatMul", x, b.constant(weights["out.weight"].T.copy()))
    logp = b.add("LogSoftmax", b.add("Add", out, b.constant(weights["out.bias"])), axis=-1)
    hard = np.zeros(1 + 2 * len(LABELS), np.float32)
    for i, label in enumerate(LABELS):
        hard[1 + 2 * i : 3 + 2 * i] = label not in NOT_PII
    first = np.zeros_like(hard)
    first[0] = leaning.outside
    for label, added in (("PERSON", leaning.person), ("ORGANIZATION", leaning.organization)):
        first[begin(label) : begin(label) + 2] = added
    own = b.add(
        "ReduceMax", b.add("Add", logp, b.constant((hard - 1) * np.float32(1e4))), axes=[1], keepdims=1
    )
    share = b.add("MatMul", b.add("Exp", logp), b.constant(hard[:, None]))
    mass = b.add("Log", b.add("Add", share, b.constant(np.float32(1e-12))))
    raised = b.add("Mul", b.add("Sub", mass, own), b.constant(hard))
    b.add("Add", b.add("Add", logp, raised), b.constant(first))
    b.nodes[-1].output[0] = "scores"
    return len(hard)


def normalised(b: Builder, x: str, weights: dict[str, Any], name: str, epsilon: float = 1e-5) -> str:
    """Layer normalization with the weights called `name`."""
    scale, shift = b.constant(weights[f"{name}.weight"]), b.constant(weights[f"{name}.bias"])
    return b.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def measured(student: Student, table: Table, samples: Sequence[npt.NDArray[np.int32]]) -> Ranges:
    """The range of each product's input over `samples` (rows of features), without the outermost values."""
    graphs = build(student, table)
    distances = distances_of(student.size.dilations[1:])
    session = ort.InferenceSession(graphs.token.SerializeToString(), providers=["CPUExecutionProvider"])
    feeds: list[dict[str, Any]] = []
    for rows in samples:
        made = session.run(PARTS, {"rows": rows})
        feed = {name: np.pad(part, ((1, 0), (0, 0))) for name, part in zip(PARTS, made, strict=True)}
        places = np.arange(1, len(rows) + 1, dtype=np.int32)
        feed.update(zip(BESIDE, beside(places, [len(rows)]), strict=True))
        feed.update(
            (f"around_{distance}", row)
            for distance, row in zip(distances, around([len(rows)], distances), strict=True)
        )
        feeds.append(feed)
    own, others = graphs.inputs
    first = ranges_of(graphs.token, own, [{"rows": rows} for rows in samples])
    behind = ranges_of(graphs.text, others, feeds)
    return first | {str(len(own) + int(number)): ends for number, ends in behind.items()}


def ranges_of(graph: onnx.ModelProto, names: Sequence[str], feeds: Sequence[dict[str, Any]]) -> Ranges:
    """The range of each named value over runs with `feeds`, without the outermost `CLIPPED` share."""
    known = {each.name for each in graph.graph.output}
    graph.graph.output.extend(
        helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in names if n not in known
    )
    session = ort.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    seen: dict[str, list[npt.NDArray[np.float32]]] = {n: [] for n in names}
    for feed in feeds:
        for name, value in zip(names, session.run(list(names), feed), strict=True):
            seen[name].append(value.ravel())
    joined = {name: np.concatenate(values) for name, values in seen.items()}
    ends = {
        n: (float(np.quantile(v, CLIPPED)), float(np.quantile(v, 1 - CLIPPED))) for n, v in joined.items()
    }
    return {str(i): ends[n] for i, n in enumerate(names, 1)}
