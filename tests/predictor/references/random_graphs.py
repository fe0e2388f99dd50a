"""Draws small random networks of the operators that image classifiers are made of.

A network is a chain of random layers on a small picture, some of them residual additions or concatenations, and
a random head. The operators' attributes vary more than any real network's do: strides, paddings and dilations
that differ by axis, groups, windows that hang over the edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from mxnet_files import FloatArray, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

Shape = tuple[int, ...]
Pair = tuple[int, int]
T = TypeVar("T")

MAX_LAYERS = 9


@dataclass(frozen=True)
class RandomGraph:
    """A network with its weights, keyed as in a parameter file, and an input."""

    symbol: str
    arrays: dict[str, FloatArray]
    data: FloatArray


@dataclass(frozen=True)
class Value:
    """The output of a node: the node's index, and its shape (batch, channels, height, width)."""

    node: int
    shape: Shape


@dataclass
class Drawing:
    """A network that is being drawn."""

    random: np.random.Generator
    symbol: Symbol = field(default_factory=Symbol)
    arrays: dict[str, FloatArray] = field(default_factory=dict)
    count: int = 0

    def choose(self, *choices: T) -> T:
        """Return one of the choices."""
        return choices[self.random.integers(len(choices))]

    def pair(self, *choices: int) -> Pair:
        """Return one of the choices for each of height and width."""
        return self.choose(*choices), self.choose(*choices)

    def name(self, kind: str) -> str:
        """Return a node name that was not used yet."""
        self.count += 1
        return f"{kind}{self.count}"

    def plain(self, kind: str, value: Value, shape: Shape | None = None, **attributes: object) -> Value:
        """Append an operator without weights; the shape stays unless another is given."""
        node = self.symbol.operator(kind, self.name(kind.lower()), [value.node], **attributes)
        return Value(node, shape or value.shape)

    def weighed(
        self, kind: str, value: Value, shape: Shape, weights: dict[str, FloatArray], **attributes: object
    ) -> Value:
        """Append an operator with weights of its own; a moving statistic is an auxiliary state."""
        name = self.name(kind.lower())
        for weight, array in weights.items():
            role = "aux" if weight.startswith("moving") else "arg"
            self.arrays[f"{role}:{name}_{weight}"] = array.astype(np.float32)
        return Value(self.symbol.layer(kind, name, value.node, list(weights), **attributes), shape)


def draw_graph(seed: int) -> RandomGraph:
    """Return the network of a seed."""
    drawing = Drawing(np.random.default_rng(seed))
    shape = (drawing.choose(1, 2), drawing.choose(1, 3, 4), drawing.choose(7, 12, 17), drawing.choose(8, 13))
    value = Value(drawing.symbol.variable("data"), shape)
    for _ in range(drawing.random.integers(1, MAX_LAYERS + 1)):
        value = drawing.choose(*LAYERS)(drawing, value)
    head = drawing.choose(*HEADS)(drawing, value)
    data = drawing.random.uniform(-1.75, 1.75, shape).astype(np.float32)
    return RandomGraph(drawing.symbol.to_json(head.node), drawing.arrays, data)


