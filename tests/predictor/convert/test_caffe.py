"""Caffe's networks give in the predictor what Caffe computes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxconvert.errors import ConvertError
from mxconvert.from_caffe.convert import convert
from mxconvert.from_caffe.reader import read_mean, read_net, read_weights
from mxconvert.from_caffe.table import ROWS

from predictor.convert import caffe_reference as ref
from predictor.convert.caffe_cases import CASES, caffemodel, input_layer, real
from predictor.convert.harness import excess, predicted

if TYPE_CHECKING:
    from pathlib import Path

    from mxconvert.network import Files

    from predictor.convert.caffe_reference import Array

TOLERANCE = 1e-5


def converted(folder: Path, prototxt: str, weights: bytes, **fixed: tuple[int, ...]) -> Files:
    """Return what a network becomes."""
    (folder / "net.prototxt").write_text(prototxt)
    (folder / "net.caffemodel").write_bytes(weights)
    network, _ = convert(read_net(folder / "net.prototxt"), read_weights(folder / "net.caffemodel"), fixed)
    return network.files()


def refusal(folder: Path, prototxt: str, weights: bytes = b"\xa2\x06\x03\x0a\x01a") -> str:
    """Return why a network is refused; the default weights are those of a layer without any."""
    with pytest.raises(ConvertError) as caught:
        converted(folder, prototxt, weights)
    return str(caught.value)


@pytest.mark.compiler
@pytest.mark.parametrize("name", CASES)
def test_layer_gives_what_caffe_computes(name: str, tmp_path: Path, shipped_library: Path) -> None:
    case = CASES[name]
    right = case.expected()
    files = converted(tmp_path, case.prototxt(), case.caffemodel())
    outputs = predicted(files, case.feeds(), shipped_library, len(right))
    errors = [excess(output, np.asarray(answer, np.float32)) for output, answer in zip(outputs, right, strict=True)]
    assert max(errors) <= TOLERANCE


def test_every_row_has_a_case() -> None:
    in_the_network = {"Accuracy", "Silence"}
    assert {case.kind for case in CASES.values()} | in_the_network == set(ROWS)


WEIGHTS: dict[str, list[Array]] = {
    "conv1/3x3": [real(6, 3, 3, 3)],
    "bn1": [real(6), real(6, low=0.5, high=2), np.array([2], np.float32)],
    "scale1": [real(6), real(6)],
    "fc": [real(5, 96), real(5)],
}

LAYERS = """
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } }
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 9 } } }
layer { name: "conv1/3x3" type: "Convolution" bottom: "data" top: "conv1"
  param { lr_mult: 1 } convolution_param { num_output: 6 kernel_size: 3 bias_term: false
  weight_filler { type: "xavier" } } }
