"""A layer for every row of the converter, and what it should give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from mxconvert.from_caffe.schema import message_type

from predictor.convert import caffe_reference as ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from predictor.convert.caffe_reference import Array

_GENERATOR = np.random.default_rng(11)


def real(*shape: int, low: float = -1, high: float = 1) -> Array:
    """Return numbers of a shape."""
    return _GENERATOR.uniform(low, high, shape).astype(np.float32)


@dataclass(frozen=True)
class Case:
    """A layer, its weights, its inputs, and what it gives for them and the weights."""

    kind: str
    parameters: str
    reference: Callable[..., Array | list[Array]]
    inputs: tuple[Array, ...]
    weights: tuple[Array, ...] = ()
    tops: tuple[str, ...] = ("y",)

    def prototxt(self) -> str:
        """Return the network of this one layer."""
        names = [f"x{index}" for index in range(len(self.inputs))]
        layers = [input_layer(name, array.shape) for name, array in zip(names, self.inputs, strict=True)]
        ends = "".join(f' bottom: "{name}"' for name in names) + "".join(f' top: "{name}"' for name in self.tops)
        return "".join(layers) + f'layer {{ name: "it" type: "{self.kind}"{ends} {self.parameters} }}\n'

    def caffemodel(self) -> bytes:
        """Return its weights."""
        return caffemodel({"it": list(self.weights)})

    def feeds(self) -> dict[str, Array]:
        """Return its inputs by name."""
        return {f"x{index}": array for index, array in enumerate(self.inputs)}

    def expected(self) -> list[Array]:
        """Return its outputs."""
        exact = [array.astype(np.float64) for array in (*self.inputs, *self.weights)]
        answer = self.reference(*exact)
        return answer if isinstance(answer, list) else [answer]


def input_layer(name: str, shape: tuple[int, ...]) -> str:
    """Return the text of an input."""
    dims = " ".join(f"dim: {size}" for size in shape)
    return f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ {dims} }} }} }}\n'


def blob(array: Array) -> Any:  # noqa: ANN401 - a message that is made at run time
    """Return an array as a BlobProto."""
    message: Any = message_type("BlobProto")()
    message.shape.dim.extend(array.shape)
    message.data.append(array.astype("<f4").tobytes())
    return message


def caffemodel(weights: dict[str, list[Array]]) -> bytes:
    """Return the bytes of a caffemodel."""
    net: Any = message_type("NetParameter")()
    for name, arrays in weights.items():
        layer = net.layer.add(name=name)
        for array in arrays:
            layer.blobs.add().CopyFrom(blob(array))
    return bytes(net.SerializeToString())


IMAGE = real(2, 4, 7, 8)
MATRIX = real(3, 4)


def windows() -> list[Case]:
    """Return the cases of rows_windows.py."""
    weight, bias = real(6, 4, 3, 3), real(6)
    mean, variance, factor = real(4), real(4, low=0.5, high=2), np.array([2.5], np.float32)
    size = "kernel_size: 3"
    return [
        Case(
            "Convolution", f"convolution_param {{ num_output: 6 {size} pad: 1 stride: 2 }}",
            lambda x, w, b: ref.convolution(x, w, b, stride=2, pad=1), (IMAGE,), (weight, bias),
        ),
        Case(
            "Convolution", f"convolution_param {{ num_output: 6 {size} dilation: 2 bias_term: false }}",
            lambda x, w: ref.convolution(x, w, dilation=2), (IMAGE,), (weight,),
        ),
        Case(
            "Convolution", "convolution_param { num_output: 6 kernel_h: 3 kernel_w: 2 group: 2 }",
            lambda x, w, b: ref.convolution(x, w, b, group=2), (IMAGE,), (real(6, 2, 3, 2), bias),
        ),
        Case(
            "Deconvolution", "convolution_param { num_output: 3 kernel_size: 4 stride: 2 pad: 1 }",
            lambda x, w, b: ref.deconvolution(x, w, b, stride=2, pad=1), (IMAGE,), (real(4, 3, 4, 4), real(3)),
        ),
        Case(
            "Deconvolution", "convolution_param { num_output: 4 kernel_size: 4 stride: 2 group: 4 bias_term: false }",
            lambda x, w: ref.deconvolution(x, w, stride=2, group=4), (IMAGE,), (real(4, 1, 4, 4),),
        ),
        *(
            Case(
                "Pooling", f"pooling_param {{ pool: {kind} kernel_size: {kernel} stride: {stride} pad: {pad} }}",
                lambda x, kind=kind, kernel=kernel, stride=stride, pad=pad: ref.pooling(
                    x, kind, kernel, stride=stride, pad=pad
                ), (IMAGE,),
            )
            for kind in ("MAX", "AVE")
            for kernel, stride, pad in ((3, 2, 0), (3, 2, 1), (2, 2, 1), (2, 3, 1), (5, 3, 2))
        ),
        Case(
            "Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 round_mode: FLOOR }",
            lambda x: ref.pooling(x, "AVE", 3, stride=2, is_floor=True), (IMAGE,),
        ),
        Case(
            "Pooling", "pooling_param { pool: AVE global_pooling: true }",
            lambda x: x.mean(axis=(2, 3), keepdims=True), (IMAGE,),
        ),
        Case(
            "LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.6 k: 1.5 }",
            lambda x: ref.lrn(x, 3, 0.5, 0.6, 1.5), (IMAGE,),
        ),
        Case(
            "LRN", "lrn_param { local_size: 3 alpha: 0.5 norm_region: WITHIN_CHANNEL }",
            lambda x: ref.lrn_within(x, 3, 0.5, 0.75), (IMAGE,),
        ),
        Case("BatchNorm", "", ref.batch_norm, (IMAGE,), (mean, variance, factor)),
        Case("MVN", "", lambda x: ref.mvn(x, (2, 3), divides=True), (IMAGE,)),
        Case(
            "MVN", "mvn_param { across_channels: true normalize_variance: false }",
            lambda x: ref.mvn(x, (1, 2, 3), divides=False), (IMAGE,),
        ),
    ]  # fmt: skip


def elementwise() -> list[Case]:
    """Return the cases of rows_elementwise.py."""
    positive = real(3, 4, low=0.2, high=2)
    cut = "eltwise_param { operation: "
    return [
        Case("AbsVal", "", np.abs, (MATRIX,)),
        Case("BNLL", "", lambda x: np.log1p(np.exp(x)), (MATRIX,)),
        Case("Bias", "", lambda x, b: x + b.reshape(-1, 1, 1), (IMAGE,), (real(4),)),
        Case("Bias", "bias_param { axis: 0 }", lambda x, b: x + b[:, None], (MATRIX, real(3))),
        Case("Clip", "clip_param { min: -0.3 max: 0.5 }", lambda x: np.clip(x, -0.3, 0.5), (MATRIX,)),
        Case("Dropout", "", lambda x: x, (MATRIX,)),
        Case("ELU", "elu_param { alpha: 0.7 }", lambda x: ref.elu(x, 0.7), (MATRIX,)),
        Case("Eltwise", "", lambda a, b, c: a + b + c, (MATRIX, real(3, 4), real(3, 4))),
        Case("Eltwise", f"{cut} SUM coeff: 2 coeff: -0.5 }}", lambda a, b: 2 * a - 0.5 * b, (MATRIX, real(3, 4))),
        Case("Eltwise", f"{cut} PROD }}", lambda a, b: a * b, (MATRIX, real(3, 4))),
        Case("Eltwise", f"{cut} MAX }}", np.maximum, (MATRIX, real(3, 4))),
        Case("EuclideanLoss", "", lambda x, _: x, (MATRIX, MATRIX)),
        Case("Exp", "", np.exp, (MATRIX,)),
        Case("Exp", "exp_param { base: 2 scale: 0.5 shift: 1 }", lambda x: 2 ** (1 + 0.5 * x), (MATRIX,)),
        Case("HingeLoss", "", lambda x, _: x, (MATRIX, MATRIX)),
        Case("Log", "", np.log, (positive,)),
        Case("Log", "log_param { base: 10 scale: 2 shift: 1 }", lambda x: np.log10(1 + 2 * x), (positive,)),
        Case("PReLU", "", lambda x, a: np.where(x > 0, x, a.reshape(-1, 1, 1) * x), (IMAGE,), (real(4),)),
        Case(
            "PReLU", "prelu_param { channel_shared: true }", lambda x, a: np.where(x > 0, x, a * x),
            (IMAGE,), (real(1),),
        ),
        Case("Power", "power_param { power: 2 scale: 0.5 shift: 1 }", lambda x: (1 + 0.5 * x) ** 2, (MATRIX,)),
        Case("Power", "power_param { scale: 3 }", lambda x: 3 * x, (MATRIX,)),
        Case("Power", "", lambda x: x, (MATRIX,)),
        Case("ReLU", "", lambda x: np.maximum(x, 0), (MATRIX,)),
        Case("ReLU", "relu_param { negative_slope: 0.1 }", lambda x: np.where(x > 0, x, 0.1 * x), (MATRIX,)),
        Case(
            "Scale", "scale_param { bias_term: true }", lambda x, s, b: x * s[:, None, None] + b[:, None, None],
            (IMAGE,), (real(4), real(4)),
        ),
        Case("Scale", "scale_param { axis: 2 num_axes: -1 }", lambda x, s: x * s, (IMAGE,), (real(7, 8),)),
        Case("Scale", "scale_param { axis: 0 }", lambda x, s: x * s[:, None], (MATRIX, real(3))),
        Case("Sigmoid", "", lambda x: 1 / (1 + np.exp(-x)), (MATRIX,)),
        Case("SigmoidCrossEntropyLoss", "", lambda x, _: 1 / (1 + np.exp(-x)), (MATRIX, MATRIX)),
        Case("Softmax", "", ref.softmax, (IMAGE,)),
        Case("Softmax", "softmax_param { axis: -1 }", lambda x: ref.softmax(x, -1), (IMAGE,)),
        Case("SoftmaxWithLoss", "", lambda x, _: ref.softmax(x), (MATRIX, MATRIX)),
        Case("Split", "", lambda x: [x, x], (MATRIX,), tops=("y", "z")),
        Case("Swish", "swish_param { beta: 1.5 }", lambda x: x / (1 + np.exp(-1.5 * x)), (MATRIX,)),
        Case("TanH", "", np.tanh, (MATRIX,)),
        Case("Threshold", "threshold_param { threshold: 0.25 }", lambda x: x > 0.25, (MATRIX,)),
    ]  # fmt: skip


def shapes() -> list[Case]:
    """Return the cases of rows_shapes.py."""
    words = np.array([[0, 4, 2], [1, 1, 3]], np.float32)
    product = "inner_product_param { num_output: 5"
    turn = "reshape_param { shape { dim: 0 dim: -1 dim: 4 } }"
    reduce = "reduction_param { operation:"
    return [
        Case("ArgMax", "argmax_param { axis: 1 }", lambda x: x.argmax(axis=1, keepdims=True), (IMAGE,)),
        Case("ArgMax", "", lambda x: x.reshape(2, -1).argmax(axis=1).reshape(2, 1, 1), (IMAGE,)),
        Case("Concat", "", lambda a, b: np.concatenate([a, b], axis=1), (IMAGE, real(2, 3, 7, 8))),
        Case("Concat", "concat_param { concat_dim: 0 }", lambda a, b: np.concatenate([a, b]), (MATRIX, real(1, 4))),
        Case(
            "Crop", "crop_param { axis: 2 offset: 1 offset: 2 }", lambda a, _: a[:, :, 1:5, 2:8],
            (IMAGE, real(1, 1, 4, 6)),
        ),
        Case("Crop", "crop_param { axis: 1 }", lambda a, _: a[:, :3, :4, :6], (IMAGE, real(1, 3, 4, 6))),
        Case(
            "Embed", "embed_param { input_dim: 5 num_output: 3 }", lambda x, w, b: w[x.astype(int)] + b,
            (words,), (real(5, 3), real(3)),
        ),
        Case("Flatten", "", lambda x: x.reshape(2, -1), (IMAGE,)),
        Case("Flatten", "flatten_param { axis: 1 end_axis: 2 }", lambda x: x.reshape(2, 28, 8), (IMAGE,)),
        Case(
            "InnerProduct", f"{product} }}", lambda x, w, b: x.reshape(2, -1) @ w.T + b,
            (IMAGE,), (real(5, 224), real(5)),
        ),
        Case(
            "InnerProduct", f"{product} bias_term: false transpose: true axis: -1 }}", lambda x, w: x @ w,
            (IMAGE,), (real(8, 5),),
        ),
        Case("Reduction", "", lambda x: x.sum().reshape(1), (MATRIX,)),
        Case("Reduction", f"{reduce} ASUM axis: 1 coeff: 0.5 }}", lambda x: 0.5 * np.abs(x).sum(axis=1), (MATRIX,)),
        Case("Reduction", f"{reduce} SUMSQ axis: 2 }}", lambda x: (x**2).sum(axis=(2, 3)), (IMAGE,)),
        Case("Reduction", f"{reduce} MEAN axis: -1 }}", lambda x: x.mean(axis=-1), (IMAGE,)),
        Case("Reshape", turn, lambda x: x.reshape(2, -1, 4), (IMAGE,)),
        Case(
            "Reshape", "reshape_param { shape { dim: 2 dim: 2 } axis: 1 num_axes: 1 }",
            lambda x: x.reshape(2, 2, 2, 7, 8), (IMAGE,),
        ),
        Case("Slice", "", lambda x: [x[:, :2], x[:, 2:]], (IMAGE,), tops=("y", "z")),
        Case(
            "Slice", "slice_param { axis: 2 slice_point: 1 slice_point: 4 }",
            lambda x: [x[:, :, :1], x[:, :, 1:4], x[:, :, 4:]], (IMAGE,), tops=("y", "z", "w"),
        ),
        Case("Tile", "tile_param { axis: 2 tiles: 3 }", lambda x: np.tile(x, (1, 1, 3, 1)), (IMAGE,)),
    ]  # fmt: skip


@dataclass(frozen=True)
class _Named:
    """Names cases after their kind and what they have."""

    seen: dict[str, Case] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Add a case under a name of its own."""
        words = " ".join(case.parameters.split("{", 1)[-1].replace("{", "").replace("}", "").split())
        self.seen[f"{case.kind} {words}".strip() + (f" of {len(case.inputs)}" if len(case.inputs) > 1 else "")] = case


def _all() -> dict[str, Case]:
    named = _Named()
    cases = [*windows(), *elementwise(), *shapes()]
    for case in cases:
        named.add(case)
    assert len(named.seen) == len(cases)
    return named.seen


CASES = _all()
