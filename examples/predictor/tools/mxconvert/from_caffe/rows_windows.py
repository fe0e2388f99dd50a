"""Layers whose windows move over an image, and the normalisations over channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mxconvert.from_caffe.lowering import Blob, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mxnet_files import Entry

    from mxconvert.from_caffe.lowering import Lowering
    from mxconvert.from_caffe.reader import Shape

_MAX, _AVERAGE, _WITHIN_CHANNEL, _FLOOR = 0, 1, 1, 1
_PLANE = 2


def _sizes(net: Lowering, message: Any, name: str, pair: str, count: int, default: int) -> Shape:  # noqa: ANN401
    """Return a size for each axis: NAME once for all or one for each, or NAME_h and NAME_w."""
    if message.HasField(f"{pair}_h") or message.HasField(f"{pair}_w"):
        net.check(count == _PLANE, f"{pair}_h and {pair}_w are for images of two axes")
        return getattr(message, f"{pair}_h"), getattr(message, f"{pair}_w")
    given = getattr(message, name)
    sizes = [given] if isinstance(given, int) else list(given)
    net.check(len(sizes) in (0, 1, count), f"{name} has {len(sizes)} sizes for {count} axes")
    return tuple(sizes if len(sizes) == count else (sizes or [default]) * count)


def _window(net: Lowering, message: Any, count: int) -> tuple[Shape, Shape, Shape]:  # noqa: ANN401 - a message
    kernel = _sizes(net, message, "kernel_size", "kernel", count, 0)
    stride = _sizes(net, message, "stride", "stride", count, 1)
    pad = _sizes(net, message, "pad", "pad", count, 0)
    net.check(min(kernel + stride) > 0, f"kernel {kernel} and stride {stride} do not move")
    return kernel, stride, pad


def _convolution(net: Lowering, blobs: Sequence[Blob], *, is_transposed: bool = False) -> list[Blob]:
    message, shape = net.parameters("convolution"), blobs[0].shape
    count = len(shape) - 2
    net.check(1 <= count <= 3, f"its input has the shape {shape}")  # noqa: PLR2004 - lines, planes, bodies
    net.check(message.axis in (1, 1 - len(shape)), f"axis {message.axis} is not supported")
    kernel, stride, pad = _window(net, message, count)
    dilation = tuple(list(message.dilation) * (count if len(message.dilation) == 1 else 1)) or (1,) * count
    outputs, groups = message.num_output, message.group
    is_divided = outputs > 0 and groups > 0 and outputs % groups == 0 and shape[1] % groups == 0
    net.check(is_divided, f"{groups} groups do not divide its channels")
    spans = [rate * (size - 1) + 1 for rate, size in zip(dilation, kernel, strict=True)]
    axes = list(zip(shape[2:], stride, spans, pad, strict=True))
    if is_transposed:
        sides = tuple(step * (size - 1) + span - 2 * edge for size, step, span, edge in axes)
        whole: Shape = (shape[1], outputs // groups, *kernel)
    else:
        sides = tuple((size + 2 * edge - span) // step + 1 for size, step, span, edge in axes)
        whole = (outputs, shape[1] // groups, *kernel)
    net.check(min(sides) > 0, f"its window is larger than its input {shape}")
    entries: list[Blob | Entry] = [blobs[0], net.parameter(net.weight(0, whole), "weight")]
    if message.bias_term:
        entries.append(net.parameter(net.weight(1, (outputs,)), "bias"))
    entry = net.emit(
        "Deconvolution" if is_transposed else "Convolution",
        *entries,
        kernel=kernel,
        stride=stride,
        dilate=dilation,
        pad=pad,
        num_filter=outputs,
        num_group=groups,
        no_bias=not message.bias_term,
    )
    return [Blob(entry, (shape[0], outputs, *sides))]


def _deconvolution(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    return _convolution(net, blobs, is_transposed=True)


def _pooling(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, shape = net.parameters("pooling"), blobs[0].shape
    net.check(len(shape) == 2 + _PLANE, f"its input has the shape {shape}")
    net.check(message.pool in (_MAX, _AVERAGE), "stochastic pooling is not supported")
    net.check(len(net.layer.tops) == 1, "the mask is not supported")
    kind = "max" if message.pool == _MAX else "avg"
    if message.global_pooling:
        entry = net.emit("Pooling", blobs[0], pool_type=kind, global_pool=True, kernel=(1, 1))
        return [Blob(entry, (*shape[:2], 1, 1))]
    kernel, stride, pad = _window(net, message, _PLANE)
    return [_pooled(net, blobs[0], kind, (kernel, stride, pad), is_floor=message.round_mode == _FLOOR)]


def _pooled(net: Lowering, blob: Blob, kind: str, window: tuple[Shape, Shape, Shape], *, is_floor: bool) -> Blob:
    """Pool as Caffe does: rounded up, but no window begins in the padding behind the image."""
    kernel, stride, pad = window
    entry = net.emit(
        "Pooling",
        blob,
        pool_type=kind,
        kernel=kernel,
        stride=stride,
        pad=pad,
        pooling_convention="valid" if is_floor else "full",
    )
    sides = []
    for axis, (size, width, step, edge) in enumerate(zip(blob.shape[2:], kernel, stride, pad, strict=True)):
        room = size + 2 * edge - width
        net.check(room >= 0, f"its window is larger than its input {blob.shape}")
        side = (room if is_floor else room + step - 1) // step + 1
        if any(pad) and (side - 1) * step >= size + edge:
            side -= 1
            entry = net.emit("slice_axis", entry, axis=2 + axis, begin=0, end=side)
        sides.append(side)
    return Blob(entry, (*blob.shape[:2], *sides))


def _lrn(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("lrn"), blobs[0]
    size = message.local_size
    net.check(len(blob.shape) == 2 + _PLANE, f"its input has the shape {blob.shape}")
    net.check(size % 2 == 1, f"local_size {size} is even")
    if message.norm_region != _WITHIN_CHANNEL:
        options = {"alpha": message.alpha, "beta": message.beta, "knorm": message.k}
        return [Blob(net.emit("LRN", blob, nsize=size, **options), blob.shape)]
    squares = Blob(net.emit("square", blob), blob.shape)
    edge = (size - 1) // 2
    mean = _pooled(net, squares, "avg", ((size, size), (1, 1), (edge, edge)), is_floor=False)
    base = net.emit("_plus_scalar", net.emit("_mul_scalar", mean, scalar=message.alpha), scalar=1)
    factor = net.emit("_power_scalar", base, scalar=-message.beta)
    return [Blob(net.emit("elemwise_mul", blob, factor), blob.shape)]


def batch_norm(net: Lowering, blob: Blob, scale: Lowering | None) -> Blob:
    """Append a BatchNorm layer, with the Scale layer that alone uses it, where there is one."""
    channels = (blob.shape[1] if len(blob.shape) > 1 else 1,)
    factor = float(net.given(2).reshape(-1)[0])
    share = 1 / factor if factor else 0.0
    gamma, beta = np.ones(channels, np.float32), np.zeros(channels, np.float32)
    if scale is not None:
        gamma = scale.weight(0, channels)
        beta = scale.weight(1, channels) if scale.parameters("scale").bias_term else beta
    entry = net.emit(
        "BatchNorm",
        blob,
        net.parameter(gamma, "gamma"),
        net.parameter(beta, "beta"),
        net.parameter(net.weight(0, channels) * np.float32(share), "moving_mean", is_state=True),
        net.parameter(net.weight(1, channels) * np.float32(share), "moving_var", is_state=True),
        eps=net.parameters("batch_norm").eps,
        fix_gamma=False,
        use_global_stats=True,
    )
    return Blob(entry, blob.shape)


def _batch_norm(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    return [batch_norm(net, blobs[0], None)]


def _mvn(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message, blob = net.parameters("mvn"), blobs[0]
    axes = tuple(range(1 if message.across_channels else 2, len(blob.shape)))
    entry = net.emit("broadcast_sub", blob, net.emit("mean", blob, axis=axes, keepdims=True))
    if message.normalize_variance:
        spread = net.emit("sqrt", net.emit("mean", net.emit("square", entry), axis=axes, keepdims=True))
        entry = net.emit("broadcast_div", entry, net.emit("_plus_scalar", spread, scalar=message.eps))
    return [Blob(entry, blob.shape)]


ROWS: dict[str, Row] = {
    "BatchNorm": Row(_batch_norm),
    "Convolution": Row(_convolution, "one input"),
    "Deconvolution": Row(_deconvolution, "one input"),
    "LRN": Row(_lrn),
    "MVN": Row(_mvn),
    "Pooling": Row(_pooling, "not stochastic, no mask"),
}
