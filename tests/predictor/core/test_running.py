"""Whole runs, single steps and monitors, and in which order they may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from predictor.core.capi import CApi, CApiError
from predictor.core.small_networks import BIAS, DATA, PARAMS, WEIGHT, classified, classifier, drawn, residual_network

if TYPE_CHECKING:
    from predictor.core.capi import Handle

pytestmark = pytest.mark.compiler

JOINED = (
    "MXPredPartialForward: MXPredForward has joined operators already: "
    "single ones can be run or monitored only if that comes first"
)


@pytest.fixture
def handle(api: CApi) -> Handle:
    return api.create(classifier(), PARAMS, DATA)


def failure(error: pytest.ExceptionInfo[CApiError]) -> str:
    return str(error.value)


def test_single_steps_count_down_to_the_same_result(api: CApi, handle: Handle) -> None:
    api.set_input(handle, "data", drawn((2, 3)))
    left = [api.partial_forward(handle, step) for step in range(7)]
    assert left == [5, 4, 3, 2, 1, 0, 0]  # data, weight, bias, fc, label, softmax; then nothing is left
    np.testing.assert_allclose(api.output(handle), classified(drawn((2, 3))), rtol=1e-5)


def test_output_of_a_node_that_has_not_run_is_an_error(api: CApi, handle: Handle) -> None:
    for step in (2**31 - 1, 0, 3):
        api.partial_forward(handle, step)
        with pytest.raises(CApiError) as error:
            api.output(handle)
        assert failure(error) == "MXPredGetOutput: the network has not been run yet"


def test_single_steps_after_a_whole_run_are_an_error(api: CApi, handle: Handle) -> None:
    api.forward(handle)
    with pytest.raises(CApiError) as error:
        api.partial_forward(handle, 0)
    assert failure(error) == JOINED


def test_whole_run_after_single_steps_is_fine(api: CApi, handle: Handle) -> None:
    api.partial_forward(handle, 0)
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)


def test_negative_step_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.partial_forward(handle, -1)
    assert failure(error) == "MXPredPartialForward: step is -1"


def test_monitor_is_shown_every_output(api: CApi, handle: Handle) -> None:
    shown = api.monitor(handle, inputs=False)
    api.run(handle, drawn((2, 3)))
    assert [name for name, _ in shown] == ["fc_output", "softmax_output"]
    np.testing.assert_allclose(shown[0][1], drawn((2, 3)) @ WEIGHT.T + BIAS, rtol=1e-5)
    np.testing.assert_allclose(shown[1][1], classified(drawn((2, 3))), rtol=1e-5)


def test_monitor_of_everything_is_shown_inputs_too(api: CApi, handle: Handle) -> None:
    shown = api.monitor(handle, inputs=True)
    api.run(handle, drawn((2, 3)))
    assert [name for name, _ in shown] == [
        "data",
        "fc_data",
        "fc_weight",
        "fc_weight",
        "fc_bias",
        "fc_bias",
        "fc_output",
        "softmax_data",
        "softmax_label",
        "softmax_label",
        "softmax_output",
    ]
    np.testing.assert_array_equal(shown[2][1], WEIGHT)


def test_monitor_after_a_whole_run_is_an_error(api: CApi, handle: Handle) -> None:
    api.forward(handle)
    with pytest.raises(CApiError) as error:
        api.monitor(handle, inputs=False)
    assert failure(error) == (
        "MXPredSetMonitorCallback: a monitor has to be set before the first MXPredForward, which joins operators"
    )


def test_monitor_can_be_taken_off(api: CApi, handle: Handle) -> None:
    shown = api.monitor(handle, inputs=False)
    api.call("MXPredSetMonitorCallback", handle, None, None, False)
    api.run(handle, drawn((2, 3)))
    assert shown == []


def test_joined_operators_give_what_single_ones_give(api: CApi) -> None:
    symbol, params = residual_network()
    data = drawn((2, 3, 5, 5))
    joined = api.run(api.create(symbol, params, {"data": data.shape}), data)
    single = api.create(symbol, params, {"data": data.shape})
    shown = api.monitor(single, inputs=False)
    np.testing.assert_allclose(joined, api.run(single, data), atol=1e-6)
    assert [name for name, _ in shown] == [
        "conv_output",
        "norm_output",
        "same_output",
        "total_output",
        "relu_output",
        "clip_output",
    ]
