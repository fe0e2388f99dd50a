#!/usr/bin/env python3
"""Make the references of the operators' cases with the MXNet wheel, or check that it still gives them.

    make_references.py [--check] [FAMILY ...]

Runs in an environment of its own with ../oracle-requirements.txt. The outputs are MXNet's in float64 where the
operator has it, rounded to float32. Exit status 1: something differs.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

os.environ["MXNET_SUBGRAPH_BACKEND"] = "NONE"  # read when mxnet is imported

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import mxnet as mx
import numpy as np
import numpy.typing as npt

from predictor.ops.case import Case, input_name
from predictor.ops.cases import FAMILIES, REFERENCES

Array = npt.NDArray[np.generic]

TOLERANCE = 1e-6
_NOT_JSON = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}  # as Python's json reads them


def run(case: Case, dtype: type | None) -> list[Array]:
    """Return all visible outputs, computed in `dtype`, or with the case's own types."""
    symbol = mx.sym.load_json(case.symbol())
    inputs = case.typed_inputs()
    arrays = {name: mx.nd.array(array, dtype=dtype or array.dtype) for name, array in inputs.items()}
    states = {input_name(index): arrays.pop(input_name(index)) for index in case.auxiliary}
    executor = symbol.bind(mx.cpu(), arrays, aux_states=states, grad_req="null")
    return [output.asnumpy() for output in executor.forward(is_train=False)]


def answer(case: Case) -> list[Array]:
    """Return MXNet's outputs, in the best precision that the operator has and float32 can hold."""
    if case.types:
        try:
            return run(case, None)
        except mx.MXNetError:  # no products of float16
            return [output.astype(case.types[0]) for output in run(case, np.float32)]
    if not case.shapes:
        return run(case, np.float32)
    try:
        outputs = [output.astype(np.float32) for output in run(case, np.float64)]
    except mx.MXNetError:
        return run(case, np.float32)
    if all(np.isfinite(output).all() for output in outputs):
        return outputs
    return run(case, np.float32)  # the largest float64 stands for "no element" in some


def save(family: str) -> None:
    """Write the references of a family, one line for each output."""
    blocks = []
    for case in FAMILIES[family]:
        lines = [f"  {encoded(output)}" for output in answer(case)]
        blocks.append(f" {json.dumps(case.id)}: [\n" + ",\n".join(lines) + "\n ]")
    text = "{\n" + ",\n".join(blocks) + "\n}\n"
    (REFERENCES / f"{family}.json").write_text(text, encoding="utf-8")


def encoded(output: Array) -> str:
    """Return an output as JSON, each number as short as float32 allows."""
    values = ", ".join(_NOT_JSON.get(text, text) for text in map(str, output.ravel()))
    dtype = "" if output.dtype == np.float32 else f', "type": "{output.dtype}"'
    return f'{{"shape": {list(output.shape)}{dtype}, "values": [{values}]}}'


def differences(family: str) -> list[str]:
    """Return the cases for which MXNet gives something else than the committed file."""
    committed = json.loads((REFERENCES / f"{family}.json").read_text(encoding="utf-8"))
    found = [f"{family}: {name} is not a case" for name in committed.keys() - {c.id for c in FAMILIES[family]}]
    for case in FAMILIES[family]:
        outputs = answer(case)
        expected = committed.get(case.id, [])
        same = len(outputs) == len(expected) and all(
            list(output.shape) == entry["shape"]
            and output.dtype == entry.get("type", "float32")
            and np.allclose(
                output.ravel(), np.array(entry["values"], output.dtype), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True
            )
            for output, entry in zip(outputs, expected, strict=True)
        )
        if not same:
            found.append(f"{family}: {case.id} differs")
    return found


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", choices=[*FAMILIES, []], help="default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with the committed files")
    options = parser.parse_args()
    families = options.families or list(FAMILIES)
    if not options.check:
        for family in families:
            save(family)
        return 0
    found = [difference for family in families for difference in differences(family)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
