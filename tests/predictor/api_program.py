"""Calls every function of the C API in many ways and prints what each call gives: numbers, shapes, names and results.

    api_program.py LIBRARY | --mxnet

The same program runs against this library and against MXNet's, which is loaded by importing it. A line is
`SCENARIO, CASE, WHAT: RESULT`, and no two have the same beginning.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

uint = ctypes.c_uint32
Shapes = dict[str, tuple[int, ...]]
Node = tuple[str, str, list[Any], dict[str, object]]
DATA: Node = ("null", "data", [], {})
VALUES = np.array([[1, -2, 3], [0.5, 0, -1]], np.float32)
FC_WEIGHT = np.arange(12, dtype=np.float32).reshape(4, 3) / 10
NAN, INF = np.nan, np.inf


def symbol(*nodes: Node, heads: Sequence[Sequence[int]] | None = None, version: int = 10901) -> str:
    """Return a symbol file; an input is a node, or a node and an output."""
    written = [
        {
            "op": op,
            "name": name,
            "attrs": {key: str(value) for key, value in attributes.items()},
            "inputs": [[one, 0, 0] if isinstance(one, int) else [*one, 0] for one in inputs],
        }
        for op, name, inputs, attributes in nodes
    ]
    variables = [index for index, node in enumerate(nodes) if node[0] == "null"]
    content = {"nodes": written, "arg_nodes": variables, "heads": heads or [[len(nodes) - 1, 0, 0]]}
    return json.dumps({**content, "attrs": {"mxnet_version": ["int", version]}})


CLASSIFIER = symbol(
    DATA,
    ("null", "fc_weight", [], {}),
    ("FullyConnected", "fc", [0, 1], {"num_hidden": 4, "no_bias": True}),
    ("null", "softmax_label", [], {}),
    ("SoftmaxOutput", "softmax", [2, 3], {}),
)
SPLIT = symbol(DATA, ("SliceChannel", "s", [0], {"num_outputs": 3}), ("exp", "e", [[1, 1]], {}))
EXP = symbol(DATA, ("exp", "e", [0], {}))


class Session:
    """A library, and the scenario and the case of it that run; `say` prints their lines."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library
        library.MXGetLastError.restype = ctypes.c_char_p
        self.scenario = self.case = ""
        self.times: dict[str, int] = {}

    def say(self, what: str, result: object) -> None:
        """Print a line; -1 is a failure, and has a text."""
        if isinstance(result, int) and result == -1 and not self.library.MXGetLastError():
            result = "-1 without a text"
        if isinstance(result, np.ndarray):
            result = " ".join(f"{value:.7g}" for value in result.ravel() + 0.0) + f" {result.shape}"
        label = ", ".join(part for part in (self.scenario, self.case, what) if part)
        self.times[label] = self.times.get(label, 0) + 1
        if self.times[label] > 1:
            label += f" #{self.times[label]}"
        print(f"{label}: {result}")


class Predictor:
    """A handle; every call gives its result, not an exception."""

    def __init__(self, session: Session, handle: ctypes.c_void_p) -> None:
        self.library, self.handle = session.library, handle

    def set(self, name: str, values: np.ndarray) -> int:
        """Call MXPredSetInput."""
        array = np.ascontiguousarray(values)
        pointer = array.ctypes.data_as(ctypes.c_void_p)
        result: int = self.library.MXPredSetInput(self.handle, name.encode(), pointer, uint(array.size))
        return result

    def forward(self) -> int:
        """Call MXPredForward."""
        result: int = self.library.MXPredForward(self.handle)
        return result

    def step(self, number: int) -> tuple[int, int]:
        """Call MXPredPartialForward; give its result and what it leaves."""
        left = ctypes.c_int(-7)
        return self.library.MXPredPartialForward(self.handle, number, ctypes.byref(left)), left.value

    def shape(self, index: int = 0) -> object:
        """Call MXPredGetOutputShape."""
        data, rank = ctypes.POINTER(uint)(), uint()
        pointers = ctypes.byref(data), ctypes.byref(rank)
        if self.library.MXPredGetOutputShape(self.handle, uint(index), *pointers) != 0:
            return -1
        return tuple(data[: rank.value])

    def dtype(self, index: int = 0) -> object:
        """Call MXPredGetOutputType."""
        codes = (ctypes.c_int * 8)()
        if self.library.MXPredGetOutputType(self.handle, uint(index), codes) != 0:
            return -1
        return codes[index]  # as MXNet writes it there; this library does so for the first output

    def output(self, index: int = 0, dtype: type = np.float32, extra: int = 0) -> object:
        """Call MXPredGetOutput, `extra` elements too many."""
        shape = self.shape(index)
        if not isinstance(shape, tuple):
            return -1
        values = np.zeros(int(np.prod(shape)) + extra, dtype)
        pointer = values.ctypes.data_as(ctypes.c_void_p)
        if self.library.MXPredGetOutput(self.handle, uint(index), pointer, uint(values.size)) != 0:
            return -1
        return values.reshape(shape)

    def free(self) -> int:
        """Call MXPredFree."""
        result: int = self.library.MXPredFree(self.handle)
        return result


