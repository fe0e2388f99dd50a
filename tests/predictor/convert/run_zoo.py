#!/usr/bin/env python3
"""Convert networks of Gluon's model zoo to ONNX and back: `run_zoo.py LIBRARY ORACLE_PYTHON [NETWORK ...]`.

Without names it takes all. Prints one line for each: how far the predictor is, with the converted network, from
onnxruntime and from MXNet, by the largest value. Exit status 1: one is further than it may be.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLE = REPOSITORY / "examples" / "predictor"
sys.path[:0] = [str(REPOSITORY / "tests"), *(str(EXAMPLE / name) for name in ("models", "python", "tools"))]

from predictor.convert.zoo import TOLERANCE, errors_of  # noqa: E402
from predictor.zoo.zoo import NETWORKS  # noqa: E402


def main() -> int:
    """Run the command and return its exit status."""
    library, oracle, *names = sys.argv[1:]
    failed = 0
    for name in names or NETWORKS:
        errors = errors_of(name, Path(library), Path(oracle))
        is_wrong = max(errors) > TOLERANCE
        told = f"{errors.to_onnxruntime:.1e} to onnxruntime, {errors.to_mxnet:.1e} to MXNet"
        print(f"{name}: {told}{' WRONG' if is_wrong else ''}", flush=True)
        failed += is_wrong
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
