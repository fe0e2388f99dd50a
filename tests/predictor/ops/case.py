"""One run of one operator: its attributes, and the shapes, types and values of its inputs.

NumPy is all that this module needs.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray = npt.NDArray[np.float32]
Shape = tuple[int, ...]

# Inputs that MXNet changes in training, which it calls auxiliary.
_AUXILIARY = {
    "BatchNorm": (3, 4),
    "BatchNorm_v1": (3, 4),
    "_contrib_BatchNormWithReLU": (3, 4),
    "_contrib_SyncBatchNorm": (3, 4),
    "IdentityAttachKLSparseReg": (1,),
}
_VERSION = 10901


@dataclass(frozen=True)
class Case:
    """One run of one operator.

    `kinds` says for each input where its values lie, see `draw`, and `types` its element type; the last of
    each is repeated. Without types, all is float32.
    """

    op: str
    attributes: dict[str, str]
    shapes: tuple[Shape, ...]
    kinds: tuple[str, ...] = ("any",)
    outputs: int = 1
    types: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return a name that no other case has."""
        attributes = ",".join(f"{key}={value}" for key, value in self.attributes.items())
        shapes = ";".join("x".join(map(str, shape)) for shape in self.shapes)
        kinds = "" if self.kinds == ("any",) else " " + ",".join(self.kinds)
        types = "".join(f" {name}" for name in self.types)
        return f"{self.op}({attributes}) {shapes}{kinds}{types}"

    @property
    def auxiliary(self) -> tuple[int, ...]:
        """Return the numbers of the auxiliary inputs."""
        return _AUXILIARY.get(self.op, ())

    def symbol(self, op: str = "") -> str:
        """Return the graph of this one operator, or of another with the same inputs and attributes."""
        count = len(self.shapes)
        variables = [{"op": "null", "name": input_name(i), "inputs": []} for i in range(count)]
        node = {
            "op": op or self.op,
            "name": "node",
            "attrs": self.attributes,
            "inputs": [[i, 0, 0] for i in range(count)],
        }
        graph = {
            "nodes": [*variables, node],
            "arg_nodes": list(range(count)),
            "heads": [[count, index, 0] for index in range(self.outputs)],
            "attrs": {"mxnet_version": ["int", _VERSION]},
        }
        return json.dumps(graph)

    def inputs(self) -> dict[str, FloatArray]:
        """Draw all inputs, the same on every machine."""
        kinds = [*self.kinds, *[self.kinds[-1]] * len(self.shapes)]
        return {input_name(i): draw(f"{self.id}/{i}", shape, kinds[i]) for i, shape in enumerate(self.shapes)}

    def typed_inputs(self) -> dict[str, npt.NDArray[np.generic]]:
        """Draw all inputs, each in its own type."""
        own = self.types or ("float32",)
        types = [*own, *[own[-1]] * len(self.shapes)]
        return {name: array.astype(types[i]) for i, (name, array) in enumerate(self.inputs().items())}


def input_name(index: int) -> str:
    """Return the name of an input."""
    return f"input{index}"


def draw(seed: str, shape: Shape, kind: str) -> FloatArray:
    """Return multiples of 1/256 from -2 to 2 ("any"), or of what the kind says."""
    generator = np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "little"))
    raw = (generator.random_raw(math.prod(shape)) >> np.uint64(32)).astype(np.int64).reshape(shape)
    low, high, scale = {
        "any": (-512, 512, 256),
        "positive": (16, 512, 256),  # from 1/16 to 2
        "inside": (-240, 240, 256),  # between -1 and 1
        "above": (264, 1024, 256),  # more than 1
        "halves": (-8, 8, 2),  # with ties to round
        "index": (-2, 6, 1),  # also outside of a small axis
        "small": (0, 3, 1),
        "flag": (0, 1, 1),
        "large": (-25600, 25600, 256),  # where exponentials overflow
        "byte": (0, 255, 1),
        "special": (-512, 512, 256),  # one in three is infinite, zero or not a number
        "diagonal": (-256, 256, 1024),  # square matrices, with 1.75 more on the diagonal
        "gaps": (-512, 512, 256),  # one in three is not a number
        "unit": (0, 256, 256),  # from 0 to 1
        "length": (1, 4, 1),
        "image": (20, 31, 1),  # height, width, and a scale of 1
        "corners": (0, 256, 256),  # boxes: left, top, right, bottom
        "detections": (0, 256, 256),  # class, score, box
        "regions": (0, 24, 2),  # index of the image, box in pixels
    }[kind]
    if kind in _BOXES:
        return _in_order(raw, low, high, scale, kind)
    values = ((raw % (high - low + 1) + low) / scale).astype(np.float32)
    if kind == "image":
        values[..., 2] = 1
    if kind == "diagonal":
        values += np.eye(shape[-1], dtype=np.float32) * 1.75
    if kind in _SPECIAL:
        chosen = np.array(_SPECIAL[kind], np.float32)
        values = np.where(raw % 3 == 0, chosen[raw // 3 % len(chosen)], values)
    return values


_SPECIAL = {"special": (math.nan, math.inf, -math.inf, 0.0, -0.0), "gaps": (math.nan,)}


# Where a box begins in its row.
_BOXES = {"corners": 0, "detections": 2, "regions": 1}


def _in_order(raw: npt.NDArray[np.int64], low: int, high: int, scale: int, kind: str) -> FloatArray:
    """Return rows whose box has its first corner left of and above its second."""
    rows = ((raw % (high - low + 1) + low) / scale).astype(np.float32)
    first = _BOXES[kind]
    boxes = rows[..., first : first + 4].copy()
    rows[..., first : first + 2] = np.minimum(boxes[..., :2], boxes[..., 2:])
    rows[..., first + 2 : first + 4] = np.maximum(boxes[..., :2], boxes[..., 2:])
    if kind == "detections":
        rows[..., 0] = raw[..., 0] % 3
    if kind == "regions":
        rows[..., 0] = raw[..., 0] % 2
    return rows


def case(op: str, attributes: str, *shapes: Shape, kinds: str = "any", outputs: int = 1, types: str = "") -> Case:
    """Return a case; attributes are written `key=value; key=value`."""
    pairs = [pair.split("=", 1) for pair in attributes.split("; ") if pair]
    return Case(op, dict(pairs), shapes, tuple(kinds.split()), outputs, tuple(types.split()))


def each(ops: str, attributes: str, *shapes: Shape, kinds: str = "any", types: str = "") -> list[Case]:
    """Return the same case for each of several operators."""
    return [case(op, attributes, *shapes, kinds=kinds, types=types) for op in ops.split()]


def over(ops: str, attributes: str, *runs: Sequence[Shape], kinds: str = "any", types: str = "") -> list[Case]:
    """Return a case for each of several operators with each of several lists of shapes."""
    return [built for shapes in runs for built in each(ops, attributes, *shapes, kinds=kinds, types=types)]


PHOTO = (2, 3, 7, 9)