def convolution(drawing: Drawing, value: Value) -> Value:
    """Append a convolution, grouped, strided, dilated and padded at random, as far as the picture allows."""
    batch, channels, *size = value.shape
    groups = drawing.choose(1, 1, 1, *(n for n in (2, 3, 4, channels) if channels % n == 0))
    filters = groups * drawing.choose(1, 2, 3, 5, 8)
    kernel, stride = drawing.pair(1, 2, 3, 5), drawing.pair(1, 1, 2, 3)
    pad, dilate = drawing.pair(0, 1, 2), drawing.pair(1, 1, 2)
    free = [n + 2 * p - d * (k - 1) - 1 for n, p, d, k in zip(size, pad, dilate, kernel, strict=True)]
    if min(free) < 0:
        return value
    out = (batch, filters, *(n // s + 1 for n, s in zip(free, stride, strict=True)))
    attributes = {"kernel": kernel, "stride": stride, "pad": pad, "dilate": dilate, "num_group": groups}
    return convolve(drawing, value, out, (channels // groups, *kernel), **attributes)


def convolve(drawing: Drawing, value: Value, shape: Shape, inputs: Shape, **attributes: object) -> Value:
    """Append a convolution whose every output is a weighted sum of `inputs` numbers, with or without a bias."""
    weight = drawing.random.standard_normal((shape[1], *inputs)) * math.sqrt(2 / math.prod(inputs))
    weights = {"weight": weight}
    if drawing.choose(True, False):
        weights["bias"] = drawing.random.uniform(-0.5, 0.5, shape[1])
    attributes |= {"num_filter": shape[1], "no_bias": "bias" not in weights}
    return drawing.weighed("Convolution", value, shape, weights, **attributes)


def same_size_convolution(drawing: Drawing, value: Value, filters: int) -> Value:
    """Append a 1x1 or a padded 3x3 convolution."""
    size = drawing.choose(1, 3)
    shape = (value.shape[0], filters, *value.shape[2:])
    pad = (size // 2, size // 2)
    return convolve(drawing, value, shape, (value.shape[1], size, size), kernel=(size, size), pad=pad)


def batch_norm(drawing: Drawing, value: Value) -> Value:
    """Append a BatchNorm whose gamma may be in the file without effect."""
    channels, random = value.shape[1], drawing.random
    weights = {
        "gamma": random.uniform(0.5, 1.5, channels),
        "beta": random.uniform(-0.5, 0.5, channels),
        "moving_mean": random.uniform(-0.5, 0.5, channels),
        "moving_var": random.uniform(0.3, 2.0, channels),
    }
    attributes = drawing.choose({}, {"fix_gamma": False}, {"fix_gamma": False, "eps": 2e-05}, {"eps": 1e-05})
    return drawing.weighed("BatchNorm", value, value.shape, weights, **attributes)


def activation(drawing: Drawing, value: Value) -> Value:
    """Append an activation."""
    kind = drawing.choose("relu", "relu", "sigmoid", "tanh", "softrelu", "softsign")
    return drawing.plain("Activation", value, act_type=kind)


def pooling(drawing: Drawing, value: Value) -> Value:
    """Append a pooling whose every window holds at least one pixel of the picture."""
    batch, channels, *size = value.shape
    kernel, stride = drawing.pair(1, 2, 3, 4), drawing.pair(1, 2, 3)
    pad = tuple(drawing.choose(*range(min(k, 3))) for k in kernel)
    convention = drawing.choose("valid", "full")
    out = []
    for n, k, s, p in zip(size, kernel, stride, pad, strict=True):
        free = n + 2 * p - k
        steps = free // s if convention == "valid" else -(-free // s)
        if free < 0 or steps * s - p >= n:
            return value
        out.append(steps + 1)
    attributes = {"kernel": kernel, "stride": stride, "pad": pad, "pooling_convention": convention}
    attributes["pool_type"] = drawing.choose("max", "avg", "avg", "sum")
    if drawing.choose(True, False):
        attributes["count_include_pad"] = drawing.choose(True, False)
    return drawing.plain("Pooling", value, (batch, channels, *out), **attributes)


def global_pooling(drawing: Drawing, value: Value) -> Value:
    """Append a pooling over the whole picture, which ignores its kernel."""
    kind = drawing.choose("max", "avg", "sum")
    shape = (*value.shape[:2], 1, 1)
    return drawing.plain("Pooling", value, shape, kernel=(2, 2), global_pool=True, pool_type=kind)


def across_channels(drawing: Drawing, value: Value) -> Value:
    """Append a local response normalisation, whose window hangs over the first and last channels."""
    return drawing.plain("LRN", value, nsize=drawing.choose(1, 3, 5), alpha=drawing.choose(0.0001, 0.5), knorm=1)


def pointwise(drawing: Drawing, value: Value) -> Value:
    """Append an operator that works number by number, or does nothing at inference."""
    kind, attributes = drawing.choose(
        ("clip", {"a_min": 0, "a_max": 6}),
        ("clip", {"a_min": -0.5, "a_max": 0.75}),
        ("_mul_scalar", {"scalar": 0.3}),
        ("Dropout", {"p": 0.5}),
        ("_copy", {}),
    )
    return drawing.plain(kind, value, **attributes)


def residual(drawing: Drawing, value: Value) -> Value:
    """Append a branch of a few layers and its sum with what it started from, in either order."""
    branch = same_size_convolution(drawing, value, value.shape[1])
    for layer in (batch_norm, activation):
        if drawing.choose(True, False):
            branch = layer(drawing, branch)
    terms = [value.node, branch.node]
    if drawing.choose(True, False):
        terms.reverse()
    node = drawing.symbol.operator("elemwise_add", drawing.name("add"), terms)
    return Value(node, value.shape)


def concatenation(drawing: Drawing, value: Value) -> Value:
    """Append two or three branches side by side; one may be the input itself."""
    branches = [same_size_convolution(drawing, value, drawing.choose(1, 3, 8)) for _ in range(drawing.choose(1, 2))]
    branches.insert(
        drawing.choose(0, len(branches)), activation(drawing, value) if drawing.choose(True, False) else value
    )
    channels = sum(branch.shape[1] for branch in branches)
    nodes = [branch.node for branch in branches]
    node = drawing.symbol.operator("Concat", drawing.name("concat"), nodes, num_args=len(nodes), dim=1)
    return Value(node, (value.shape[0], channels, *value.shape[2:]))


LAYERS: tuple[Callable[[Drawing, Value], Value], ...] = (
    convolution,
    convolution,
    convolution,
    batch_norm,
    batch_norm,
    activation,
    activation,
    pooling,
    pooling,
    across_channels,
    pointwise,
    residual,
    residual,
    concatenation,
)


def picture_head(drawing: Drawing, value: Value) -> Value:
    """Leave the picture as it is, behind an operator in case the graph has none."""
    return activation(drawing, value)


def pooled_head(drawing: Drawing, value: Value) -> Value:
    """Append a global pooling and Flatten."""
    value = global_pooling(drawing, value)
    return drawing.plain("Flatten", value, value.shape[:2])


def dense(drawing: Drawing, value: Value, *, flatten: bool) -> Value:
    """Append a fully connected layer over all but the first axis, or over the last alone."""
    inputs = math.prod(value.shape[1:]) if flatten else value.shape[-1]
    units = drawing.choose(4, 5, 10)  # a lone unit could cancel to a number that is all rounding
    weights = {"weight": drawing.random.standard_normal((units, inputs)) / math.sqrt(inputs)}
    if drawing.choose(True, False):
        weights["bias"] = drawing.random.uniform(-0.5, 0.5, units)
    attributes: dict[str, object] = {"num_hidden": units, "no_bias": "bias" not in weights}
    if not flatten:
        attributes["flatten"] = False
    shape = (value.shape[0], units) if flatten else (*value.shape[:-1], units)
    return drawing.weighed("FullyConnected", value, shape, weights, **attributes)


def dense_head(drawing: Drawing, value: Value) -> Value:
    """Append a fully connected layer."""
    return dense(drawing, value, flatten=drawing.choose(True, True, False))


def softmax_head(drawing: Drawing, value: Value) -> Value:
    """Append a fully connected layer and the softmax that training leaves in the file, with its label."""
    value = dense(drawing, value, flatten=True)
    return Value(drawing.symbol.layer("SoftmaxOutput", "softmax", value.node, ["label"]), value.shape)


HEADS: tuple[Callable[[Drawing, Value], Value], ...] = (picture_head, pooled_head, dense_head, softmax_head)
