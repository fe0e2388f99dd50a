"""Where a walk stands, shared by its parts: the present unit and file, the branches, and what has been found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Severity
from amalgamate.plan.walk.held import Held
from amalgamate.read.macros import Macro
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.plan.findings import Hoist, UnitReport
    from amalgamate.plan.model import Cycle, Include, StrippedUsing
    from amalgamate.plan.walk.conditionals import Branches
    from amalgamate.plan.walk.frame import Frame, Key
    from amalgamate.read.macros import Value
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

LEVEL = b"\0level"
"""The key of how deep the present place stands in includes: no macro's name, for only some compilers define one."""
_COUNTED = re.compile(rb"\b__COUNTER__\b(?<!defined\(__COUNTER__)(?<!defined __COUNTER__)")
_COMPARED_WITH_ITSELF = 2
_RENUMBERS = re.compile(rb"line\b|[0-9]")


@cache
def _level(number: int) -> Macro:
    """Return how deep a place is, as the lattice holds it."""
    return Macro(LEVEL, None, b"%d" % number)


@dataclass(slots=True)
class Findings:
    """What a walk leaves behind."""

    includes: list[Include] = field(default_factory=list)
    completed: list[SourceFile] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    units: list[UnitReport] = field(default_factory=list)
    usings: list[StrippedUsing] = field(default_factory=list)
    """What became of every using-directive at file scope."""
    hoists: list[Hoist] = field(default_factory=list)
    to_restore: set[tuple[bytes, SourceFile]] = field(default_factory=set)
    """Macros that the unit of a root needs as they were before all units."""
    unsettable: dict[bytes, bool] = field(default_factory=dict)
    """Of those restored: macros that cannot be set again where a header would set them; as `Decisions.lasting`."""
    overridden: set[bytes] = field(default_factory=set)
    """Macros that are changed where they may be defined already."""
    refused: dict[bytes, Diagnostic] = field(default_factory=dict)
    """By macro: what a unit reads otherwise than alone."""
    held: Held = field(default_factory=Held)

    def files(self) -> list[SourceFile]:
        """Return every file that a unit reads, in the order of first use."""
        return list(dict.fromkeys(file for unit in self.units for file in (unit.root, *unit.seen)))


@dataclass(slots=True)
class WalkState:
    """The one place that all parts of a walk read and change."""

    found: Findings
    branches: Branches
    initial: Mapping[Key, Value]
    """The macros that the configuration fixes."""
    frame: Frame = field(init=False)
    unit: UnitReport = field(init=False)
    guard_names: set[bytes] = field(default_factory=set)
    """The guards of all files met."""
    header_names: set[bytes] = field(default_factory=set)
    """Every macro that a header has touched."""
    undone: set[bytes] = field(default_factory=set)
    """Guards that something undefines: what was read under them may be read again."""
    active: dict[SourceFile, int] = field(default_factory=dict)
    """How often each file is being walked."""
    has_external: bool = False
    """Whether the present unit has reached a system header."""

    @property
    def held(self) -> Held:
        """What the output holds."""
        return self.found.held

    def error(self, directive: Directive, message: str, hint: str = "") -> None:
        """Report what makes the output impossible."""
        self.found.errors.append(self.frame.diagnostic(Severity.ERROR, directive, message, hint))

    def warn(self, directive: Directive, message: str, hint: str = "") -> None:
        """Report what is probably a mistake, once: not where the file is only walked silently."""
        self._tell(Severity.WARNING, directive, message, hint)

    def note(self, directive: Directive, message: str, hint: str = "") -> None:
        """Report what is worth knowing, likewise."""
        self._tell(Severity.NOTE, directive, message, hint)

    def _tell(self, severity: Severity, directive: Directive, message: str, hint: str) -> None:
        if not self.frame.is_silent:
            self.found.notes.append(self.frame.diagnostic(severity, directive, message, hint))

    def stand_in(self, frame: Frame) -> None:
        """Make `frame` the present one."""
        self.frame = frame
        self.branches.macros.set(LEVEL, _level(frame.level))

    def number_of_place(self, name: bytes) -> int | None:
        """Return what one of `PLACE_MACROS` is at the present directive; None where compilers differ."""
        frame = self.frame
        if name == b"__INCLUDE_LEVEL__":
            level = self.branches.macros.get(LEVEL)
            return int(level.body) if isinstance(level, Macro) else None
        directive = frame.file.directives[frame.index - 1]
        if name == b"__COUNTER__":
            if self.held.is_shared and len(_COUNTED.findall(directive.argument)) != _COMPARED_WITH_ITSELF:
                message = "the condition depends on how often __COUNTER__ stands before it, in other source files too"
                self.error(directive, message, "write the condition without __COUNTER__")
            return None
        is_spliced = b"\n" in frame.file.data[directive.start : directive.end]
        above = (each.argument for each in frame.file.directives[: frame.index] if each.kind is Kind.OTHER)
        if is_spliced or any(map(_RENUMBERS.match, above)):
            self.error(
                directive, "the condition depends on the line it stands on", "write the condition without __LINE__"
            )
            return None
        return directive.line

    def pass_external(self, frame: Frame, *, has_assert: bool) -> None:
        """Note that a system header was read, and forget what it may have changed."""
        self.has_external = True
        self.branches.forget_undefined(lambda name: name in self.guard_names or name in self.initial)
        self.unit.includes_assert |= has_assert
        above: Frame | None = frame
        while has_assert and above is not None and not above.has_assert:
            above.has_assert = True
            above = above.parent
