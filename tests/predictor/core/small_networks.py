"""Networks of a few nodes with weights drawn from a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mxnet_files import Symbol, params_bytes

if TYPE_CHECKING:
    from predictor.core.capi import FloatArray, Shape

DATA: dict[str, Shape] = {"data": (2, 3)}


def drawn(shape: Shape, seed: int = 0) -> FloatArray:
    """Return numbers between -1 and 1."""
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


WEIGHT, BIAS = drawn((4, 3), 1), drawn((4,), 2)
PARAMS = params_bytes({"arg:fc_weight": WEIGHT, "arg:fc_bias": BIAS})


def classifier() -> str:
    """Return softmax(fc(data)), with a label as training left it."""
    symbol = Symbol()
    fc = symbol.layer("FullyConnected", "fc", symbol.variable("data"), ["weight", "bias"], num_hidden=4)
    return symbol.to_json(symbol.layer("SoftmaxOutput", "softmax", fc, ["label"]))


def classified(data: FloatArray) -> FloatArray:
    """Return what `classifier` should give."""
    scores = np.exp(data @ WEIGHT.T + BIAS)
    return scores / scores.sum(axis=1, keepdims=True)


def residual_network() -> tuple[str, bytes]:
    """Return relu(batchnorm(conv(data)) + dropout(data)), clipped, for data of (N, 3, 5, 5)."""
    symbol = Symbol()
    data = symbol.variable("data")
    conv = symbol.layer("Convolution", "conv", data, ["weight", "bias"], kernel=(3, 3), pad=(1, 1), num_filter=3)
    statistics = ["gamma", "beta", "moving_mean", "moving_var"]
    norm = symbol.layer("BatchNorm", "norm", conv, statistics, fix_gamma=False)
    same = symbol.operator("Dropout", "same", [data])
    total = symbol.operator("elemwise_add", "total", [norm, same])
    relu = symbol.operator("Activation", "relu", [total], act_type="relu")
    clip = symbol.operator("clip", "clip", [relu], a_min=0.1, a_max=0.9)
    params = params_bytes(
        {
            "arg:conv_weight": drawn((3, 3, 3, 3), 3),
            "arg:conv_bias": drawn((3,), 4),
            "arg:norm_gamma": drawn((3,), 5),
            "arg:norm_beta": drawn((3,), 6),
            "aux:norm_moving_mean": drawn((3,), 7),
            "aux:norm_moving_var": drawn((3,), 8) ** 2 + 0.5,
        }
    )
    return symbol.to_json(clip), params
