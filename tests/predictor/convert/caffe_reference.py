"""What Caffe's layers compute, written plainly with NumPy in float64, from their published description."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def convolution(
    x: Array,
    weight: Array,
    bias: Array | float = 0,
    *,
    stride: int = 1,
    pad: int = 0,
    dilation: int = 1,
    group: int = 1,
) -> Array:
    """Slide every filter over its group of channels of (n, c, h, w)."""
    outputs, _, *kernel = weight.shape
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    spans = [dilation * (size - 1) + 1 for size in kernel]
    sides = [(size - span) // stride + 1 for size, span in zip(padded.shape[2:], spans, strict=True)]
    inputs = x.shape[1] // group
    out = np.zeros((x.shape[0], outputs, *sides))
    for output, i, j in itertools.product(range(outputs), *map(range, sides)):
        first = output // (outputs // group) * inputs
        rows = slice(i * stride, i * stride + spans[0], dilation)
        columns = slice(j * stride, j * stride + spans[1], dilation)
        out[:, output, i, j] = (padded[:, first : first + inputs, rows, columns] * weight[output]).sum(axis=(1, 2, 3))
    return out + np.reshape(bias, (-1, 1, 1))


def deconvolution(
    x: Array, weight: Array, bias: Array | float = 0, *, stride: int = 1, pad: int = 0, group: int = 1
) -> Array:
    """Add a filter to the output for each input element; the border is cut off."""
    inputs, outputs, *kernel = weight.shape
    sides = [stride * (size - 1) + span for size, span in zip(x.shape[2:], kernel, strict=True)]
    out = np.zeros((x.shape[0], outputs * group, *sides))
    for channel, i, j in itertools.product(range(inputs), range(x.shape[2]), range(x.shape[3])):
        first = channel // (inputs // group) * outputs
        rows = slice(i * stride, i * stride + kernel[0])
        columns = slice(j * stride, j * stride + kernel[1])
        out[:, first : first + outputs, rows, columns] += x[:, channel, i, j][:, None, None, None] * weight[channel]
    ends = [side - pad for side in sides]
    return out[:, :, pad : ends[0], pad : ends[1]] + np.reshape(bias, (-1, 1, 1))


def pooling(x: Array, kind: str, kernel: int, *, stride: int = 1, pad: int = 0, is_floor: bool = False) -> Array:
    """Round the number of windows up, without one that begins behind the image and its padding in front."""
    sides = []
    for size in x.shape[2:]:
        count = (size + 2 * pad - kernel) / stride
        side = (math.floor(count) if is_floor else math.ceil(count)) + 1
        if pad and (side - 1) * stride >= size + pad:
            side -= 1
        sides.append(side)
    out = np.zeros((*x.shape[:2], *sides))
    for i, j in itertools.product(*map(range, sides)):
        starts = [i * stride - pad, j * stride - pad]
        ends = [min(start + kernel, size + pad) for start, size in zip(starts, x.shape[2:], strict=True)]
        area = (ends[0] - starts[0]) * (ends[1] - starts[1])
        window = x[:, :, max(starts[0], 0) : ends[0], max(starts[1], 0) : ends[1]]
        out[:, :, i, j] = window.max(axis=(2, 3)) if kind == "MAX" else window.sum(axis=(2, 3)) / area
    return out


def lrn(x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
    """Divide by a power of the squares of the neighbouring channels."""
    out = np.zeros(x.shape)
    for channel in range(x.shape[1]):
        near = x[:, max(channel - size // 2, 0) : channel + size // 2 + 1]
        out[:, channel] = x[:, channel] / (k + alpha / size * (near**2).sum(axis=1)) ** beta
    return out


def lrn_within(x: Array, size: int, alpha: float, beta: float) -> Array:
    """Divide by a power of the squares around in the same channel."""
    return x * (1 + alpha * pooling(x**2, "AVE", size, pad=(size - 1) // 2)) ** -beta


def batch_norm(x: Array, mean: Array, variance: Array, factor: Array, eps: float = 1e-5) -> Array:
    """Subtract the mean and divide by the deviation, both kept multiplied by a factor."""
    centred = x - (mean / factor).reshape(-1, 1, 1)
    return centred / np.sqrt((variance / factor).reshape(-1, 1, 1) + eps)


def mvn(x: Array, axes: tuple[int, ...], *, divides: bool) -> Array:
    """Subtract the mean over some axes and divide by the deviation."""
    centred = x - x.mean(axis=axes, keepdims=True)
    return centred / (np.sqrt((centred**2).mean(axis=axes, keepdims=True)) + 1e-9) if divides else centred


def softmax(x: Array, axis: int = 1) -> Array:
    """Exponentials by their sum."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def elu(x: Array, alpha: float) -> Array:
    """The identity, and below 0 an exponential."""
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
