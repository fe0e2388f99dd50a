#!/usr/bin/env python3
"""Compare networks of Gluon's model zoo with MXNet: `run_zoo.py LIBRARY ORACLE_PYTHON [NETWORK ...]`; default: all.

Prints one line for each network: the largest difference to MXNet's float64, by its largest value, of the last layer,
and for four of them of the worst layer, beside that of MXNet's own float32; and of the worst layer that gets what the
layers before it are in MXNet's float64. Exit status 1: one is larger than it may be. Some minutes for all 34.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path[:0] = [
    str(REPOSITORY / "tests"),
    *(str(REPOSITORY / "examples/predictor" / name) for name in ("models", "python")),
]

from predictor.zoo.zoo import LAYER_TOLERANCE, LAYERED, NETWORKS, TOLERANCE, errors_alone, errors_of  # noqa: E402


def main() -> int:
    """Run the command and return its exit status."""
    library, oracle, *names = sys.argv[1:]
    failed = 0
    for name in names or NETWORKS:
        is_layered = name in LAYERED
        errors = errors_of(name, Path(library), Path(oracle), is_layered=is_layered)
        is_wrong = errors.excess(LAYER_TOLERANCE if is_layered else TOLERANCE) > 0
        own = f"MXNet's own {errors.mxnets[-1]:.1e}"
        if is_layered:
            alone = max(errors_alone(name, Path(library), Path(oracle)).values())
            is_wrong = is_wrong or alone > LAYER_TOLERANCE
            worst = f"{max(errors.ours):.1e}, MXNet's own {max(errors.mxnets):.1e}"
            own += f"; alone {alone:.1e}; worst of {len(errors.ours)} layers {worst}"
        print(f"{name}: {errors.ours[-1]:.1e}, {own}{' WRONG' if is_wrong else ''}", flush=True)
        failed += is_wrong
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
