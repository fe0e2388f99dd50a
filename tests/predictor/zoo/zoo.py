"""Gluon's model zoo, and how far the predictor is from MXNet on each network of it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mxnet_files import params_bytes
from mxpredict import FloatArray, Library, Predictor

from predictor.references.network import relative_error

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextmanager
def made(name: str, oracle: Path, *, is_layered: bool) -> Iterator[Path]:
    """Give a folder with the files of make_network.py, which goes afterwards."""
    script = Path(__file__).with_name("make_network.py")
    with tempfile.TemporaryDirectory() as folder:
        layers = ["--layers"] if is_layered else []
        command = [oracle, script, *layers, name, folder]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        yield Path(folder)


def errors_of(name: str, library: Path, oracle: Path, *, is_layered: bool = False) -> Errors:
    """Return the errors of the last layer, or of all; each layer has those of the ones before it."""
    with made(name, oracle, is_layered=is_layered) as files:
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


def errors_alone(name: str, library: Path, oracle: Path) -> dict[str, float]:
    """Return the error of each layer when it gets what the layers before it are in MXNet's float64."""
    with made(name, oracle, is_layered=True) as files:
        symbol = json.loads((files / f"{name}-symbol.json").read_bytes())
        with np.load(files / f"{name}-inputs.npz") as inputs, np.load(files / f"{name}-outputs.npz") as outputs:
            values = {head[0]: outputs[f"arr_{index}"] for index, head in enumerate(symbol["heads"])}
            data = inputs["data"]
        with np.load(files / f"{name}-arrays.npz") as arrays:
            known = {"data": data, **{key.partition(":")[2]: array for key, array in arrays.items()}}
    nodes = symbol["nodes"]
    values.update({index: known[node["name"]] for index, node in enumerate(nodes) if node["op"] == "null"})
    opened = Library(library)
    return {
        node["name"]: relative_error(
            run_alone(opened, node, [values[entry[0]] for entry in node["inputs"]]), values[index]
        )
        for index, node in enumerate(nodes)
        if node["op"] != "null"
    }


def run_alone(library: Library, node: dict[str, Any], inputs: list[FloatArray]) -> FloatArray:
    """Return what one node makes of its inputs, the first of which is set and the others are weights."""
    variables = [{"op": "null", "name": f"input{index}", "inputs": []} for index in range(len(inputs))]
    entries = [[index, 0, 0] for index in range(len(inputs))]
    symbol = {
        "nodes": [*variables, {**node, "inputs": entries}],
        "arg_nodes": list(range(len(inputs))),
        "heads": [[len(inputs), 0, 0]],
        "attrs": {"mxnet_version": ["int", 10901]},
    }
    weights = params_bytes({f"arg:input{index}": array for index, array in enumerate(inputs) if index > 0})
    with Predictor(library, json.dumps(symbol).encode(), weights, {"input0": inputs[0].shape}) as predictor:
        predictor.set_input("input0", inputs[0])
        predictor.forward()
        return predictor.output()
