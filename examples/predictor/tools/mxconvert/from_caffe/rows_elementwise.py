"""Layers that work element by element, also of several inputs, and those that are nothing without training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_caffe.lowering import Blob, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mxnet_files import Entry

    from mxconvert.from_caffe.lowering import Convert, Lowering

_PRODUCT, _SUM = 0, 1


def _map(function: Callable[[Lowering, Blob], Entry]) -> Convert:
    """Return a row of one input whose shape stays."""
    return lambda net, blobs: [Blob(function(net, blobs[0]), blobs[0].shape)]


def _plain(kind: str, **attributes: object) -> Row:
    return Row(_map(lambda net, blob: net.emit(kind, blob, **attributes)), bottoms=1)


def _linear(net: Lowering, entry: Blob | Entry, scale: float, shift: float) -> Blob | Entry:
    entry = net.emit("_mul_scalar", entry, scalar=scale) if scale != 1 else entry
    return net.emit("_plus_scalar", entry, scalar=shift) if shift else entry


def _relu(net: Lowering, blob: Blob) -> Entry:
    slope = net.parameters("relu").negative_slope
    if slope:
        return net.emit("LeakyReLU", blob, act_type="leaky", slope=slope)
    return net.emit("Activation", blob, act_type="relu")


def _prelu(net: Lowering, blob: Blob) -> Entry:
    net.check(len(blob.shape) > 1, f"its input has the shape {blob.shape}")
    channels = blob.shape[1]
    count = 1 if net.parameters("prelu").channel_shared else channels
    gamma = np.broadcast_to(net.weight(0, (count,)), (channels,))
    return net.emit("LeakyReLU", blob, net.parameter(gamma, "gamma"), act_type="prelu")


def _elu(net: Lowering, blob: Blob) -> Entry:
    return net.emit("LeakyReLU", blob, act_type="elu", slope=net.parameters("elu").alpha)


def _power(net: Lowering, blob: Blob) -> Entry:
    """(shift + scale x) ^ power."""
    message = net.parameters("power")
    base = _linear(net, blob, message.scale, message.shift)
    if message.power != 1:
        return net.emit("_power_scalar", base, scalar=message.power)
    return net.emit("_copy", base) if isinstance(base, Blob) else base


def _exp(net: Lowering, blob: Blob) -> Entry:
    """Base ^ (shift + scale x); the base -1 means e."""
    message = net.parameters("exp")
    net.check(message.base > 0 or message.base == -1, f"the base is {message.base}")
    factor = 1.0 if message.base == -1 else math.log(message.base)
    return net.emit("exp", _linear(net, blob, message.scale * factor, message.shift * factor))


def _log(net: Lowering, blob: Blob) -> Entry:
    """Log of (shift + scale x); the base -1 means e."""
    message = net.parameters("log")
    net.check((message.base > 0 and message.base != 1) or message.base == -1, f"the base is {message.base}")
    entry = net.emit("log", _linear(net, blob, message.scale, message.shift))
    return entry if message.base == -1 else net.emit("_mul_scalar", entry, scalar=1 / math.log(message.base))


def _threshold(net: Lowering, blob: Blob) -> Entry:
    return net.emit("_greater_scalar", blob, scalar=net.parameters("threshold").threshold)


def _swish(net: Lowering, blob: Blob) -> Entry:
    share = net.emit("sigmoid", net.emit("_mul_scalar", blob, scalar=net.parameters("swish").beta))
    return net.emit("elemwise_mul", blob, share)


def _clip(net: Lowering, blob: Blob) -> Entry:
    message = net.parameters("clip")
    net.check(message.min <= message.max, f"its ends {message.min} and {message.max} are crossed")
    return net.emit("clip", blob, a_min=message.min, a_max=message.max)


def _softmax(net: Lowering, blob: Blob) -> Entry:
    return net.emit("softmax", blob, axis=blob.axis(net.parameters("softmax").axis))


def _same(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    """Nothing happens: every top is the bottom."""
    return [blobs[0]] * max(len(net.layer.tops), 1)


def _nothing(_net: Lowering, _blobs: Sequence[Blob]) -> list[Blob]:
    return []


def _eltwise(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    message = net.parameters("eltwise")
    factors = list(message.coeff) or [1.0] * len(blobs)
    net.check(len(blobs) > 1 and len(factors) == len(blobs), f"{len(factors)} coefficients for {len(blobs)} inputs")
    net.check(len({blob.shape for blob in blobs}) == 1, "its inputs have different shapes")
    is_sum = message.operation == _SUM
    kind = "elemwise_add" if is_sum else "elemwise_mul" if message.operation == _PRODUCT else "broadcast_maximum"
    net.check(is_sum or not message.coeff, "coefficients are for sums")
    terms = [_linear(net, blob, factor, 0) for blob, factor in zip(blobs, factors, strict=True)]
    entry = net.emit(kind, terms[0], terms[1])
    for term in terms[2:]:
        entry = net.emit(kind, entry, term)
    return [Blob(entry, blobs[0].shape)]


def _scale(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    """Multiply by a weight, or by the second input, whose axes lie at `axis`; then add a bias."""
    message, blob = net.parameters("scale"), blobs[0]
    aligned = _aligned(net, blobs, message, "gamma")
    entry = net.emit("broadcast_mul", blob, aligned)
    if message.bias_term:
        index = 1 if len(blobs) == 1 else 0
        shape = tuple(size for size in aligned.shape if size > 1) or (1,)
        bias = net.weight(index, shape).reshape(aligned.shape)
        entry = net.emit("broadcast_add", entry, net.parameter(bias, "beta"))
    return [Blob(entry, blob.shape)]


def _bias(net: Lowering, blobs: Sequence[Blob]) -> list[Blob]:
    aligned = _aligned(net, blobs, net.parameters("bias"), "bias")
    return [Blob(net.emit("broadcast_add", blobs[0], aligned), blobs[0].shape)]


def _aligned(net: Lowering, blobs: Sequence[Blob], message: object, role: str) -> Blob:
    """Return the factor or the summand with as many axes as the first input."""
    blob, first, count = blobs[0], getattr(message, "axis", 1), getattr(message, "num_axes", 1)
    rank = len(blob.shape)
    start = blob.axis(first) if first else 0
    given = blobs[1].shape if len(blobs) > 1 else blob.shape[start : rank if count == -1 else start + count]
    net.check(start + len(given) <= rank, f"{given} does not fit {blob.shape} from axis {start} on")
    whole = (1,) * start + tuple(given) + (1,) * (rank - start - len(given))
    if len(blobs) == 1:
        return Blob(net.parameter(net.weight(0, tuple(given)).reshape(whole), role), whole)
    return net.reshape(blobs[1], whole)


ROWS: dict[str, Row] = {
    "AbsVal": _plain("abs"),
    "Accuracy": Row(_nothing, "left out"),
    "BNLL": _plain("Activation", act_type="softrelu"),
    "Bias": Row(_bias),
    "Clip": Row(_map(_clip)),
    "Dropout": Row(_same),
    "ELU": Row(_map(_elu)),
    "Eltwise": Row(_eltwise),
    "EuclideanLoss": Row(_same, "its first input", bottoms=1),
    "Exp": Row(_map(_exp)),
    "HingeLoss": Row(_same, "its first input", bottoms=1),
    "Log": Row(_map(_log)),
    "PReLU": Row(_map(_prelu)),
    "Power": Row(_map(_power)),
    "ReLU": Row(_map(_relu)),
    "Scale": Row(_scale),
    "Sigmoid": _plain("Activation", act_type="sigmoid"),
    "SigmoidCrossEntropyLoss": _plain("Activation", act_type="sigmoid"),
    "Silence": Row(_nothing, "left out"),
    "Softmax": Row(_map(_softmax)),
    "SoftmaxWithLoss": Row(_map(_softmax), "softmax of its first input", bottoms=1),
    "Split": Row(_same),
    "Swish": Row(_map(_swish)),
    "TanH": _plain("Activation", act_type="tanh"),
    "Threshold": Row(_map(_threshold)),
}
