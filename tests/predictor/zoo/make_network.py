#!/usr/bin/env python3
"""Make one network of Gluon's model zoo with MXNet: `make_network.py [--layers] NAME FOLDER`.

Writes NAME-symbol.json, NAME-0000.params, NAME-arrays.npz, NAME-inputs.npz and NAME-outputs.npz to the folder: random
weights (two times) with the gains that keep every layer's output of order one, what MXNet gives for them in float64,
rounded to float32, and how far it is from that in float32 (`errors`). With --layers the network's outputs are those of
all operators.

Runs in the environment of ../oracle-requirements.txt.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "references"))

import mxnet as mx
import numpy as np
from definitions import PHOTO, zoo
from make_references import fit_gains, parameters_of
from network import Network, relative_error
from oracle import outputs_of


def size_of(name: str) -> tuple[int, ...]:
    """Return the shape of the input that the network was made for."""
    return (1, 3, 299, 299) if name == "inceptionv3" else PHOTO


def layers_of(symbol: mx.sym.Symbol) -> mx.sym.Symbol:
    """Return the outputs of all operators, in their order."""
    internals = symbol.get_internals()
    variables = {*symbol.list_arguments(), *symbol.list_auxiliary_states()}
    return mx.sym.Group([internals[name] for name in internals.list_outputs() if name not in variables])


def main() -> None:
    """Make the network that the command names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    name, folder = options.name, options.folder
    shape = size_of(name)
    symbol = zoo(name)()
    network = Network(name, symbol.tojson(), parameters_of(symbol, shape), ())
    network = replace(network, parameters=fit_gains(network, shape))
    if options.layers:
        symbol = layers_of(symbol)
    inputs = {"data": network.input(shape)}
    arrays = network.arrays()
    np.savez(folder / f"{name}-inputs.npz", **inputs)
    np.savez(folder / f"{name}-arrays.npz", **arrays)
    outputs = outputs_of(symbol.tojson(), arrays, inputs, np.float64)
    own = outputs_of(symbol.tojson(), arrays, inputs, np.float32)
    errors = [relative_error(output, exact) for output, exact in zip(own, outputs, strict=True)]
    np.savez(folder / f"{name}-outputs.npz", *outputs, errors=np.array(errors))
    (folder / f"{name}-symbol.json").write_text(symbol.tojson(), encoding="utf-8")
    mx.nd.save(str(folder / f"{name}-0000.params"), {key: mx.nd.array(array) for key, array in arrays.items()})


if __name__ == "__main__":
    main()
