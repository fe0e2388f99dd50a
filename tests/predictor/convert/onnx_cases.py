"""A model for every row of the converter, and for every form of its operator that is converted differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from predictor.convert.harness import Array, Case, single

if TYPE_CHECKING:
    from collections.abc import Callable

_GENERATOR = np.random.default_rng(7)


def real(*shape: int, low: float = -1, high: float = 1) -> Array:
    """Return constants of a shape."""
    return _GENERATOR.uniform(low, high, shape).astype(np.float32)


def whole(*items: int) -> Array:
    """Return whole numbers: a shape, axes."""
    return np.array(items, np.int64)


def number(item: float) -> Array:
    """Return a number without axes."""
    return np.array(item, np.float32)


def given(case: Case, items: list[float]) -> Case:
    """Return a case with these numbers for its input."""
    return Case(case.model, {name: np.array(items, np.float32) for name in case.inputs})


IMAGE = (2, 3, 9, 8)
OPEN = ("N", 3, 9, 8)
ALL_OPEN = ("N", 3, "H", "W")

_UNARY = {
    **dict.fromkeys(
        [
            "Abs",
            "Atan",
            "Asinh",
            "Ceil",
            "Cos",
            "Cosh",
            "Erf",
            "Exp",
            "Floor",
            "Identity",
            "IsNaN",
            "Neg",
            "Relu",
            "HardSwish",
            "Mish",
            "Round",
            "Sigmoid",
            "Sign",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Tan",
            "Tanh",
        ],
        (-1.4, 1.4),
    ),
    **dict.fromkeys(["Acos", "Asin", "Atanh"], (-0.95, 0.95)),
    "Acosh": (1.1, 4),
    **dict.fromkeys(["Log", "Reciprocal", "Sqrt"], (0.2, 4)),
}


def elementwise() -> dict[str, Case]:
    """Return the cases of rows_elementwise.py."""
    cases = {op: single(op, (2, 3, 4), opset=18, low=low, high=high) for op, (low, high) in _UNARY.items()}
    for op in ("Add", "Div", "Mul", "Sub", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Min"):
        cases[f"{op} of two"] = single(op, (2, 3, 4), (2, 3, 4))
        cases[f"{op} of other ranks"] = single(op, (3, 1), (2, 3, 4))
        cases[f"{op} with a number"] = single(op, (2, 3), number(0.5))
        cases[f"{op} of a number"] = single(op, number(0.5), (2, 3))
        cases[f"{op} with a constant"] = single(op, (2, 3), real(3))
    cases["Pow"] = single("Pow", (2, 3), (2, 3), low=0.3)
    cases["Pow with a number"] = single("Pow", (2, 3), number(2))
    cases["Pow of a number"] = single("Pow", number(2), (2, 3))
    cases["Mod as in C"] = single("Mod", (2, 3), (2, 3), fmod=1)
    cases["Mod of a constant"] = single("Mod", (2, 3), number(0.7), fmod=1)
    for op in ("Sum", "Mean", "Max", "Min"):
        cases[f"{op} of three"] = single(op, (2, 3), (1, 3), (2, 1))
        cases[f"{op} of one"] = single(op, (2, 3))
    for op in ("And", "Or", "Xor"):
        cases[op] = single(op, (4, 3), (4, 1), dtype=np.bool_, low=0, high=1.9)
    cases |= {
        "Not": single("Not", (2, 3), dtype=np.bool_, low=0, high=1.9),
        "Div of whole numbers": single("Div", (4, 3), whole(2, -3, 4), low=-9, high=9, dtype=np.int64),
        "Mod of whole numbers": single("Mod", (4, 3), whole(2, -3, 4), low=-9, high=9, dtype=np.int64),
        "Celu": single("Celu", (2, 3), alpha=1.5),
        "Clip": single("Clip", (2, 3), number(-0.5), number(0.5)),
        "Clip of opset 7": single("Clip", (2, 3), opset=7, min=-0.5, max=0.25),
        "Clip below": single("Clip", (2, 3), number(0)),
        "Clip above": single("Clip", (2, 3), None, number(1)),
        "Clip to computed ends": single("Clip", (2, 3), (), number(1)),
        "Elu": single("Elu", (2, 3), alpha=0.7),
        "Gelu": single("Gelu", (2, 3), opset=20),
        "Gelu by tanh": single("Gelu", (2, 3), opset=20, approximate="tanh"),
        "HardSigmoid": single("HardSigmoid", (2, 3), alpha=0.3, beta=0.4),
        "IsInf": single("IsInf", (2, 3)),
        "IsInf below": single("IsInf", (2, 3), detect_positive=0),
        "LeakyRelu": single("LeakyRelu", (2, 3)),
        "LeakyRelu with a slope": single("LeakyRelu", (2, 3), alpha=0.3),
        "PRelu by channel": single("PRelu", IMAGE, real(3, 1, 1)),
        "PRelu of one": single("PRelu", IMAGE, real(1)),
        "PRelu by column": single("PRelu", IMAGE, real(8)),
        "PRelu computed": single("PRelu", (2, 3), (2, 3)),
        "Round of halves": given(single("Round", (8,)), [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 8388609, np.inf]),
        "Selu": single("Selu", (2, 3)),
        "Selu of another shape": single("Selu", (2, 3), alpha=1.5, gamma=2.0),
        "Shrink": single("Shrink", (2, 3), lambd=0.7, bias=0.2),
        "Swish": single("Swish", (2, 3), opset=24, alpha=1.5),
        "ThresholdedRelu": single("ThresholdedRelu", (2, 3), alpha=0.4),
        "Where": single("Where", np.array([[True], [False]]), (2, 3), (3,)),
        "Cast to whole": single("Cast", (2, 3), to=7),
        "Cast to truth": single("Cast", (2, 3), to=9),
        "Cast to half": single("Cast", np.array([[0.5, 2]], np.float32), to=10),
        "CastLike": single("CastLike", (2, 3), np.array([1], np.int64)),
    }
    return cases


def windows() -> dict[str, Case]:
    """Return the cases of rows_windows.py."""
    weight, bias = real(4, 3, 3, 3), real(4)
    same = {"auto_pad": "SAME_UPPER"}
    return {
        "Conv": single("Conv", IMAGE, weight, bias, pads=[1, 1, 1, 1], shapes=(OPEN,)),
        "Conv without bias": single("Conv", IMAGE, weight, strides=[2, 2]),
        "Conv with other pads": single("Conv", IMAGE, weight, pads=[0, 1, 2, 3], dilations=[1, 2]),
        "Conv of open size": single("Conv", IMAGE, weight, pads=[1, 1, 1, 1], shapes=(ALL_OPEN,)),
        "Conv as wide": single("Conv", IMAGE, weight, bias, strides=[2, 2], **same),
        "Conv as wide below": single("Conv", IMAGE, weight, strides=[2, 3], auto_pad="SAME_LOWER"),
        "Conv as wide and open": single("Conv", IMAGE, weight, shapes=(ALL_OPEN,), **same),
        "Conv of valid": single("Conv", IMAGE, weight, auto_pad="VALID"),
        "Conv of groups": single("Conv", (1, 4, 5, 5), real(8, 1, 3, 3), group=4),
        "Conv 1d": single("Conv", (2, 3, 9), real(4, 3, 3), real(4), pads=[1, 2]),
        "Conv 3d": single("Conv", (1, 2, 4, 5, 6), real(3, 2, 2, 2, 2), pads=[1, 0, 1, 1, 0, 1]),
        "Conv with a computed weight": single("Conv", (1, 3, 5, 5), (2, 3, 3, 3), kernel_shape=[3, 3]),
        "Conv of half floats": single("Conv", np.ones((1, 1, 3, 3), np.float16), np.ones((1, 1, 3, 3), np.float16)),
        "ConvTranspose": single("ConvTranspose", IMAGE, real(3, 4, 3, 3), real(4), strides=[2, 2], pads=[1, 1, 1, 1]),
        "ConvTranspose with more": single(
            "ConvTranspose", IMAGE, real(3, 2, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]
        ),
        "ConvTranspose with other pads": single("ConvTranspose", IMAGE, real(3, 2, 3, 3), pads=[0, 1, 2, 0]),
        "ConvTranspose of a size": single(
            "ConvTranspose", IMAGE, real(3, 2, 3, 3), strides=[2, 2], output_shape=[18, 17]
        ),
        "ConvTranspose as wide": single("ConvTranspose", IMAGE, real(3, 2, 3, 3), strides=[2, 2], **same),
        "ConvTranspose of groups": single("ConvTranspose", (1, 4, 5, 5), real(4, 1, 2, 2), group=2, strides=[2, 2]),
        "ConvTranspose 1d": single("ConvTranspose", (2, 3, 9), real(3, 4, 3), strides=[2]),
        "MaxPool": single("MaxPool", IMAGE, kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 0], shapes=(ALL_OPEN,)),
        "MaxPool rounded up": single("MaxPool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        "MaxPool with other pads": single("MaxPool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1]),
        "MaxPool as wide": single("MaxPool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], **same),
        "MaxPool 1d": single("MaxPool", (2, 3, 9), kernel_shape=[3], pads=[1, 0]),
        "MaxPool 3d": single("MaxPool", (1, 2, 4, 5, 6), kernel_shape=[2, 2, 2], strides=[1, 2, 2]),
        "AveragePool": single("AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        "AveragePool over pads": single(
            "AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1
        ),
        "AveragePool rounded up": single("AveragePool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        "AveragePool rounded up over pads": single(
            "AveragePool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1,
            count_include_pad=1, opset=19,
        ),
        "AveragePool with other pads": single("AveragePool", IMAGE, kernel_shape=[3, 3], pads=[0, 1, 2, 0]),
        "AveragePool as wide": single("AveragePool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], **same),
        "AveragePool of opset 7": single("AveragePool", IMAGE, kernel_shape=[3, 3], opset=7),
        "LpPool": single("LpPool", IMAGE, kernel_shape=[3, 3], strides=[2, 2]),
        "LpPool of sums": single("LpPool", IMAGE, kernel_shape=[3, 3], p=1),
        "LpPool of cubes": single("LpPool", IMAGE, kernel_shape=[3, 3], p=3),
        "GlobalAveragePool": single("GlobalAveragePool", IMAGE, shapes=(ALL_OPEN,)),
        "GlobalAveragePool 1d": single("GlobalAveragePool", (2, 3, 9)),
        "GlobalMaxPool": single("GlobalMaxPool", (1, 2, 4, 5, 6)),
        "GlobalLpPool": single("GlobalLpPool", IMAGE),
    }  # fmt: skip


def norms() -> dict[str, Case]:
    """Return the cases of rows_norms.py."""
    scale, shift, mean, variance = real(3), real(3), real(3), real(3, low=0.5, high=2)
    statistics = (scale, shift, mean, variance)
    return {
        "BatchNormalization": single("BatchNormalization", IMAGE, *statistics, epsilon=1e-3, shapes=(ALL_OPEN,)),
        "BatchNormalization of a matrix": single("BatchNormalization", (2, 3), *statistics),
        "BatchNormalization of opset 7": single("BatchNormalization", IMAGE, *statistics, opset=7),
        "InstanceNormalization": single("InstanceNormalization", IMAGE, scale, shift),
        "LayerNormalization": single("LayerNormalization", (2, 3, 8), real(8), real(8), shapes=(("N", "T", 8),)),
        "LayerNormalization of two axes": single("LayerNormalization", (2, 3, 8), real(3, 8), axis=-2),
        "GroupNormalization": single("GroupNormalization", (2, 4, 3, 5), real(4), real(4), num_groups=2, opset=21),
        "GroupNormalization of open size": single(
            "GroupNormalization", (2, 4, 3), real(4), real(4), num_groups=2, opset=21, shapes=(("N", 4, "W"),)
        ),
        "RMSNormalization": single("RMSNormalization", (2, 3, 8), real(8), opset=23),
        "LRN": single("LRN", (1, 6, 3, 3), size=5, alpha=0.1, beta=0.6, bias=1.5),
        "LpNormalization": single("LpNormalization", (2, 3, 4), axis=1),
        "LpNormalization of sums": single("LpNormalization", (2, 3, 4), p=1),
        "MeanVarianceNormalization": single("MeanVarianceNormalization", IMAGE),
        "Softmax": single("Softmax", (2, 3, 4), axis=1),
        "Softmax of opset 11": single("Softmax", (2, 3, 4), axis=1, opset=11, shapes=(("N", 3, 4),)),
        "Softmax of opset 11, last": single("Softmax", (2, 3), opset=11),
        "LogSoftmax": single("LogSoftmax", (2, 3, 4)),
        "LogSoftmax of opset 9": single("LogSoftmax", (2, 3, 4), opset=9),
    }


def products() -> dict[str, Case]:
    """Return the cases of rows_products.py."""
    return {
        "Gemm": single("Gemm", (2, 3), real(4, 3), real(4), transB=1, shapes=(("N", 3),)),
        "Gemm of factors": single("Gemm", (3, 2), real(3, 4), real(2, 4), transA=1, alpha=0.5, beta=2.0),
        "Gemm with a row": single("Gemm", (2, 3), real(3, 4), real(1, 4), beta=0.5),
        "Gemm with a column": single("Gemm", (2, 3), real(3, 4), real(2, 1)),
        "Gemm without a sum": single("Gemm", (2, 3), real(3, 4)),
        "Gemm of two": single("Gemm", (2, 3), (4, 3), (4,), transB=1, alpha=0.5, beta=3.0),
        "MatMul with a constant": single("MatMul", (2, 5, 3), real(3, 4), shapes=(("N", "T", 3),)),
        "MatMul of matrices": single("MatMul", (2, 3), (3, 4)),
        "MatMul of stacks": single("MatMul", (2, 5, 2, 3), (2, 5, 3, 4), shapes=(("N", 5, 2, 3), ("N", 5, 3, 4))),
        "MatMul of one for all": single("MatMul", (2, 5, 2, 3), (3, 4)),
        "MatMul of a stack of constants": single("MatMul", (2, 2, 3), real(2, 3, 4)),
        "MatMul of vectors": single("MatMul", (3,), (3,)),
        "MatMul of a vector and a constant": single("MatMul", (3,), real(3, 4)),
        "MatMul of a stack and a vector": single("MatMul", (2, 4, 3), (3,)),
        "MatMul of a vector and a stack": single("MatMul", (3,), (2, 3, 4)),
        "Einsum": single("Einsum", (2, 3, 4), (2, 5, 4), equation="bij,bkj->bik"),
        "Einsum of heads": single("Einsum", (2, 3, 4, 5), (2, 6, 4, 5), equation="bqhd,bkhd->bhqk"),
        "Einsum without a stack": single("Einsum", (2, 3), (4, 3), equation="ij,kj->ki"),
    }


def reductions() -> dict[str, Case]:
    """Return the cases of rows_reductions.py."""
    cases = {}
    for op in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"):
        name, low = f"Reduce{op}", 0.5 if op == "LogSum" else -2.0
        cases[name] = single(name, (2, 3, 4), whole(1, -1), opset=18, low=low)
        cases[f"{name} of an attribute"] = single(name, (2, 3, 4), opset=11, axes=[1], keepdims=0, low=low)
        cases[f"{name} of all"] = single(name, (2, 3, 4), opset=18, keepdims=0, low=low)
    cases["ReduceSum of nothing"] = single("ReduceSum", (2, 3), whole(), opset=13, noop_with_empty_axes=1)
    return cases | {
        "ArgMax": single("ArgMax", (2, 3, 4), axis=1),
        "ArgMax without the axis": single("ArgMax", (2, 3, 4), axis=-1, keepdims=0),
        "ArgMin": single("ArgMin", (2, 3, 4)),
        "TopK": single("TopK", (2, 6), whole(3), outputs=2),
        "TopK of the smallest": single("TopK", (6, 2), whole(3), axis=0, largest=0, outputs=2),
        "CumSum": single("CumSum", (2, 6), np.array(1)),
        "CumSum from behind": single("CumSum", (2, 6), np.array(-1), reverse=1, exclusive=1),
    }


def shapes() -> dict[str, Case]:
    """Return the cases of rows_shapes.py."""
    return {
        "Reshape": single("Reshape", (2, 3, 4), whole(0, -1), shapes=(("N", 3, 4),)),
        "Reshape by hand": single("Reshape", (2, 3, 4), whole(4, 6)),
        "Flatten": single("Flatten", (2, 3, 4), shapes=(("N", 3, 4),)),
        "Flatten from an axis": single("Flatten", (2, 3, 4), axis=2),
        "Flatten from the start": single("Flatten", (2, 3, 4), axis=0),
        "Squeeze": single("Squeeze", (2, 1, 3, 1), whole(1), shapes=((None, 1, None, 1),)),
        "Squeeze all": single("Squeeze", (2, 1, 3, 1)),
        "Squeeze of opset 11": single("Squeeze", (2, 1, 3, 1), opset=11, axes=[-1]),
        "Unsqueeze": single("Unsqueeze", (2, 3), whole(0, -1), shapes=((None, None),)),
        "Unsqueeze of opset 11": single("Unsqueeze", (2, 3), opset=11, axes=[1, 2]),
        "Unsqueeze of a number": single("Unsqueeze", (), whole(0, 1)),
        "Transpose": single("Transpose", (2, 3, 4), perm=[1, 2, 0]),
        "Transpose of all": single("Transpose", (2, 3, 4)),
        "Expand": single("Expand", (3, 1), whole(2, 1, 4)),
        "Concat": single("Concat", (2, 3), real(2, 1), (2, 2), axis=-1),
        "Concat of one": single("Concat", (2, 3), axis=0),
        "Split": single("Split", (2, 6), axis=1, outputs=3),
        "Split into parts": single("Split", (2, 6), whole(1, 3, 2), axis=1, outputs=3),
        "Split of opset 11": single("Split", (6, 2), split=[2, 4], outputs=2, opset=11),
        "Split by number": single("Split", (2, 7), axis=1, num_outputs=3, outputs=3, opset=18),
        "Slice": single("Slice", (6, 7), whole(1, -4), whole(2**62, -1), whole(0, 1), whole(2, 1)),
        "Slice backwards": single("Slice", (6, 7), whole(-1, 4), whole(-(2**62), 1), whole(0, 1), whole(-1, -2)),
        "Slice of opset 7": single("Slice", (6, 7), opset=7, starts=[1], ends=[-1], axes=[1]),
        "Slice of open size": single("Slice", (6, 7), whole(1), whole(2**62), whole(1), shapes=(("N", "W"),)),
        "Slice of everything": single("Slice", (6, 7), whole(0), whole(7), whole(1)),
        "Pad": single("Pad", IMAGE, whole(0, 0, 1, 2, 0, 0, 3, 0), number(0.5), shapes=(ALL_OPEN,)),
        "Pad of channels": single("Pad", IMAGE, whole(0, 1, 0, 0, 0, 2, 0, 0)),
        "Pad of a matrix": single("Pad", (2, 3), whole(1, 0, 0, 2)),
        "Pad that cuts": single("Pad", IMAGE, whole(0, 0, -1, 2, 0, 0, -2, -1)),
        "Pad of axes": single("Pad", IMAGE, whole(1, 2), None, whole(-1), opset=18),
        "Pad that mirrors": single("Pad", IMAGE, whole(0, 0, 1, 2, 0, 0, 3, 0), mode="reflect"),
        "Pad of edges": single("Pad", (2, 3, 5), whole(0, 0, 2, 0, 0, 1), mode="edge"),
        "Pad of opset 7": single("Pad", IMAGE, opset=7, pads=[0, 0, 1, 1, 0, 0, 1, 1], value=2.0),
        "Tile": single("Tile", (2, 3), whole(2, 1)),
        "Gather of one": single("Gather", (4, 3), np.array(-1), axis=0),
        "Gather of one from a vector": single("Gather", (4,), np.array(2)),
        "Gather of several": single("Gather", (4, 3), np.array([[0, -1], [1, 1]]), axis=1),
        "Gather of computed places": single("Gather", real(5, 3), (2, 2), low=-4.9, high=4.9, dtype=np.int64),
        "GatherND": single("GatherND", (4, 3), np.array([[0, 1], [3, 2]])),
        "DepthToSpace": single("DepthToSpace", (2, 8, 3, 2), blocksize=2, shapes=(("N", 8, "H", "W"),)),
        "DepthToSpace by columns": single(
            "DepthToSpace", (2, 8, 3, 2), blocksize=2, mode="CRD", shapes=(("N", 8, "H", "W"),)
        ),
        "SpaceToDepth": single("SpaceToDepth", (2, 3, 4, 6), blocksize=2),
        "OneHot": single("OneHot", (2, 3), np.array(4), np.array([0.5, 2], np.float32), low=0, high=4, dtype=np.int64),
        "OneHot in front": single(
            "OneHot", (2, 3), np.array(4), np.array([0, 1], np.float32), axis=0, low=0, high=4, dtype=np.int64
        ),
        "Dropout": single("Dropout", (2, 3)),
        "Dropout of opset 7": single("Dropout", (2, 3), opset=7, ratio=0.3),
        "Trilu": single("Trilu", (2, 3, 4), upper=0),
        "Trilu above": single("Trilu", (3, 4), np.array(1)),
    }


def recurrent() -> dict[str, Case]:
    """Return the cases of rows_recurrent.py."""
    steps, batch, width, units = 5, 2, 3, 4
    data = (steps, batch, width)
    cases = {}
    for op, gates, states in (("LSTM", 4, 2), ("GRU", 3, 1), ("RNN", 1, 1)):
        more = {"linear_before_reset": 1} if op == "GRU" else {}
        for direction, count in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
            rows = gates * units
            weights = (real(count, rows, width), real(count, rows, units))
            options = {"hidden_size": units, "direction": direction, "outputs": 1 + states, **more}
            cases[f"{op} {direction}"] = single(op, data, *weights, real(count, 2 * rows), **options)
            start = [(count, batch, units)] * states
            cases[f"{op} {direction} from a state"] = single(op, data, *weights, None, None, *start, **options)
        open_batch = (steps, "N", width)
        cases[f"{op} of open batch"] = single(
            op, data, real(1, rows, width), real(1, rows, units), hidden_size=units, shapes=(open_batch,), **more
        )
    cases["RNN of relu"] = single("RNN", data, real(1, 4, 3), real(1, 4, 4), hidden_size=4, activations=["Relu"])
    return cases


def resizing() -> dict[str, Case]:
    """Return the cases of rows_resizing.py."""
    twice = np.array([1, 1, 2, 2], np.float32)
    uneven = np.array([1, 1, 1.7, 0.6], np.float32)
    cases = {
        "Upsample": single("Upsample", IMAGE, twice, opset=9, mode="nearest", shapes=(ALL_OPEN,)),
        "Upsample linear": single("Upsample", IMAGE, twice, opset=9, mode="linear"),
        "Upsample of opset 7": single("Upsample", IMAGE, opset=7, mode="nearest", scales=[1.0, 1.0, 2.0, 3.0]),
        "Resize linear of open size": single("Resize", IMAGE, None, twice, mode="linear", shapes=(ALL_OPEN,)),
        "Resize of opset 10": single("Resize", IMAGE, twice, opset=10),
        "Resize": single("Resize", IMAGE, None, twice, shapes=(ALL_OPEN,)),
        "Resize to a size": single("Resize", IMAGE, None, None, whole(2, 3, 5, 16), mode="linear"),
        "Resize of a vector": single("Resize", (2, 3, 7), None, np.array([1, 1, 2], np.float32), mode="linear"),
        "Resize of axes": single("Resize", IMAGE, None, twice[2:], axes=[2, 3], opset=18, mode="cubic"),
        "Resize smoothed": single("Resize", IMAGE, None, None, whole(2, 3, 4, 4), mode="linear", antialias=1, opset=18),
    }
    for mode in ("nearest", "linear", "cubic"):
        for place in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
            cases[f"Resize {mode} {place}"] = single(
                "Resize", IMAGE, None, uneven, mode=mode, coordinate_transformation_mode=place
            )
    return cases


_FAMILIES: tuple[Callable[[], dict[str, Case]], ...] = (
    *(elementwise, windows, norms, products),
    *(reductions, shapes, recurrent, resizing),
)

CASES: dict[str, Case] = {name: case for family in _FAMILIES for name, case in family().items()}
