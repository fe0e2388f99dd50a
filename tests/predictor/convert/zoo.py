"""Gluon's model zoo, to ONNX with MXNet's own exporter and back with the converter."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx

from predictor.convert.harness import Case, converted, excess, expected, predicted

TOLERANCE = 1e-4


class Errors(NamedTuple):
    """How far the predictor is, with the converted network, from onnxruntime and from MXNet."""

    to_onnxruntime: float
    to_mxnet: float


def errors_of(name: str, library: Path, oracle: Path) -> Errors:
    """Return the errors of a network of the zoo."""
    with tempfile.TemporaryDirectory() as folder:
        command = [oracle, Path(__file__).with_name("export_zoo.py"), name, folder]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        with np.load(Path(folder) / f"{name}.npz") as arrays:
            feeds, mxnets = {"data": arrays["data"]}, arrays["output"]
        case = Case(onnx.load(Path(folder) / f"{name}.onnx"), feeds)
        (right,) = expected(case)
        (output,) = predicted(converted(case, Path(folder)), feeds, library, 1)
    return Errors(excess(output, right), excess(output, mxnets))
