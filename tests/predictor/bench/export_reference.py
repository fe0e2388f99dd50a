#!/usr/bin/env python3
"""Write the files of a reference network: `export_reference.py NAME FOLDER`.

NAME-symbol.json, NAME-0000.params, NAME.onnx, and NAME.npz with an input (`data`) and MXNet's answer in float64
(`output`). Runs in the environment of ../oracle-requirements.txt.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.extend(str(Path(__file__).resolve().parents[1] / name) for name in ("references", "convert"))

import mxnet as mx
import numpy as np
from export_zoo import to_onnx
from network import load_network


def without_label(text: str) -> mx.sym.Symbol:
    """Return a symbol that has a softmax where training left a SoftmaxOutput, whose label the exporter fails at."""
    symbol = mx.sym.load_json(text)
    graph = json.loads(text)
    last = graph["nodes"][graph["heads"][0][0]]
    if last["op"] != "SoftmaxOutput":
        return symbol
    scores = graph["nodes"][last["inputs"][0][0]]["name"]
    return mx.sym.softmax(symbol.get_internals()[f"{scores}_output"], name=last["name"])


def main() -> None:
    """Run the command."""
    name, folder = sys.argv[1:]
    files = f"{folder}/{name}"
    network = load_network(name)
    case = network.cases[0]
    without_label(network.symbol).save(f"{files}-symbol.json")
    mx.nd.save(f"{files}-0000.params", {key: mx.nd.array(array) for key, array in network.arrays().items()})
    to_onnx(files, case.shape[1:])
    np.savez(f"{files}.npz", data=network.input(case.shape), output=case.output)


if __name__ == "__main__":
    main()
