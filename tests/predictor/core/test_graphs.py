"""What a symbol file means: upgrades of old files, order, inference, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxnet_files import Symbol, params_bytes

from predictor.core.capi import CApiError
from predictor.core.graphs import graph, operator, refusal, variable
from predictor.core.small_networks import DATA, PARAMS, classified, classifier, drawn

if TYPE_CHECKING:
    from predictor.core.capi import CApi

pytestmark = pytest.mark.compiler


def test_operator_that_is_not_supported_is_named_with_its_node(api: CApi) -> None:
    symbol = graph(variable("data"), operator("Frobnicate", "frob1", [0]))
    assert refusal(api, symbol) == "node 'frob1': the operator 'Frobnicate' is not supported"


def test_operator_that_no_output_needs_may_be_unknown(api: CApi) -> None:
    symbol = graph(variable("data"), operator("Frobnicate", "frob1", [0]), operator("Flatten", "flat", [0]))
    data = drawn((2, 3))
    np.testing.assert_array_equal(api.run(api.create(symbol, PARAMS, DATA), data), data)


def test_unknown_attribute_is_named_with_its_node(api: CApi) -> None:
    symbol = graph(variable("data"), operator("Flatten", "flat", [0], depth="3"))
    assert refusal(api, symbol).startswith("node 'flat' (Flatten): attribute 'depth' is unknown")


def test_cycle_is_refused(api: CApi) -> None:
    symbol = graph(operator("Flatten", "a", [1]), operator("Flatten", "b", [0]))
    assert refusal(api, symbol) == "symbol: node 'b' needs its own output"


def test_nodes_may_come_in_any_order(api: CApi) -> None:
    symbol = graph(operator("Flatten", "a", [1]), variable("data"), operator("Flatten", "b", [0]))
    data = drawn((2, 3))
    np.testing.assert_array_equal(api.run(api.create(symbol, PARAMS, DATA), data), data)


def test_chain_of_many_nodes_does_not_exhaust_the_stack(api: CApi) -> None:
    nodes = [variable("data"), *(operator("_plus_scalar", f"n{i}", [i], scalar="1") for i in range(20000))]
    data = np.zeros((2, 3), np.float32)
    np.testing.assert_array_equal(api.run(api.create(graph(*nodes), PARAMS, DATA), data), data + 20000)


def test_two_variables_of_one_name_are_refused(api: CApi) -> None:
    symbol = graph(variable("data"), variable("data"), operator("elemwise_add", "sum", [0, 1]))
    assert refusal(api, symbol) == "symbol: two variables are called 'data'"


def test_missing_input_is_refused_in_a_file_that_has_all(api: CApi) -> None:
    symbol = graph(variable("data"), operator("FullyConnected", "fc", [0], num_hidden="4"))
    assert refusal(api, symbol) == "node 'fc' (FullyConnected): 1 inputs, but the operator has 3"


def test_output_that_a_node_does_not_have_is_refused(api: CApi) -> None:
    flat = operator("Flatten", "flat", [0])
    last = {**operator("Flatten", "last", [1]), "inputs": [[1, 5, 0]]}
    assert refusal(api, graph(variable("data"), flat, last)) == "node 'flat' has no output 5"


def test_old_file_gets_the_labels_and_states_that_it_leaves_out(api: CApi) -> None:
    symbol = graph(
        variable("data"),
        variable("bn_gamma"),
        variable("bn_beta"),
        operator("BatchNorm", "bn", [0, 1, 2], fix_gamma="False", eps="0.001"),
        operator("SoftmaxOutput", "softmax", [3]),
        version=None,
    )
    gamma, beta, mean, variance = (drawn((3,), seed) for seed in range(4))
    arrays = {"arg:bn_gamma": gamma, "arg:bn_beta": beta}
    arrays |= {"aux:bn_moving_mean": mean, "aux:bn_moving_var": variance**2}
    handle = api.create(symbol, params_bytes(arrays), DATA)
    data = drawn((2, 3))
    scores = np.exp((data - mean) / np.sqrt(variance**2 + 1e-3) * gamma + beta)
    np.testing.assert_allclose(api.run(handle, data), scores / scores.sum(axis=1, keepdims=True), rtol=1e-4)


@pytest.mark.parametrize(("version", "shape"), [(904, (1,)), (905, (2,))])
def test_argmax_of_axis_minus_one_meant_everything_before_0_9_5(
    api: CApi, version: int, shape: tuple[int, ...]
) -> None:
    symbol = graph(variable("data"), operator("argmax", "best", [0], axis="-1"), version=version)
    assert api.output_shape(api.create(symbol, PARAMS, DATA)) == shape


def test_declared_shape_of_a_variable_is_taken(api: CApi) -> None:
    symbol = graph(variable("data", __shape__="(0, 3)"), operator("Flatten", "flat", [0]))
    assert refusal(api, symbol, {"data": (2, 4)}) == "'data' has the shape (2, 4), but (?, 3) is needed"


def test_wrong_declaration_names_the_variable(api: CApi) -> None:
    symbol = graph(variable("data", __shape__="3,3"), operator("Flatten", "flat", [0]))
    assert refusal(api, symbol) == "variable 'data': __shape__ is '3,3'"


def test_shapes_that_contradict_each_other_are_refused_at_their_node(api: CApi) -> None:
    symbol = graph(variable("data"), variable("more"), operator("elemwise_add", "sum", [0, 1]))
    text = refusal(api, symbol, {"data": (2, 3), "more": (2, 4)})
    assert text.startswith("node 'sum' (elemwise_add): ")
    assert "(2, 3)" in text
    assert "(2, 4)" in text


def test_shapes_are_inferred_backwards(api: CApi) -> None:
    symbol = graph(variable("state"), variable("data"), operator("elemwise_add", "sum", [0, 1]))
    handle = api.create(symbol, params_bytes({"arg:state": np.ones((2, 3), np.float32)}), DATA)
    data = drawn((2, 3))
    np.testing.assert_allclose(api.run(handle, data), data + 1)


def test_output_may_be_an_input(api: CApi) -> None:
    symbol = Symbol()
    handle = api.create(symbol.to_json(symbol.variable("data")), PARAMS, DATA)
    np.testing.assert_array_equal(api.run(handle, drawn((2, 3))), drawn((2, 3)))


def test_result_that_two_nodes_read_is_not_folded_away(api: CApi) -> None:
    symbol = graph(
        variable("data"),
        variable("fc_weight"),
        variable("fc_bias"),
        operator("FullyConnected", "fc", [0, 1, 2], num_hidden="4"),
        operator("Activation", "relu", [3], act_type="relu"),
        operator("elemwise_add", "sum", [3, 4]),
    )
    handle = api.create_partial(symbol, PARAMS, DATA, ["sum", "fc", "relu"])
    total = api.run(handle, drawn((2, 3)))
    linear, positive = api.output(handle, 1), api.output(handle, 2)
    np.testing.assert_array_equal(positive, np.maximum(linear, 0))
    np.testing.assert_allclose(total, linear + positive, rtol=1e-6)


def test_memory_of_a_result_is_free_for_others_once_it_was_read(api: CApi) -> None:
    """Values that live at the same time must not share memory, whatever order the plan gives them."""
    nodes = [variable("data")]
    for i in range(6):
        nodes.append(operator("_plus_scalar", f"left{i}", [len(nodes) - 1], scalar="1"))
        nodes.append(operator("_mul_scalar", f"right{i}", [len(nodes) - 2], scalar="2"))
        nodes.append(operator("elemwise_add", f"sum{i}", [len(nodes) - 2, len(nodes) - 1]))
    data = drawn((2, 3))
    expected = data
    for _ in range(6):
        expected = (expected + 1) + expected * 2
    np.testing.assert_allclose(api.run(api.create(graph(*nodes), PARAMS, DATA), data), expected, rtol=1e-5)


def test_file_with_a_newer_version_is_read(api: CApi) -> None:
    symbol = classifier().replace("10901", "20000")
    np.testing.assert_allclose(
        api.run(api.create(symbol, PARAMS, DATA), drawn((2, 3))), classified(drawn((2, 3))), rtol=1e-5
    )


@pytest.mark.parametrize("field", ["nodes", "heads", "arg_nodes", "attrs"])
def test_field_that_stands_there_twice_is_refused(api: CApi, field: str) -> None:
    symbol = graph(variable("data"), operator("Flatten", "flat", [0]))
    value = json.dumps(json.loads(symbol)[field])
    assert refusal(api, f'{{"{field}": {value}, {symbol[1:]}') == f"symbol, line 1: '{field}' stands there twice"


@pytest.mark.parametrize("field", ["op", "name", "inputs", "attrs"])
def test_field_of_a_node_that_stands_there_twice_is_refused(api: CApi, field: str) -> None:
    symbol = graph(operator("Flatten", "flat", []))
    value = json.dumps(json.loads(symbol)["nodes"][0][field])
    symbol = symbol.replace('[{"op"', f'[{{"{field}": {value}, "op"')
    assert refusal(api, symbol) == f"symbol, line 1: '{field}' stands there twice"


@pytest.mark.parametrize("key", ["lr_mult", "fc_wd_mult", "ctx_group"])
def test_training_keys_without_underscores_are_for_files_before_1_9_1(api: CApi, key: str) -> None:
    def symbol(version: int) -> str:
        return graph(variable("data", **{key: "2"}), operator("Flatten", "flat", [0], **{key: "2"}), version=version)

    assert api.output_shape(api.create(symbol(10900), PARAMS, DATA)) == (2, 3)
    assert refusal(api, symbol(10901)).startswith(f"node 'flat' (Flatten): attribute '{key}' is unknown")


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("UpSampling", {"scale": "2", "sample_type": "nearest"}),
        ("Concat", {}),
        ("stack", {}),
        ("add_n", {}),
    ],
)
def test_operator_of_any_number_of_inputs_needs_one(api: CApi, kind: str, attributes: dict[str, str]) -> None:
    assert refusal(api, graph(operator(kind, "none", [], **attributes)), {}).startswith(f"node 'none' ({kind}): ")


def test_operator_without_inputs_refuses_one(api: CApi) -> None:
    symbol = graph(variable("data"), operator("_zeros", "zeros", [0], shape="(2, 3)"))
    assert refusal(api, symbol) == "node 'zeros' (_zeros): the operator has no inputs"


def test_input_whose_shape_the_file_declares_need_not_be_named_but_set(api: CApi) -> None:
    symbol = graph(variable("data"), variable("state", __shape__="(2, 3)"), operator("elemwise_add", "sum", [0, 1]))
    handle = api.create(symbol, PARAMS, DATA)
    for run in (api.forward, lambda handle: api.partial_forward(handle, 0)):
        with pytest.raises(CApiError) as error:
            run(handle)
        assert str(error.value).endswith(
            "the weight 'state', of shape (2, 3), is not in the parameter file, and it has not been set"
        )
    reshaped = api.reshape(handle, DATA)
    api.set_input(handle, "state", drawn((2, 3), 1))
    np.testing.assert_array_equal(api.run(handle, drawn((2, 3))), drawn((2, 3)) + drawn((2, 3), 1))
    np.testing.assert_array_equal(api.run(api.reshape(handle, DATA), drawn((2, 3))), api.output(handle))
    with pytest.raises(CApiError, match=r"it has not been set$"):
        api.forward(reshaped)


@pytest.mark.parametrize(
    ("kind", "attributes", "shape"),
    [("LRN", {"nsize": "3"}, (6,)), *(("L2Normalization", {"mode": mode}, (2, 3)) for mode in ("channel", "spatial"))],
)
def test_rank_that_an_operator_cannot_have_is_refused_at_once(
    api: CApi, kind: str, attributes: dict[str, str], shape: tuple[int, ...]
) -> None:
    text = refusal(api, graph(variable("data"), operator(kind, "node", [0], **attributes)), {"data": shape})
    assert text.startswith(f"node 'node' ({kind}): the input has the shape {shape}, but should have ")
