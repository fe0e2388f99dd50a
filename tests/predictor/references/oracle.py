#!/usr/bin/env python3
"""Ask MXNet what networks give: `oracle.py FOLDER`, in the environment of ../oracle-requirements.txt.

For each NAME-symbol.json of the folder, reads the weights from NAME-0000.params and the inputs from
NAME-inputs.npz (keyed by their names) and writes the outputs, in order, to NAME-outputs.npz. MXNet computes
operator by operator, in float64 unless the network has an operator that knows float32 alone; what is written is
float32.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["MXNET_SUBGRAPH_BACKEND"] = "NONE"  # nothing fused; read when mxnet is imported

import mxnet as mx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[np.float32]]


FLOAT32_ONLY = {"LRN"}


def outputs_of(symbol_text: str, arrays: Arrays, inputs: Arrays, dtype: type) -> list[npt.NDArray[np.float32]]:
    """Return MXNet's outputs, computed in `dtype`.

    `arrays` is keyed as a parameter file is. A label, which has no effect at inference, need not be given.
    """
    symbol = mx.sym.load_json(symbol_text)
    arguments = {key.partition(":")[2]: array for key, array in arrays.items() if key.startswith("arg:")}
    states = {key.partition(":")[2]: array for key, array in arrays.items() if key.startswith("aux:")}
    arguments.update(inputs)
    shapes, _, _ = symbol.infer_shape(**{name: array.shape for name, array in inputs.items()})
    for name, shape in zip(symbol.list_arguments(), shapes, strict=True):
        if name.endswith("_label"):
            arguments.setdefault(name, np.zeros(shape, np.float32))
    executor = symbol.bind(
        mx.cpu(),
        {name: mx.nd.array(array, dtype=dtype) for name, array in arguments.items()},
        aux_states={name: mx.nd.array(array, dtype=dtype) for name, array in states.items()},
        grad_req="null",
    )
    return [output.asnumpy().astype(np.float32) for output in executor.forward(is_train=False)]


def operators_of(symbol_text: str) -> set[str]:
    """Return the names of the operators of a network."""
    return {node["op"] for node in json.loads(symbol_text)["nodes"]}


def answer(folder: Path, name: str) -> None:
    """Write the outputs of one network of the folder."""
    symbol = (folder / f"{name}-symbol.json").read_text(encoding="utf-8")
    arrays = {key: array.asnumpy() for key, array in load_params(folder / f"{name}-0000.params").items()}
    with np.load(folder / f"{name}-inputs.npz") as inputs:
        dtype = np.float32 if FLOAT32_ONLY & operators_of(symbol) else np.float64
        outputs = outputs_of(symbol, arrays, dict(inputs), dtype)
    np.savez(folder / f"{name}-outputs.npz", *outputs)


def load_params(path: Path) -> dict[str, mx.nd.NDArray]:
    """Return the arrays of a parameter file; MXNet gives an empty list for a file without arrays."""
    return dict(mx.nd.load(str(path)) or {})


def main() -> None:
    """Answer for every network of the folder."""
    folder = Path(sys.argv[1])
    for path in sorted(folder.glob("*-symbol.json")):
        answer(folder, path.name.removesuffix("-symbol.json"))


if __name__ == "__main__":
    main()
