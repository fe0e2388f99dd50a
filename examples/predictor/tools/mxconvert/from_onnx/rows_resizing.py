"""Resize and Upsample.

Where MXNet has no operator that places pixels as ONNX does, an axis is resized by a product with a matrix: every
way to resize but the nearest of computed sizes is linear, and so is that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import helper

from mxconvert.from_onnx.node import FIX_SHAPE
from mxconvert.from_onnx.reference import computed
from mxconvert.from_onnx.row import Row, result

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.values import Array

_IMAGE = 4
_PLACING = (
    *("antialias", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside"),
    *("extrapolation_value", "mode", "nearest_mode"),
)
"""The attributes that say where pixels lie."""
_FIRST_RESIZE_OF_TODAY = 13
_HALF_PIXEL = ("half_pixel", "pytorch_half_pixel")


def _resize(node: Node, net: Lowering) -> list[Entry]:
    data, target = node.input(), node.output
    place = node.text("coordinate_transformation_mode", _default_place(node))
    mode = node.text("mode", "nearest")
    node.check(place != "tf_crop_and_resize", "tf_crop_and_resize is not supported")
    node.check(mode in ("nearest", "linear", "cubic"), f'mode "{mode}" is not supported')
    changed = [axis for axis in range(data.rank) if data.extents(axis) != target.extents(axis)]
    if not changed:
        return result(net.entry(data))
    is_image = data.rank == _IMAGE and min(changed) > 1
    factor = _whole_factor(node) if is_image else None
    if mode == "nearest" and factor is not None and _repeats(node, place):
        return result(net.emit("UpSampling", data, scale=factor, sample_type="nearest", num_args=1))
    shape = target.shape
    is_linear = mode == "linear" and is_image and not node.integer("antialias", 0)
    is_placed = place == "align_corners" or (place in _HALF_PIXEL and all(_is_even(node, axis) for axis in changed))
    if is_linear and is_placed:
        sizes: dict[str, object] = {}
        if shape is not None and min(shape[2:]) > 1:  # of one element the ways to place it differ
            sizes = {"height": shape[2], "width": shape[3]}
        elif shape is None and factor is not None:
            sizes = {"scale_height": factor, "scale_width": factor}
        if sizes:
            aligned = place == "align_corners"
            return result(net.emit("_contrib_BilinearResize2D", data, align_corners=aligned, **sizes))
    entry = net.entry(data)
    for axis in changed:
        entry = _along(node, net, entry, axis)
    return result(entry)


def _default_place(node: Node) -> str:
    """Return how pixels were placed before there was an attribute for it."""
    return "asymmetric" if node.op_type == "Upsample" or node.opset == 10 else "half_pixel"  # noqa: PLR2004 - the opset


def _whole_factor(node: Node) -> int | None:
    """Return how often each pixel is repeated, the same along both axes, if it is."""
    factors = set()
    for data, target in zip(node.input().shapes, node.output.shapes, strict=True):
        for before, after in zip(data[2:], target[2:], strict=True):
            factors.add(after // before if after % before == 0 else 0)
    factor = factors.pop()
    return factor if not factors and factor > 1 else None


def _repeats(node: Node, place: str) -> bool:
    """Tell whether the nearest pixel is the repeated one, for whole factors."""
    how = node.text("nearest_mode", "round_prefer_floor" if node.opset > 10 else "floor")  # noqa: PLR2004 - the opset
    return (place == "asymmetric" and how == "floor") or (place in _HALF_PIXEL and how.startswith("round_prefer"))


def _is_even(node: Node, axis: int) -> bool:
    """Tell whether the factor of an axis is that of its extents, which is rounded."""
    scale = _scale(node, axis)
    pairs = zip(node.input().extents(axis), node.output.extents(axis), strict=True)
    return scale is None or all(abs(before * scale - after) < 1e-4 for before, after in pairs)  # noqa: PLR2004 - float32


def _along(node: Node, net: Lowering, entry: Entry, axis: int) -> Entry:
    """Resize one axis: it becomes the last, and is multiplied by a matrix."""
    data, target = node.input(), node.output
    before, after = data.extents(axis), target.extents(axis)
    node.check(len(set(before)) == 1 and len(set(after)) == 1, f"axis {axis} is resized and open", FIX_SHAPE)
    weight = net.parameter(_matrix(node, axis, before[0], after[0]), f"axis{axis}")
    order = [*range(axis), *range(axis + 1, data.rank), axis]
    entry = net.emit("transpose", entry, axes=tuple(order)) if axis != data.rank - 1 else entry
    entry = net.emit("FullyConnected", entry, weight, num_hidden=after[0], no_bias=True, flatten=False)
    back = tuple(int(place) for place in np.argsort(order))
    return net.emit("transpose", entry, axes=back) if axis != data.rank - 1 else entry


def _matrix(node: Node, axis: int, before: int, after: int) -> Array:
    """Return (after, before): what ONNX's own reference makes of each single pixel."""
    node.check(before * after <= 2**24, f"axis {axis} is too long to be resized by a matrix")
    is_aligned = node.attributes.get("coordinate_transformation_mode") == "align_corners"
    scale = None if is_aligned else _scale(node, axis)
    attributes = {key: value for key, value in node.attributes.items() if key in _PLACING}
    attributes.setdefault("coordinate_transformation_mode", _default_place(node))
    if node.opset <= 10:  # noqa: PLR2004 - the opset
        attributes["nearest_mode"] = "floor"
    by_size = ["pixels", "", "", "sizes"] if scale is None else ["pixels", "", "scales"]
    feeds: dict[str, Array] = {"pixels": np.eye(before, dtype=np.float32)}
    feeds |= {"sizes": np.array([before, after])} if scale is None else {"scales": np.array([1, scale], np.float32)}
    resize = helper.make_node("Resize", by_size, ["resized"], **attributes)
    try:
        resized = computed(resize, max(node.opset, _FIRST_RESIZE_OF_TODAY), feeds)["resized"]
    except ValueError as error:
        raise node.refusal(str(error)) from error
    node.check(resized.shape == (before, after), f"axis {axis} cannot be resized to {after}")
    return resized.T


def _scale(node: Node, axis: int) -> float | None:
    """Return the factor of an axis, None where the size is given."""
    if "scales" in node.attributes:
        return float(node.attributes["scales"][axis])
    index = 1 if node.op_type == "Upsample" or node.opset == 10 else 2  # noqa: PLR2004 - the opset
    if not node.has(index) or node.input(index).shapes[0] == (0,):
        return None
    scales = node.constant(index, "scales").reshape(-1).tolist()
    axes = node.integers("axes") or list(range(node.input().rank))
    return float(scales[[node.axis(each, node.input().rank) for each in axes].index(axis)])


_RESIZE = ("axes", "keep_aspect_ratio_policy", *_PLACING)

ROWS: dict[str, Row] = {
    "Resize": Row(_resize, _RESIZE, "not tf_crop_and_resize"),
    "Upsample": Row(_resize, ("mode", "scales")),
}
