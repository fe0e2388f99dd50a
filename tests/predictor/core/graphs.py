"""Symbol files written node by node, also such as no tool would write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from predictor.core.capi import CApi, CApiError
from predictor.core.small_networks import DATA, PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from predictor.core.capi import Shape

Json = dict[str, Any]


def operator(kind: str, name: str, inputs: list[int], **attributes: str) -> Json:
    return {"op": kind, "name": name, "attrs": attributes, "inputs": [[index, 0, 0] for index in inputs]}


def variable(name: str, **attributes: str) -> Json:
    return {"op": "null", "name": name, "attrs": attributes, "inputs": []}


def graph(*nodes: Json, version: int | None = 10901) -> str:
    """Return a symbol file whose output is the last node."""
    variables = [index for index, node in enumerate(nodes) if node["op"] == "null"]
    content: Json = {"nodes": nodes, "arg_nodes": variables, "heads": [[len(nodes) - 1, 0, 0]]}
    if version is not None:
        content["attrs"] = {"mxnet_version": ["int", version]}
    return json.dumps(content)


def refusal(api: CApi, symbol: str, inputs: Mapping[str, Shape] = DATA) -> str:
    """Return why a network cannot be created, without the function's name."""
    with pytest.raises(CApiError) as error:
        api.create(symbol, PARAMS, inputs)
    return str(error.value).removeprefix("MXPredCreate: ")
