"""Operators that move elements without changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.node import FIX_SHAPE
from mxconvert.from_onnx.row import Row, result
from mxconvert.from_onnx.values import from_end, in_each_trial, is_same

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node


def _reshape(node: Node, net: Lowering) -> list[Entry]:
    """Whatever the operator, the shapes before and after say it all."""
    data = node.input()
    return result(net.reshape(net.entry(data), data.shapes, node.output.shapes))


def _flatten(node: Node, net: Lowering) -> list[Entry]:
    if node.integer("axis", 1) == 1 and node.input().rank > 1:
        return result(net.emit("Flatten", node.input()))
    return _reshape(node, net)


def _squeeze(node: Node, net: Lowering) -> list[Entry]:
    data, axes = node.input(), node.listed("axes", 1)
    if axes is None:
        axes = [axis for axis, size in enumerate(data.shapes[0]) if size == 1]
    gone = tuple(sorted(node.axis(axis, data.rank) for axis in axes))
    return result(net.emit("squeeze", data, axis=gone) if gone else net.entry(data))


def _unsqueeze(node: Node, net: Lowering) -> list[Entry]:
    data, rank = node.input(), node.output.rank
    if data.rank == 0:
        return _reshape(node, net)
    entry = net.entry(data)
    for axis in sorted(node.axis(axis, rank) for axis in node.listed("axes", 1) or []):
        entry = net.emit("expand_dims", entry, axis=axis)
    return result(entry)


def _transpose(node: Node, net: Lowering) -> list[Entry]:
    rank = node.input().rank
    axes = tuple(node.integers("perm", list(range(rank))[::-1]))
    if axes == tuple(range(rank)):
        return result(net.entry(node.input()))
    return result(net.emit("transpose", node.input(), axes=axes))


def _expand(node: Node, net: Lowering) -> list[Entry]:
    return result(net.broadcast(node.input(), node.output.shapes))


def _concat(node: Node, net: Lowering) -> list[Entry]:
    values = [node.input(index) for index in range(len(node.inputs))]
    axis = node.axis(node.integer("axis", 1), node.output.rank)
    if len(values) == 1:
        return result(net.entry(values[0]))
    return result(net.emit("Concat", *values, dim=axis, num_args=len(values)))


def _split(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    axis = node.axis(node.integer("axis", 0), data.rank)
    sizes = [value.extents(axis) for value in node.outputs if value is not None]
    node.check(len(sizes) == len(node.outputs), "an output without a name is not supported")
    if len(sizes) == 1:
        return result(net.entry(data))
    if len(set(sizes)) == 1:
        index, _ = net.emit("SliceChannel", data, axis=axis, num_outputs=len(sizes))
        return [(index, output) for output in range(len(sizes))]
    node.check(all(is_same(each) for each in sizes), "its parts depend on an open dimension", FIX_SHAPE)
    ends = np.cumsum([each[0] for each in sizes]).tolist()
    starts = [0, *ends[:-1]]
    return [
        net.emit("slice_axis", data, axis=axis, begin=begin, end=end) for begin, end in zip(starts, ends, strict=True)
    ]


def _slice(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    rank, count = data.rank, len(data.shapes)
    starts, ends = _positions(node, "starts", 1), _positions(node, "ends", 2)
    axes = node.listed("axes", 3) or list(range(len(starts[0])))
    steps = node.listed("steps", 4) or [1] * len(axes)
    node.check(len(starts[0]) == len(ends[0]) == len(axes) == len(steps), "its inputs have different lengths")
    node.check(0 not in steps, "a step is zero")
    begin: list[int | None] = [None] * rank
    end: list[int | None] = [None] * rank
    step: list[int | None] = [None] * rank
    for place, (given, stride) in enumerate(zip(axes, steps, strict=True)):
        axis = node.axis(given, rank)
        extents = data.extents(axis)
        bounds = [
            slice(starts[trial][place], ends[trial][place], stride).indices(extents[trial]) for trial in range(count)
        ]
        first = from_end(tuple(bound[0] for bound in bounds), extents)
        last = from_end(tuple(bound[1] for bound in bounds), extents)
        is_whole = all(bound[1] == extent for bound, extent in zip(bounds, extents, strict=True)) and stride > 0
        is_to_start = bounds[0][1] < 0
        node.check(first is not None or stride < 0, f"axis {axis} begins at an open place", FIX_SHAPE)
        node.check(last is not None or is_whole, f"axis {axis} ends at an open place", FIX_SHAPE)
        if stride < 0 and all(bound[0] == extent - 1 for bound, extent in zip(bounds, extents, strict=True)):
            first = None
        begin[axis], end[axis], step[axis] = first, None if is_whole or is_to_start else last, stride
    if all(item in (None, 0) for item in begin) and not any(end) and all(item in (None, 1) for item in step):
        return result(net.entry(data))
    return result(net.emit("slice", data, begin=tuple(begin), end=tuple(end), step=tuple(step)))


def _positions(node: Node, key: str, index: int) -> list[list[int]]:
    """Return a list of places for each trial: an attribute before opset 10, then an input."""
    if key in node.attributes:
        return [node.integers(key)] * len(node.input().shapes)
    trials = node.input(index).trials
    if trials is None:
        raise node.refusal(f"{key} must be a constant")
    return [[int(item) for item in trial.reshape(-1)] for trial in trials]


def _pad(node: Node, net: Lowering) -> list[Entry]:
    data, mode = node.input(), node.text("mode", "constant")
    node.check(mode in ("constant", "edge", "reflect"), f'mode "{mode}" is not supported')
    widths = node.listed("pads", 1) or []
    given = node.constant(3, "axes").reshape(-1).tolist() if node.has(3) else range(data.rank)
    axes = [node.axis(axis, data.rank) for axis in given]
    node.check(len(widths) == 2 * len(axes), f"pads {widths} do not fit its {len(axes)} axes")
    pairs = [(0, 0)] * data.rank
    for place, axis in enumerate(axes):
        pairs[axis] = (widths[place], widths[place + len(axes)])
    fill = node.real("value", 0) if "value" in node.attributes else node.scalar("constant_value", 2, 0) or 0.0
    return result(net.pad(net.entry(data), pairs, mode, fill))


def _tile(node: Node, net: Lowering) -> list[Entry]:
    times = tuple(node.listed("repeats", 1) or [])
    node.check(min(times, default=1) > 0, "it repeats no times")
    return result(net.emit("tile", node.input(), reps=times))


def _gather(node: Node, net: Lowering) -> list[Entry]:
    data, index = node.input(0), node.input(1)
    axis = node.axis(node.integer("axis", 0), data.rank)
    places = index.constant
    if places is None or places.size > 1:
        entry = net.emit("take", data, index, axis=axis, mode="wrap")
        return result(net.reshape(entry, _unscalar(node), node.output.shapes))
    place = int(places.reshape(-1)[0])
    node.check(all(-extent <= place < extent for extent in data.extents(axis)), f"there is no element {place}")
    entry = net.emit("slice_axis", data, axis=axis, begin=place, end=None if place == -1 else place + 1)
    if index.rank == 0 and data.rank > 1:
        return result(net.emit("squeeze", entry, axis=(axis,)))
    shapes = tuple((*shape[:axis], 1, *shape[axis + 1 :]) for shape in data.shapes)
    return result(net.reshape(entry, shapes, node.output.shapes))


def _unscalar(node: Node) -> tuple[tuple[int, ...], ...]:
    """Return the shapes that MXNet gives, where an index without axes has one."""
    data, index, axis = node.input(0), node.input(1), node.axis(node.integer("axis", 0), node.input(0).rank)
    return in_each_trial(lambda d, i: (*d[:axis], *(i or (1,)), *d[axis + 1 :]), data.shapes, index.shapes)


def _gather_nd(node: Node, net: Lowering) -> list[Entry]:
    node.check(not node.integer("batch_dims", 0), "batch_dims are not supported")
    index = node.input(1)
    turned = net.emit("transpose", index, axes=(index.rank - 1, *range(index.rank - 1)))
    return result(net.emit("gather_nd", node.input(0), turned))


def _depth_to_space(node: Node, net: Lowering) -> list[Entry]:
    size, mode = node.integer("blocksize", 0), node.text("mode", "DCR")
    if mode == "DCR":
        return result(net.emit("depth_to_space", node.input(), block_size=size))
    node.check(mode == "CRD", f'mode "{mode}" is not supported')
    channels = node.output.extents(1)[0]
    entry = net.emit("Reshape", node.input(), shape=(0, -4, channels, size * size, -2))
    entry = net.emit("Reshape", entry, shape=(0, 0, -4, size, size, -2))
    entry = net.emit("transpose", entry, axes=(0, 1, 4, 2, 5, 3))
    return result(net.emit("Reshape", entry, shape=(0, 0, -3, -3)))


def _space_to_depth(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("space_to_depth", node.input(), block_size=node.integer("blocksize", 0)))


def _one_hot(node: Node, net: Lowering) -> list[Entry]:
    depth = int(node.constant(1, "depth").reshape(-1)[0])
    off, on = (float(item) for item in node.constant(2, "values").reshape(-1))
    rank = node.output.rank
    axis = node.axis(node.integer("axis", -1), rank)
    entry = net.emit("one_hot", node.input(), depth=depth, on_value=on, off_value=off)
    if node.input().rank == 0:
        return result(net.reshape(entry, ((1, depth),) * len(node.output.shapes), node.output.shapes))
    order = [*range(axis), rank - 1, *range(axis, rank - 1)]
    return result(entry if axis == rank - 1 else net.emit("transpose", entry, axes=tuple(order)))


def _first(node: Node, net: Lowering) -> list[Entry]:
    """A dropout: the identity when nothing is trained."""
    node.check(not node.wants(1), "the mask is not supported")
    if node.has(2):
        node.check(not node.constant(2, "training_mode").any(), "it drops elements: training_mode is set")
    return result(net.entry(node.input()))


def _trilu(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    shift = int(node.constant(1, "k").reshape(-1)[0]) if node.has(1) else 0
    shape = data.shape
    node.check(shape is not None, "its extents are open", FIX_SHAPE)
    cut = np.triu if node.integer("upper", 1) else np.tril
    mask = net.parameter(cut(np.ones((shape or ())[-2:], np.float32), shift), "mask")
    if data.rank == 2:  # noqa: PLR2004 - a matrix
        return result(net.emit("where", mask, data, net.emit("zeros_like", data)))
    whole = net.emit("broadcast_mul", net.emit("ones_like", data), mask)
    return result(net.emit("where", whole, data, net.emit("zeros_like", data)))


ROWS: dict[str, Row] = {
    "Concat": Row(_concat, ("axis",)),
    "DepthToSpace": Row(_depth_to_space, ("blocksize", "mode")),
    "Dropout": Row(_first, ("ratio", "seed"), "no mask"),
    "Expand": Row(_expand),
    "Flatten": Row(_flatten, ("axis",)),
    "Gather": Row(_gather, ("axis",)),
    "GatherND": Row(_gather_nd, ("batch_dims",), "no batch_dims"),
    "OneHot": Row(_one_hot, ("axis",), "depth and values constant"),
    "Pad": Row(_pad, ("mode", "pads", "value"), "widths constant; not wrap"),
    "Reshape": Row(_reshape, ("allowzero",), "the shape known beforehand"),
    "Slice": Row(_slice, ("axes", "ends", "starts"), "places known beforehand"),
    "SpaceToDepth": Row(_space_to_depth, ("blocksize",)),
    "Split": Row(_split, ("axis", "num_outputs", "split")),
    "Squeeze": Row(_squeeze, ("axes",)),
    "Tile": Row(_tile, (), "repeats constant"),
    "Transpose": Row(_transpose, ("perm",)),
    "Trilu": Row(_trilu, ("upper",)),
    "Unsqueeze": Row(_unsqueeze, ("axes",)),
}
