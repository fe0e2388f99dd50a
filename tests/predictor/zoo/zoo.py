"""Gluon's model zoo, and how far the predictor is from MXNet on each network of it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from mxpredict import Library, Predictor

from predictor.references.network import relative_error

TOLERANCE = 3e-5
LAYER_TOLERANCE = 1e-5
LAYERED = ("alexnet", "mobilenet1.0", "resnet18_v1", "squeezenet1.1")

NETWORKS = (
    "alexnet",
    *(f"densenet{depth}" for depth in (121, 161, 169, 201)),
    "inceptionv3",
    *(f"mobilenet{width}" for width in ("0.25", "0.5", "0.75", "1.0")),
    *(f"mobilenetv2_{width}" for width in ("0.25", "0.5", "0.75", "1.0")),
    *(f"resnet{depth}_{version}" for version in ("v1", "v2") for depth in (18, 34, 50, 101, 152)),
    *(f"squeezenet{version}" for version in ("1.0", "1.1")),
    *(f"vgg{depth}{kind}" for kind in ("", "_bn") for depth in (11, 13, 16, 19)),
)


class Errors(NamedTuple):
    """The error of each output, ours and that of MXNet itself in float32, to MXNet's in float64."""

    ours: list[float]
    mxnets: list[float]

    def excess(self, tolerance: float) -> float:
        """Return the largest error that is neither within the tolerance nor less than twice MXNet's own, or 0."""
        return max((a for a, b in zip(self.ours, self.mxnets, strict=True) if a > max(tolerance, 2 * b)), default=0.0)


def errors_of(name: str, library: Path, oracle: Path, *, is_layered: bool = False) -> Errors:
    """Return the errors of the last layer, or of all."""
    script = Path(__file__).with_name("make_network.py")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        layers = ["--layers"] if is_layered else []
        command = [oracle, script, *layers, name, folder]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        symbol = (files / f"{name}-symbol.json").read_bytes()
        params = (files / f"{name}-0000.params").read_bytes()
        with np.load(files / f"{name}-inputs.npz") as inputs, np.load(files / f"{name}-outputs.npz") as outputs:
            data = inputs["data"]
            mxnets = outputs["errors"].tolist()
            expected = [outputs[f"arr_{index}"] for index in range(len(mxnets))]
    with Predictor(Library(library), symbol, params, {"data": data.shape}) as predictor:
        predictor.set_input("data", data)
        predictor.forward()
        ours = [relative_error(predictor.output(index), answer) for index, answer in enumerate(expected)]
        return Errors(ours, mxnets)
