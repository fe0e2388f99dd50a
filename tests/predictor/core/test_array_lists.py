"""Every version, storage and element type of parameter files, written byte by byte."""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fuzz.corpus import array_list, csr, row_sparse
from predictor.core.capi import CApi, CApiError

if TYPE_CHECKING:
    import numpy.typing as npt

pytestmark = pytest.mark.compiler

VALUES = np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5
DEVICE = struct.pack("<ii", 2, 1)  # a GPU, which nobody asks for
V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
SHAPE = struct.pack("<iqq", 2, 2, 3)
FLOAT32 = struct.pack("<i", 0)
Found = tuple[str, "npt.NDArray[np.float32] | None"]


def arrays_of(api: CApi, content: bytes) -> list[Found]:
    """Return the names and values of a list."""
    handle, count = ctypes.c_void_p(), ctypes.c_uint32()
    api.call("MXNDListCreate", content, len(content), ctypes.byref(handle), ctypes.byref(count))
    found: list[Found] = []
    for index in range(count.value):
        key, data = ctypes.c_char_p(), ctypes.POINTER(ctypes.c_float)()
        shape, rank = ctypes.POINTER(ctypes.c_uint32)(), ctypes.c_uint32()
        pointers = [ctypes.byref(pointer) for pointer in (key, data, shape, rank)]
        api.call("MXNDListGet", handle, index, *pointers)
        extents = shape[: rank.value]
        values = np.array(data[: int(np.prod(extents))], np.float32).reshape(extents) if data else None
        found.append(((key.value or b"").decode(), values))
    api.call("MXNDListFree", handle)
    return found


def only_array(api: CApi, array: bytes) -> npt.NDArray[np.float32] | None:
    [(name, values)] = arrays_of(api, array_list([array]))
    assert name == ""
    return values


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<III", 2, 2, 3),
        struct.pack("<I", V1) + SHAPE,
        struct.pack("<Ii", V2, 0) + SHAPE,
        struct.pack("<Ii", V3, 0) + SHAPE,
    ],
    ids=["V0", "V1", "V2", "V3"],
)
def test_every_version_is_read(api: CApi, head: bytes) -> None:
    np.testing.assert_array_equal(only_array(api, head + DEVICE + FLOAT32 + VALUES.tobytes()), VALUES)


@pytest.mark.parametrize(
    "array",
    [
        struct.pack("<I", 0),
        struct.pack("<Ii", V1, 0),
        struct.pack("<Iii", V2, 0, 0),
        struct.pack("<Iii", V3, 0, -1),
    ],
    ids=["V0", "V1", "V2", "V3"],
)
def test_array_without_a_value_is_there_without_one(api: CApi, array: bytes) -> None:
    assert only_array(api, array) is None


def test_scalar_of_a_newer_file_is_one_element(api: CApi) -> None:
    array = struct.pack("<Iii", V3, 0, 0) + DEVICE + FLOAT32 + struct.pack("<f", 1.5)
    np.testing.assert_array_equal(only_array(api, array), np.array([1.5], np.float32))


TYPES = {0: "<f4", 1: "<f8", 2: "<f2", 3: "u1", 4: "<i4", 5: "i1", 6: "<i8", 7: "?", 8: "<i2", 9: "<u2", 10: "<u4"}
TYPES[11] = "<u8"


@pytest.mark.parametrize("code", TYPES)
def test_every_element_type_becomes_float32(api: CApi, code: int) -> None:
    kind = np.dtype(TYPES[code])
    values = np.array([[0, 1, 0], [1, 1, 1]] if kind.kind == "b" else [[0, 1, 2], [3, 100, 127]], kind)
    if kind.kind in "if":
        values = -values
    array = struct.pack("<Ii", V2, 0) + SHAPE + DEVICE + struct.pack("<i", code) + values.tobytes()
    np.testing.assert_array_equal(only_array(api, array), values.astype(np.float32))


def test_every_half_becomes_its_float(api: CApi) -> None:
    halves = np.arange(1 << 16, dtype="<u2").view("<f2")
    head = struct.pack("<Iiiq", V2, 0, 1, halves.size)
    floats = only_array(api, head + DEVICE + struct.pack("<i", 2) + halves.tobytes())
    np.testing.assert_array_equal(floats, halves.astype(np.float32))


def test_brain_floats_are_the_upper_halves_of_floats(api: CApi) -> None:
    floats = np.array([1, -2.5, 3e38, np.inf, 2.0**-130], np.float32)
    upper = (floats.view(np.uint32) >> 16).astype("<u2")
    head = struct.pack("<Iiiq", V2, 0, 1, upper.size)
    expected = (upper.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(only_array(api, head + DEVICE + struct.pack("<i", 12) + upper.tobytes()), expected)


def test_sparse_rows_are_put_in_their_places(api: CApi) -> None:
    expected = np.zeros((5, 3), np.float32)
    expected[[1, 4]] = VALUES
    np.testing.assert_array_equal(only_array(api, row_sparse((5, 3), [1, 4], VALUES.tobytes())), expected)


def test_compressed_rows_are_put_in_their_places(api: CApi) -> None:
    values = np.array([7, 8, 9], np.float32)
    expected = np.array([[0, 7, 0, 8], [0, 0, 0, 0], [9, 0, 0, 0]], np.float32)
    array = csr((3, 4), [0, 2, 2, 3], [1, 3, 0], values.tobytes())
    np.testing.assert_array_equal(only_array(api, array), expected)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (row_sparse((5, 3), [1, 5], VALUES.tobytes()), "a sparse array has no row 5"),
        (row_sparse((5, 3), [-1, 1], VALUES.tobytes()), "a sparse array has no row -1"),
        (csr((1, 4), [0, 1], [4], bytes(4)), "a csr array has no column 4"),
        (csr((2, 4), [0, 2, 1], [0, 1], bytes(8)), "the row starts of a csr array are not in order"),
        (csr((2, 4), [0, 1], [0], bytes(4)), "a csr array has the wrong number of row starts"),
        (struct.pack("<Ii", V2, 3), "unknown storage type 3"),
        (struct.pack("<Ii", V3, 1), "unknown storage type 1"),
        (struct.pack("<Ii", V2, 0) + SHAPE + DEVICE + struct.pack("<i", 13), "unknown element type 13"),
        (struct.pack("<Iii", V2, 0, 9), "an array of 9 dimensions is not supported"),
        (struct.pack("<Iiiqq", V2, 0, 2, 1 << 31, 1), "an array is too large (extent 2147483648)"),
    ],
)
def test_damaged_array_is_refused(api: CApi, array: bytes, message: str) -> None:
    with pytest.raises(CApiError) as error:
        arrays_of(api, array_list([array]))
    assert str(error.value) == f"MXNDListCreate: parameters: {message}"


def test_names_belong_to_the_arrays_in_their_order(api: CApi) -> None:
    arrays = [struct.pack("<Ii", V2, 0) + SHAPE + DEVICE + FLOAT32 + (VALUES * i).tobytes() for i in range(3)]
    found = arrays_of(api, array_list(arrays, ["arg:a", "", "aux:é"]))
    assert [name for name, _ in found] == ["arg:a", "", "aux:é"]
    for index, (_, values) in enumerate(found):
        np.testing.assert_array_equal(values, VALUES * index)
    with pytest.raises(CApiError, match=r"parameters: 3 arrays, but 1 names$"):
        arrays_of(api, array_list(arrays, ["a"]))
