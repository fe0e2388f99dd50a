"""The references are what MXNet says, and the weights that they were made with are drawn alike everywhere."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from predictor.references.network import (
    NETWORKS,
    Parameter,
    draw,
    load_network,
    network_names,
    relative_error,
)

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = {
    "alexnet",
    "densenet121",
    "inception-bn",
    "inceptionv3",
    "lenet",
    "mlp",
    "mobilenet1.0",
    "mobilenetv2_1.0",
    "resnet18_v1",
    "resnet50_v1",
    "resnet50_v2",
    "squeezenet1.1",
    "vgg11_bn",
}


def test_every_network_of_the_promise_has_a_reference() -> None:
    assert set(network_names()) == REQUIRED


def test_one_network_has_a_reference_for_a_batch_of_two() -> None:
    assert [case.shape[0] for case in load_network("resnet18_v1").cases] == [1, 2]


@pytest.mark.oracle
def test_mxnet_still_gives_the_committed_references(oracle_python: Path) -> None:
    script = NETWORKS.parent / "make_references.py"
    result = subprocess.run([oracle_python, script, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_weights_are_the_same_bits_on_every_machine() -> None:
    arrays = load_network("lenet").arrays()
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values())).hexdigest()
    assert digest == "1a227811bea8d9158c7473decadf3156afdb83fa9b4a0dba06140c0416c692e5"


def test_weights_of_each_output_have_no_mean_and_the_variance_of_their_gain() -> None:
    weight = draw("a network", "arg:fc_weight", Parameter((3, 20_000), gain=2.0)).astype(np.float64)
    assert np.abs(weight.mean(axis=1)).max() < 1e-8
    assert (weight**2).sum(axis=1) == pytest.approx([4.0] * 3, rel=0.03)


def test_states_lie_where_a_sane_network_has_them() -> None:
    variance = draw("a network", "aux:bn_moving_var", Parameter((1000,)))
    assert variance.min() >= np.float32(0.7)
    assert variance.max() <= np.float32(1.4)


def test_arrays_differ_with_the_network_and_the_name() -> None:
    shape = Parameter((4,))
    drawn = {draw(net, key, shape).tobytes() for net in "ab" for key in ("arg:x_beta", "arg:y_beta")}
    assert len(drawn) == 4


def test_a_value_that_is_not_finite_is_an_infinite_error() -> None:
    right = np.ones((1, 2), np.float32)
    assert relative_error(np.array([[1, np.nan]], np.float32), right) == np.inf
    assert relative_error(np.ones((2, 1), np.float32), right) == np.inf
    assert relative_error(np.array([[1, 1.5]], np.float32), right) == 0.5


def test_an_answer_of_zeros_is_met_by_nothing_else() -> None:
    zeros = np.zeros((1, 2), np.float32)
    assert relative_error(zeros, zeros) == 0
    assert relative_error(np.array([[0, 1e-9]], np.float32), zeros) == np.inf
