"""Says in MXNet's codes how one shape becomes another where some dimensions are open.

A code is a number for itself, 0 for the axis at the same place, -1 for what is left (once), -3 for the product of
two axes, -4 followed by the two parts of an axis that is split. One operator does where at most one axis is hard to
name; otherwise axes are merged, then split, one pair after the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mxconvert.from_onnx.values import is_same

if TYPE_CHECKING:
    from mxconvert.from_onnx.values import Shapes

Codes = tuple[int, ...]
_MERGE, _SPLIT = -3, -4


@dataclass(frozen=True)
class Split:
    """The axis at `place` becomes several that no code can name: as some other tensor has them."""

    place: int
    parts: Shapes


Step = Codes | Split


def single_step(source: Shapes, target: Shapes) -> Codes | None:
    """Return the codes of one operator without merging and splitting, if they do."""
    codes: list[int] = []
    for axis in range(len(target[0])):
        sizes = tuple(shape[axis] for shape in target)
        if is_same(sizes):
            codes.append(sizes[0])
        elif axis < len(source[0]) and sizes == tuple(shape[axis] for shape in source):
            codes.append(0)
        else:
            codes.append(-1)
    return tuple(codes) if codes.count(-1) <= 1 else None


def steps(source: Shapes, target: Shapes) -> list[Step] | None:
    """Return one operator after the other, or None where the shapes have no parts in common."""
    codes = single_step(source, target)
    if codes is not None:
        return [codes]
    blocks = _blocks(source, target)
    if blocks is None:
        return None
    done: list[Step] = []
    axes = len(source[0])
    for place, (count, parts) in enumerate(blocks):
        if (count, len(parts[0])) != (1, 1):
            for _ in range(count - 1):
                done.append((0,) * place + (_MERGE,) + (0,) * (axes - place - 2))
                axes -= 1
    place = 0
    for _, parts in blocks:
        done += _split(place, axes, parts)
        axes += len(parts[0]) - 1
        place += len(parts[0])
    return done


def _blocks(source: Shapes, target: Shapes) -> list[tuple[int, Shapes]] | None:
    """Return how many axes of the source become which of the target, as finely as it goes."""
    blocks: list[tuple[int, Shapes]] = []
    i = j = 0
    while i < len(source[0]) and j < len(target[0]):
        first, start = i, j
        i, j = i + 1, j + 1
        while True:
            before = [math.prod(shape[first:i]) for shape in source]
            after = [math.prod(shape[start:j]) for shape in target]
            if before == after:
                break
            if all(a < b for a, b in zip(before, after, strict=True)) and i < len(source[0]):
                i += 1
            elif all(a > b for a, b in zip(before, after, strict=True)) and j < len(target[0]):
                j += 1
            else:
                return None
        if j == len(target[0]):  # axes of size 1 at the end
            i = len(source[0])
        if i == len(source[0]):
            j = len(target[0])
        blocks.append((i - first, tuple(shape[start:j] for shape in target)))
    return blocks


def _split(place: int, axes: int, parts: Shapes) -> list[Step]:
    """Split an axis: off its front what has a fixed size, or all at once as another tensor has it."""
    done: list[Step] = []
    count = len(parts[0])
    open_parts = [axis for axis in range(count) if not is_same(tuple(shape[axis] for shape in parts))]
    if len(open_parts) > 1:
        return [Split(place, parts)]
    for axis in range(count - 1):
        head, rest = parts[0][axis], math.prod(parts[0][axis + 1 :])
        pair = (-1, rest) if axis in open_parts else (head, -1)
        done.append((0,) * (place + axis) + (_SPLIT, *pair) + (0,) * (axes - place - 1))
    return done
