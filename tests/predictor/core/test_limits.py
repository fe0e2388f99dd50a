"""A small file may not ask for much memory or time, whatever it says."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fuzz.corpus import array_list, csr
from predictor.core.graphs import graph, operator, refusal, variable
from predictor.core.small_networks import PARAMS

if TYPE_CHECKING:
    from predictor.core.capi import CApi

pytestmark = pytest.mark.compiler

CHECK = Path(__file__).with_name("load_files.py")
MEGABYTE = 1 << 20


def load(api: CApi, folder: Path, symbol: str, params: bytes, *shape: int) -> str:
    """Return what a process of 1 GB says of the files: it makes a predictor, runs it, and lists the arrays."""
    (folder / "symbol").write_text(symbol, encoding="utf-8")
    (folder / "params").write_bytes(params)
    command = [sys.executable, CHECK, api.library._name, folder / "symbol", folder / "params", *map(str, shape)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGABYTE, 1024 * MEGABYTE)),
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


IDENTITY = graph(variable("data"), operator("Flatten", "flat", [0]))


def test_files_of_the_usual_kind_are_loaded(api: CApi, tmp_path: Path) -> None:
    """So that the refusals below mean something."""
    assert load(api, tmp_path, IDENTITY, PARAMS, 1, 4) == "ran\n2 arrays\n"


def test_operators_of_thousands_of_outputs_cannot_be_many(api: CApi, tmp_path: Path) -> None:
    parts = [operator("SliceChannel", f"s{i}", [0], num_outputs="4096") for i in range(3000)]
    joined = operator("add_n", "sum", list(range(1, 3001)), num_args="3000")
    assert load(api, tmp_path, graph(variable("data"), *parts, joined), PARAMS, 1, 4096) == (
        "MXPredCreate: symbol: the network has more than 262144 values\n2 arrays\n"
    )


def test_empty_sparse_arrays_cannot_be_many(api: CApi, tmp_path: Path) -> None:
    one = csr((1, 1 << 20), [0, 0], [], b"")
    text = "parameters: the sparse array (1, 1048576) is nearly empty and too large to make dense"
    assert load(api, tmp_path, IDENTITY, array_list([one] * 20000), 1, 4) == (
        f"MXPredCreate: {text}\nMXNDListCreate: {text}\n"
    )


def test_one_empty_sparse_array_may_be_large(api: CApi, tmp_path: Path) -> None:
    one = csr((1, 1 << 20), [0, 0], [], b"")
    assert load(api, tmp_path, IDENTITY, array_list([one]), 1, 4) == "ran\n1 arrays\n"


@pytest.mark.parametrize("count", [1 << 20, 1 << 40, (1 << 64) - 1])
def test_number_of_arrays_is_not_trusted(api: CApi, tmp_path: Path, count: int) -> None:
    params = struct.pack("<QQQ", 0x112, 0, count) + bytes(64)
    text = f"parameters: the file is too short for {count} entries"
    assert load(api, tmp_path, IDENTITY, params, 1, 4) == f"MXPredCreate: {text}\nMXNDListCreate: {text}\n"


def test_padding_of_the_first_pooling_is_not_laid_out(api: CApi, tmp_path: Path) -> None:
    """The padded image would have 8 billion elements."""
    window = {"kernel": "(65536, 65536)", "stride": "(65536, 65536)", "pad": "(32768, 32768)"}
    symbol = graph(variable("data"), operator("Pooling_v1", "pool", [0], **window))
    assert load(api, tmp_path, symbol, PARAMS, 1, 1, 8, 8) == "ran\n2 arrays\n"


def test_repeated_tiles_do_not_overflow(api: CApi) -> None:
    tiles = [operator("tile", f"t{i}", [i], reps="(2147483647,)") for i in range(4)]
    assert refusal(api, graph(variable("data"), *tiles), {"data": (2,)}) == (
        "node 't0' (tile): 't0_output': the shape (4294967294,) has too many elements"
    )
