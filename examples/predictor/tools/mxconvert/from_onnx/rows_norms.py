"""Normalisations and softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.node import FIX_SHAPE
from mxconvert.from_onnx.row import Row, result
from mxconvert.from_onnx.values import in_each_trial, is_same

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.row import Convert
    from mxconvert.from_onnx.values import Shapes

_SOFTMAX_BY_AXIS = 13
"""The opset since which softmax works along one axis, not over all from that axis on."""
_GROUP_SCALE_PER_CHANNEL = 21


def _batch_norm(node: Node, net: Lowering) -> list[Entry]:
    node.check(not node.integer("training_mode", 0), "training_mode is set")
    node.check(node.integer("spatial", 1), "spatial=0 is not supported")
    node.check(not any(node.wants(index) for index in range(1, 5)), "its statistics are outputs")
    scale, shift, mean, variance = (
        node.constant(index, what) for index, what in enumerate(("scale", "bias", "mean", "variance"), 1)
    )
    parameters = [
        net.parameter(scale, "gamma"),
        net.parameter(shift, "beta"),
        net.parameter(mean, "moving_mean", is_state=True),
        net.parameter(variance, "moving_var", is_state=True),
    ]
    options = {"eps": node.real("epsilon", 1e-5), "fix_gamma": False, "use_global_stats": True}
    return result(net.emit("BatchNorm", node.input(), *parameters, **options))


def _instance_norm(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("InstanceNorm", *(node.input(index) for index in range(3)), eps=node.real("epsilon", 1e-5)))


def _layer_norm(node: Node, net: Lowering) -> list[Entry]:
    node.check(not node.wants(1), "its statistics are outputs")
    data, scale = node.input(0), node.constant(1, "scale")
    axis = node.axis(node.integer("axis", -1), data.rank)
    count = _count(node, data.shapes, axis)
    gamma = net.parameter(_whole(scale, data.shapes[0][axis:]).reshape(-1), "gamma")
    shift = node.constant(2, "bias") if node.has(2) else np.zeros(1)
    beta = net.parameter(_whole(shift, data.shapes[0][axis:]).reshape(-1), "beta")
    flat = in_each_trial(lambda shape: (*shape[:axis], count), data.shapes)
    entry = net.reshape(net.entry(data), data.shapes, flat)
    entry = net.emit("LayerNorm", entry, gamma, beta, axis=-1, eps=node.real("epsilon", 1e-5))
    return result(net.reshape(entry, flat, data.shapes))


def _count(node: Node, shapes: Shapes, axis: int) -> int:
    counts = tuple(int(np.prod(shape[axis:])) for shape in shapes)
    node.check(is_same(counts), "what it normalises depends on an open dimension", FIX_SHAPE)
    return counts[0]


def _whole(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(array, shape)


def _rms_norm(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    axes = tuple(range(node.axis(node.integer("axis", -1), data.rank), data.rank))
    power = net.emit("mean", net.emit("square", data), axis=axes, keepdims=True)
    factor = net.emit("rsqrt", net.emit("_plus_scalar", power, scalar=node.real("epsilon", 1e-5)))
    return result(net.emit("broadcast_mul", net.emit("broadcast_mul", data, factor), node.input(1)))


def _group_norm(node: Node, net: Lowering) -> list[Entry]:
    """As instances whose channels are the groups; scale and shift for each channel follow."""
    data, groups = node.input(), node.integer("num_groups", 1)
    channels = data.extents(1)[0]
    node.check(groups > 0 and channels % groups == 0, f"{groups} groups do not divide {channels} channels")
    flat = in_each_trial(lambda shape: (shape[0], groups, int(np.prod(shape[1:])) // groups), data.shapes)
    unit, nothing = net.parameter(np.ones(groups), "ones"), net.parameter(np.zeros(groups), "zeros")
    entry = net.emit("Reshape", net.entry(data), shape=(0, groups, -1))
    entry = net.emit("InstanceNorm", entry, unit, nothing, eps=node.real("epsilon", 1e-5))
    for index, (kind, role) in enumerate((("broadcast_mul", "gamma"), ("broadcast_add", "beta")), 1):
        if index == 1:
            entry = net.reshape(entry, flat, data.shapes)
        factor = node.constant(index, role)
        if node.opset < _GROUP_SCALE_PER_CHANNEL:
            factor = np.repeat(factor, channels // groups)
        entry = net.emit(kind, entry, net.parameter(factor.reshape(1, channels, *[1] * (data.rank - 2)), role))
    return result(entry)


def _lrn(node: Node, net: Lowering) -> list[Entry]:
    size = node.integer("size", 0)
    node.check(size % 2 == 1, f"size {size} is even, which MXNet does not have")
    alpha, beta, bias = node.real("alpha", 1e-4), node.real("beta", 0.75), node.real("bias", 1)
    return result(net.emit("LRN", node.input(), nsize=size, alpha=alpha, beta=beta, knorm=bias))


def _lp_norm(node: Node, net: Lowering) -> list[Entry]:
    axis = node.axis(node.integer("axis", -1), node.input().rank)
    length = net.emit("norm", node.input(), ord=node.integer("p", 2), axis=(axis,), keepdims=True)
    return result(net.emit("broadcast_div", node.input(), length))


def _mean_variance(node: Node, net: Lowering) -> list[Entry]:
    axes = tuple(node.integers("axes", [0, 2, 3]))
    centred = net.emit("broadcast_sub", node.input(), net.emit("mean", node.input(), axis=axes, keepdims=True))
    spread = net.emit("sqrt", net.emit("mean", net.emit("square", centred), axis=axes, keepdims=True))
    return result(net.emit("broadcast_div", centred, net.emit("_plus_scalar", spread, scalar=1e-9)))


def _softmax(kind: str) -> Convert:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        data = node.input()
        if node.opset >= _SOFTMAX_BY_AXIS:
            return result(net.emit(kind, data, axis=node.axis(node.integer("axis", -1), data.rank)))
        axis = node.axis(node.integer("axis", 1), data.rank)
        if axis == data.rank - 1:
            return result(net.emit(kind, data, axis=axis))
        flat = in_each_trial(lambda shape: (*shape[:axis], int(np.prod(shape[axis:]))), data.shapes)
        entry = net.emit(kind, net.reshape(net.entry(data), data.shapes, flat), axis=axis)
        return result(net.reshape(entry, flat, data.shapes))

    return convert


ROWS: dict[str, Row] = {
    "BatchNormalization": Row(_batch_norm, ("epsilon", "momentum", "spatial", "training_mode"), "parameters constant"),
    "GroupNormalization": Row(_group_norm, ("epsilon", "num_groups", "stash_type"), "parameters constant"),
    "InstanceNormalization": Row(_instance_norm, ("epsilon",)),
    "LRN": Row(_lrn, ("alpha", "beta", "bias", "size"), "odd sizes"),
    "LayerNormalization": Row(_layer_norm, ("axis", "epsilon", "stash_type"), "parameters constant"),
    "LogSoftmax": Row(_softmax("log_softmax"), ("axis",)),
    "LpNormalization": Row(_lp_norm, ("axis", "p")),
    "MeanVarianceNormalization": Row(_mean_variance, ("axes",)),
    "RMSNormalization": Row(_rms_norm, ("axis", "epsilon", "stash_type")),
    "Softmax": Row(_softmax("softmax"), ("axis",)),
}