layer { name: "bn1" type: "BatchNorm" bottom: "conv1" top: "conv1" batch_norm_param { use_global_stats: true } }
layer { name: "scale1" type: "Scale" bottom: "conv1" top: "conv1" scale_param { bias_term: true } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 3 stride: 2 pad: 1 } }
layer { name: "drop" type: "Dropout" bottom: "pool1" top: "pool1" }
layer { name: "fc" type: "InnerProduct" bottom: "pool1" top: "fc" inner_product_param { num_output: 5 } }
layer { name: "unused" type: "Silence" bottom: "pool1" }
layer { name: "accuracy" type: "Accuracy" bottom: "fc" bottom: "label" top: "accuracy" exclude { phase: TRAIN } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }
"""


def network_reference(x: Array) -> Array:
    """Return what the network of LAYERS gives."""
    (kernel,), (mean, variance, factor), (gamma, beta), (matrix, bias) = (WEIGHTS[name] for name in WEIGHTS)
    y = ref.batch_norm(ref.convolution(x, kernel), mean, variance, factor)
    y = np.maximum(y * gamma.reshape(-1, 1, 1) + beta.reshape(-1, 1, 1), 0)
    y = ref.pooling(y, "MAX", 3, stride=2, pad=1)
    return ref.softmax(y.reshape(2, -1) @ matrix.T + bias)


@pytest.mark.compiler
def test_network_of_today_gives_what_caffe_computes(tmp_path: Path, shipped_library: Path) -> None:
    x = real(2, 3, 9, 9)
    files = converted(tmp_path, LAYERS, caffemodel(WEIGHTS))
    (output,) = predicted(files, {"data": x}, shipped_library, 1)
    assert excess(output, network_reference(x).astype(np.float32)) <= TOLERANCE
    assert files.inputs == ("data",)


def test_batch_norm_and_its_scale_become_one_operator(tmp_path: Path) -> None:
    files = converted(tmp_path, LAYERS, caffemodel(WEIGHTS))
    kinds = [line.split('"')[3] for line in files.symbol.splitlines() if '"op"' in line and '"null"' not in line]
    assert kinds == ["Convolution", "BatchNorm", "Activation", "Pooling", "FullyConnected", "softmax"]


def test_batch_norm_that_another_layer_uses_keeps_its_scale_apart(tmp_path: Path) -> None:
    text = (
        input_layer("data", (1, 2, 3, 3))
        + """layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" }
        layer { name: "scale" type: "Scale" bottom: "bn" top: "scale" }
        layer { name: "sum" type: "Eltwise" bottom: "bn" bottom: "scale" top: "sum" }"""
    )
    files = converted(tmp_path, text, caffemodel({"bn": [real(2), real(2), real(1)], "scale": [real(2)]}))
    assert files.operators == 3


FIRST_FORMAT = """
name: "first"
input: "data" input_dim: 1 input_dim: 4 input_dim: 5 input_dim: 5
layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 weight_decay: 1
  convolution_param { num_output: 2 kernel_size: 3 group: 2 } }
layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
layers { name: "norm" type: LRN bottom: "conv" top: "norm" lrn_param { local_size: 3 alpha: 0.5 } }
layers { name: "prob" type: SOFTMAX bottom: "norm" top: "prob" }
"""


def field(number: int, kind: int, data: bytes) -> bytes:
    """Return a field as it is on the wire; with its length before it where the kind is 2."""
    key = number << 3 | kind
    head = bytes([key & 0x7F | 0x80, key >> 7]) if key > 0x7F else bytes([key])
    return head + (varint(len(data)) if kind == 2 else b"") + data


def varint(value: int) -> bytes:
    """Return a number as it is on the wire."""
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def old_blob(array: Array, *sizes: int) -> bytes:
    """Return an array in the bytes of a BlobProto with its four sizes; 1 to 4 are they, 5 the packed numbers."""
    numbers = struct.pack(f"<{array.size}f", *array.reshape(-1).tolist())
    return b"".join(field(1 + axis, 0, varint(size)) for axis, size in enumerate(sizes)) + field(5, 2, numbers)


@pytest.mark.compiler
def test_network_of_the_first_format_gives_what_caffe_computes(tmp_path: Path, shipped_library: Path) -> None:
    kernel, bias, x = real(2, 2, 3, 3), real(2), real(1, 4, 5, 5)
    layer = field(4, 2, b"conv") + field(5, 0, b"\x04")
    layer += field(6, 2, old_blob(kernel, 2, 2, 3, 3)) + field(6, 2, old_blob(bias, 1, 1, 1, 2))
    files = converted(tmp_path, FIRST_FORMAT, field(2, 2, layer))
    (output,) = predicted(files, {"data": x}, shipped_library, 1)
    y = np.maximum(ref.convolution(x, kernel, bias, group=2), 0)
    assert excess(output, ref.softmax(ref.lrn(y, 3, 0.5, 0.75, 1)).astype(np.float32)) <= TOLERANCE


def test_mean_image_has_three_axes(tmp_path: Path) -> None:
    image = real(3, 2, 4)
    (tmp_path / "mean").write_bytes(old_blob(image, 1, 3, 2, 4))
    assert np.array_equal(read_mean(tmp_path / "mean"), image)


def test_weights_in_double_precision_are_read(tmp_path: Path) -> None:
    array = np.array([0.5, -2.0])
    blob = field(7, 2, field(1, 2, b"\x02")) + field(8, 2, array.tobytes())
    (tmp_path / "net").write_bytes(field(100, 2, field(1, 2, b"it") + field(7, 2, blob)))
    assert read_weights(tmp_path / "net")["it"][0].tolist() == [0.5, -2.0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff" * 40, "this is not a caffemodel, or a damaged one"),
        (b"", "this is not a caffemodel: it has no layers"),
        (
            field(100, 2, field(7, 2, old_blob(real(4), 1, 1, 1, 5))),
            'layer "": 4 numbers do not have the shape (1, 1, 1, 5)',
        ),
        (
            field(100, 2, field(7, 2, field(7, 2, field(1, 0, varint(2**40))))),
            'layer "": 0 numbers do not have the shape (1099511627776,)',
        ),
    ],
)  # fmt: skip
def test_damaged_caffemodel_is_an_error(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "net").write_bytes(data)
    with pytest.raises(ConvertError) as caught:
        read_weights(tmp_path / "net")
    assert str(caught.value) == says


def test_truncated_caffemodel_is_an_error_wherever_it_ends(tmp_path: Path) -> None:
    data = caffemodel(WEIGHTS)
    for end in range(1, len(data), 97):
        (tmp_path / "net").write_bytes(data[:end])
        with pytest.raises(ConvertError):
            read_weights(tmp_path / "net")


ONE = input_layer("data", (1, 3, 4, 4))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("}", "not a prototxt that can be read: 1:1 : '}': Expected identifier or number, got }."),
        (
            'layer { name: "a" spp_param { } }',
            ("not a prototxt that can be read: 1:19 : "
            'Message type "caffe.LayerParameter" has no field named "spp_param".'),
        ),
        ('name: "none"', "it has no layers for inference"),
        ('input: "x" layer { name: "a" type: "ReLU" bottom: "x" top: "y" }', 'the shape of the input "x" is not known'),
        (
            'input: "x" input_dim: 0 input_dim: 1 input_dim: 1 input_dim: 1 layer { name: "a" type: "ReLU" }',
            'the input "x" has the shape (0, 1, 1, 1)',
        ),
        (ONE + 'layer { name: "s" type: "SPP" bottom: "data" top: "y" }', 'layer "s": the type SPP is not supported'),
        (
            ONE + 'layer { name: "r" type: "ReLU" bottom: "other" top: "y" }',
            'layer "r" (ReLU): nothing makes its input "other"',
        ),
        (
            ONE + 'layer { name: "c" type: "Convolution" bottom: "data" top: "y" '
            "convolution_param { num_output: 2 kernel_size: 3 } }",
            'layer "c" (Convolution): the caffemodel has 0 arrays for it, which are too few',
        ),
        (
            ONE + 'layer { name: "c" type: "Convolution" bottom: "data" top: "y" '
            "convolution_param { num_output: 2 kernel_size: 3 group: 2 } }",
            'layer "c" (Convolution): 2 groups do not divide its channels',
        ),
        (
            ONE + 'layer { name: "p" type: "Pooling" bottom: "data" top: "y" pooling_param { kernel_size: 9 } }',
            'layer "p" (Pooling): its window is larger than its input (1, 3, 4, 4)',
        ),
        (
            input_layer("data", (2, 3)) + 'layer { name: "n" type: "LRN" bottom: "data" top: "y" }',
            'layer "n" (LRN): its input has the shape (2, 3)',
        ),
        (
            ONE + 'layer { name: "f" type: "Flatten" bottom: "data" top: "y" flatten_param { axis: 7 } }',
            'layer "f" (Flatten): axis 7 does not exist',
        ),
    ],
)  # fmt: skip
def test_network_that_has_no_equal_is_refused(tmp_path: Path, text: str, says: str) -> None:
    assert refusal(tmp_path, text) == says
