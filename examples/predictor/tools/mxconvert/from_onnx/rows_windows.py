"""Convolutions and poolings: windows that move over the axes after the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.node import FIX_SHAPE
from mxconvert.from_onnx.row import Row, result
from mxconvert.from_onnx.rows_elementwise import FLOAT_MAX
from mxconvert.from_onnx.values import is_same

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.row import Convert
    from mxconvert.from_onnx.values import Array, Value

Pairs = list[tuple[int, int]]
"""How far each axis is padded before and after."""

_MOST_AXES = 3
"""An image has up to three axes after batch and channels."""


@dataclass(frozen=True)
class _Window:
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]

    def span(self, axis: int) -> int:
        """Return how many elements a window covers."""
        return self.dilations[axis] * (self.kernel[axis] - 1) + 1


def _window(node: Node, kernel: list[int]) -> _Window:
    count = node.input().rank - 2
    node.check(1 <= count <= _MOST_AXES, f"its input has {count + 2} axes, not 3, 4 or 5")
    strides, dilations = (node.integers(key, [1] * count) for key in ("strides", "dilations"))
    node.check(
        len(kernel) == len(strides) == len(dilations) == count and min(kernel + strides + dilations) > 0,
        f"kernel {kernel}, strides {strides} and dilations {dilations} do not fit the {count} axes of an image",
    )
    return _Window(tuple(kernel), tuple(strides), tuple(dilations))


def _pads(node: Node, window: _Window) -> Pairs:
    """Return the padding of an operator that makes images smaller."""
    mode, count = node.text("auto_pad", "NOTSET"), len(window.kernel)
    if mode in ("NOTSET", "VALID"):
        pads = node.integers("pads", [0] * 2 * count) if mode == "NOTSET" else [0] * 2 * count
        node.check(len(pads) == 2 * count, f"pads {pads} do not fit the {count} axes of an image")
        return list(zip(pads[:count], pads[count:], strict=True))
    node.check(mode in ("SAME_UPPER", "SAME_LOWER"), f'auto_pad "{mode}" is unknown')
    pairs: Pairs = []
    for axis in range(count):
        stride = window.strides[axis]
        totals = tuple(
            max((-(-extent // stride) - 1) * stride + window.span(axis) - extent, 0)
            for extent in node.input().extents(2 + axis)
        )
        node.check(is_same(totals), f"auto_pad {mode} depends on an open dimension", FIX_SHAPE)
        pairs.append(_halves(totals[0], is_upper=mode == "SAME_UPPER"))
    return pairs


def _halves(total: int, *, is_upper: bool) -> tuple[int, int]:
    return (total // 2, total - total // 2) if is_upper else (total - total // 2, total // 2)


def _conv(node: Node, net: Lowering) -> list[Entry]:
    data, weight = node.input(0), node.input(1)
    shape = weight.shape
    node.check(shape is not None and len(shape) == data.rank, "the shape of its weight is not fixed")
    shape = shape or ()
    window, group = _window(node, node.integers("kernel_shape") or list(shape[2:])), node.integer("group", 1)
    channels = data.extents(1)[0]
    fits = group > 0 and shape[0] % group == 0 and shape[1] * group == channels and shape[2:] == window.kernel
    node.check(fits, f"a weight of the shape {shape} does not fit {channels} channels in {group} groups")
    pads = _pads(node, window)
    entry = net.entry(data)
    if any(before != after or before < 0 for before, after in pads):
        entry, pads = net.pad(entry, [(0, 0), (0, 0), *pads]), [(0, 0)] * len(pads)
    inputs = [entry, net.entry(weight)] + ([net.entry(node.input(2))] if node.has(2) else [])
    return result(
        net.emit(
            "Convolution",
            *inputs,
            kernel=window.kernel,
            stride=window.strides,
            dilate=window.dilations,
            pad=tuple(before for before, _ in pads),
            num_filter=shape[0],
            num_group=group,
            no_bias=not node.has(2),
        )
    )


def _conv_transpose(node: Node, net: Lowering) -> list[Entry]:
    data, weight = node.input(0), node.input(1)
    shape = weight.shape
    node.check(shape is not None and len(shape) == data.rank, "the shape of its weight is not fixed")
    shape = shape or ()
    window = _window(node, node.integers("kernel_shape") or list(shape[2:]))
    group, count = node.integer("group", 1), len(window.kernel)
    extra = node.integers("output_padding", [0] * count)
    channels = data.extents(1)[0]
    fits = group > 0 and shape[0] == channels and channels % group == 0 and shape[2:] == window.kernel
    node.check(fits, f"a weight of the shape {shape} does not fit {channels} channels in {group} groups")
    node.check(len(extra) == count, f"output_padding {extra} does not fit the {count} axes of an image")
    pads = _transposed_pads(node, window, extra)
    is_even = all(before == after >= 0 for before, after in pads)
    entry = net.emit(
        "Deconvolution",
        data,
        weight,
        *([node.input(2)] if node.has(2) else []),
        kernel=window.kernel,
        stride=window.strides,
        dilate=window.dilations,
        pad=tuple(before if is_even else 0 for before, _ in pads),
        adj=tuple(extra),
        num_filter=shape[1] * group,
        num_group=group,
        no_bias=not node.has(2),
    )
    return result(entry if is_even else net.pad(entry, [(0, 0), (0, 0), *((-a, -b) for a, b in pads)]))


def _transposed_pads(node: Node, window: _Window, extra: list[int]) -> Pairs:
    """Return how much is cut off: as given, or what is beyond the output's extents."""
    mode, count = node.text("auto_pad", "NOTSET"), len(window.kernel)
    if mode in ("NOTSET", "VALID") and not node.integers("output_shape"):
        return _pads(node, window)
    pairs: Pairs = []
    for axis in range(count):
        totals = tuple(
            window.strides[axis] * (extent - 1) + window.span(axis) + extra[axis] - out
            for extent, out in zip(node.input().extents(2 + axis), node.output.extents(2 + axis), strict=True)
        )
        node.check(is_same(totals), "its padding depends on an open dimension", FIX_SHAPE)
        pairs.append(_halves(totals[0], is_upper=mode == "SAME_UPPER"))
    return pairs