def shape_arguments(shapes: Shapes) -> list[object]:
    """Return the four arguments that describe input shapes."""
    extents = [extent for shape in shapes.values() for extent in shape]
    ends = [0, *np.cumsum([len(shape) for shape in shapes.values()]).tolist()]
    keys = (ctypes.c_char_p * max(len(shapes), 1))(*map(str.encode, shapes))
    return [uint(len(shapes)), keys, (uint * len(ends))(*ends), (uint * max(len(extents), 1))(*extents)]


def create(
    session: Session,
    text: str,
    arrays: Mapping[str, np.ndarray] | bytes,
    shapes: Shapes,
    outputs: Sequence[str] = (),
    dtypes: Mapping[str, int] | None = None,
) -> Predictor | None:
    """Make a predictor by the function that the arguments ask for, say how that ended, and return it."""
    params = arrays if isinstance(arrays, bytes) else params_bytes(arrays)
    handle = ctypes.c_void_p()
    model = [text.encode(), params, len(params), 1, 0, *shape_arguments(shapes)]
    function, more = "MXPredCreate", []
    if outputs:
        function = "MXPredCreatePartialOut"
        more = [uint(len(outputs)), (ctypes.c_char_p * len(outputs))(*map(str.encode, outputs))]
    if dtypes is not None:
        function = "MXPredCreateEx"
        names = (ctypes.c_char_p * max(len(dtypes), 1))(*map(str.encode, dtypes))
        more = [uint(len(dtypes)), names, (ctypes.c_int * max(len(dtypes), 1))(*dtypes.values())]
    result = getattr(session.library, function)(*model, *more, ctypes.byref(handle))
    session.say(function, result)
    return Predictor(session, handle) if result == 0 else None


