"""The example's writer of MXNet's files puts down the bytes that the format asks for."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from mxnet_files import Symbol, params_bytes


def test_parameter_file_is_header_arrays_and_names() -> None:
    array = np.array([[1.5, -2.0, 0.0]], np.float32)
    assert params_bytes({"arg:w": array}) == b"".join(
        [
            struct.pack("<QQQ", 0x112, 0, 1),
            struct.pack("<Iii", 0xF993FAC9, 0, 2),  # version 2, dense, two dimensions
            struct.pack("<qq", 1, 3),
            struct.pack("<iii", 1, 0, 0),  # CPU 0, float32
            struct.pack("<fff", 1.5, -2.0, 0.0),
            struct.pack("<QQ", 1, 5) + b"arg:w",
        ]
    )


def test_arrays_are_written_as_they_read_whatever_their_layout_in_memory() -> None:
    array = np.arange(6, dtype=np.float64).reshape(2, 3)
    straight = params_bytes({"arg:w": np.ascontiguousarray(array.T, np.float32)})
    assert params_bytes({"arg:w": array.T}) == straight


def test_array_without_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match=r"give it the shape \(1,\)"):
        params_bytes({"arg:w": np.float32(1).reshape(())})


def test_symbol_file_names_the_variables_of_a_layer_after_it() -> None:
    symbol = Symbol()
    data = symbol.variable("data")
    head = symbol.layer("FullyConnected", "fc", data, ["weight", "bias"], num_hidden=10)
    assert json.loads(symbol.to_json(head)) == {
        "nodes": [
            {"op": "null", "name": "data", "inputs": []},
            {"op": "null", "name": "fc_weight", "inputs": []},
            {"op": "null", "name": "fc_bias", "inputs": []},
            {
                "op": "FullyConnected",
                "name": "fc",
                "attrs": {"num_hidden": "10"},
                "inputs": [[0, 0, 0], [1, 0, 0], [2, 0, 0]],
            },
        ],
        "arg_nodes": [0, 1, 2],
        "node_row_ptr": [0, 1, 2, 3, 4],
        "heads": [[3, 0, 0]],
        "attrs": {"mxnet_version": ["int", 10901]},
    }
