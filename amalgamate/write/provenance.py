"""The map of an output: for every line the file and line it comes from, and why anything was left out.

`NAME.map.json` holds, as JSON with one record a line:

    schema       1
    output       the name of the mapped file
    sha256       of its bytes
    files        [name, sha256, lines, marks]: the inputs, sorted by name; `sha256` is of the bytes without
                 byte order mark and with LF line ends, `marks` tells what was normalised ("bom", "crlf:COUNT")
    emissions    {file, parent, line, conditions, first, last, edits}: every inclusion in the order of output;
                 `file` and `parent` are indices (parent -1: a translation unit), `line` is that of the
                 `#include` in the parent, `conditions` are the unresolved `#if`s around it, `first` and `last`
                 are lines of the output, `edits` are [kind, start, end, line, inserted, reason] with byte
                 offsets in the file of what is left out (`inserted`: how many bytes stand there instead)
    lines        [output line, emission, source line]: holds until the next record; emission -1 is the tool's
                 own text

Every byte of the output is a copied span of an input, the text of an edit, or the tool's own line.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amalgamate.errors import Location
from amalgamate.write.emitter import OWN_TEXT, Emitted, Placed, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.read.source import SourceFile

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line of the output comes from."""

    location: Location
    included_from: tuple[Location, ...]
    """The `#include`s that lead there, innermost first."""


def origin_of(emitted: Emitted, line: int) -> Origin | None:
    """Return where output line `line` (from 1) comes from; None where it is the tool's own or not there."""
    if not 1 <= line <= emitted.line_count:
        return None
    span = emitted.spans[bisect_right(emitted.spans, line, key=lambda span: span.line) - 1]
    if span.emission == OWN_TEXT:
        return None
    placed = emitted.placed[span.emission]
    location = Location(placed.emission.file.name, span.source_line + line - span.line)
    chain = []
    while placed.parent != OWN_TEXT:
        include_line = placed.include_line
        placed = emitted.placed[placed.parent]
        chain.append(Location(placed.emission.file.name, include_line))
    return Origin(location, tuple(chain))


def map_of(name: str, emitted: Emitted) -> bytes:
    """Return the map of the output `name` as JSON text."""
    files = sorted({placed.emission.file for placed in emitted.placed}, key=lambda file: file.name)
    numbers = {file: number for number, file in enumerate(files)}
    emissions = [
        {
            "file": numbers[placed.emission.file],
            "parent": placed.parent,
            "line": placed.include_line,
            "conditions": placed.emission.conditions,
            "first": placed.first,
            "last": placed.last,
            "edits": _edits(placed),
        }
        for placed in emitted.placed
    ]
    parts = [
        f'"schema": {SCHEMA}',
        f'"output": {_json(name)}',
        f'"sha256": "{_hash(emitted.data)}"',
        _records("files", [[file.name, _hash(file.data), file.line_count, _marks(file)] for file in files]),
        _records("emissions", emissions),
        _records("lines", emitted.spans),
    ]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _edits(placed: Placed) -> list[list[object]]:
    return [
        [edit.kind.value, *cut, edit.line, len(edit.text), edit.reason]
        for edit, cut in zip(placed.emission.edits, placed.cuts, strict=True)
    ]


def _marks(file: SourceFile) -> list[str]:
    return ["bom"] * file.had_byte_order_mark + [f"crlf:{file.crlf_count}"] * (file.crlf_count > 0)


def _records(key: str, items: Iterable[Span | list[Any] | dict[str, Any]]) -> str:
    lines = ",\n".join(map(_json, items))
    return f'"{key}": [\n{lines}\n]'


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