def params_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return a parameter file with arrays of several types."""
    codes = {"float32": 0, "float64": 1, "float16": 2, "uint8": 3, "int32": 4}
    parts = [struct.pack("<QQQ", 0x112, 0, len(arrays))]
    for array in arrays.values():
        parts.append(struct.pack("<Iii", 0xF993FAC9, 0, array.ndim) + struct.pack(f"<{array.ndim}q", *array.shape))
        parts.append(struct.pack("<iii", 1, 0, codes[str(array.dtype)]) + array.tobytes())
    parts.append(struct.pack("<Q", len(arrays)))
    parts += [struct.pack("<Q", len(name)) + name.encode() for name in arrays]
    return b"".join(parts)


def reshape(session: Session, predictor: Predictor, shapes: Shapes) -> Predictor | None:
    """Call MXPredReshape and say how that ended."""
    handle = ctypes.c_void_p()
    result = session.library.MXPredReshape(*shape_arguments(shapes), predictor.handle, ctypes.byref(handle))
    session.say(f"MXPredReshape {shapes}", result)
    return Predictor(session, handle) if result == 0 else None


def run_classifier(session: Session) -> None:
    """The usual way, and what can go wrong on it."""
    predictor = create(session, CLASSIFIER, {"arg:fc_weight": FC_WEIGHT}, {"data": (2, 3)})
    assert predictor
    session.say("shape", predictor.shape())
    session.say("type", predictor.dtype())
    session.say("shape of no output", predictor.shape(1))
    session.say("input", predictor.set("data", VALUES))
    session.say("input of a wrong size", predictor.set("data", VALUES[:1]))
    session.say("input that is not there", predictor.set("dta", VALUES))
    session.say("forward", predictor.forward())
    session.say("output", predictor.output())
    session.say("output of a wrong size", predictor.output(extra=1))
    session.say("output that is not there", predictor.output(1))
    session.say("input again", predictor.set("data", -VALUES))
    session.say("forward again", predictor.forward())
    session.say("output again", predictor.output())
    session.say("label", predictor.set("softmax_label", np.zeros(2, np.float32)))
    session.say("free", predictor.free())
    session.say("free of nothing", session.library.MXPredFree(None))


def run_steps(session: Session) -> None:
    """One node after the other, and beyond the last."""
    predictor = create(session, CLASSIFIER, {"arg:fc_weight": FC_WEIGHT}, {"data": (2, 3)})
    assert predictor
    predictor.set("data", VALUES)
    for number in [*range(8), 2**31 - 1]:
        session.say(f"step {number}", predictor.step(number))
    session.say("output", predictor.output())
    session.say("forward", predictor.forward())
    session.say("output after it", predictor.output())


def run_reshape(session: Session) -> None:
    """Other batches, with and without the label."""
    shapes: Shapes = {"data": (2, 3), "softmax_label": (2,)}
    old = create(session, CLASSIFIER, {"arg:fc_weight": FC_WEIGHT}, shapes)
    assert old
    old.set("data", VALUES)
    old.forward()
    new = reshape(session, old, {"data": (1, 3), "softmax_label": (1,)})
    assert new
    new.set("data", VALUES[1:])
    session.say("forward", new.forward())
    session.say("output", new.output())
    session.say("old output", old.output())
    reshape(session, old, {"data": (2, 4), "softmax_label": (2,)})
    reshape(session, old, {"data": (5, 3)})
    session.say("free", [old.free(), new.free()])


def run_shapes(session: Session) -> None:
    """What may be left open, and what contradicts."""
    weights = {"arg:fc_weight": FC_WEIGHT}
    for shapes in (
        {"data": (2, 3), "softmax_label": ()},
        {"data": (2, 3), "fc_weight": ()},
        {"data": (2, 3), "fc_weight": (0, 3)},
        {"data": (2, 3), "other": (7,)},
        {"data": ()},
        {"data": (0, 3)},
        {"data": (0, 3), "softmax_label": (2,)},
        {"data": (2, 4)},
        {"data": (2, 3), "fc_weight": (5, 3)},
        {},
    ):
        session.case = f"inputs {shapes}"
        predictor = create(session, CLASSIFIER, weights, shapes)  # type: ignore[arg-type]
        if predictor:
            session.say("shape", predictor.shape())


def run_outputs(session: Session) -> None:
    """Nodes by their names."""
    weights = {"arg:fc_weight": FC_WEIGHT}
    for keys in (["fc"], ["softmax", "fc"], ["fc", "fc"], ["fc_output"], ["nothing"]):
        predictor = create(session, CLASSIFIER, weights, {"data": (2, 3)}, keys)
        session.say(f"{keys}", predictor and [predictor.shape(index) for index in range(3)])
    for key in ("s", "s0", "s_output0", "e"):
        predictor = create(session, SPLIT, {}, {"data": (1, 3)}, [key])
        session.say(key, predictor and predictor.shape())
    twice = symbol(DATA, ("negative", "e", [0], {}), ("_mul_scalar", "e", [1], {"scalar": 2}))
    predictor = create(session, twice, {}, {"data": (2, 3)}, ["e"])
    assert predictor
    predictor.set("data", VALUES)
    session.say("forward", predictor.forward())
    session.say("output of one of two nodes", predictor.output())
    repeated = symbol(DATA, ("exp", "e", [0], {}), heads=[[1, 0, 0], [1, 0, 0], [0, 0, 0]])
    predictor = create(session, repeated, {}, {"data": (2, 3)})
    assert predictor
    predictor.set("data", VALUES)
    session.say("forward of three heads", predictor.forward())
    for index in range(4):
        session.say(f"head {index}", predictor.output(index))


def run_types(session: Session) -> None:
    """Element types of inputs, weights and casts."""
    for code, dtype in ((0, np.float32), (1, np.float64), (3, np.uint8), (4, np.int32)):
        for target, wanted in (("float32", np.float32), ("float64", np.float64), ("int32", np.int32)):
            text = symbol(DATA, ("Cast", "c", [0], {"dtype": target}))
            predictor = create(session, text, {}, {"data": (2, 3)}, dtypes={"data": code})
            assert predictor
            session.say("type", predictor.dtype())
            predictor.set("data", np.array([[1, 2, 3], [100, 0, 7]], dtype))
            session.say("forward", predictor.forward())
            session.say(f"{np.dtype(dtype)} to {target}", predictor.output(dtype=wanted))
    create(session, EXP, {}, {"data": (2, 3)}, dtypes={"data": 77})
    create(session, EXP, {}, {"data": (2, 3)}, dtypes={"other": 1})
    create(session, EXP, {}, {"data": (2, 3)}, dtypes={})


def run_lists(session: Session) -> None:
    """Lists of arrays."""
    library = session.library
    for arrays in ({}, {"a": VALUES, "arg:b": FC_WEIGHT}):
        content = params_bytes(arrays)
        handle, count = ctypes.c_void_p(), uint()
        session.say("create", library.MXNDListCreate(content, len(content), ctypes.byref(handle), ctypes.byref(count)))
        session.say("count", count.value)
        for index in range(len(arrays)):
            key, data = ctypes.c_char_p(), ctypes.POINTER(ctypes.c_float)()
            shape, rank = ctypes.POINTER(uint)(), uint()
            pointers = [ctypes.byref(pointer) for pointer in (key, data, shape, rank)]
            session.say("get", library.MXNDListGet(handle, uint(index), *pointers))
            extents = tuple(shape[: rank.value])
            session.say(f"{key.value!r}", np.array(data[: int(np.prod(extents))], np.float32).reshape(extents))
        session.say("free", library.MXNDListFree(handle))
    session.say("free of nothing", library.MXNDListFree(None))
    for content in (b"", b"\x12\x01", bytes(24), params_bytes({"a": VALUES})[:-1]):
        result = library.MXNDListCreate(content, len(content), ctypes.byref(handle), ctypes.byref(count))
        session.say(f"{len(content)} bytes", result)


def run_files(session: Session) -> None:
    """Symbol files with something wrong."""
    fine = json.loads(EXP)
    texts = {
        "nothing": "",
        "no object": "[]",
        "half": EXP[:-9],
        "two of nodes": f'{{"nodes": {json.dumps(fine["nodes"])}, {EXP[1:]}',
        "unknown field": json.dumps({**fine, "more": 1}),
        "no heads": json.dumps({**fine, "heads": []}),
        "unknown operator": symbol(DATA, ("Frobnicate", "f", [0], {})),
        "too few inputs": symbol(DATA, ("elemwise_add", "a", [0], {})),
        "too many inputs": symbol(DATA, ("exp", "a", [0, 0], {})),
        "no inputs": symbol(DATA, ("Concat", "a", [], {"num_args": 0, "dim": 1})),
        "newer": symbol(DATA, ("exp", "e", [0], {}), version=20000),
        "older": symbol(DATA, ("Flatten", "e", [0], {"lr_mult": 2}), version=10000),
        "training key": symbol(DATA, ("Flatten", "e", [0], {"lr_mult": 2})),
        "hidden key": symbol(DATA, ("Flatten", "e", [0], {"__lr_mult__": 2})),
    }
    for name, text in texts.items():
        session.case = name
        predictor = create(session, text, {}, {"data": (2, 3)})
        if predictor:
            session.say("shape", predictor.shape())


def run_attributes(session: Session) -> None:
    """Values of attributes."""
    values = ["3", " 3 ", "+3", "03", "3.0", "3L", "0x3", "", "None", "-3"]
    for key, given in {
        "num_hidden": values,
        "flatten": ["true", "FALSE", "1", "0", "2", "None", ""],
        "no_bias": ["True", "None", "yes"],
        "foo": ["1"],
    }.items():
        for value in given:
            attributes: dict[str, object] = {"num_hidden": 3, "no_bias": True, key: value}
            session.case = f"{key}={value!r}"
            weight: Node = ("null", "w", [], {})
            text = symbol(DATA, weight, ("FullyConnected", "fc", [0, 1], attributes))
            create(session, text, {"arg:w": np.ones((3, 3), np.float32)}, {"data": (2, 3)})
    pooling = {"kernel": "(1, 1)", "pool_type": "lp"}
    for more in ({}, {"p_value": 2}, {"p_value": "None"}):
        session.case = f"Pooling {more}"
        create(session, symbol(DATA, ("Pooling", "p", [0], {**pooling, **more})), {}, {"data": (1, 1, 2, 2)})
    for op, attributes in (
        ("norm", {"exclude": True}),
        ("sum", {"axis": "(1, 1)"}),
        ("sum", {"axis": "(1, -1)"}),
        ("LeakyReLU", {"slope": "nan"}),
        ("L2Normalization", {"mode": "channel"}),
        ("L2Normalization", {"mode": "spatial"}),
        ("Pooling_v1", {"kernel": "(1, 1)", "pool_type": "lp"}),
    ):
        session.case = f"{op} {attributes}"
        create(session, symbol(DATA, (op, "n", [0], attributes)), {}, {"data": (2, 3)})


def run_not_numbers(session: Session) -> None:
    """What operators make of NaN."""
    a = np.array([[1, NAN, 3], [NAN, -2, NAN], [5, 6, 0]], np.float32)
    b = np.array([[NAN, 1, 2], [NAN, -3, 0], [-INF, 7, NAN]], np.float32)
    more: Node = ("null", "more", [], {})
    for op in ("_maximum", "_minimum", "broadcast_maximum", "_hypot", "_power", "_mod", "_equal", "_greater"):
        predictor = create(session, symbol(DATA, more, (op, "n", [0, 1], {})), {}, {"data": (3, 3), "more": (3, 3)})
        assert predictor
        predictor.set("data", a)
        predictor.set("more", b)
        predictor.forward()
        session.say(op, predictor.output())
    for op, attributes in (
        *((op, {"axis": 1}) for op in ("max", "min", "sum", "prod", "argmax", "argmin", "nansum")),
        *((op, {"scalar": scalar}) for op in ("_maximum_scalar", "_minimum_scalar") for scalar in (0, "nan")),
        *((op, {}) for op in ("sign", "relu", "abs", "floor", "logical_not", "sigmoid", "LeakyReLU")),
        ("clip", {"a_min": -1, "a_max": 2}),
        ("clip", {"a_min": "nan", "a_max": 2}),
    ):
        predictor = create(session, symbol(DATA, (op, "n", [0], attributes)), {}, {"data": (3, 3)})
        assert predictor
        predictor.set("data", a)
        predictor.forward()
        session.say(f"{op} {attributes}", predictor.output())


def run_monitor(session: Session) -> None:
    """The names that a monitor is shown."""
    text = symbol(
        DATA,
        ("null", "w", [], {}),
        ("null", "b", [], {}),
        ("Convolution", "conv", [0, 1, 2], {"kernel": "(3, 3)", "num_filter": 4}),
        ("Activation", "act", [3], {"act_type": "relu"}),
        ("SliceChannel", "sl", [4], {"num_outputs": 2}),
        ("Concat", "cc", [[5, 0], [5, 1]], {"dim": 1, "num_args": 2}),
        ("transpose", "tr", [6], {}),
        ("tile", "ti", [7], {"reps": "(1, 1, 1, 2)"}),
        ("Flatten", "fl", [8], {}),
        ("_mul_scalar", "ms", [9], {"scalar": 2}),
        ("elemwise_add", "ad", [9, 10], {}),
        ("null", "softmax_label", [], {}),
        ("SoftmaxOutput", "sm", [11, 12], {}),
    )
    weights = {"arg:w": np.ones((4, 2, 3, 3), np.float32), "arg:b": np.ones(4, np.float32)}
    monitor = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)
    for shows_inputs in (False, True):
        predictor = create(session, text, weights, {"data": (1, 2, 4, 4)})
        assert predictor
        names: list[str] = []
        callback = monitor(lambda name, _array, _user, names=names: names.append(name.decode()))
        is_set = session.library.MXPredSetMonitorCallback(predictor.handle, callback, None, ctypes.c_bool(shows_inputs))
        session.say("MXPredSetMonitorCallback", is_set)
        session.say("forward", predictor.forward())
        predictor.output()
        session.say(f"names, inputs {shows_inputs}", " ".join(names))


def library_of(arguments: Sequence[str]) -> ctypes.CDLL:
    """Return the library that the command line names."""
    if "--mxnet" not in arguments:
        return ctypes.CDLL(arguments[0])
    os.environ["MXNET_SUBGRAPH_BACKEND"] = "NONE"  # read when mxnet is imported
    import mxnet  # noqa: PLC0415 - where it is not asked for, it is not there

    return ctypes.CDLL(mxnet.libinfo.find_lib_path()[0])


def run_all(program: Mapping[str, Any], library: ctypes.CDLL) -> None:
    """Run all scenarios of a program, its functions `run_NAME`."""
    session = Session(library)
    for name, function in list(program.items()):
        if name.startswith("run_") and name != "run_all":
            session.scenario, session.case = name.removeprefix("run_"), ""
            function(session)


if __name__ == "__main__":
    run_all(globals(), library_of(sys.argv[1:]))