def _pool(kind: str) -> Convert:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        data, window = node.input(), _window(node, node.integers("kernel_shape"))
        node.check(max(window.dilations) == 1, "windows with dilations are not supported")
        node.check(not node.wants(1), "the indices of the maxima are not supported")
        pads, counts_pads = _pads(node, window), bool(node.integer("count_include_pad", 0))
        entry, is_divided = net.entry(data), False
        if kind == "lp" and node.integer("p", 2) % 2:
            entry = net.emit("abs", data)
        options: dict[str, object] = {"pool_type": kind, "kernel": window.kernel, "stride": window.strides}
        if kind == "avg":
            options["count_include_pad"] = counts_pads
        if kind == "lp":
            options["p_value"] = node.integer("p", 2)
        if any(before != after or before >= size for (before, after), size in zip(pads, window.kernel, strict=True)):
            fill = -FLOAT_MAX if kind == "max" else 0.0
            entry = net.pad(entry, [(0, 0), (0, 0), *pads], fill=fill)
            is_divided = kind == "avg" and not counts_pads
            around, inside = pads, [(0, 0)] * len(pads)
        else:
            around, inside = [(0, 0)] * len(pads), pads
        options["pad"] = tuple(before for before, _ in inside)
        options["pooling_convention"] = _convention(node, window, around, inside)
        if not is_divided:
            return result(net.emit("Pooling", entry, **options))
        options["pool_type"] = "sum"
        shares = net.parameter(_shares(node, window, pads), "shares")
        return result(net.emit("broadcast_mul", net.emit("Pooling", entry, **options), shares))

    return convert


def _convention(node: Node, window: _Window, around: Pairs, inside: Pairs) -> str:
    """Return which of MXNet's two ways to round gives the output's extents."""
    for name, is_up in (("valid", False), ("full", True)):
        found = True
        for axis, (kernel, stride) in enumerate(zip(window.kernel, window.strides, strict=True)):
            room = sum(around[axis]) + sum(inside[axis]) - kernel + (stride - 1 if is_up else 0)
            pairs = zip(node.input().extents(2 + axis), node.output.extents(2 + axis), strict=True)
            found &= all((extent + room) // stride + 1 == out for extent, out in pairs)
        if found:
            return name
    raise node.refusal("ceil_mode with this padding gives extents that MXNet's Pooling does not")


def _shares(node: Node, window: _Window, pads: Pairs) -> Array:
    """Return one by the number of elements of the image under each window."""
    shares: Array = np.ones((1, 1), np.float64)
    for axis, (kernel, stride) in enumerate(zip(window.kernel, window.strides, strict=True)):
        extents, outs = node.input().extents(2 + axis), node.output.extents(2 + axis)
        node.check(is_same(extents), "an average without its padding depends on an open dimension", FIX_SHAPE)
        begins = np.arange(outs[0]) * stride - pads[axis][0]
        counts = np.minimum(begins + kernel, extents[0]) - np.maximum(begins, 0)
        shares = shares[..., None] / counts
    return shares


def _global_pool(kind: str) -> Convert:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        data: Value = node.input()
        node.check(1 <= data.rank - 2 <= _MOST_AXES, f"its input has {data.rank} axes, not 3, 4 or 5")
        options: dict[str, object] = {"p_value": node.integer("p", 2)} if kind == "lp" else {}
        kernel = (1,) * (data.rank - 2)
        entry = net.emit("abs", data) if options.get("p_value", 2) != 2 else net.entry(data)  # noqa: PLR2004 - squares
        return result(net.emit("Pooling", entry, pool_type=kind, global_pool=True, kernel=kernel, **options))

    return convert


_WINDOW = ("auto_pad", "dilations", "kernel_shape", "pads", "strides")
_POOL = (*_WINDOW, "ceil_mode")

ROWS: dict[str, Row] = {
    "AveragePool": Row(_pool("avg"), (*_POOL, "count_include_pad"), "no dilations"),
    "Conv": Row(_conv, (*_WINDOW, "group")),
    "ConvTranspose": Row(_conv_transpose, (*_WINDOW, "group", "output_padding", "output_shape")),
    "GlobalAveragePool": Row(_global_pool("avg")),
    "GlobalLpPool": Row(_global_pool("lp"), ("p",)),
    "GlobalMaxPool": Row(_global_pool("max")),
    "LpPool": Row(_pool("lp"), (*_POOL, "p"), "no dilations"),
    "MaxPool": Row(_pool("max"), (*_POOL, "storage_order"), "no dilations, no indices"),
}
