"""Walks one translation unit as the preprocessor does, and records what the one file will hold of it.

Each unit is read with a macro table of its own, because that is what its author wrote for; a second lattice, kept
across units, tells what the output already holds. A file that is read once is emitted where the output does not
certainly hold it yet. Where it does, from an earlier unit, the file is still walked, silently: the walk settles the
macros for this unit and shows whether the file would read the same here; if not, one copy cannot serve both units.

An unresolved conditional opens a branch in both lattices; `#endif` joins them. So dropping an include is safe by
construction: only what every path to it has already emitted is dropped.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import Using
from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.model import Cycle, Edit, EditKind, Emission, Include, PreludeMacro, StrippedUsing
from amalgamate.read import expand, structure
from amalgamate.read.expr import Condition, Environment, evaluate, test_defined
from amalgamate.read.guards import Guard, find_guard, is_pragma_once
from amalgamate.read.macros import (
    FEATURE_TESTS,
    PREDEFINED,
    Lattice,
    State,
    Value,
    is_defined,
    parse_definition,
    parse_name,
)
from amalgamate.read.resolve import External, Found, Missing, Resolver
from amalgamate.read.scanner import Directive, Kind
from amalgamate.read.source import SourceFile
from amalgamate.read.system_headers import is_idempotent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_MAX_DEPTH_OF_ONE_FILE = 200
_HEADER_NAME = re.compile(rb"<[^>\n]++>|\"[^\"\n]++\"")
_NAME = re.compile(rb"[A-Za-z_$][0-9A-Za-z_$]*+")
_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
_ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})
_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT, Kind.EMBED})
_PLAIN_HEADER = re.compile(rb"__has_include\s*+\(\s*+(<[^>\n]++>|\"[^\"\n]++\")\s*+\)")

Key = bytes | SourceFile
"""What the lattices are about: macros and external headers by name, project files."""


class Decisions(NamedTuple):
    """What an earlier walk has shown, and the next one starts from."""

    hoisted: Mapping[bytes, PreludeMacro] = {}
    """Feature-test macros that the prelude defines."""
    once: frozenset[SourceFile] = frozenset()
    """Headers without a guard that are emitted once all the same."""
    kept_usings: Mapping[tuple[SourceFile, int], tuple[bytes, ...]] = {}
    """Using-directives that stay, by file and offset, with the names that need them."""


class Hoist(NamedTuple):
    """A feature-test macro that a unit sets before its first system header."""

    name: bytes
    body: bytes
    conditions: tuple[str, ...]
    place: Location


class Difference(NamedTuple):
    """A header that does not read the same in two units."""

    file: SourceFile
    line: int
    reason: str
    place: Location
    first: Location
    is_certain: bool
    """A unit's own macro is the cause; otherwise the order of headers is."""


class Repeat(NamedTuple):
    """One emission of a header that is not read once."""

    unit: int
    signature: tuple[tuple[int, bytes], ...]
    values: tuple[tuple[bytes, bytes], ...]
    """The unit's own macros that its text uses."""
    places: tuple[tuple[SourceFile, int], ...]
    """The offsets of the includes that led to it, innermost first."""


