#!/usr/bin/env python3
"""Make the reference networks' files with the MXNet wheel, or check that it still gives what they hold.

    make_references.py [--check] [NETWORK ...]

Runs in an environment of its own with ../oracle-requirements.txt. The outputs are MXNet's in float64, rounded
to float32: the same on every machine but for the last bit. `--check` builds every network anew and compares
the symbol, the shapes, the outputs, and the outputs that MXNet gives in float32 as well, so that the
tolerance of the predictor's tests is one that MXNet itself keeps. Exit status 1: something differs.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

import mxnet as mx
import numpy as np
from definitions import DEFINITIONS, Shape
from network import (
    Case,
    FloatArray,
    Network,
    Parameter,
    draw,
    load_network,
    network_names,
    relative_error,
    save_network,
)
from oracle import outputs_of

SAME_TOLERANCE = 1e-6
FLOAT32_TOLERANCE = 3e-5


def parameters_of(symbol: mx.sym.Symbol, shape: Shape) -> dict[str, Parameter]:
    """Return the arrays of the network's parameter file, every weight with gain 1."""
    arguments, _, auxiliary = symbol.infer_shape(data=shape)
    shapes = {f"arg:{name}": size for name, size in zip(symbol.list_arguments(), arguments, strict=True)}
    states = zip(symbol.list_auxiliary_states(), auxiliary, strict=True)
    shapes.update({f"aux:{name}": size for name, size in states})
    return {
        key: Parameter(tuple(size), 1.0 if key.endswith("_weight") else None)
        for key, size in shapes.items()
        if key != "arg:data" and not key.endswith("_label")
    }


def fit_gains(network: Network, shape: Shape) -> dict[str, Parameter]:
    """Return the parameters with the gains that make each layer's output one in mean square, bias aside.

    Runs the network node by node, since every gain changes what the later layers see.
    """
    nodes = json.loads(network.symbol)["nodes"]
    fitted = dict(network.parameters)
    values: list[mx.nd.NDArray] = []
    for node in nodes:
        if node["op"] == "SoftmaxOutput":
            break
        if node["op"] == "null":
            key = next((key for key in fitted if key.partition(":")[2] == node["name"]), None)
            parameter = fitted[key] if key else Parameter(shape)
            values.append(mx.nd.array(draw(network.name, key or "arg:data", parameter)))
            continue
        inputs = [values[index] for index, *_ in node["inputs"]]
        output = run_node(node, inputs)
        if node["op"] in ("Convolution", "FullyConnected"):
            key = "arg:" + nodes[node["inputs"][1][0]]["name"]
            gain = float(f"{1 / np.sqrt(np.square(output.asnumpy()).mean()):.3g}")
            fitted[key] = Parameter(fitted[key].shape, gain)
            output = run_node(node, [inputs[0], inputs[1] * gain, *inputs[2:]])
        values.append(output)
    return fitted


def run_node(node: dict[str, Any], inputs: list[mx.nd.NDArray]) -> mx.nd.NDArray:
    """Run one operator in inference mode."""
    attributes = {key: value for key, value in node.get("attrs", {}).items() if key != "num_args"}
    return getattr(mx.nd, node["op"])(*inputs, **attributes)


def run_network(network: Network, shape: Shape, dtype: type) -> FloatArray:
    """Return MXNet's output, computed in `dtype`."""
    [output] = outputs_of(network.symbol, network.arrays(), {"data": network.input(shape)}, dtype)
    return output


def make(name: str) -> None:
    """Write the files of one network."""
    definition = DEFINITIONS[name]
    symbol = definition.build()
    first = definition.shapes[0]
    network = Network(name, symbol.tojson() + "\n", parameters_of(symbol, first), ())
    network = replace(network, parameters=fit_gains(network, first))
    cases = tuple(Case(shape, run_network(network, shape, np.float64)) for shape in definition.shapes)
    save_network(replace(network, cases=cases))
    print(f"{name}: made, max |output| {np.abs(cases[0].output).max():.3g}", flush=True)


def differences(name: str) -> list[str]:
    """Return what MXNet gives otherwise than the committed files of one network say."""
    network, definition = load_network(name), DEFINITIONS[name]
    symbol = definition.build()
    found = []
    if symbol.tojson() + "\n" != network.symbol:
        found.append("the symbol differs")
    shapes = {key: parameter.shape for key, parameter in network.parameters.items()}
    if shapes != {key: p.shape for key, p in parameters_of(symbol, definition.shapes[0]).items()}:
        found.append("the arrays' names or shapes differ")
    if tuple(case.shape for case in network.cases) != definition.shapes:
        found.append("the input shapes differ")
    for case in network.cases:
        for dtype, tolerance in ((np.float64, SAME_TOLERANCE), (np.float32, FLOAT32_TOLERANCE)):
            error = relative_error(run_network(network, case.shape, dtype), case.output)
            print(f"{name} {case.shape}: {dtype.__name__} error {error:.1e}", flush=True)
            if error > tolerance:
                found.append(f"{dtype.__name__} output for {case.shape} is off by {error:.1e} > {tolerance:.0e}")
    return found


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with the committed files")
    options = parser.parse_args()
    unknown = sorted(set(options.networks) - set(DEFINITIONS))
    if unknown:
        parser.error(f"unknown network {unknown[0]!r}; known: {', '.join(sorted(DEFINITIONS))}")
    names = options.networks or sorted(DEFINITIONS)
    if not options.check:
        for name in names:
            make(name)
        return 0
    found = [f"{name}: {difference}" for name in names for difference in differences(name)]
    if not options.networks and network_names() != names:
        found.append(f"the folder holds {network_names()}, the definitions {names}")
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
