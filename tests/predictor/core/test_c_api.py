"""What each function of the C API does, and where it is better than MXNet's on purpose."""

from __future__ import annotations

import ctypes
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxnet_files import Symbol, params_bytes

from predictor.core.capi import CPU, CApi, CApiError
from predictor.core.graphs import graph, operator, variable
from predictor.core.small_networks import (
    BIAS,
    DATA,
    PARAMS,
    WEIGHT,
    classified,
    classifier,
    drawn,
    residual_network,
)

if TYPE_CHECKING:
    from predictor.core.capi import Handle, Shape

pytestmark = pytest.mark.compiler


@pytest.fixture
def handle(api: CApi) -> Handle:
    return api.create(classifier(), PARAMS, DATA)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def failure(error: pytest.ExceptionInfo[CApiError]) -> str:
    return str(error.value)


def test_network_runs_without_a_label(api: CApi, handle: Handle) -> None:
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)


def test_label_may_be_given_all_the_same(api: CApi) -> None:
    handle = api.create(classifier(), PARAMS, {**DATA, "softmax_label": (2,)})
    api.set_input(handle, "softmax_label", drawn((2,)))
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)


def test_missing_weight_is_named(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.create(classifier(), params_bytes({"arg:fc_weight": WEIGHT}), DATA)
    assert failure(error) == (
        "MXPredCreate: the weight 'fc_bias', of shape (4,), is not in the parameter file, "
        "and it is not among the inputs"
    )


def test_weight_of_a_wrong_shape_is_named(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.create(classifier(), params_bytes({"arg:fc_weight": WEIGHT.T.copy(), "arg:fc_bias": BIAS}), DATA)
    assert failure(error) == (
        "MXPredCreate: the weight 'fc_weight' has the shape (3, 4) in the parameter file, but the network needs (4, 3)"
    )


def test_unprefixed_and_unknown_parameters_are_passed_over(api: CApi) -> None:
    params = params_bytes({"arg:fc_weight": WEIGHT, "arg:fc_bias": BIAS, "fc_bias": -BIAS, "arg:other": BIAS})
    handle = api.create(classifier(), params, DATA)
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)


@pytest.mark.parametrize("name", ["avx1024", "AVX2", " "])
def test_instruction_set_that_is_not_there_is_an_error(api: CApi, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREDICTOR_ISA", name)
    with pytest.raises(CApiError) as error:
        api.create(classifier(), PARAMS, DATA)
    assert failure(error) == f"MXPredCreate: PREDICTOR_ISA is '{name}', which this machine does not have"


def test_output_shape_is_known_before_the_first_run(api: CApi, handle: Handle) -> None:
    assert api.output_shape(handle) == (2, 4)


def test_output_before_the_first_run_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.output(handle)
    assert failure(error) == "MXPredGetOutput: the network has not been run yet"


def test_output_type_writes_one_int_for_any_index(api: CApi) -> None:
    handle = api.create_partial(classifier(), PARAMS, DATA, ["softmax", "fc"])
    codes = (ctypes.c_int * 2)(-7, -7)
    api.call("MXPredGetOutputType", handle, 1, codes)
    assert list(codes) == [0, -7]


def test_output_that_is_not_there_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.output_shape(handle, 1)
    assert failure(error) == "MXPredGetOutputShape: there is no output 1: the network has 1"


def test_output_of_another_size_is_an_error(api: CApi, handle: Handle) -> None:
    api.run(handle, drawn((2, 3)))
    with pytest.raises(CApiError) as error:
        api.output(handle, size=7)
    assert failure(error) == "MXPredGetOutput: output 0 has the shape (2, 4), that is 8 elements, not 7"


def test_input_of_another_size_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.set_input(handle, "data", drawn((5,)))
    assert failure(error) == "MXPredSetInput: the input 'data' has the shape (2, 3), that is 6 elements, not 5"


def test_input_that_is_not_there_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.set_input(handle, "dta", drawn((2, 3)))
    assert failure(error) == "MXPredSetInput: the network has no input 'dta'"


def test_weight_cannot_be_set(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.set_input(handle, "fc_bias", drawn((4,)))
    assert failure(error) == ("MXPredSetInput: 'fc_bias' is a weight: it cannot be set after the predictor was created")


def test_weight_that_is_named_as_an_input_can_be_set(api: CApi) -> None:
    handle = api.create(classifier(), PARAMS, {**DATA, "fc_bias": (4,)})
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)
    api.set_input(handle, "fc_bias", np.array([100, 0, 0, 0], np.float32))
    np.testing.assert_allclose(api.run(handle, drawn((2, 3)))[:, 0], 1, rtol=1e-5)


def test_shape_that_nothing_determines_is_named(api: CApi) -> None:
    with pytest.raises(CApiError, match=r"^MXPredCreate: the shape of 'data' is "):
        api.create(classifier(), PARAMS, {"dta": (2, 3)})


@pytest.mark.parametrize(("shape", "known"), [((0, 3), "(?, 3)"), ((), "(...)")])
def test_extent_of_zero_is_unknown_and_so_is_an_empty_shape(api: CApi, shape: Shape, known: str) -> None:
    with pytest.raises(CApiError) as error:
        api.create(classifier(), PARAMS, {"data": shape})
    assert failure(error).startswith(f"MXPredCreate: the shape of 'data' is {known}: ")


def test_unknown_extents_of_inputs_are_inferred(api: CApi) -> None:
    """A weight, named as an input, may leave its shape to the network, as the state of an RNN its batch."""
    handle = api.create(classifier(), PARAMS, {"data": (2, 3), "fc_weight": (), "fc_bias": (0,)})
    api.set_input(handle, "fc_weight", -WEIGHT)
    api.set_input(handle, "fc_bias", BIAS)
    np.testing.assert_allclose(np.log(api.run(handle, drawn((2, 3))) / classified(-drawn((2, 3)))), 0, atol=1e-5)


def test_huge_shape_is_an_error(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.create(classifier(), PARAMS, {"data": (2**31, 2**31, 2**31)})
    shape = "(2147483648, 2147483648, 2147483648)"
    assert failure(error) == f"MXPredCreate: the shape {shape} has too many elements"


def test_device_other_than_the_cpu_is_an_error(api: CApi) -> None:
    out = ctypes.c_void_p()
    shapes = api.shapes(DATA)
    with pytest.raises(CApiError) as error:
        api.call("MXPredCreate", classifier().encode(), PARAMS, len(PARAMS), 2, 0, *shapes, ctypes.byref(out))
    assert failure(error) == "MXPredCreate: dev_type is 2, but the only device is 1, the CPU"
    assert out.value is None


def test_reshape_needs_no_label(api: CApi) -> None:
    old = api.create(classifier(), PARAMS, {**DATA, "softmax_label": (2,)})
    before = api.run(old, drawn((2, 3)))
    new = api.reshape(old, {"data": (5, 3)})
    assert api.output_shape(new) == (5, 4)
    np.testing.assert_allclose(api.run(new, drawn((5, 3), 9)), classified(drawn((5, 3), 9)), rtol=1e-5)
    np.testing.assert_array_equal(api.run(old, drawn((2, 3))), before)


def test_reshaped_predictor_outlives_the_old_one(api: CApi) -> None:
    old = api.create(classifier(), PARAMS, DATA)
    new = api.reshape(old, {"data": (1, 3)})
    api.call("MXPredFree", old)
    np.testing.assert_allclose(api.run(new, drawn((1, 3))), classified(drawn((1, 3))), rtol=1e-5)
    api.call("MXPredFree", new)


def test_reshape_after_a_run_shares_what_the_run_has_packed(api: CApi) -> None:
    symbol, params = residual_network()
    old = api.create(symbol, params, {"data": (2, 3, 5, 5)})
    before = api.run(old, drawn((2, 3, 5, 5)))
    new = api.reshape(old, {"data": (1, 3, 9, 4)})
    api.call("MXPredFree", old)
    again = api.reshape(new, {"data": (2, 3, 5, 5)})
    fresh = api.create(symbol, params, {"data": (1, 3, 9, 4)})
    data = drawn((1, 3, 9, 4), 5)
    np.testing.assert_array_equal(api.run(new, data), api.run(fresh, data))
    np.testing.assert_array_equal(api.run(again, drawn((2, 3, 5, 5))), before)


def test_weights_are_kept_once(api: CApi) -> None:
    weights = {f"arg:fc{i}_weight": drawn((2048, 2048), i) for i in range(3)}
    symbol = Symbol()
    top = symbol.variable("data")
    for i in range(3):
        top = symbol.layer("FullyConnected", f"fc{i}", top, ["weight"], num_hidden=2048, no_bias=True)
    params = params_bytes(weights)
    before = resident_bytes()
    handle = api.create(symbol.to_json(top), params, {"data": (1, 2048)})
    api.forward(handle)
    assert resident_bytes() - before < 1.25 * len(params)


def test_monitor_of_a_reshaped_predictor_comes_too_late_after_a_run(api: CApi, handle: Handle) -> None:
    api.forward(handle)
    new = api.reshape(handle, {"data": (1, 3)})
    api.monitor(new, inputs=False)
    with pytest.raises(CApiError) as error:
        api.forward(new)
    assert failure(error) == (
        "MXPredForward: MXPredForward has packed the weights of this network already: single operators can be run or "
        "monitored by a predictor that is created anew"
    )


def test_reshape_that_needs_other_weights_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.reshape(handle, {"data": (2, 5)})
    assert failure(error) == (
        "MXPredReshape: the weight 'fc_weight' has the shape (4, 3) in the parameter file, but the network needs (4, 5)"
    )


def test_reshape_of_a_weight_is_an_error(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError) as error:
        api.reshape(handle, {"data": (2, 3), "fc_bias": (4,)})
    assert failure(error) == "MXPredReshape: 'fc_bias' is a weight: only inputs can be given another shape"


def test_reshape_keeps_the_inputs_that_are_not_named(api: CApi) -> None:
    old = api.create(classifier(), PARAMS, {**DATA, "fc_bias": (4,)})
    api.set_input(old, "fc_bias", np.array([100, 0, 0, 0], np.float32))
    new = api.reshape(old, {"data": (1, 3)})
    np.testing.assert_allclose(api.run(new, drawn((1, 3)))[:, 0], 1, rtol=1e-5)


def test_reshape_needs_no_label_and_no_second_input(api: CApi) -> None:
    symbol = graph(
        variable("data"),
        variable("more"),
        operator("elemwise_add", "sum", [0, 1]),
        variable("label"),
        operator("SoftmaxOutput", "softmax", [2, 3]),
    )
    old = api.create(symbol, PARAMS, {"data": (2, 3), "more": (2, 3), "label": (2,)})
    assert api.output_shape(api.reshape(old, {"data": (5, 3), "more": (5, 0)})) == (5, 3)
    assert api.output_shape(api.reshape(old, {"more": (2, 3)})) == (2, 3)


def test_inner_nodes_can_be_outputs(api: CApi) -> None:
    handle = api.create_partial(classifier(), PARAMS, DATA, ["fc", "softmax"])
    api.run(handle, drawn((2, 3)))
    np.testing.assert_allclose(api.output(handle, 0), drawn((2, 3)) @ WEIGHT.T + BIAS, rtol=1e-5)
    np.testing.assert_allclose(api.output(handle, 1), classified(drawn((2, 3))), rtol=1e-5)


def test_output_key_that_is_not_there_is_an_error(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.create_partial(classifier(), PARAMS, DATA, ["fc9"])
    assert failure(error) == "MXPredCreatePartialOut: the network has no node 'fc9' to output"


def test_output_key_of_a_node_with_several_outputs_is_an_error(api: CApi) -> None:
    symbol = graph(variable("data"), operator("SliceChannel", "parts", [0], num_outputs="3"))
    with pytest.raises(CApiError) as error:
        api.create_partial(symbol, PARAMS, DATA, ["parts"])
    assert failure(error) == (
        "MXPredCreatePartialOut: the node 'parts' has several outputs, and none that is called 'parts_output'"
    )


def test_output_key_means_the_first_node_of_that_name(api: CApi) -> None:
    symbol = graph(
        variable("data"), operator("negative", "twice", [0]), operator("_mul_scalar", "twice", [1], scalar="2")
    )
    handle = api.create_partial(symbol, PARAMS, DATA, ["twice"])
    np.testing.assert_array_equal(api.run(handle, drawn((2, 3))), -drawn((2, 3)))


def test_each_thread_has_inputs_of_its_own(api: CApi) -> None:
    symbol, params = residual_network()
    handles = api.create_threads(symbol, params, {"data": (1, 3, 5, 5)}, 4)
    inputs = [drawn((1, 3, 5, 5), seed) for seed in range(4)]
    alone = api.create(symbol, params, {"data": (1, 3, 5, 5)})
    expected = [api.run(alone, one) for one in inputs]
    for handle, one in zip(handles, inputs, strict=True):
        api.set_input(handle, "data", one)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(25):
            list(pool.map(api.forward, handles))
    for handle, wanted in zip(handles, expected, strict=True):
        np.testing.assert_array_equal(api.output(handle), wanted)
        api.call("MXPredFree", handle)


@pytest.mark.parametrize("count", [-1, 0, 1025])
def test_number_of_threads_that_makes_no_sense_is_an_error(api: CApi, count: int) -> None:
    with pytest.raises(CApiError) as error:
        api.create_threads(classifier(), PARAMS, DATA, count)
    assert failure(error) == f"MXPredCreateMultiThread: num_threads is {count}"


def test_type_that_does_not_exist_is_an_error(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.create_typed(classifier(), PARAMS, DATA, {"data": 77})
    assert failure(error) == "MXPredCreateEx: unknown element type 77"


def test_float32_may_be_asked_for(api: CApi) -> None:
    handle = api.create_typed(classifier(), PARAMS, DATA, {"data": 0})
    np.testing.assert_allclose(api.run(handle, drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5)


def test_array_list_gives_names_shapes_and_values(api: CApi) -> None:
    handle, count = ctypes.c_void_p(), ctypes.c_uint32()
    api.call("MXNDListCreate", PARAMS, len(PARAMS), ctypes.byref(handle), ctypes.byref(count))
    assert count.value == 2
    for index, (name, values) in enumerate({b"arg:fc_weight": WEIGHT, b"arg:fc_bias": BIAS}.items()):
        key, data = ctypes.c_char_p(), ctypes.POINTER(ctypes.c_float)()
        shape, rank = ctypes.POINTER(ctypes.c_uint32)(), ctypes.c_uint32()
        pointers = [ctypes.byref(pointer) for pointer in (key, data, shape, rank)]
        api.call("MXNDListGet", handle, index, *pointers)
        assert (key.value, tuple(shape[: rank.value])) == (name, values.shape)
        np.testing.assert_array_equal(data[: values.size], values.ravel())
    with pytest.raises(CApiError) as error:
        api.call("MXNDListGet", handle, 2, *pointers)
    assert failure(error) == "MXNDListGet: there is no array 2: the list has 2"
    api.call("MXNDListFree", handle)


NULL_CALLS = {
    "MXPredCreate": [None, PARAMS, len(PARAMS), CPU, 0, 0, None, None, None, None],
    "MXPredGetOutputShape": [None, 0, None, None],
    "MXPredGetOutputType": [None, 0, None],
    "MXPredSetInput": [None, None, None, 0],
    "MXPredForward": [None],
    "MXPredPartialForward": [None, 0, None],
    "MXPredGetOutput": [None, 0, None, 0],
    "MXPredSetMonitorCallback": [None, None, None, False],
    "MXPredReshape": [0, None, None, None, None, None],
    "MXNDListCreate": [None, 0, None, None],
    "MXNDListGet": [None, 0, None, None, None, None],
    "MXPredReadMonitored": [None, None, None, None, None],
}


@pytest.mark.parametrize("name", NULL_CALLS)
def test_null_pointer_is_an_error(api: CApi, name: str) -> None:
    with pytest.raises(CApiError) as error:
        api.call(name, *NULL_CALLS[name])
    assert re.fullmatch(rf"{name}: [a-z_ ]+ is null", failure(error))


@pytest.mark.parametrize("name", ["MXPredFree", "MXNDListFree"])
def test_nothing_may_be_freed(api: CApi, name: str) -> None:
    api.call(name, None)


def test_error_text_belongs_to_the_thread(api: CApi) -> None:
    with pytest.raises(CApiError):
        api.call("MXPredForward", None)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(api.error).result() == ""
    assert api.error() == "MXPredForward: the handle is null"


def test_error_text_outlives_a_success(api: CApi, handle: Handle) -> None:
    with pytest.raises(CApiError):
        api.call("MXPredForward", None)
    api.forward(handle)
    assert api.error() == "MXPredForward: the handle is null"


def test_threads_end_with_the_last_predictor(api: CApi) -> None:
    symbol = Symbol()
    top = symbol.layer(
        "Convolution", "conv", symbol.variable("data"), ["weight"], kernel=(3, 3), num_filter=32, no_bias=True
    )
    params = params_bytes({"arg:conv_weight": drawn((32, 3, 3, 3))})
    shape = (1, 3, 90, 90)

    def threads() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    before = threads()
    answers, counts = [], []
    for count in (1, 3):
        api.call("MXPredSetThreadCount", count)
        handles = [api.create(symbol.to_json(top), params, {"data": shape}) for _ in range(2)]
        answers += [api.run(each, drawn(shape)) for each in handles]
        counts.append(threads() - before)
        for each in handles:
            api.call("MXPredFree", each)
        ended = time.monotonic() + 10
        while threads() > before and time.monotonic() < ended:  # the system lists a thread a little longer
            time.sleep(0.01)
        assert threads() == before
    api.call("MXPredSetThreadCount", 0)
    assert counts == [0, 2]
    for answer in answers:
        np.testing.assert_array_equal(answer, answers[0])


def test_negative_number_of_threads_is_an_error(api: CApi) -> None:
    with pytest.raises(CApiError) as error:
        api.call("MXPredSetThreadCount", -1)
    assert failure(error) == "MXPredSetThreadCount: num_threads is -1"
