"""Makes a predictor of two files, runs it, reads the second as a list of arrays, and says what became of each.

usage: load_files.py LIBRARY SYMBOL PARAMS EXTENT...

NumPy is not imported: it takes more address space than the predictor may.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


def main(library_path: str, symbol: str, params_path: str, *extents: str) -> None:
    """Print one line for the predictor and one for the list."""
    library = ctypes.CDLL(library_path)
    library.MXGetLastError.restype = ctypes.c_char_p
    params = Path(params_path).read_bytes()
    handle = ctypes.c_void_p()
    made = library.MXPredCreate(
        Path(symbol).read_bytes(),
        params,
        len(params),
        1,
        0,
        1,
        (ctypes.c_char_p * 1)(b"data"),
        (ctypes.c_uint32 * 2)(0, len(extents)),
        (ctypes.c_uint32 * len(extents))(*map(int, extents)),
        ctypes.byref(handle),
    )
    ran = made or library.MXPredForward(handle)
    print(library.MXGetLastError().decode() if ran else "ran")
    count = ctypes.c_uint32()
    read = library.MXNDListCreate(params, len(params), ctypes.byref(handle), ctypes.byref(count))
    print(library.MXGetLastError().decode() if read else f"{count.value} arrays")


if __name__ == "__main__":
    main(*sys.argv[1:])
