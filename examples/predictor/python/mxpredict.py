"""MXNet's C predict API for Python, through ctypes: a library, and the networks it runs.

Any library with the functions of `c_predict_api.h` will do. Every failure is a `PredictorError` with the
library's own text, which `MXGetLastError` keeps for the thread that called.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

FloatArray = npt.NDArray[np.float32]
Shape = tuple[int, ...]

_CPU = 1
_uint = ctypes.c_uint32
_floats = ctypes.POINTER(ctypes.c_float)

# Argument types as c_predict_api.h declares them; every function returns 0, or -1 after a failure.
_FUNCTIONS: dict[str, list[object]] = {
    "MXPredCreate": [
        ctypes.c_char_p,  # symbol_json_str, ends with NUL
        ctypes.c_char_p,  # param_bytes
        ctypes.c_int,  # param_size
        ctypes.c_int,  # dev_type
        ctypes.c_int,  # dev_id
        _uint,  # num_input_nodes
        ctypes.POINTER(ctypes.c_char_p),  # input_keys
        ctypes.POINTER(_uint),  # input_shape_indptr
        ctypes.POINTER(_uint),  # input_shape_data
        ctypes.POINTER(ctypes.c_void_p),  # out
    ],
    "MXPredGetOutputShape": [
        ctypes.c_void_p,
        _uint,
        ctypes.POINTER(ctypes.POINTER(_uint)),
        ctypes.POINTER(_uint),
    ],
    "MXPredSetInput": [ctypes.c_void_p, ctypes.c_char_p, _floats, _uint],
    "MXPredForward": [ctypes.c_void_p],
    "MXPredGetOutput": [ctypes.c_void_p, _uint, _floats, _uint],
    "MXPredFree": [ctypes.c_void_p],
}


class PredictorError(Exception):
    """A library that cannot be loaded, or a call that it refused; the text says why."""


class Library:
    """A loaded shared library whose functions raise instead of returning -1."""

    def __init__(self, path: Path) -> None:
        try:
            # an absolute path: a bare name would be looked for in the system's folders
            self._library = ctypes.CDLL(str(path.resolve()))
            self._last_error = self._library.MXGetLastError
            self._functions: dict[str, Callable[..., int]] = {name: self._bind(name) for name in _FUNCTIONS}
        except (OSError, AttributeError) as error:
            raise PredictorError(f"cannot load the library: {error}") from error
        self._last_error.argtypes = []
        self._last_error.restype = ctypes.c_char_p

    def _bind(self, name: str) -> Callable[..., int]:
        function = getattr(self._library, name)
        function.argtypes = _FUNCTIONS[name]
        function.restype = ctypes.c_int
        return function

    def call(self, name: str, *arguments: object) -> None:
        """Call a function of the API.

        Raises:
            PredictorError: the function failed; the text is what `MXGetLastError` says.
        """
        if self._functions[name](*arguments) != 0:
            raise PredictorError(f"{name}: {self._last_error().decode(errors='replace').strip()}")


class Predictor:
    """A network bound to the shapes of its inputs; free it with `close` or a `with` block."""

    def __init__(self, library: Library, symbol: bytes, params: bytes, inputs: Mapping[str, Shape]) -> None:
        """Load a network.

        Args:
            library: runs the network.
            symbol: the contents of `NAME-symbol.json`.
            params: the contents of `NAME-0000.params`.
            inputs: the shape of each input, batch first.
        """
        self._library = library
        self._handle = ctypes.c_void_p()
        dimensions = [size for shape in inputs.values() for size in shape]
        ends = np.cumsum([0, *(len(shape) for shape in inputs.values())]).tolist()
        library.call(
            "MXPredCreate",
            symbol,
            params,
            len(params),
            _CPU,
            0,
            len(inputs),
            (ctypes.c_char_p * len(inputs))(*(name.encode() for name in inputs)),
            (_uint * len(ends))(*ends),
            (_uint * len(dimensions))(*dimensions),
            ctypes.byref(self._handle),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the network; a second call does nothing."""
        if self._handle:
            self._library.call("MXPredFree", self._handle)
            self._handle = ctypes.c_void_p()

    def set_input(self, name: str, values: npt.ArrayLike) -> None:
        """Copy one input into the network; it stays until it is set again."""
        array = np.ascontiguousarray(values, dtype=np.float32)
        pointer = array.ctypes.data_as(_floats)
        self._library.call("MXPredSetInput", self._handle, name.encode(), pointer, array.size)

    def forward(self) -> None:
        """Run the network."""
        self._library.call("MXPredForward", self._handle)

    def output_shape(self, index: int = 0) -> Shape:
        """Return the shape of an output, which is known before the network has run."""
        data, rank = ctypes.POINTER(_uint)(), _uint()
        self._library.call("MXPredGetOutputShape", self._handle, index, ctypes.byref(data), ctypes.byref(rank))
        return tuple(data[axis] for axis in range(rank.value))

    def output(self, index: int = 0) -> FloatArray:
        """Return a copy of an output of the last `forward`."""
        result = np.empty(self.output_shape(index), dtype=np.float32)
        pointer = result.ctypes.data_as(_floats)
        self._library.call("MXPredGetOutput", self._handle, index, pointer, result.size)
        return result
