"""Every ONNX operator that is converted gives onnxruntime's numbers in the predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mxconvert.from_onnx.table import ROWS

from predictor.convert.harness import converted, excess, expected, predicted
from predictor.convert.onnx_cases import CASES

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCE = 1e-5


@pytest.mark.compiler
@pytest.mark.parametrize("name", CASES)
def test_operator_gives_the_numbers_of_onnxruntime(name: str, tmp_path: Path, shipped_library: Path) -> None:
    case = CASES[name]
    right = expected(case)
    outputs = predicted(converted(case, tmp_path), case.inputs, shipped_library, len(right))
    assert max(excess(output, answer) for output, answer in zip(outputs, right, strict=True)) <= TOLERANCE


def test_every_row_has_a_case() -> None:
    assert {node.op_type for case in CASES.values() for node in case.model.graph.node} == set(ROWS)
