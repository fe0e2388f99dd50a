"""Seeds for the fuzzers, from the cases of the operators and the small networks of the other tests."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
from mxnet_files import params_bytes

from predictor.core.small_networks import DATA, PARAMS, classifier, residual_network
from predictor.ops.cases import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_HEADER = struct.Struct("<QQQ")
_MAGIC = 0x112


def model(inputs: Mapping[str, tuple[int, ...]], symbol: str, params: bytes = b"") -> bytes:
    """Return a model as fuzz_predictor reads it."""
    lines = "".join(f"{name} {' '.join(map(str, shape))}\n" for name, shape in inputs.items())
    return f"{lines}\n{symbol}".encode() + (b"\0" + params if params else b"")


def models() -> Iterator[bytes]:
    """Yield networks of one operator, its first input given and the others weights, and larger ones."""
    for cases in FAMILIES.values():
        for case in cases:
            arrays = case.inputs()
            first = dict(list(arrays.items())[:1])
            kinds = ["aux" if index in case.auxiliary else "arg" for index in range(len(arrays))]
            weights = {f"{kind}:{name}": array for kind, (name, array) in zip(kinds, arrays.items(), strict=True)}
            params = params_bytes(dict(list(weights.items())[1:]))
            yield model({name: array.shape for name, array in first.items()}, case.symbol(), params)
            yield model({name: array.shape for name, array in arrays.items()}, case.symbol())
    yield model(DATA, classifier(), PARAMS)
    symbol, params = residual_network()
    yield model({"data": (1, 3, 5, 5)}, symbol, params)


def symbols() -> Iterator[bytes]:
    """Yield symbol files."""
    for cases in FAMILIES.values():
        yield cases[0].symbol().encode()
    yield classifier().encode()
    yield b'{"a": [1, -2.5e3, true, null, "\\u00e9\\n\\ud83d\\ude00"], "b": {}}'


def params() -> Iterator[bytes]:
    """Yield parameter files of every version and storage type."""
    yield PARAMS
    values = np.arange(6, dtype="<f4").tobytes()
    device = struct.pack("<ii", 1, 0)
    shape = struct.pack("<iqq", 2, 2, 3)
    dense = {
        "V0": struct.pack("<III", 2, 2, 3) + device + struct.pack("<i", 0) + values,
        "V1": struct.pack("<I", 0xF993FAC8) + shape + device + struct.pack("<i", 0) + values,
        "V2": struct.pack("<Ii", 0xF993FAC9, 0) + shape + device + struct.pack("<i", 0) + values,
        "V3": struct.pack("<Ii", 0xF993FACA, 0) + shape + device + struct.pack("<i", 0) + values,
        "half": struct.pack("<Ii", 0xF993FAC9, 0) + shape + device + struct.pack("<i", 2) + values[:12],
        "none": struct.pack("<Iii", 0xF993FACA, 0, -1),
        "row_sparse": row_sparse((4, 3), [1, 3], values),
        "csr": csr((2, 4), [0, 1, 2], [3, 0], values[:8]),
    }
    for array in dense.values():
        yield array_list([array])
    yield array_list([*dense.values()], list(dense))


def row_sparse(shape: tuple[int, int], rows: list[int], values: bytes) -> bytes:
    """Return an array of which only some rows are stored."""
    return b"".join(
        [
            struct.pack("<Ii", 0xF993FAC9, 1),
            struct.pack("<iqq", 2, len(rows), shape[1]),
            struct.pack("<iqq", 2, *shape),
            struct.pack("<iii", 1, 0, 0),
            struct.pack("<iiq", 6, 1, len(rows)),
            values,
            np.array(rows, "<i8").tobytes(),
        ]
    )


def csr(shape: tuple[int, int], starts: list[int], columns: list[int], values: bytes) -> bytes:
    """Return an array in compressed rows."""
    return b"".join(
        [
            struct.pack("<Ii", 0xF993FAC9, 2),
            struct.pack("<iq", 1, len(columns)),
            struct.pack("<iqq", 2, *shape),
            struct.pack("<iii", 1, 0, 0),
            struct.pack("<iiq", 6, 1, len(starts)),
            struct.pack("<iiq", 6, 1, len(columns)),
            values,
            np.array(starts, "<i8").tobytes(),
            np.array(columns, "<i8").tobytes(),
        ]
    )


def array_list(arrays: list[bytes], names: list[str] | None = None) -> bytes:
    """Return a parameter file of encoded arrays."""
    parts = [_HEADER.pack(_MAGIC, 0, len(arrays)), *arrays, struct.pack("<Q", len(names or []))]
    parts += [struct.pack("<Q", len(name)) + name for name in map(str.encode, names or [])]
    return b"".join(parts)


CORPORA = {"predictor": models, "symbol": symbols, "params": params}


def write(harness: str, folder: Path) -> None:
    """Write the seeds of a harness, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, content in enumerate(CORPORA[harness]()):
        (folder / f"seed-{index:04}").write_bytes(content)