@dataclass(slots=True)
class _Conditional:
    """An `#if` that is being walked."""

    directive: Directive
    is_kept: bool = False
    """Its text stays although it is known: the include guard of the file."""
    is_open: bool = False
    """An unresolved branch was met: the output has an `#if` for it."""
    is_settled: bool = False
    """A branch is certainly taken (or the file's guard): no later branch counts."""
    is_live: bool = False
    """The present branch is walked."""
    has_branch: bool = False
    """The present branch has its own scope in the lattices."""
    has_else: bool = False
    fails: bool = False
    """The present branch holds an `#error`: nothing comes after it."""
    dead_from: int = -1
    """Offset where the present dead branch began."""
    opened_at: int = -1
    """Offset of the directive that became the output's `#if`."""
    negations: list[tuple[bytes, State]] = field(default_factory=list)
    macro_ends: list[dict[Key, Value]] = field(default_factory=list)
    output_ends: list[dict[Key, Value]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Frame:
    """One file being walked."""

    file: SourceFile
    parent: _Frame | None
    include: Directive | None
    """The directive in `parent` that led here."""
    is_once: bool
    """The file is read once: what it defines belongs to it, not to the unit."""
    is_silent: bool
    """The output holds the file already: nothing is emitted."""
    directory_index: int
    guard: Guard | None
    conditions: tuple[str, ...]
    guard_is_open: bool = False
    """An open condition decides whether the guard is defined: it is a condition like any other."""
    span: tuple[int, int] = (0, 0)
    """Of the include in the parent."""
    has_assert: bool = False
    """It, or what it includes, includes `<assert.h>`, which follows NDEBUG each time."""
    is_perhaps: bool = False
    """Read once by pragma, and perhaps read already: the whole file is a branch."""
    skipped: int = 0
    """Conditionals open inside a branch that is never taken."""
    needs_guard: bool = False
    is_again: bool = False
    """An earlier emission exists that does not dominate this one."""
    index: int = 0
    edits: list[Edit] = field(default_factory=list)
    conditionals: list[_Conditional] = field(default_factory=list)
    signature: list[tuple[int, bytes]] = field(default_factory=list)
    """What was decided at which line: two walks with equal signatures read the same."""
    included: list[SourceFile] = field(default_factory=list)


class _Record(NamedTuple):
    """What is remembered of a file's first emission."""

    signature: tuple[tuple[int, bytes], ...]
    environment: dict[bytes, Value]
    """The unit's own macros when the file was entered."""
    place: Location
    unit: int


@dataclass(slots=True)
class UnitReport:
    """What a walk leaves behind of one unit, for keeping units apart."""

    root: SourceFile
    emission: Emission | None = None
    touched: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """Macros that the unit itself defines or undefines -> (offset, line) in the root before the first time."""
    seen: list[SourceFile] = field(default_factory=list)
    """Files that the unit reads, emitted or not."""
    emitted: list[SourceFile] = field(default_factory=list)
    """Files whose text stands in this unit's part of the output."""
    header_macros: dict[bytes, Value] = field(default_factory=dict)
    """What headers made of each macro, at the end of the unit, whether their text stands here or earlier."""
    signature: tuple[tuple[int, bytes], ...] = ()
    includes_assert: bool = False
    packs: bool = False
    """The unit's own text has a `#pragma pack`."""


class Walker:
    """Walks units in order; what it has found is in its public attributes."""

    def __init__(
        self,
        resolver: Resolver,
        decisions: Decisions,
        initial: Mapping[Key, Value],
        *,
        using: Using,
        never_resolved: Iterable[bytes] = (),
        once: frozenset[str] = frozenset(),
        repeat: frozenset[str] = frozenset(),
    ) -> None:
        self.includes: list[Include] = []
        self.completed: list[SourceFile] = []
        self.cycles: list[Cycle] = []
        self.usings: list[StrippedUsing] = []
        self.errors: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []
        self.units: list[UnitReport] = []
        self.hoists: list[Hoist] = []
        self.differences: list[Difference] = []
        self.repeats: dict[SourceFile, list[Repeat]] = {}
        self.completed_set: set[SourceFile] = set()
        self._resolver = resolver
        self._decisions = decisions
        self._initial = dict(initial)
        self._using = using
        self._never_resolved = frozenset(never_resolved)
        self._once_names = once
        self._repeat_names = repeat
        self._output: Lattice[Key] = Lattice()
        self._macros: Lattice[Key] = Lattice()
        self._records: dict[SourceFile, _Record] = {}
        self._provides: dict[SourceFile, frozenset[Key]] = {}
        self._guards: dict[SourceFile, tuple[Guard | None, bool]] = {}
        self._guard_names: set[bytes] = set()
        self._imported: set[SourceFile] = set()
        self._undefined: set[bytes] = set()
        self._unit_macros: dict[bytes, Value] = {}
        self._has_external = False
        self._is_multiple = False
        self._conditions: list[str] = []
        self._frame: _Frame
        self._unit: UnitReport
        self._environment: Environment

    def files(self) -> list[SourceFile]:
        """Return every file that a unit reads, in the order of first use."""
        return list(dict.fromkeys(file for unit in self.units for file in (unit.root, *unit.seen)))

    # Units

    def walk(self, roots: Sequence[SourceFile], forced: Sequence[Found | External]) -> None:
        """Walk the units in order, each after its forced includes."""
        self._is_multiple = len(roots) > 1
        for root in roots:
            self._walk_unit(root, forced)

    def _walk_unit(self, root: SourceFile, forced: Sequence[Found | External]) -> None:
        self._macros = Lattice(self._initial)
        self._environment = Environment(
            self._macros,
            lambda header: self._resolver.has(header, self._frame.file),
            is_cplusplus=root.path.suffix not in (".c", ".m"),
        )
        self._unit_macros = {}
        self._undefined = set()
        self._has_external = False
        self._unit = UnitReport(root)
        self.units.append(self._unit)
        self._frame = _Frame(
            root, None, None, is_once=False, is_silent=False, directory_index=-1, guard=None, conditions=()
        )
        self._unit.emitted.append(root)
        self._output.set(root, State.DEFINED)
        top = self._frame
        for header in forced:
            self._include_resolved(header, Directive(Kind.INCLUDE, 0, 0, 1, b""), (0, 0))
            self._run_to(top)
        self._run_to(None)
        for name in self._unit.header_macros:
            self._unit.header_macros[name] = self._macros.get(name)

    def _run_to(self, stop: _Frame | None) -> None:
        """Walk until `stop` is the present frame again; to the end of the unit for None."""
        while (frame := self._frame) is not stop:
            directives = frame.file.directives
            while frame.index < len(directives):
                directive = directives[frame.index]
                frame.index += 1
                if frame.conditionals and not frame.conditionals[-1].is_live:
                    self._skip(directive)
                else:
                    self._step(directive)
                    if self._frame is not frame:
                        break
            else:
                self._leave(frame)
                if frame.parent is None:
                    return
                self._frame = frame.parent

    def _step(self, directive: Directive) -> None:
        kind = directive.kind
        if kind is Kind.DEFINE:
            self._define(directive)
        elif kind in _OPENING:
            self._open(directive)
        elif kind is Kind.ENDIF:
            self._close(directive)
        elif kind in _ALTERNATIVES:
            self._alternate(directive)
        elif kind in _INCLUDES:
            self._include(directive)
        elif kind is Kind.UNDEF:
            self._undefine(directive)
        elif kind is Kind.PRAGMA:
            self._pragma(directive)
        elif kind is Kind.ERROR:
            self._fail(directive)

    # Places and edits

    def _location(self, directive: Directive, frame: _Frame | None = None) -> Location:
        file = (frame or self._frame).file
        column = directive.start - file.data.rfind(b"\n", 0, directive.start)
        return Location(file.name, directive.line, column)

    def _chain(self) -> tuple[Location, ...]:
        """Return where the present file was included from, innermost first."""
        places = []
        frame: _Frame | None = self._frame
        while frame is not None and frame.parent is not None:
            if frame.include is not None:
                places.append(Location(frame.parent.file.name, frame.include.line))
            frame = frame.parent
        return tuple(places)

    def _error(self, directive: Directive, message: str, hint: str = "") -> None:
        self.errors.append(Diagnostic(Severity.ERROR, message, self._location(directive), hint, self._chain()))

    def _edit(self, kind: EditKind, span: tuple[int, int], line: int, text: bytes, reason: str) -> None:
        if not self._frame.is_silent:
            self._frame.edits.append(Edit(kind, *span, line, text, reason))

    def _decide(self, directive: Directive, what: bytes) -> None:
        self._frame.signature.append((directive.line, what))

    # Conditionals

    def _evaluate(self, directive: Directive) -> Condition:
        kind, argument = directive.kind, directive.argument
        if kind in (Kind.IF, Kind.ELIF):
            if not argument:
                self._error(directive, f"#{kind.value.decode()} without an expression")
            condition = evaluate(argument, self._environment)
        else:
            name = parse_name(argument)
            if name is None:
                self._error(directive, f"#{kind.value.decode()} without a macro name")
                return Condition(None, argument)
            condition = test_defined(name, self._macros)
            if kind in (Kind.IFNDEF, Kind.ELIFNDEF):
                condition = condition.negated()
        if condition.value is not None and not self._never_resolved.isdisjoint(_NAME.findall(argument)):
            return Condition(None, argument if kind in (Kind.IF, Kind.ELIF) else condition.text)
        return condition

    def _open(self, directive: Directive) -> None:
        frame = self._frame
        conditional = _Conditional(directive)
        frame.conditionals.append(conditional)
        if frame.guard is not None and frame.index - 1 == frame.guard.opening and not frame.guard_is_open:
            conditional.is_kept = conditional.is_live = True
            return
        self._branch(conditional, directive, self._evaluate(directive))

    def _branch(self, conditional: _Conditional, directive: Directive, condition: Condition) -> None:
        """Enter the branch that `directive` begins, given what is known of its condition."""
        self._decide(directive, repr((condition.value, condition.text if condition.value is None else b"")).encode())
        span = line_span(self._frame.file.data, directive)
        if condition.value is False:
            conditional.is_live = False
            if conditional.dead_from < 0:
                conditional.dead_from = span[0]
            return
        self._end_dead_region(conditional, span[0])
        conditional.is_live = True
        conditional.fails = False
        if condition.value is True:
            self._settle(conditional, directive, span)
            return
        self._keep_open(conditional, directive, condition)
        self._open_branch(conditional, condition.if_true, condition.text)
        conditional.negations.extend(condition.if_false)

    def _settle(self, conditional: _Conditional, directive: Directive, span: tuple[int, int]) -> None:
        """Enter a branch that is certainly taken, where none before it was."""
        conditional.is_settled = True
        if conditional.is_open:
            self._edit(
                EditKind.RESOLVE,
                (directive.start, directive.end),
                directive.line,
                b"#else",
                "always true here",
            )
            conditional.has_else = True
            self._open_branch(conditional, (), b"")
        else:
            self._edit(EditKind.RESOLVE, span, directive.line, b"", "always true")

    def _keep_open(self, conditional: _Conditional, directive: Directive, condition: Condition) -> None:
        kind = directive.kind
        if conditional.is_open:
            if condition.is_simplified:
                text = b"#elif " + condition.text
                self._edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "partly known")
            return
        conditional.is_open = True
        conditional.opened_at = line_span(self._frame.file.data, directive)[0]
        if condition.is_simplified or kind not in _OPENING:
            text = b"#if " + condition.text
            self._edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "partly known")

    def _open_branch(self, conditional: _Conditional, facts: Iterable[tuple[bytes, State]], text: bytes) -> None:
        conditional.has_branch = True
        self._macros.open_branch()
        self._output.open_branch()
        for name, state in (*conditional.negations, *facts):
            if self._macros.get(name) is State.UNKNOWN and name not in self._never_resolved:
                self._macros.set(name, state)
                if state is State.UNDEFINED:
                    self._undefined.add(name)
        self._conditions.append(text.decode("utf-8", "replace") or "otherwise")

    def _close_branch(self, conditional: _Conditional) -> None:
        if not conditional.has_branch:
            return
        conditional.has_branch = False
        self._conditions.pop()
        macro_ends, output_ends = self._macros.close_branch(), self._output.close_branch()
        if not conditional.fails:
            conditional.macro_ends.append(macro_ends)
            conditional.output_ends.append(output_ends)

    def _end_dead_region(self, conditional: _Conditional, end: int) -> None:
        if conditional.dead_from >= 0:
            if end > conditional.dead_from:
                line = self._frame.file.data.count(b"\n", 0, conditional.dead_from) + 1
                self._edit(EditKind.ELIDE, (conditional.dead_from, end), line, b"", "never compiled")
            conditional.dead_from = -1

    def _alternate(self, directive: Directive) -> None:
        """Meet an `#elif` or `#else` that belongs to the innermost conditional."""
        frame = self._frame
        name = directive.kind.value.decode()
        if not frame.conditionals:
            self._error(directive, f"#{name} without #if")
            return
        conditional = frame.conditionals[-1]
        if conditional.has_else and not conditional.is_settled:
            self._error(directive, f"#{name} after #else")
            return
        self._close_branch(conditional)
        if conditional.is_settled:
            conditional.is_live = False
            if conditional.dead_from < 0:
                conditional.dead_from = line_span(frame.file.data, directive)[0]
        elif directive.kind is not Kind.ELSE:
            self._macros.open_branch()
            for macro, state in conditional.negations:
                if self._macros.get(macro) is State.UNKNOWN:
                    self._macros.set(macro, state)
            condition = self._evaluate(directive)
            self._macros.close_branch()
            self._branch(conditional, directive, condition)
        else:
            self._enter_else(conditional, directive)

    def _enter_else(self, conditional: _Conditional, directive: Directive) -> None:
        span = line_span(self._frame.file.data, directive)
        self._end_dead_region(conditional, span[0])
        conditional.is_live = True
        conditional.fails = False
        conditional.has_else = True
        if conditional.is_open:
            self._open_branch(conditional, (), b"")
        else:
            conditional.is_settled = True
            self._edit(EditKind.RESOLVE, span, directive.line, b"", "always taken")

    def _close(self, directive: Directive) -> None:
        frame = self._frame
        if not frame.conditionals:
            self._error(directive, "#endif without #if")
            return
        conditional = frame.conditionals.pop()
        span = line_span(frame.file.data, directive)
        if conditional.is_kept:
            return
        self._close_branch(conditional)
        if not conditional.is_open:
            self._end_dead_region(conditional, span[0])
            self._edit(EditKind.RESOLVE, span, directive.line, b"", "its condition is known")
            return
        self._end_dead_region(conditional, span[0])
        if not conditional.has_else:
            conditional.fails = False
            self._open_branch(conditional, (), b"")
            self._close_branch(conditional)
        self._macros.join(conditional.macro_ends)
        self._output.join(conditional.output_ends)

    def _skip(self, directive: Directive) -> None:
        """Pass over a directive in a branch that is never taken."""
        frame = self._frame
        if directive.kind in _OPENING:
            frame.skipped += 1
        elif directive.kind is Kind.ENDIF:
            if frame.skipped:
                frame.skipped -= 1
            else:
                self._close(directive)
        elif directive.kind in _ALTERNATIVES and not frame.skipped:
            self._alternate(directive)

    def _fail(self, directive: Directive) -> None:
        """Meet an `#error` in a live branch: nothing that follows in the branch is ever compiled."""
        for conditional in reversed(self._frame.conditionals):
            if conditional.has_branch:
                conditional.fails = True
                return
        if not self._conditions:
            text = directive.argument.decode("utf-8", "replace")
            self._error(directive, f"#error is always reached: {text}", "the library does not compile as configured")

    # Macros

    def _define(self, directive: Directive) -> None:
        macro = parse_definition(directive.argument)
        if macro is None:
            self._error(directive, "#define without a macro name")
            return
        name = macro.name
        if name in FEATURE_TESTS and self._is_multiple and self._hoist(name, directive):
            return
        self._set_macro(name, macro, directive)

    def _undefine(self, directive: Directive) -> None:
        name = parse_name(directive.argument)
        if name is None:
            self._error(directive, "#undef without a macro name")
            return
        self._undefined.add(name)
        self._set_macro(name, State.UNDEFINED, directive)

    def _set_macro(self, name: bytes, value: Value, directive: Directive) -> None:
        self._macros.set(name, State.UNKNOWN if name in self._never_resolved else value)
        if self._owner_is_header():
            self._unit.header_macros[name] = value
        else:
            self._unit_macros[name] = value
            if name not in self._unit.touched:
                self._unit.touched[name] = self._place_in_root()

    def _owner_is_header(self) -> bool:
        frame: _Frame | None = self._frame
        while frame is not None:
            if frame.is_once:
                return True
            frame = frame.parent
        return False

    def _place_in_root(self) -> tuple[int, int]:
        """Return offset and line in the root file outside every open conditional, before the present directive."""
        frame = self._frame
        inner: Directive | None = None
        while frame.parent is not None:
            inner, frame = frame.include, frame.parent
        directive = inner or frame.file.directives[frame.index - 1]
        for conditional in frame.conditionals:
            if conditional.is_open:
                directive = conditional.directive
                return conditional.opened_at, directive.line
        return line_span(frame.file.data, directive)[0], directive.line

    def _hoist(self, name: bytes, directive: Directive) -> bool:
        """Move a feature-test macro to the prelude; False where it comes after a system header and counts for none."""
        if self._has_external and name not in self._decisions.hoisted:
            return False
        conditions = tuple(text for text in self._conditions if name.decode() not in text)
        if not {word for text in conditions for word in _NAME.findall(text.encode())} <= PREDEFINED | {b"defined"}:
            return False
        macro = parse_definition(directive.argument)
        if macro is not None:
            self.hoists.append(Hoist(name, macro.body, conditions, self._location(directive)))
        if name in self._decisions.hoisted:
            span = line_span(self._frame.file.data, directive)
            self._edit(EditKind.ISOLATE, span, directive.line, b"", "defined in the prelude")
        return True

    def _forget(self) -> None:
        """After a system header: what was undefined may be defined now."""
        for name in list(self._undefined):
            if name in PREDEFINED or name in self._guard_names or name in self._initial:
                continue
            if self._macros.get(name) is State.UNDEFINED:
                self._macros.set(name, State.UNKNOWN)
            self._undefined.discard(name)

    def _pragma(self, directive: Directive) -> None:
        argument = directive.argument
        if is_pragma_once(directive):
            span = line_span(self._frame.file.data, directive)
            self._edit(EditKind.ELIDE, span, directive.line, b"", "read once by construction")
        elif argument.startswith(b"pack") and not self._owner_is_header():
            self._unit.packs = True
        elif argument == b"GCC system_header":
            span = line_span(self._frame.file.data, directive)
            self._edit(EditKind.ELIDE, span, directive.line, b"", "has no meaning in a main file")

    # Includes

    def _include(self, directive: Directive) -> None:
        match = _HEADER_NAME.match(directive.argument)
        if match is not None:
            header = match.group()
        else:
            computed = self._computed(directive)
            if computed is None:
                return
            header = computed
        frame = self._frame
        if directive.kind is Kind.EMBED:
            if isinstance(self._resolver.resolve(header, frame.file), Found):
                self._error(directive, "#embed of a project file cannot be inlined", "turn the file into an array")
            return
        next_after = frame.directory_index if directive.kind is Kind.INCLUDE_NEXT else None
        answer = self._resolver.resolve(header, frame.file, next_after)
        if isinstance(answer, Missing):
            if self._is_asked_for(header):
                answer = External(header)
            else:
                self._missing(directive, header, answer)
                return
        if isinstance(answer, Found) and directive.kind is Kind.IMPORT:
            self._imported.add(answer.file)
        self._include_resolved(answer, directive, line_span(frame.file.data, directive))

    def _include_resolved(self, answer: Found | External, directive: Directive, span: tuple[int, int]) -> None:
        if isinstance(answer, External):
            self._include_external(answer.spelling, directive, span)
        else:
            self._include_file(answer, directive, span)

    def _computed(self, directive: Directive) -> bytes | None:
        """Expand the macro of a computed include; None where it stays, or cannot be known."""
        name = parse_name(directive.argument)
        try:
            return expand.expand_include(directive.argument, self._macros)
        except expand.ExpansionError:
            value = self._macros.get(name) if name else State.UNKNOWN
            if name == directive.argument and value in (State.UNKNOWN, State.DEFINED) and self._conditions:
                self._note(directive, f'the include of macro "{name.decode()}" stays: only a user can define it')
                return None
        spelling = directive.argument.decode("utf-8", "replace")
        self._error(
            directive,
            f'cannot tell which file "#include {spelling}" names',
            "fix its macro in [defines], so that it names one file",
        )
        return None

    def _note(self, directive: Directive, message: str, hint: str = "") -> None:
        if not self._frame.is_silent:
            self.notes.append(Diagnostic(Severity.NOTE, message, self._location(directive), hint, self._chain()))

    def _is_asked_for(self, header: bytes) -> bool:
        """Tell whether an open condition around this place asks `__has_include` for the same header."""
        asked = (match for text in self._conditions for match in _PLAIN_HEADER.findall(text.encode()))
        return header in asked

    def _missing(self, directive: Directive, header: bytes, answer: Missing) -> None:
        spelling = header[1:-1].decode("utf-8", "replace")
        if answer.near:
            hint = "did you mean " + " or ".join(f'"{name}"' for name in answer.near) + "?"
        elif self._conditions:
            hint = f'if it comes from elsewhere, add "{spelling}" to headers in [external]'
        else:
            hint = f'add its folder to include_dirs, or "{spelling}" to headers in [external]'
        self._error(directive, f'cannot find "{spelling}"', hint)

    def _include_external(self, header: bytes, directive: Directive, span: tuple[int, int]) -> None:
        frame = self._frame
        spelling = os.fsdecode(header[1:-1])
        self._has_external = True
        self._forget()
        self._decide(directive, header)
        if spelling in ("assert.h", "cassert"):
            self._unit.includes_assert = True
            above: _Frame | None = frame
            while above is not None:
                above.has_assert = True
                above = above.parent
        if frame.is_silent:
            return
        key = b"\0external " + header[1:-1]
        outcome = "kept"
        if is_idempotent(spelling) and self._output.get(key) is State.DEFINED:
            outcome = "dropped"
            self._edit(EditKind.ELIDE, span, directive.line, b"", "included above")
        elif frame.parent is None and not directive.argument:
            self._edit(EditKind.INLINE, span, directive.line, b"#include " + header + b"\n", "forced include")
        elif _HEADER_NAME.match(directive.argument) is None:
            text = b"#include " + header
            self._edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "computed include")
        self._output.set(key, State.DEFINED)
        self.includes.append(Include(frame.file, directive.line, None, os.fsdecode(header), outcome))

    def _include_file(self, found: Found, directive: Directive, span: tuple[int, int]) -> None:
        file = found.file
        self._frame.included.append(file)
        guard, is_pragma = self._once(file)
        is_once = is_pragma or guard is not None or file in self._imported
        self._decide(directive, b"include " + file.name.encode() if is_once else b"")
        seen = self._is_seen(file, guard, is_pragma or file in self._imported)
        if seen:
            self._drop(file, directive, span)
            return
        if not is_once and self._depth_of(file) >= _MAX_DEPTH_OF_ONE_FILE:
            self._error(directive, f'"{file.name}" includes itself without end', "give it an include guard")
            return
        self._enter(found, directive, span, guard, is_once=is_once, is_seen_perhaps=seen is None)

    def _once(self, file: SourceFile) -> tuple[Guard | None, bool]:
        """Return the guard of the file, and whether `#pragma once` or a decision makes it read once."""
        answer = self._guards.get(file)
        if answer is None:
            if file.name in self._repeat_names:
                answer = (None, False)
            else:
                is_pragma = any(is_pragma_once(directive) for directive in file.directives)
                is_decided = file in self._decisions.once or file.name in self._once_names
                answer = (find_guard(file), is_pragma or is_decided)
            self._guards[file] = answer
            if answer[0] is not None:
                self._guard_names.add(answer[0].name)
        return answer

    def _is_seen(self, file: SourceFile, guard: Guard | None, is_pragma: bool) -> bool | None:
        """Tell whether this unit has read the file already; None where it depends on an open condition."""
        answers = []
        if is_pragma:
            answers.append(is_defined(self._macros.get(file)) if file in self._macros else False)
        if guard is not None:
            answers.append(is_defined(self._macros.get(guard.name)) if guard.name in self._macros else False)
        if True in answers:
            return True
        return None if None in answers else False

    def _depth_of(self, file: SourceFile) -> int:
        depth = 0
        frame: _Frame | None = self._frame
        while frame is not None:
            depth += frame.file is file
            frame = frame.parent
        return depth

    def _drop(self, file: SourceFile, directive: Directive, span: tuple[int, int]) -> None:
        self._find_cycle(file, directive)
        self._edit(EditKind.ELIDE, span, directive.line, b"", f"{file.name} stands above")
        if not self._frame.is_silent:
            self.includes.append(Include(self._frame.file, directive.line, file, _spelling(directive), "dropped"))

    def _find_cycle(self, file: SourceFile, directive: Directive) -> None:
        files, lines = [], [directive.line]
        frame: _Frame | None = self._frame
        while frame is not None:
            files.append(frame.file)
            if frame.file is file:
                cycle = Cycle(tuple(reversed(files)), tuple(reversed(lines)))
                if not any(set(known.files) == set(cycle.files) for known in self.cycles):
                    self.cycles.append(cycle)
                return
            lines.append(frame.include.line if frame.include else 0)
            frame = frame.parent

    def _enter(
        self,
        found: Found,
        directive: Directive,
        span: tuple[int, int],
        guard: Guard | None,
        *,
        is_once: bool,
        is_seen_perhaps: bool,
    ) -> None:
        parent = self._frame
        file = found.file
        record = self._records.get(file)
        is_held = is_once and record is not None and record.unit != len(self.units)
        is_silent = parent.is_silent or (is_held and self._output.get(file) is State.DEFINED)
        is_pragma = is_once and guard is None
        frame = _Frame(
            file,
            parent,
            directive,
            is_once=is_once,
            is_silent=is_silent,
            directory_index=found.directory_index,
            guard=guard,
            guard_is_open=guard is not None and is_seen_perhaps,
            conditions=tuple(self._conditions),
            span=span,
            needs_guard=is_pragma and (bool(self._conditions) or record is not None),
            is_again=record is not None and is_once and not is_silent,
        )
        if not is_silent:
            self.includes.append(Include(parent.file, directive.line, file, _spelling(directive), "inlined"))
            self._unit.emitted.append(file)
            if record is None:
                self._records[file] = _Record((), dict(self._unit_macros), self._location(directive), len(self.units))
        self._unit.seen.append(file)
        self._frame = frame
        if frame.is_again:
            self._output.open_branch()
        if is_pragma and is_seen_perhaps:
            frame.is_perhaps = True
            self._macros.open_branch()
        self._macros.set(file, State.DEFINED)
        if parent.is_silent and is_once and record is None:
            reason = f'"{file.name}" is included there only'
            self.differences.append(
                Difference(parent.file, directive.line, reason, self._place_of(parent), self._first(parent), True)
            )
        if not is_silent:
            self._output.set(file, State.DEFINED)

    def _leave(self, frame: _Frame) -> None:
        """Finish the present frame: hang its emission into its parent."""
        for conditional in frame.conditionals:
            self._error(conditional.directive, "unterminated conditional directive", "add the missing #endif")
            self._close_branch(conditional)
        if frame.is_perhaps:
            ends = self._macros.close_branch()
            self._macros.join([ends, {frame.file: State.DEFINED}])
        if frame.is_again:
            self._rejoin_output(frame)
        if not frame.is_once and frame.parent is not None:
            frame.parent.signature.extend(frame.signature)
            frame.parent.included.extend(frame.included)
        if frame.is_silent:
            self._compare(frame)
            if frame.parent is not None and not frame.parent.is_silent:
                self._frame = frame.parent
                self._replace_by_nothing(frame)
            return
        emission = self._emission(frame)
        if frame.file not in self.completed_set:
            self.completed_set.add(frame.file)
            self.completed.append(frame.file)
        self._remember(frame)
        if frame.parent is None:
            self._unit.emission = emission
            self._unit.signature = tuple(frame.signature)
        else:
            assert frame.include is not None  # noqa: S101 - every frame but the root's has one
            reason = f"{frame.file.name} stands here"
            frame.parent.edits.append(Edit(EditKind.INLINE, *frame.span, frame.include.line, b"", reason, emission))

    def _replace_by_nothing(self, frame: _Frame) -> None:
        """Drop the include of a file that an earlier unit brought; `<assert.h>` in it follows this unit's NDEBUG."""
        assert frame.include is not None  # noqa: S101
        text = b"#include <assert.h>\n" if frame.has_assert and b"NDEBUG" in self._unit_macros else b""
        self._edit(EditKind.ELIDE, frame.span, frame.include.line, text, f"{frame.file.name} stands above")
        self.includes.append(
            Include(self._frame.file, frame.include.line, frame.file, _spelling(frame.include), "dropped")
        )

    def _rejoin_output(self, frame: _Frame) -> None:
        """Keep of a repeated emission what an earlier one has brought too, since only one of them is compiled."""
        provided = self._provides.get(frame.file, frozenset())
        for key, value in self._output.close_branch().items():
            is_sure = key is frame.file or key in provided or self._output.get(key) is State.DEFINED
            self._output.set(key, value if is_sure else State.UNKNOWN)

    def _remember(self, frame: _Frame) -> None:
        record = self._records.get(frame.file)
        if record is not None and record.unit == len(self.units) and not record.signature:
            self._records[frame.file] = record._replace(signature=tuple(frame.signature))
        if frame.is_once:
            held = frozenset(file for file in frame.included if self._output.get(file) is State.DEFINED)
            known = self._provides.get(frame.file)
            self._provides[frame.file] = held if known is None else known & held
        elif frame.parent is not None and self._is_multiple:
            places = []
            inner: _Frame = frame
            while inner.parent is not None:
                places.append((inner.parent.file, inner.span[0]))
                inner = inner.parent
            uses = structure.code_words(frame.file) & self._unit_macros.keys()
            values = tuple(sorted((name, repr(self._unit_macros[name]).encode()) for name in uses))
            self.repeats.setdefault(frame.file, []).append(
                Repeat(len(self.units), tuple(frame.signature), values, tuple(places))
            )

    def _compare(self, frame: _Frame) -> None:
        """Check that a file that the output holds already would read the same here."""
        record = self._records.get(frame.file)
        if record is None or not frame.is_once:
            return
        changed = {
            name
            for name in self._unit_macros.keys() | record.environment.keys()
            if self._unit_macros.get(name) != record.environment.get(name)
        } - FEATURE_TESTS
        used = sorted(changed & structure.code_words(frame.file)) if changed else []
        if used:
            name = used[0].decode()
            reason = f'"{name}" is not the same there'
            self.differences.append(Difference(frame.file, 0, reason, self._place_of(frame), record.place, True))
            return
        for mine, first in zip(frame.signature, record.signature, strict=False):
            if mine != first:
                line = mine[0]
                words = set(structure.line_words(frame.file, line))
                reason = "a condition does not have the same outcome there"
                is_certain = bool(changed & words)
                self.differences.append(
                    Difference(frame.file, line, reason, self._place_of(frame), record.place, is_certain)
                )
                return

    def _first(self, frame: _Frame) -> Location:
        record = self._records.get(frame.file)
        return record.place if record else Location(frame.file.name)

    def _place_of(self, frame: _Frame) -> Location:
        if frame.parent is None or frame.include is None:
            return Location(frame.file.name)
        return Location(frame.parent.file.name, frame.include.line)

    def _emission(self, frame: _Frame) -> Emission:
        edits = frame.edits
        usings = structure.file_scope_usings(frame.file) if self._using is not Using.KEEP else ()
        for using in usings:
            if any(edit.start <= using.start < edit.end for edit in edits):
                continue
            needed_by = self._decisions.kept_usings.get((frame.file, using.start))
            outcome = "stripped" if needed_by is None else "kept"
            namespace = using.namespace.decode("utf-8", "replace")
            names = tuple(name.decode("utf-8", "replace") for name in needed_by or ())
            self.usings.append(StrippedUsing(frame.file, using.line, namespace, outcome, names))
            if needed_by is None:
                span = whole_line(frame.file.data, using.start, using.end)
                edits.append(Edit(EditKind.STRIP, *span, using.line, b"", "using namespace at file scope"))
        if frame.needs_guard:
            name = b"AMALGAMATE_ONCE_" + re.sub(rb"[^0-9A-Za-z]", b"_", frame.file.name.encode()).upper()
            end = len(frame.file.data)
            newline = b"" if frame.file.data.endswith(b"\n") or not end else b"\n"
            opening = b"#ifndef " + name + b"\n#define " + name + b"\n"
            edits.append(Edit(EditKind.GUARD, 0, 0, 1, opening, "pragma once"))
            edits.append(Edit(EditKind.GUARD, end, end, 1, newline + b"#endif\n", "pragma once"))
        edits.sort(key=lambda edit: (edit.start, edit.end))
        return Emission(frame.file, frame.conditions, tuple(edits))


def whole_line(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Widen a span to its whole lines, with the last line end, where nothing else stands on them."""
    before = data.rfind(b"\n", 0, start) + 1
    after = data.find(b"\n", end)
    after = len(data) if after < 0 else after
    if data[before:start].strip() or data[end:after].strip():
        return start, end
    return before, min(after + 1, len(data))


def line_span(data: bytes, directive: Directive) -> tuple[int, int]:
    """Return the span of a directive with its line: what goes when the directive goes."""
    return whole_line(data, directive.start, directive.end)


def _spelling(directive: Directive) -> str:
    return directive.argument.decode("utf-8", "replace")
