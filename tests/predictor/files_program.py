"""Loads models as MXNet of all ages wrote them and prints what each gives: numbers, shapes and results.

    files_program.py LIBRARY | --mxnet

As api_program.py, which says the form of what is printed. MXNet runs it with MXNET_ENGINE_TYPE=NaiveEngine, without
which it cannot make predictors for several threads.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from typing import Any

import numpy as np
from api_program import (
    CLASSIFIER,
    DATA,
    FC_WEIGHT,
    VALUES,
    Predictor,
    Session,
    create,
    library_of,
    params_bytes,
    run_all,
    shape_arguments,
    symbol,
    uint,
)

V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
CODES = {0: "<f4", 1: "<f8", 2: "<f2", 3: "u1", 4: "<i4", 5: "i1", 6: "<i8"}
PHOTO = np.linspace(-1, 1, 2 * 3 * 6 * 6, dtype=np.float32).reshape(2, 3, 6, 6)


def shape_bytes(shape: tuple[int, ...]) -> bytes:
    """Return a shape as files since 0.11 have it."""
    return struct.pack(f"<i{len(shape)}q", len(shape), *shape)


def array_list(arrays: list[bytes], names: list[str]) -> bytes:
    """Return a parameter file of encoded arrays."""
    written = b"".join(struct.pack("<Q", len(name)) + name.encode() for name in names)
    head = struct.pack("<QQQ", 0x112, 0, len(arrays))
    return head + b"".join(arrays) + struct.pack("<Q", len(names)) + written


def dense(version: int, array: np.ndarray, code: int = 0, device: tuple[int, int] = (1, 0)) -> bytes:
    """Return a dense array in the form of a version, 0 to 3."""
    heads = {
        0: struct.pack(f"<I{array.ndim}I", array.ndim, *array.shape),
        1: struct.pack("<I", V1) + shape_bytes(array.shape),
        2: struct.pack("<Ii", V2, 0) + shape_bytes(array.shape),
        3: struct.pack("<Ii", V3, 0) + shape_bytes(array.shape),
    }
    return heads[version] + struct.pack("<iii", *device, code) + array.astype(CODES[code]).tobytes()


def sparse_rows(array: np.ndarray, rows: list[int]) -> bytes:
    """Return some rows of an array, the others being zero."""
    head = struct.pack("<Ii", V2, 1) + shape_bytes((len(rows), *array.shape[1:])) + shape_bytes(array.shape)
    indices = struct.pack("<i", 6) + shape_bytes((len(rows),))
    values = array[rows].astype("<f4").tobytes() + np.array(rows, "<i8").tobytes()
    return head + struct.pack("<iii", 1, 0, 0) + indices + values


def compressed_rows(array: np.ndarray) -> bytes:
    """Return an array without its zeros."""
    starts = np.concatenate([[0], np.cumsum((array != 0).sum(axis=1))]).astype("<i8")
    rows, columns = np.nonzero(array)
    head = struct.pack("<Ii", V2, 2) + shape_bytes((len(rows),)) + shape_bytes(array.shape)
    indices = b"".join(struct.pack("<i", 6) + shape_bytes(part.shape) for part in (starts, columns))
    values = array[rows, columns].astype("<f4").tobytes() + starts.tobytes() + columns.astype("<i8").tobytes()
    return head + struct.pack("<iii", 1, 0, 0) + indices + values


def forms() -> dict[str, bytes]:
    """Return the weight of the classifier in every form."""
    some = np.where(np.arange(4)[:, None] % 2 == 1, FC_WEIGHT, 0).astype(np.float32)
    return {
        **{f"V{version}": dense(version, FC_WEIGHT) for version in range(4)},
        **{f"V{version} of a GPU": dense(version, FC_WEIGHT, device=(2, 1)) for version in range(3)},
        "row_sparse": sparse_rows(some, [1, 3]),
        "row_sparse, no rows": sparse_rows(some, []),
        "row_sparse, all rows": sparse_rows(FC_WEIGHT, [0, 1, 2, 3]),
        "csr": compressed_rows(some),
        "csr, nothing": compressed_rows(np.zeros((4, 3), np.float32)),
    }


def run_versions(session: Session) -> None:
    """The same weight in every form."""
    for name, array in forms().items():
        session.case = name
        predictor = create(session, CLASSIFIER, array_list([array], ["arg:fc_weight"]), {"data": (2, 3)})
        if predictor:
            predictor.set("data", VALUES)
            session.say("forward", predictor.forward())
            session.say("output", predictor.output())
            session.say("free", predictor.free())


def run_types(session: Session) -> None:
    """Weights of every element type, in networks of that type."""
    for code, name in CODES.items():
        session.case = name
        text = symbol(DATA, ("null", "w", [], {}), ("elemwise_add", "sum", [0, 1], {}))
        array = dense(2, np.array([[1, 2, 3], [4, 5, 100]]), code)
        predictor = create(session, text, array_list([array], ["arg:w"]), {"data": (2, 3)}, dtypes={"data": code})
        if predictor:
            dtype = np.dtype(name).type
            session.say("type", predictor.dtype())
            session.say("input", predictor.set("data", np.array([[1, 0, 1], [2, 3, 4]], dtype)))
            session.say("forward", predictor.forward())
            session.say("output", predictor.output(dtype=dtype))


def run_lists(session: Session) -> None:
    """The same arrays as lists, with and without names; of the forms that MXNet lists."""
    for name, array in forms().items():
        if name == "V3" or not name.startswith("V"):
            continue
        for names in ([], ["a", "b"], ["a"]):
            session.case = f"{name}, names {names}"
            content = array_list([array, dense(2, VALUES)], names)
            handle, count = ctypes.c_void_p(), uint()
            made = session.library.MXNDListCreate(content, len(content), ctypes.byref(handle), ctypes.byref(count))
            session.say("create", made)
            if made != 0:
                continue
            session.say("count", count.value)
            for index in range(2):
                key, data = ctypes.c_char_p(), ctypes.POINTER(ctypes.c_float)()
                shape, rank = ctypes.POINTER(uint)(), uint()
                pointers = [ctypes.byref(pointer) for pointer in (key, data, shape, rank)]
                session.say(f"get {index}", session.library.MXNDListGet(handle, uint(index), *pointers))
                extents = tuple(shape[: rank.value])
                values = np.array(data[: int(np.prod(extents))], np.float32).reshape(extents)
                session.say(f"{index} {key.value!r}", values)
            session.say("free", session.library.MXNDListFree(handle))


def run_cut_files(session: Session) -> None:
    """Files that end too early, or have more than they need."""
    whole = array_list([dense(2, FC_WEIGHT)], ["arg:fc_weight"])
    for size in (0, 7, 8, 24, 28, 60, len(whole) - 1, len(whole)):
        session.case = f"{size} bytes"
        create(session, CLASSIFIER, whole[:size], {"data": (2, 3)})
    session.case = "more bytes"
    create(session, CLASSIFIER, whole + b"more", {"data": (2, 3)})
    session.case = "another shape"
    create(session, CLASSIFIER, array_list([dense(2, FC_WEIGHT.T)], ["arg:fc_weight"]), {"data": (2, 3)})


# A network with something of every age: operators, the weights and states that they have, what their nodes say.
_LAYERS: list[tuple[str, str, list[int], dict[str, str]]] = [
    ("null", "data", [], {}),
    ("null", "conv_weight", [], {}),
    ("null", "conv_bias", [], {}),
    (
        "Convolution",
        "conv",
        [0, 1, 2],
        {"kernel": "(3L, 3L)", "num_filter": "4", "pad": "(1L, 1L)", "workspace": "512"},
    ),
    ("null", "bn_gamma", [], {}),
    ("null", "bn_beta", [], {}),
    ("BatchNorm", "bn", [3, 4, 5], {"eps": "0.001", "fix_gamma": "False", "momentum": "0.9"}),
    ("LeakyReLU", "act", [6], {"act_type": "leaky", "slope": "0.1"}),
    ("_Plus", "plus", [7, 3], {}),
    ("_MulScalar", "half", [8], {"scalar": "0.5"}),
    ("ElementWiseSum", "all", [9, 7], {"num_args": "2"}),
    ("Pooling", "pool", [10], {"kernel": "(2,2)", "stride": "(2,2)", "pool_type": "max"}),
    ("Flatten", "flat", [11], {}),
    ("null", "fc_weight", [], {}),
    ("null", "fc_bias", [], {}),
    ("FullyConnected", "fc", [12, 13, 14], {"num_hidden": "5"}),
]
_STATES = {"bn": ["bn_moving_mean", "bn_moving_var"], "softmax": ["softmax_label"]}


def network(version: int) -> str:
    """Return the network as that version of MXNet writes it, as major * 10000 + minor * 100 + patch."""
    has_all = version >= 900  # states and labels too
    key = "attrs" if version >= 10000 else "attr" if version >= 900 else "param"
    last = ("Softmax" if version < 900 else "SoftmaxOutput", "softmax", [len(_LAYERS) - 1], {"grad_scale": "1"})
    nodes: list[dict[str, Any]] = []
    places: list[int] = []
    for op, name, inputs, attributes in (*_LAYERS, last):
        entries = [[places[index], 0] for index in inputs]
        for state in _STATES.get(name, []) if has_all else []:
            entries.append([len(nodes), 0])
            nodes.append({"op": "null", "name": state, "inputs": []})
        node: dict[str, Any] = {"op": op, "name": name}
        if attributes or version < 900:
            node[key] = dict(attributes)
        node["inputs"] = [[*entry, 0] for entry in entries] if version >= 900 else entries
        if version < 900:
            node["backward_source_id"] = -1
            if name == "conv":
                node["attr"] = {"lr_mult": "2", "ctx_group": "dev1", "weight_lr_mult": "0.5"}
        places.append(len(nodes))
        nodes.append(node)
    if 900 <= version < 10901:
        nodes[places[3]][key]["__lr_mult__"] = "2"
        nodes[places[3]][key]["ctx_group"] = "dev1"
    variables = [index for index, node in enumerate(nodes) if node["op"] == "null"]
    content: dict[str, Any] = {"nodes": nodes, "arg_nodes": variables}
    if version >= 900:
        content["node_row_ptr"] = list(range(len(nodes) + 1))
    content["heads"] = [[len(nodes) - 1, 0, 0] if version >= 900 else [len(nodes) - 1, 0]]
    if version >= 900:
        content["attrs"] = {"mxnet_version": ["int", version]}
    return json.dumps(content, indent=2)


def weights() -> dict[str, np.ndarray]:
    """Return the weights and states of the network."""

    def line(low: float, high: float, *shape: int) -> np.ndarray:
        return np.sin(np.linspace(low, high, int(np.prod(shape)))).astype(np.float32).reshape(shape)

    return {
        "arg:conv_weight": line(0, 9, 4, 3, 3, 3),
        "arg:conv_bias": line(1, 2, 4),
        "arg:bn_gamma": line(0.5, 1.5, 4),
        "arg:bn_beta": line(-1, 1, 4),
        "arg:fc_weight": line(2, 30, 5, 36),
        "arg:fc_bias": line(0, 3, 5),
        "aux:bn_moving_mean": line(-0.5, 0.5, 4),
        "aux:bn_moving_var": line(0.6, 1.4, 4),
    }


def run_ages(session: Session) -> None:
    """One network as each age wrote it, with the parameter file of that age."""
    arrays = weights()
    for version, file in (
        (700, 0),
        (800, 0),
        (900, 0),
        (903, 0),
        (905, 0),
        (1100, 1),
        (1200, 2),
        (10000, 2),
        (10901, 2),
    ):
        session.case = f"{version}"
        params = array_list([dense(file, array) for array in arrays.values()], list(arrays))
        predictor = create(session, network(version), params, {"data": PHOTO.shape})
        if predictor:
            session.say("shape", predictor.shape())
            session.say("input", predictor.set("data", PHOTO))
            session.say("forward", predictor.forward())
            session.say("output", predictor.output())
            session.say("free", predictor.free())


def run_old_meanings(session: Session) -> None:
    """What attributes meant once."""
    for version in (0, 800, 904, 905, 1200, 10901):
        text = symbol(DATA, ("argmax", "best", [0], {"axis": -1}), version=version)
        if version == 0:
            fields = json.loads(text)
            del fields["attrs"]
            text = json.dumps(fields)
        session.case = f"argmax of {version}"
        predictor = create(session, text, {}, {"data": (2, 3)})
        if predictor:
            predictor.set("data", VALUES)
            predictor.forward()
            session.say("output", predictor.output())
    for shape in ("(0, 6)", "(6, 0)", "(2, 6)"):
        session.case = f"Reshape to {shape}"
        text = symbol(DATA, ("Reshape", "r", [0], {"target_shape": shape}), version=800)
        predictor = create(session, text, {}, {"data": (2, 3, 2)})
        if predictor:
            session.say("shape", predictor.shape())


def run_names(session: Session) -> None:
    """Parameters that the network has not, and those that it misses."""
    fine = {"arg:fc_weight": FC_WEIGHT}
    for name, arrays in {
        "more": {**fine, "arg:other": VALUES, "aux:nothing": VALUES, "nothing": VALUES},
        "label": {**fine, "arg:softmax_label": np.zeros(2, np.float32)},
        "state as weight": {"aux:fc_weight": FC_WEIGHT, "arg:fc_weight": FC_WEIGHT},
    }.items():
        session.case = name
        predictor = create(session, CLASSIFIER, params_bytes(arrays), {"data": (2, 3)})
        if predictor:
            predictor.set("data", VALUES)
            session.say("forward", predictor.forward())
            session.say("output", predictor.output())


def run_threads(session: Session) -> None:
    """Predictors for several threads, one after the other."""
    params = params_bytes({"arg:fc_weight": FC_WEIGHT})
    for count in (1, 3):
        session.case = f"{count} threads"
        handles = (ctypes.c_void_p * count)()
        model = [CLASSIFIER.encode(), params, len(params), 1, 0, *shape_arguments({"data": (2, 3)})]
        session.say("create", session.library.MXPredCreateMultiThread(*model, count, handles))
        for index, handle in enumerate(handles):
            predictor = Predictor(session, ctypes.c_void_p(handle))
            session.say(f"input {index}", predictor.set("data", VALUES * (index + 1)))
            session.say(f"forward {index}", predictor.forward())
            session.say(f"shape {index}", predictor.shape())
            session.say(f"output {index}", predictor.output())
        session.say("free", [session.library.MXPredFree(ctypes.c_void_p(handle)) for handle in handles])


if __name__ == "__main__":
    run_all(globals(), library_of(sys.argv[1:]))
