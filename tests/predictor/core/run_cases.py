"""Runs every case of the operators twice and prints those whose second run allocated or threw.

usage: LD_PRELOAD=COUNTER run_cases.py LIBRARY COUNTER FOLDER...; the folders are those of the tests' modules
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


def main(library: str, counter_path: str) -> None:
    """Print one line for each such case, and the number of cases."""
    from mxnet_files import params_bytes  # noqa: PLC0415 - in one of the folders

    from predictor.core.capi import CApi  # noqa: PLC0415 - likewise
    from predictor.ops.cases import FAMILIES  # noqa: PLC0415 - likewise

    api = CApi(Path(library))
    allocations_of = ctypes.CDLL(counter_path).allocations_of
    allocations_of.restype = ctypes.c_long
    cases = [case for family in FAMILIES.values() for case in family]
    for case in cases:
        arrays = case.inputs()
        handle = api.create(case.symbol(), params_bytes({}), {name: array.shape for name, array in arrays.items()})
        result = ctypes.c_int()
        for is_first in (True, False):
            count = allocations_of(api.library.MXPredForward, handle, ctypes.byref(result))
            if result.value != 0 or (count == 0) == is_first:
                print(f"{case.id}: {count} in the {'first' if is_first else 'second'} run, result {result.value}")
        api.call("MXPredFree", handle)
    print(len(cases) > 0)


if __name__ == "__main__":
    sys.path[:0] = sys.argv[3:]
    main(*sys.argv[1:3])
