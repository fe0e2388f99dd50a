"""The whole C API through ctypes, call by call: what `mxpredict` hides is what these tests are about."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

FloatArray = npt.NDArray[np.float32]
Shape = tuple[int, ...]
Handle = ctypes.c_void_p
Shown = tuple[str, FloatArray]

CPU = 1
_uint = ctypes.c_uint32
_floats = ctypes.POINTER(ctypes.c_float)
_callback = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)


class CApiError(Exception):
    """A call returned -1; the text is that of `MXGetLastError`."""


class CApi:
    """The functions of a library; handles are plain values."""

    def __init__(self, path: Path) -> None:
        self.library = ctypes.CDLL(str(path))
        self.library.MXGetLastError.restype = ctypes.c_char_p
        self._callbacks: list[object] = []

    def error(self) -> str:
        text: bytes = self.library.MXGetLastError()
        return text.decode()

    def call(self, name: str, *arguments: object) -> None:
        if getattr(self.library, name)(*arguments) != 0:
            raise CApiError(self.error())

    @staticmethod
    def shapes(inputs: Mapping[str, Shape]) -> list[object]:
        """Return the four arguments that describe input shapes."""
        extents = [extent for shape in inputs.values() for extent in shape]
        ends = np.cumsum([0, *(len(shape) for shape in inputs.values())]).tolist()
        return [
            len(inputs),
            (ctypes.c_char_p * len(inputs))(*(name.encode() for name in inputs)),
            (_uint * len(ends))(*ends),
            (_uint * len(extents))(*extents),
        ]

    def _model(self, symbol: str, params: bytes, inputs: Mapping[str, Shape]) -> list[object]:
        return [symbol.encode(), params, len(params), CPU, 0, *self.shapes(inputs)]

    def create(self, symbol: str, params: bytes, inputs: Mapping[str, Shape]) -> Handle:
        handle = Handle()
        self.call("MXPredCreate", *self._model(symbol, params, inputs), ctypes.byref(handle))
        return handle

    def create_partial(self, symbol: str, params: bytes, inputs: Mapping[str, Shape], outputs: Sequence[str]) -> Handle:
        handle = Handle()
        keys = (ctypes.c_char_p * len(outputs))(*(name.encode() for name in outputs))
        model = self._model(symbol, params, inputs)
        self.call("MXPredCreatePartialOut", *model, len(outputs), keys, ctypes.byref(handle))
        return handle

    def create_threads(self, symbol: str, params: bytes, inputs: Mapping[str, Shape], count: int) -> list[Handle]:
        handles = (Handle * max(count, 1))()
        self.call("MXPredCreateMultiThread", *self._model(symbol, params, inputs), count, handles)
        return [Handle(handle) for handle in handles]

    def create_typed(
        self, symbol: str, params: bytes, inputs: Mapping[str, Shape], dtypes: Mapping[str, int]
    ) -> Handle:
        handle = Handle()
        names = (ctypes.c_char_p * len(dtypes))(*(name.encode() for name in dtypes))
        codes = (ctypes.c_int * len(dtypes))(*dtypes.values())
        model = self._model(symbol, params, inputs)
        self.call("MXPredCreateEx", *model, len(dtypes), names, codes, ctypes.byref(handle))
        return handle

    def reshape(self, handle: Handle, inputs: Mapping[str, Shape]) -> Handle:
        reshaped = Handle()
        self.call("MXPredReshape", *self.shapes(inputs), handle, ctypes.byref(reshaped))
        return reshaped

    def set_input(self, handle: Handle, name: str, values: FloatArray) -> None:
        array = np.ascontiguousarray(values, dtype=np.float32)
        self.call("MXPredSetInput", handle, name.encode(), array.ctypes.data_as(_floats), array.size)

    def forward(self, handle: Handle) -> None:
        self.call("MXPredForward", handle)

    def partial_forward(self, handle: Handle, step: int) -> int:
        left = ctypes.c_int(-7)
        self.call("MXPredPartialForward", handle, step, ctypes.byref(left))
        return left.value

    def output_shape(self, handle: Handle, index: int = 0) -> Shape:
        data, rank = ctypes.POINTER(_uint)(), _uint()
        self.call("MXPredGetOutputShape", handle, index, ctypes.byref(data), ctypes.byref(rank))
        return tuple(data[: rank.value])

    def output(self, handle: Handle, index: int = 0, size: int | None = None) -> FloatArray:
        result = np.empty(self.output_shape(handle, index), np.float32)
        count = result.size if size is None else size
        self.call("MXPredGetOutput", handle, index, result.ctypes.data_as(_floats), count)
        return result

    def run(self, handle: Handle, values: FloatArray) -> FloatArray:
        """Set `data`, run, and return the first output."""
        self.set_input(handle, "data", values)
        self.forward(handle)
        return self.output(handle)

    def monitor(self, handle: Handle, *, inputs: bool) -> list[Shown]:
        """Return a list to which each run appends what the monitor is shown."""
        shown: list[Shown] = []

        def show(name: bytes, array: int, _user: int) -> None:
            shown.append((name.decode(), self._read_monitored(array)))

        callback: Callable[..., None] = _callback(show)
        self._callbacks.append(callback)
        self.call("MXPredSetMonitorCallback", handle, callback, None, inputs)
        return shown

    def _read_monitored(self, array: int) -> FloatArray:
        data, dtype, shape, rank = _floats(), ctypes.c_int(), ctypes.POINTER(_uint)(), _uint()
        pointers = [ctypes.byref(pointer) for pointer in (data, dtype, shape, rank)]
        self.call("MXPredReadMonitored", Handle(array), *pointers)
        extents = shape[: rank.value]
        return np.array(data[: int(np.prod(extents))], np.float32).reshape(extents)
