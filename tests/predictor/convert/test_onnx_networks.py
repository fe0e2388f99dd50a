"""Whole networks that PyTorch and MXNet export give onnxruntime's numbers, also at other sizes than in the export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from mxconvert.from_onnx.convert import convert
from mxconvert.from_onnx.reader import NEWEST_OPSET, OLDEST_OPSET, read
from onnx import helper, numpy_helper

from predictor.convert.harness import Case, converted, excess, expected, model_of, predicted
from predictor.convert.zoo import TOLERANCE, errors_of

NETWORKS = Path(__file__).with_name("networks")

SHAPES = {
    "pytorch-image-exported": [(1, 3, 32, 48), (3, 3, 64, 32), (2, 3, 40, 56)],
    "pytorch-image-traced": [(1, 3, 32, 48), (3, 3, 64, 32), (2, 3, 40, 56)],
    "pytorch-steps-exported": [(1, 7, 6), (5, 7, 6)],
    "pytorch-steps-traced": [(1, 7, 6), (5, 7, 6)],
    "pytorch-words-exported": [(1, 7), (5, 20)],
    "pytorch-words-traced": [(2, 7)],  # tracing fixed what the reshapes of its attention are to
}
"""What each network of export_pytorch.py is given."""


@pytest.mark.compiler
@pytest.mark.parametrize("name", SHAPES)
def test_network_of_pytorch_gives_the_numbers_of_onnxruntime(name: str, shipped_library: Path) -> None:
    path = NETWORKS / f"{name}.onnx"
    files = convert(read(path), {}).files()
    (key,) = files.inputs
    generator = np.random.default_rng(3)
    for shape in SHAPES[name]:
        numbers = generator.uniform(-1, 1, shape).astype(np.float32)
        feeds = {key: generator.integers(0, 50, shape) if key == "words" else numbers}
        right = expected(Case(onnx.load(path), feeds))
        outputs = predicted(files, feeds, shipped_library, len(right))
        assert max(excess(output, answer) for output, answer in zip(outputs, right, strict=True)) <= TOLERANCE


def test_every_committed_network_is_tested() -> None:
    assert sorted(path.stem for path in NETWORKS.iterdir()) == sorted(SHAPES)


@pytest.mark.compiler
@pytest.mark.oracle
@pytest.mark.parametrize("name", ["squeezenet1.1", "mobilenetv2_0.25"])
def test_network_of_the_zoo_survives_the_way_to_onnx_and_back(
    name: str, shipped_library: Path, oracle_python: Path
) -> None:
    """`make zoo` does so with all of them."""
    assert max(errors_of(name, shipped_library, oracle_python)) <= TOLERANCE


def classifier(opset: int) -> Case:
    """Return a small network of operators whose form is the same in all opsets."""
    generator = np.random.default_rng(5)
    shapes = {"w": (4, 3, 3, 3), "s": (4,), "b": (4,), "m": (4,), "v": (4,), "fw": (4, 5), "fb": (5,)}
    arrays = {name: generator.uniform(0.1, 1, shape).astype(np.float32) for name, shape in shapes.items()}
    constants = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["conv"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["conv", "s", "b", "m", "v"], ["norm"]),
        helper.make_node("Relu", ["norm"], ["relu"]),
        helper.make_node("MaxPool", ["relu"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["pool"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "fw", "fb"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["y"], axis=1),
    ]
    feeds = {"x": generator.uniform(-1, 1, (2, 3, 6, 6)).astype(np.float32)}
    return Case(model_of(nodes, feeds, ["y"], constants, opset=opset, shapes=(("N", 3, 6, 6),)), feeds)


@pytest.mark.compiler
@pytest.mark.parametrize("opset", range(OLDEST_OPSET, NEWEST_OPSET + 1))
def test_network_is_read_in_every_opset(opset: int, tmp_path: Path, shipped_library: Path) -> None:
    case = classifier(opset)
    (right,) = expected(classifier(OLDEST_OPSET))  # onnxruntime does not know the newest yet
    (output,) = predicted(converted(case, tmp_path), case.inputs, shipped_library, 1)
    assert excess(output, right) <= TOLERANCE


@pytest.mark.compiler
def test_outputs_that_nothing_computes_are_copied(tmp_path: Path, shipped_library: Path) -> None:
    feeds = {"x": np.ones((2, 3), np.float32)}
    nodes = [helper.make_node("Constant", [], ["c"], value_floats=[1.0, 2.5]), helper.make_node("Shape", ["x"], ["s"])]
    case = Case(model_of(nodes, feeds, ["x", "c", "s", "x"], []), feeds)
    right = expected(case)
    outputs = predicted(converted(case, tmp_path), feeds, shipped_library, 4)
    assert [output.tolist() for output in outputs] == [array.tolist() for array in right]


@pytest.mark.compiler
def test_a_constant_that_is_as_long_as_the_batch_is_repeated(tmp_path: Path, shipped_library: Path) -> None:
    half = numpy_helper.from_array(np.array([0.5], np.float32))
    nodes = [
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Gather", ["s", "zero"], ["n"], axis=0),
        helper.make_node("Concat", ["n", "two"], ["size"], axis=0),
        helper.make_node("ConstantOfShape", ["size"], ["c"], value=half),
        helper.make_node("Concat", ["x", "c"], ["y"], axis=1),
    ]
    constants = [numpy_helper.from_array(np.array([item]), name) for name, item in (("zero", 0), ("two", 2))]
    feeds = {"x": np.ones((5, 3), np.float32)}
    case = Case(model_of(nodes, feeds, ["y"], constants, shapes=(("N", 3),)), feeds)
    (right,) = expected(case)
    (output,) = predicted(converted(case, tmp_path), feeds, shipped_library, 1)
    assert output.tolist() == right.tolist()
