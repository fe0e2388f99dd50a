"""Reads a written map back, and asks it both ways: where a line of the output is from, what became of a source line."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, NamedTuple

from amalgamate.errors import InputError, Location
from amalgamate.write.emitter import OWN_TEXT, Span
from amalgamate.write.provenance import SCHEMA


class MappedEdit(NamedTuple):
    """What became of a part of a file."""

    kind: str
    """An `EditKind`."""
    start: int
    end: int
    """What is left out of the file's bytes."""
    line: int
    """Of the file, where it begins."""
    inserted: int
    """How many bytes stand there instead."""
    reason: str


class MappedFile(NamedTuple):
    """One input."""

    name: str
    sha256: str
    """Of its bytes without byte order mark, with LF line ends."""


class MappedEmission(NamedTuple):
    """One inclusion of one file."""

    file: str
    parent: int
    """Number of the including emission; `OWN_TEXT` for a translation unit."""
    include_line: int
    """Of the `#include` in the parent's file."""
    conditions: tuple[str, ...]
    first: int
    last: int
    """Lines of the output."""
    edits: tuple[MappedEdit, ...]


@dataclass(frozen=True, slots=True)
class MapFile:
    """The map of one output."""

    output: str
    """Name of the mapped file."""
    sha256: str
    files: tuple[MappedFile, ...]
    emissions: tuple[MappedEmission, ...]
    spans: tuple[Span, ...]

    def span_of(self, line: int) -> Span | None:
        """Return the record that speaks of output line `line`; None before the first and behind the last."""
        if not self.spans or not self.spans[0].line <= line:
            return None
        return self.spans[bisect_right(self.spans, line, key=lambda span: span.line) - 1]

    def origin_of(self, line: int) -> Location | None:
        """Return the source line that output line `line` is; None where it is the tool's own."""
        span = self.span_of(line)
        if span is None or span.emission == OWN_TEXT:
            return None
        return Location(self.emissions[span.emission].file, span.source_line + line - span.line)

    def chain_of(self, number: int) -> tuple[Location, ...]:
        """Return the `#include`s that lead to an emission, innermost first."""
        places = []
        emission = self.emissions[number]
        while emission.parent != OWN_TEXT:
            places.append(Location(self.emissions[emission.parent].file, emission.include_line))
            emission = self.emissions[emission.parent]
        return tuple(places)

    def emissions_of(self, file: str) -> list[int]:
        """Return the numbers of a file's emissions, in the order of output."""
        return [number for number, emission in enumerate(self.emissions) if emission.file == file]

    def line_in_output(self, number: int, source_line: int) -> int | None:
        """Return the output line that holds line `source_line` of an emission; None where it was left out."""
        ends = [*(span.line for span in self.spans[1:]), self.emissions[-1].last + 1] if self.emissions else []
        for span, end in zip(self.spans, ends, strict=True):
            if span.emission == number and span.source_line <= source_line < span.source_line + end - span.line:
                return span.line + source_line - span.source_line
        return None

    def edit_at(self, number: int, source_line: int) -> MappedEdit | None:
        """Return the last edit of an emission that begins at or before the source line."""
        edits = [edit for edit in self.emissions[number].edits if edit.line <= source_line]
        return edits[-1] if edits else None


def read_map(data: bytes, name: str) -> MapFile:
    """Return the map that `data` holds; `name` is what messages call it.

    Raises:
        InputError: it is no map, or one of another schema.
    """
    try:
        document = json.loads(data)
        schema = document["schema"]
        if schema != SCHEMA:
            raise InputError.at(
                Location(name), f"the map has schema {schema}, not {SCHEMA}", "build again with this version"
            )
        return _map(document)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise InputError.at(Location(name), "this is no map of an output", "build again") from error


def _map(document: dict[str, Any]) -> MapFile:
    files = tuple(MappedFile(str(record[0]), str(record[1])) for record in document["files"])
    emissions = tuple(
        MappedEmission(
            files[record["file"]].name,
            int(record["parent"]),
            int(record["line"]),
            tuple(record["conditions"]),
            int(record["first"]),
            int(record["last"]),
            tuple(_edit(*edit) for edit in record["edits"]),
        )
        for record in document["emissions"]
    )
    spans = tuple(Span(int(line), int(emission), int(source)) for line, emission, source in document["lines"])
    return MapFile(str(document["output"]), str(document["sha256"]), files, emissions, spans)


def _edit(kind: str, start: int, end: int, line: int, inserted: int, reason: str) -> MappedEdit:
    return MappedEdit(str(kind), int(start), int(end), int(line), int(inserted), str(reason))
