#!/usr/bin/env python3
"""Load converted networks in MXNet and compare: `run_mxnet.py FOLDER`.

For each NAME-symbol.json of the folder there are NAME-0000.params, NAME-inputs.npz and NAME-outputs.npz, what it
should give. Prints a line for each that MXNet refuses or computes otherwise. Runs in the environment of
../oracle-requirements.txt.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import sys
from pathlib import Path

import mxnet as mx
import numpy as np

TOLERANCE = 1e-4


def outputs_of(files: str, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Return what MXNet gives."""
    symbol = mx.sym.load(f"{files}-symbol.json")
    shapes = {name: array.shape or (1,) for name, array in inputs.items() if name in symbol.list_arguments()}
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", **shapes)
    arrays = mx.nd.load(f"{files}-0000.params")
    for key, array in dict(arrays or {}).items():  # without any it is a list
        kind, _, name = key.partition(":")
        (executor.arg_dict if kind == "arg" else executor.aux_dict)[name][:] = array
    for name, shape in shapes.items():
        executor.arg_dict[name][:] = inputs[name].reshape(shape).astype(np.float32)
    return [output.asnumpy() for output in executor.forward(is_train=False)]


def fault(output: np.ndarray, right: np.ndarray) -> str:
    """Return what is wrong with an output, or nothing."""
    right = right.reshape(right.shape or (1,)).astype(np.float32)
    if output.shape != right.shape:
        return f"its shape is {output.shape}, not {right.shape}"
    largest = max(np.abs(right[np.isfinite(right)]).max(initial=0), 1e-6)
    if np.allclose(output, right, rtol=0, atol=TOLERANCE * largest, equal_nan=True):
        return ""
    return f"it is off by {np.nanmax(np.abs(output - right)) / largest:.1e}"


def main() -> None:
    """Run the command."""
    for path in sorted(Path(sys.argv[1]).glob("*-symbol.json")):
        files = str(path).removesuffix("-symbol.json")
        with np.load(f"{files}-inputs.npz") as inputs, np.load(f"{files}-outputs.npz") as outputs:
            feeds, rights = dict(inputs), [outputs[f"arr_{index}"] for index in range(len(outputs.files))]
        try:
            faults = [fault(*pair) for pair in zip(outputs_of(files, feeds), rights, strict=True)]
        except mx.MXNetError as error:
            faults = [str(error).strip().splitlines()[-1]]
        for text in filter(None, faults):
            print(f"{Path(files).name}: {text}")


if __name__ == "__main__":
    main()
