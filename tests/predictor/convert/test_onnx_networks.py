"""Whole networks that PyTorch and MXNet export give onnxruntime's numbers, also at other sizes than in the export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from mxconvert.from_onnx.convert import convert
from mxconvert.from_onnx.reader import read

from predictor.convert.harness import Case, excess, expected, predicted
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
