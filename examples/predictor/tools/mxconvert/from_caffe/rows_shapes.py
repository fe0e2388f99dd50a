"""Layers that change the shape: products with a matrix, parts, joins, and what takes an axis together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mxconvert.from_caffe.lowering import Blob, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mxconvert.from_caffe.lowering import Lowering

_SUM, _SUM_OF_MAGNITUDES, _SUM_OF_SQUARES, _MEAN = 1, 2, 3, 4


def _inner_product(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("inner_product"), blobs[0]
    axis, outputs = blob.axis(message.axis), message.num_output
    width = math.prod(blob.shape[axis:])
    matrix = net.weight(0, (width, outputs)).T if message.transpose else net.weight(0, (outputs, width))
    entries = [net.reshape(blob, (*blob.shape[:axis], width)) if axis != 1 else blob]
    weights = [net.parameter(matrix, "weight")]
    if message.bias_term:
        weights.append(net.parameter(net.weight(1, (outputs,)), "bias"))
    options = {"num_hidden": outputs, "no_bias": not message.bias_term, "flatten": axis == 1}
    entry = net.emit("FullyConnected", *entries, *weights, **options)
    return [Blob(entry, (*blob.shape[:axis], outputs))]


def _embed(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("embed"), blobs[0]
    rows, width = message.input_dim, message.num_output
    table = net.parameter(net.weight(0, (rows, width)), "weight")
    entry = net.emit("Embedding", blob, table, input_dim=rows, output_dim=width)
    if message.bias_term:
        bias = net.weight(1, (width,)).reshape((1,) * len(blob.shape) + (width,))
        entry = net.emit("broadcast_add", entry, net.parameter(bias, "bias"))
    return [Blob(entry, (*blob.shape, width))]


def _concat(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message = net.parameters("concat")
    axis = blobs[0].axis(message.concat_dim if message.HasField("concat_dim") else message.axis)
    shape = list(blobs[0].shape)
    shape[axis] = sum(blob.shape[axis] for blob in blobs)
    fits = all((*blob.shape[:axis], shape[axis], *blob.shape[axis + 1 :]) == tuple(shape) for blob in blobs)
    net.check(fits, "its inputs have different shapes")
    if len(blobs) == 1:
        return [blobs[0]]
    return [Blob(net.emit("Concat", *blobs, dim=axis, num_args=len(blobs)), tuple(shape))]


def _slice(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob, count = net.parameters("slice"), blobs[0], len(net.layer.tops)
    axis = blob.axis(message.slice_dim if message.HasField("slice_dim") else message.axis)
    size = blob.shape[axis]
    points = list(message.slice_point) or [size * part // count for part in range(1, count)]
    net.check(message.slice_point or size % count == 0, f"{count} parts do not divide {size}")
    ends = [*points, size]
    begins = [0, *points]
    fits = len(ends) == count and all(begin < end for begin, end in zip(begins, ends, strict=True))
    net.check(fits, f"it cannot be cut at {points} into {count} parts")
    parts = []
    for begin, end in zip(begins, ends, strict=True):
        shape = (*blob.shape[:axis], end - begin, *blob.shape[axis + 1 :])
        parts.append(Blob(net.emit("slice_axis", blob, axis=axis, begin=begin, end=end), shape))
    return parts


def _crop(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    """Cut the first input to the size of the second, from `axis` on."""
    net.check(len(blobs) == 2, f"it has {len(blobs)} inputs")  # noqa: PLR2004 - what is cut, and like what
    message, blob, like = net.parameters("crop"), blobs[0], blobs[1].shape
    first, shape = blob.axis(message.axis), list(blob.shape)
    offsets = list(message.offset) or [0]
    count = len(shape) - first
    offsets = offsets * count if len(offsets) == 1 else offsets
    net.check(len(offsets) == count and len(like) == len(shape), f"{len(offsets)} offsets for {count} axes")
    entry = blob.entry
    for axis, begin in zip(range(first, len(shape)), offsets, strict=True):
        end = begin + like[axis]
        net.check(end <= shape[axis], f"axis {axis} of {blob.shape} has no elements up to {end}")
        if (begin, end) != (0, shape[axis]):
            entry = net.emit("slice_axis", entry, axis=axis, begin=begin, end=end)
            shape[axis] = like[axis]
    return [Blob(entry, tuple(shape))]


def _flatten(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("flatten"), blobs[0]
    first, last = blob.axis(message.axis), blob.axis(message.end_axis)
    net.check(first <= last, f"axis {last} is before axis {first}")
    whole = math.prod(blob.shape[first : last + 1])
    return [net.reshape(blob, (*blob.shape[:first], whole, *blob.shape[last + 1 :]))]


def _reshape(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    """Of the axes from `axis` on, `num_axes` become `shape`: 0 copies an axis, -1 is what is left."""
    message, blob = net.parameters("reshape"), blobs[0]
    rank = len(blob.shape)
    first = message.axis if message.axis >= 0 else rank + message.axis + 1
    last = rank if message.num_axes == -1 else first + message.num_axes
    net.check(0 <= first <= last <= rank, f"axes {first} to {last} do not exist")
    old, sizes = blob.shape[first:last], list(message.shape.dim)
    net.check(sizes.count(-1) <= 1 and min(sizes, default=1) >= -1, f"its shape is {sizes}")
    net.check(all(size or place < len(old) for place, size in enumerate(sizes)), "it copies an axis that is not there")
    sizes = [size or old[place] for place, size in enumerate(sizes)]
    if -1 in sizes:
        rest = -math.prod(sizes)
        net.check(math.prod(old) % rest == 0, f"{old} cannot become {sizes}")
        sizes[sizes.index(-1)] = math.prod(old) // rest
    return [net.reshape(blob, (*blob.shape[:first], *sizes, *blob.shape[last:]))]


def _tile(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("tile"), blobs[0]
    axis, times = blob.axis(message.axis), message.tiles
    net.check(times > 0, f"it repeats {times} times")
    reps = tuple(times if each == axis else 1 for each in range(len(blob.shape)))
    shape = tuple(size * count for size, count in zip(blob.shape, reps, strict=True))
    return [Blob(net.emit("tile", blob, reps=reps), shape)]


def _reduction(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    """Take all axes from `axis` on together."""
    message, blob = net.parameters("reduction"), blobs[0]
    first = blob.axis(message.axis)
    before = {_SUM_OF_MAGNITUDES: "abs", _SUM_OF_SQUARES: "square"}.get(message.operation)
    entry = net.emit(before, blob) if before else blob.entry
    kind = "mean" if message.operation == _MEAN else "sum"
    entry = net.emit(kind, entry, axis=tuple(range(first, len(blob.shape))))
    if message.coeff != 1:
        entry = net.emit("_mul_scalar", entry, scalar=message.coeff)
    return [Blob(entry, blob.shape[:first] or (1,))]


def _arg_max(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("argmax"), blobs[0]
    net.check(message.top_k == 1 and not message.out_max_val, "top_k and out_max_val are not supported")
    if message.HasField("axis"):
        axis = blob.axis(message.axis)
        shape = (*blob.shape[:axis], 1, *blob.shape[axis + 1 :])
        return [Blob(net.emit("argmax", blob, axis=axis, keepdims=True), shape)]
    index = Blob(net.emit("argmax", net.emit("Flatten", blob), axis=1, keepdims=True), (blob.shape[0], 1))
    return [net.reshape(index, (blob.shape[0], 1, 1))]


ROWS: dict[str, Row] = {
    "ArgMax": Row(_arg_max, "the largest alone"),
    "Concat": Row(_concat),
    "Crop": Row(_crop),
    "Embed": Row(_embed),
    "Flatten": Row(_flatten),
    "InnerProduct": Row(_inner_product),
    "Reduction": Row(_reduction),
    "Reshape": Row(_reshape),
    "Slice": Row(_slice),
    "Tile": Row(_tile),
}
