"""Which inclusion each line of the output belongs to, in the output as it lies on the disk."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amalgamate.write.emitter import Emitted


def owners_of_lines(emitted: Emitted, found: bytes) -> list[int]:
    """Return for each line of `found`, from index 1, the number of its emission; the tool's own text has -1.

    Where the disk has other lines than a build would write, they belong to what stands before them.
    """
    owners = _owners(emitted)
    if found == emitted.data:
        return owners
    wanted_lines, found_lines = emitted.data.split(b"\n"), found.split(b"\n")
    before = _common(wanted_lines, found_lines)
    rest = min(len(wanted_lines), len(found_lines)) - before
    after = min(_common(wanted_lines[::-1], found_lines[::-1]), rest)
    middle = wanted_lines[before : len(wanted_lines) - after], found_lines[before : len(found_lines) - after]
    result = owners[: before + 1]
    for tag, first, behind, other_first, other_behind in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        same_size = behind - first == other_behind - other_first
        if tag == "equal" or same_size:
            result += owners[before + first + 1 : before + behind + 1]
        else:
            result += [result[-1]] * (other_behind - other_first)
    return result + owners[len(owners) - after :]


def _owners(emitted: Emitted) -> list[int]:
    ends = [span.line for span in emitted.spans[1:]] + [emitted.line_count + 2]
    owners = [-1]
    for span, end in zip(emitted.spans, ends, strict=True):
        owners += [span.emission] * (end - span.line)
    return owners


def _common(first: Sequence[bytes], second: Sequence[bytes]) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (mine, theirs) in pairs if mine != theirs), min(len(first), len(second)))
