"""The plan of one output: what `planner` decides and `emitter` writes down. Data only.

A plan is a forest. Each `Emission` is one inclusion of one file; its edits, sorted and disjoint, say what
becomes of parts of the file's bytes, and everything between them is copied. An included file hangs below the
edit that replaces its `#include`. So conservation holds by construction: copied spans plus edited spans are the
whole file, and every byte of the output is a copied span or an edit's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amalgamate.errors import Diagnostic
    from amalgamate.read.source import SourceFile


class EditKind(StrEnum):
    """Why a span of the source is not simply copied."""

    INLINE = "inline"
    """An `#include` became the file it names."""
    ELIDE = "elide"
    """Dropped: a repeated include, a `#pragma once`, a branch that is never taken."""
    RESOLVE = "resolve"
    """A condition that the configuration decides, wholly or in part."""
    STRIP = "strip"
    """A `using namespace` at file scope."""
    GUARD = "guard"
    """An include guard made for a file that had only `#pragma once`."""
    ISOLATE = "isolate"
    """A macro saved before, or restored after, a translation unit."""
    RENAME = "rename"
    """A file-local name that another translation unit uses too."""


class Edit(NamedTuple):
    """What becomes of `file.data[start:end]`; a zero-width edit inserts."""

    kind: EditKind
    start: int
    end: int
    line: int
    """1-based line of `start` in the source."""
    text: bytes
    """What stands there instead."""
    reason: str
    child: Emission | None = None
    """For INLINE: the included file, which stands in place of the span."""


@dataclass(frozen=True, slots=True, eq=False)
class Emission:
    """One inclusion of one file, in the place where the preprocessor would read it."""

    file: SourceFile
    conditions: tuple[str, ...]
    """The unresolved conditions that are open where it stands, outermost first."""
    edits: tuple[Edit, ...]
    """Sorted by start, disjoint."""
    is_shared: bool = False
    """The file is read once: its text serves every unit that includes it, not only the one it stands in."""
    is_repeated: bool = False
    """The configuration wants the file in each unit: no part of its text serves another."""


class Include(NamedTuple):
    """One `#include` that the walk reached, whatever became of it."""

    includer: SourceFile
    line: int
    target: SourceFile | None
    """None for an external header."""
    spelling: str
    """As written, with its quotes or angle brackets."""
    outcome: str
    """`inlined`, `dropped` (an earlier one serves), or `kept` (external)."""


class Cycle(NamedTuple):
    """Headers that include each other: the files from the first entered back to itself."""

    files: tuple[SourceFile, ...]
    lines: tuple[int, ...]
    """`lines[i]` is the line of `files[i]` that includes `files[i + 1]`."""


class PreludeMacro(NamedTuple):
    """A macro that is settled before the first line of the library."""

    name: str
    body: str | None
    """None: `#undef`."""
    condition: str
    """Text of an enclosing `#if`, or empty."""
    reason: str
    yields: bool = True
    """A definition that the compiler, or whoever calls it, has made stays."""


class StrippedUsing(NamedTuple):
    """What became of one file-scope using-directive."""

    file: SourceFile
    line: int
    namespace: str
    outcome: str
    """`stripped` or `kept`."""
    dependents: tuple[str, ...]
    """For `kept`: names that still need it."""
    doubt: str = ""
    """For `kept` without such names: why the text does not show them."""


class Plan(NamedTuple):
    """Everything the one file will hold, in order."""

    units: tuple[Emission, ...]
    """One per translation unit (or public header), in the order of output."""
    prelude: tuple[PreludeMacro, ...]
    includes: tuple[Include, ...]
    """In the order the walk reached them."""
    completed: tuple[SourceFile, ...]
    """Files in the order in which their first emission completed."""
    cycles: tuple[Cycle, ...]
    usings: tuple[StrippedUsing, ...]
    diagnostics: tuple[Diagnostic, ...]
    """Notes and warnings; errors are raised."""


def emissions_of(units: Iterable[Emission]) -> Iterator[Emission]:
    """Yield units and all that stands below them, in the order of the output: the order of the map's numbers."""
    waiting = list(units)[::-1]
    while waiting:
        emission = waiting.pop()
        yield emission
        waiting += [edit.child for edit in reversed(emission.edits) if edit.child is not None]
