#!/usr/bin/env python3
"""Make the networks of topologies.py with MXNet: `make_topologies.py FOLDER`.

Writes NAME-symbol.json, NAME-0000.params, NAME-inputs.npz and NAME-outputs.npz for each: weights drawn from a
fixed seed, and what MXNet gives for them. Runs in the environment of ../oracle-requirements.txt.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "references"))

import mxnet as mx
import numpy as np
from oracle import outputs_of
from topologies import TOPOLOGIES

Arrays = dict[str, np.ndarray]


def answer(text: str, arrays: Arrays, inputs: Arrays) -> list[np.ndarray]:
    """Return MXNet's outputs, in float64 unless an operator of the network knows float32 alone."""
    try:
        return outputs_of(text, arrays, inputs, np.float64)
    except mx.MXNetError:
        return outputs_of(text, arrays, inputs, np.float32)


def drawn(generator: np.random.Generator, key: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return an array that keeps the outputs of its layer of order one."""
    if key.endswith("_var"):
        return generator.uniform(0.7, 1.4, shape).astype(np.float32)
    if key.endswith("gamma"):
        return generator.uniform(0.2, 1.2, shape).astype(np.float32)
    width = np.sqrt(3 / max(np.prod(shape[1:]), 4)) if key.endswith("weight") and len(shape) > 1 else 0.3
    return generator.uniform(-width, width, shape).astype(np.float32)


def input_of(generator: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return words for a matrix, an image's description, or numbers of order one."""
    if name == "im_info":
        return np.array([[32, 32, 1]], np.float32)
    if len(shape) == 2:
        return generator.integers(0, 50, shape).astype(np.float32)
    return generator.uniform(-1.7, 1.7, shape).astype(np.float32)


def make(name: str, folder: Path) -> None:
    """Write the files of one network."""
    topology = TOPOLOGIES[name]
    generator = np.random.default_rng(len(name))
    symbol = topology.build()
    arguments, _, states = symbol.infer_shape(**topology.inputs)
    shapes = {f"arg:{key}": shape for key, shape in zip(symbol.list_arguments(), arguments, strict=True)}
    shapes |= {f"aux:{key}": shape for key, shape in zip(symbol.list_auxiliary_states(), states, strict=True)}
    inputs = {key: input_of(generator, key, shape) for key, shape in topology.inputs.items()}
    arrays = {
        key: drawn(generator, key, shape)
        for key, shape in shapes.items()
        if key.partition(":")[2] not in inputs and not key.endswith("_label")
    }
    text = symbol.tojson()
    np.savez(folder / f"{name}-inputs.npz", **inputs)
    np.savez(folder / f"{name}-outputs.npz", *answer(text, arrays, inputs))
    (folder / f"{name}-symbol.json").write_text(text, encoding="utf-8")
    mx.nd.save(str(folder / f"{name}-0000.params"), {key: mx.nd.array(array) for key, array in arrays.items()})


if __name__ == "__main__":
    for each in TOPOLOGIES:
        make(each, Path(sys.argv[1]))
