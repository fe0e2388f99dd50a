#!/usr/bin/env python3
"""Print MXNet's names of operators as JSON, each with the operator that it stands for.

Runs in the environment of ../oracle-requirements.txt.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import ctypes
import json

from mxnet.base import _LIB, check_call


def names() -> list[bytes]:
    """Return all names, aliases included."""
    count, found = ctypes.c_uint(), ctypes.POINTER(ctypes.c_char_p)()
    check_call(_LIB.MXListAllOpNames(ctypes.byref(count), ctypes.byref(found)))
    return [found[index] for index in range(count.value)]


def meaning(name: bytes) -> str:
    """Return the operator's own name."""
    handle, own = ctypes.c_void_p(), ctypes.c_char_p()
    check_call(_LIB.NNGetOpHandle(name, ctypes.byref(handle)))
    rest = [ctypes.c_char_p(), ctypes.c_uint(), *(ctypes.POINTER(ctypes.c_char_p)() for _ in range(3))]
    ends = [ctypes.c_char_p(), ctypes.c_char_p()]
    outputs = [ctypes.byref(each) for each in (own, *rest, *ends)]
    check_call(_LIB.MXSymbolGetAtomicSymbolInfo(handle, *outputs))
    return (own.value or b"").decode()


if __name__ == "__main__":
    print(json.dumps({name.decode(): meaning(name) for name in names()}))
