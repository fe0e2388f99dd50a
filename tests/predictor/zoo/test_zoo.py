"""Networks of the model zoo, and of the kinds that it has not, give MXNet's numbers. `make zoo` runs the whole zoo."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from mxpredict import Library, Predictor

from predictor.references.network import relative_error
from predictor.zoo.zoo import LAYER_TOLERANCE, NETWORKS, TOLERANCE, errors_alone, errors_of

pytestmark = [pytest.mark.compiler, pytest.mark.oracle, pytest.mark.slow]

TOPOLOGIES = [
    *("gluon-lstm", "gluon-lstm-both", "gluon-lstm-batch-first", "gluon-gru-both", "gluon-rnn"),
    *("gluon-lstm-cell", "gluon-gru-cell", "gluon-rnn-cell", "gluon-both-cells"),
    *("mx-lstm", "mx-gru", "mx-stack", "mx-fused"),
    *("text-classifier", "text-lstm", "ssd", "faster-rcnn", "yolo", "fcn", "caffe", "transformer"),
]


@pytest.fixture(scope="session")
def topologies(oracle_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the networks of topologies.py and MXNet's outputs."""
    folder = tmp_path_factory.mktemp("topologies")
    script = Path(__file__).with_name("make_topologies.py")
    result = subprocess.run([oracle_python, script, folder], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_network_gives_mxnets_output(name: str, topologies: Path, shipped_library: Path) -> None:
    symbol = (topologies / f"{name}-symbol.json").read_bytes()
    params = (topologies / f"{name}-0000.params").read_bytes()
    with np.load(topologies / f"{name}-inputs.npz") as inputs, np.load(topologies / f"{name}-outputs.npz") as outputs:
        data = dict(inputs)
        expected = [outputs[f"arr_{index}"] for index in range(len(outputs.files))]
    shapes = {key: array.shape for key, array in data.items()}
    with Predictor(Library(shipped_library), symbol, params, shapes) as predictor:
        for key, array in data.items():
            predictor.set_input(key, array)
        predictor.forward()
        errors = [relative_error(predictor.output(index), answer) for index, answer in enumerate(expected)]
    assert max(errors) <= TOLERANCE


def test_every_made_network_is_tested(topologies: Path) -> None:
    assert sorted(path.name.removesuffix("-symbol.json") for path in topologies.glob("*.json")) == sorted(TOPOLOGIES)


def test_zoo_is_complete() -> None:
    assert len(NETWORKS) == len(set(NETWORKS)) == 34


def test_small_network_of_the_zoo_gives_mxnets_output(shipped_library: Path, oracle_python: Path) -> None:
    """The other families have references that need no MXNet: see test_networks.py."""
    assert errors_of("mobilenetv2_0.25", shipped_library, oracle_python).excess(TOLERANCE) == 0


def test_every_layer_gives_mxnets_output(shipped_library: Path, oracle_python: Path) -> None:
    assert errors_of("squeezenet1.1", shipped_library, oracle_python, is_layered=True).excess(LAYER_TOLERANCE) == 0


def test_every_layer_alone_gives_mxnets_output(shipped_library: Path, oracle_python: Path) -> None:
    """Of what the layers before it are in float64, so that no layer hides behind the errors of others."""
    errors = errors_alone("mobilenet1.0", shipped_library, oracle_python)
    assert len(errors) == 84
    assert {name: error for name, error in errors.items() if error > LAYER_TOLERANCE} == {}
