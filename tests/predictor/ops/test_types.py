"""Values of every element type are read and written as NumPy does it: inputs, outputs and parameters."""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from predictor.core.capi import CApi, CApiError
from predictor.ops.case import case
from predictor.ops.test_operators import DTYPES, read_output

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler

Array = npt.NDArray[np.generic]


@pytest.fixture(scope="session")
def library(shipped_library: Path) -> CApi:
    return CApi(shipped_library)


def params_of(arrays: dict[str, Array]) -> bytes:
    """Return a parameter file whose arrays keep their types."""
    parts = [struct.pack("<QQQ", 0x112, 0, len(arrays))]
    for array in arrays.values():
        parts.append(struct.pack(f"<Iii{array.ndim}q", 0xF993FAC9, 0, array.ndim, *array.shape))
        parts.append(struct.pack("<iii", 1, 0, DTYPES.index(array.dtype.name)) + array.tobytes())
    parts.append(struct.pack("<Q", len(arrays)))
    parts += [struct.pack("<Q", len(name)) + name.encode() for name in arrays]
    return b"".join(parts)


def run(library: CApi, symbol: str, params: bytes, inputs: dict[str, Array]) -> Array:
    """Return the first output, in its own type."""
    shapes = {name: array.shape for name, array in inputs.items()}
    codes = {name: DTYPES.index(array.dtype.name) for name, array in inputs.items()}
    handle = library.create_typed(symbol, params, shapes, codes)
    try:
        for name, array in inputs.items():
            library.call("MXPredSetInput", handle, name.encode(), array.ctypes.data_as(ctypes.c_void_p), array.size)
        library.forward(handle)
        return read_output(library, handle, 0)
    finally:
        library.call("MXPredFree", handle)


def cast(library: CApi, values: Array, target: str) -> Array:
    symbol = case("Cast", f"dtype={target}", values.shape).symbol()
    return run(library, symbol, params_of({}), {"input0": values})


def test_every_float16_is_read_as_numpy_reads_it(library: CApi) -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    assert np.array_equal(cast(library, halves, "float32"), halves.astype(np.float32), equal_nan=True)


def test_float16_is_rounded_as_numpy_rounds_it(library: CApi) -> None:
    generator = np.random.default_rng(1)
    bits = generator.integers(0, 2**32, 200_000, dtype=np.uint32).view(np.float32)
    near = np.ldexp(generator.uniform(-1, 1, 200_000), generator.integers(-28, 18, 200_000)).astype(np.float32)
    halves = np.arange(2**15 - 2**10, dtype=np.uint16).view(np.float16).astype(np.float32)
    ties = (halves[1:] + halves[:-1]) / 2
    ends = np.array([65504, 65519.996, 65520, np.inf, -np.inf, -0.0], np.float32)
    values = np.concatenate([bits, near, ties, ends])
    with np.errstate(over="ignore", invalid="ignore"):
        expected = values.astype(np.float16)
    written = cast(library, values, "float16")
    assert np.array_equal(written, expected, equal_nan=True)
    assert np.array_equal(np.signbit(written), np.signbit(expected))


@pytest.mark.parametrize("dtype", ["float64", "float16", "uint8", "int32", "int8", "int64", "int16"])
def test_weights_of_each_type_are_read(library: CApi, dtype: str) -> None:
    weight = np.array([[1, 2, 3], [4, 5, 6]]).astype(dtype)
    symbol = case("FullyConnected", "num_hidden=2; no_bias=True", (1, 3), (2, 3)).symbol()
    data = np.array([[1, 10, 100]], np.float32)
    output = run(library, symbol, params_of({"arg:input1": weight}), {"input0": data})
    assert output.dtype == np.float32
    assert output.tolist() == [[321, 654]]


def test_embedding_has_the_type_of_its_weight(library: CApi) -> None:
    weight = np.array([[0.5, 1], [1.5, 2]], np.float16)
    symbol = case("Embedding", "input_dim=2; output_dim=2", (2,), (2, 2)).symbol()
    output = run(library, symbol, params_of({"arg:input1": weight}), {"input0": np.array([1, 0], np.float32)})
    assert output.dtype == np.float16
    assert output.tolist() == [[1.5, 2], [0.5, 1]]


@pytest.mark.parametrize(("narrows", "dtype"), [("False", np.float32), ("True", np.float16)])
def test_common_type_is_the_widest_or_the_narrowest(library: CApi, narrows: str, dtype: type) -> None:
    symbol = case("amp_multicast", f"num_outputs=2; cast_narrow={narrows}", (2,), (2,), outputs=2).symbol()
    inputs: dict[str, Array] = {"input0": np.array([1.5, 2], np.float16), "input1": np.array([3, 4], np.float32)}
    output = run(library, symbol, params_of({}), inputs)
    assert output.dtype == dtype
    assert output.tolist() == [1.5, 2]


def test_slope_of_one_number_is_known_from_the_parameter_file_alone(library: CApi) -> None:
    symbol = case("LeakyReLU", "act_type=prelu", (1, 3), (1,)).symbol()
    params = params_of({"arg:input1": np.array([0.5], np.float32)})
    output = run(library, symbol, params, {"input0": np.array([[-2, 3, -4]], np.float32)})
    assert output.tolist() == [[-1, 3, -2]]


@pytest.mark.parametrize("op", ["_foreach", "_while_loop", "_cond", "Custom", "_sg_mkldnn_conv", "_sparse_nothing"])
def test_operator_that_is_not_there_is_refused_by_name(library: CApi, op: str) -> None:
    with pytest.raises(CApiError) as caught:
        library.create(case(op, "", (1, 2)).symbol(), params_of({}), {"input0": (1, 2)})
    assert str(caught.value) == f"MXPredCreate: node 'node': the operator '{op}' is not supported"


def test_tensor_that_is_too_large_is_named(library: CApi) -> None:
    symbol = case("broadcast_axis", "axis=(0, 1); size=(100000, 100000)", (1, 1)).symbol()
    with pytest.raises(CApiError) as caught:
        library.create(symbol, params_of({}), {"input0": (1, 1)})
    assert str(caught.value) == "MXPredCreate: 'node_output': the shape (100000, 100000) has too many elements"
