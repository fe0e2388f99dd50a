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
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.errors import Diagnostic, Severity
from amalgamate.plan.conditionals import ALTERNATIVES, OPENING, Branches
from amalgamate.plan.facts import Facts, imply
from amalgamate.plan.findings import Decisions, Hoist, UnitReport
from amalgamate.plan.frame import Frame, Key, Rehearsal, Span, line_span, whole_line
from amalgamate.plan.held import Held, Meanings, SilentWalk
from amalgamate.plan.model import Cycle, Edit, EditKind, Emission, Include, StrippedUsing
from amalgamate.read import expand, structure
from amalgamate.read.condition import Environment
from amalgamate.read.guards import PRAGMA_OPERATOR_ONCE, Guard, find_guard, is_pragma_once, says_once
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
from amalgamate.read.system_headers import is_idempotent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amalgamate.read.source import SourceFile

_MAX_DEPTH_OF_ONE_FILE = 200
_HEADER_NAME = re.compile(rb"<[^>\n]++>|\"[^\"\n]++\"")
_NAME = re.compile(rb"[A-Za-z_$][0-9A-Za-z_$]*+")
_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT, Kind.EMBED})
_MACRO_STACK = re.compile(rb'(push|pop)_macro\s*+\(\s*+"([^"]++)"\s*+\)')
_PLAIN_HEADER = re.compile(rb"__has_include\s*+\(\s*+(<[^>\n]++>|\"[^\"\n]++\")\s*+\)")


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
        self.held = Held()
        self._resolver = resolver
        self._decisions = decisions
        self._initial = dict(initial)
        self._using = using
        self._once_names = once
        self._repeat_names = repeat
        self._branches = Branches(never_resolved, self.errors)
        self._guards: dict[SourceFile, tuple[Guard | None, bool]] = {}
        self._guard_names: set[bytes] = set()
        self._header_names: set[bytes] = set()
        """Every macro that a header has touched."""
        self._pushed: dict[bytes, list[Value]] = {}
        """What `#pragma push_macro` saved in the present unit."""
        self._imported: set[SourceFile] = set()
        self._undone: set[bytes] = set()
        """Guards that something undefines: what was read under them may be read again."""
        self._seen_under: dict[SourceFile, list[Facts]] = {}
        """Under which facts the present unit has read each file."""
        self._held_under: dict[SourceFile, list[Facts]] = {}
        """Under which facts the output holds each file."""
        self._uncertain = 0
        """How many files being walked may be skipped because they were read before."""
        self._usings: dict[SourceFile, tuple[structure.UsingDirective, ...]] = {}
        self._has_external = False
        """Whether the present unit has reached a system header."""
        self._is_multiple = False
        self._frame: Frame
        self._unit: UnitReport

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
        macros: Lattice[Key] = Lattice(self._initial)
        environment = Environment(
            macros,
            lambda header: self._resolver.has(header, self._frame.file),
            is_cplusplus=root.path.suffix not in (".c", ".m"),
        )
        self._branches.start_unit(macros, environment)
        self._seen_under = {}
        self._pushed = {}
        self._has_external = False
        self._unit = UnitReport(root)
        self.units.append(self._unit)
        self._frame = Frame(
            root, None, None, is_once=False, is_silent=False, directory_index=-1, guard=None, conditions=()
        )
        self._unit.emitted.append(root)
        self._branches.output.set(root, State.DEFINED)
        top = self._frame
        for header in forced:
            self._include_resolved(header, Directive(Kind.INCLUDE, 0, 0, 1, b""), (0, 0))
            self._run_to(top)
        self._run_to(None)
        for name in self._unit.header_macros:
            self._unit.header_macros[name] = self._branches.macros.get(name)

    def _run_to(self, stop: Frame | None) -> None:
        """Walk until `stop` is the present frame again; to the end of the unit for None."""
        while (frame := self._frame) is not stop:
            directives = frame.file.directives
            while frame.index < len(directives):
                directive = directives[frame.index]
                frame.index += 1
                if frame.conditionals and not frame.conditionals[-1].is_live:
                    self._branches.skip(frame, directive)
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
        elif kind in OPENING:
            self._branches.open(self._frame, directive)
        elif kind is Kind.ENDIF:
            self._branches.close(self._frame, directive)
        elif kind in ALTERNATIVES:
            self._branches.alternate(self._frame, directive)
        elif kind in _INCLUDES:
            self._include(directive)
        elif kind is Kind.UNDEF:
            self._undefine(directive)
        elif kind is Kind.PRAGMA:
            self._pragma(directive)
        elif kind is Kind.ERROR:
            self._branches.fail(self._frame, directive)

    def _error(self, directive: Directive, message: str, hint: str = "") -> None:
        self.errors.append(self._frame.diagnostic(Severity.ERROR, directive, message, hint))

    # Macros

    def _define(self, directive: Directive) -> None:
        macro = parse_definition(directive.argument)
        if macro is None:
            self._error(directive, "#define without a macro name")
            return
        name = macro.name
        if name in FEATURE_TESTS and self._is_multiple and self._hoist(name, directive):
            return
        self._set_macro(name, macro)

    def _undefine(self, directive: Directive) -> None:
        name = parse_name(directive.argument)
        if name is None:
            self._error(directive, "#undef without a macro name")
            return
        self._branches.note_undefined(name)
        self._undone.add(name)
        self._set_macro(name, State.UNDEFINED)

    def _set_macro(self, name: bytes, value: Value) -> None:
        self._branches.note_change(name)
        self._branches.macros.set(name, State.UNKNOWN if name in self._branches.never_resolved else value)
        if self._frame.belongs_to_header():
            self._unit.header_macros[name] = value
            self._header_names.add(name)
            self._unit.macros.pop(name, None)  # the last word is the header's
        else:
            self._unit.macros[name] = value
            if self._frame.parent is None:
                self._unit.own.add(name)
            if name not in self._unit.touched:
                self._unit.touched[name] = self._frame.place_in_root()

    def _hoist(self, name: bytes, directive: Directive) -> bool:
        """Move a feature-test macro to the prelude; False where it comes after a system header and counts for none."""
        if self._has_external and name not in self._decisions.hoisted:
            return False
        conditions = tuple(text for text in self._branches.conditions if name.decode() not in text)
        if not {word for text in conditions for word in _NAME.findall(text.encode())} <= PREDEFINED | {b"defined"}:
            return False
        macro = parse_definition(directive.argument)
        if macro is not None:
            self.hoists.append(Hoist(name, macro.body, conditions, self._frame.location(directive)))
        if name in self._decisions.hoisted:
            span = line_span(self._frame.file.data, directive)
            self._frame.edit(EditKind.ISOLATE, span, directive.line, b"", "defined in the prelude")
        return True

    def _pragma(self, directive: Directive) -> None:
        frame, argument = self._frame, directive.argument
        span = line_span(frame.file.data, directive)
        if is_pragma_once(directive):
            if not any(conditional.has_branch for conditional in frame.conditionals):
                self._imported.add(frame.file)
            frame.edit(EditKind.ELIDE, span, directive.line, b"", "read once by construction")
        elif argument.startswith(b"pack") and not frame.belongs_to_header():
            self._unit.packs = True
        elif argument == b"GCC system_header":
            frame.edit(EditKind.ELIDE, span, directive.line, b"", "has no meaning in a main file")
        elif (match := _MACRO_STACK.match(argument)) is not None:
            self._push_or_pop(match.group(2), is_push=match.group(1) == b"push")

    def _push_or_pop(self, name: bytes, *, is_push: bool) -> None:
        if is_push:
            self._pushed.setdefault(name, []).append(self._branches.macros.get(name))
        elif self._pushed.get(name):
            self._set_macro(name, self._pushed[name].pop())

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

    def _include_resolved(self, answer: Found | External, directive: Directive, span: Span) -> None:
        if isinstance(answer, External):
            self._include_external(answer.spelling, directive, span)
        else:
            self._include_file(answer, directive, span)

    def _computed(self, directive: Directive) -> bytes | None:
        """Expand the macro of a computed include; None where it stays, or cannot be known."""
        name = parse_name(directive.argument)
        try:
            return expand.expand_include(directive.argument, self._branches.macros)
        except expand.ExpansionError:
            value = self._branches.macros.get(name) if name else State.UNKNOWN
            if name == directive.argument and value in (State.UNKNOWN, State.DEFINED) and self._branches.conditions:
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
            self.notes.append(self._frame.diagnostic(Severity.NOTE, directive, message, hint))

    def _is_asked_for(self, header: bytes) -> bool:
        """Tell whether an open condition around this place asks `__has_include` for the same header."""
        asked = (match for text in self._branches.conditions for match in _PLAIN_HEADER.findall(text.encode()))
        return header in asked

    def _missing(self, directive: Directive, header: bytes, answer: Missing) -> None:
        spelling = header[1:-1].decode("utf-8", "replace")
        if answer.near:
            hint = "did you mean " + " or ".join(f'"{name}"' for name in answer.near) + "?"
        elif self._branches.conditions:
            hint = f'if it comes from elsewhere, add "{spelling}" to headers in [external]'
        else:
            hint = f'add its folder to include_dirs, or "{spelling}" to headers in [external]'
        self._error(directive, f'cannot find "{spelling}"', hint)

    def _include_external(self, header: bytes, directive: Directive, span: Span) -> None:
        frame = self._frame
        spelling = os.fsdecode(header[1:-1])
        frame.decide(directive, header)
        self._pass_external(frame, has_assert=spelling in ("assert.h", "cassert"))
        if frame.is_silent:
            return
        key = b"\0external " + header[1:-1]
        frame.included.add(key)
        outcome = "kept"
        if is_idempotent(spelling) and self._branches.output.get(key) is State.DEFINED:
            outcome = "dropped"
            self._frame.edit(EditKind.ELIDE, span, directive.line, b"", "included above")
        elif frame.parent is None and not directive.argument:
            self._frame.edit(EditKind.INLINE, span, directive.line, b"#include " + header + b"\n", "forced include")
        elif _HEADER_NAME.match(directive.argument) is None or directive.kind is Kind.INCLUDE_NEXT:
            text = b"#include " + header
            self._frame.edit(
                EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "computed include"
            )
        self._branches.output.set(key, State.DEFINED)
        self.includes.append(Include(frame.file, directive.line, None, os.fsdecode(header), outcome))

    def _pass_external(self, frame: Frame, *, has_assert: bool) -> None:
        """Note that a system header was read, and forget what it may have changed."""
        self._has_external = True
        self._branches.forget_undefined(lambda name: name in self._guard_names or name in self._initial)
        self._unit.includes_assert |= has_assert
        above: Frame | None = frame
        while above is not None:
            above.has_external = True
            above.has_assert |= has_assert
            above = above.parent

    def _include_file(self, found: Found, directive: Directive, span: Span) -> None:
        file = found.file
        self._frame.included.add(file)
        guard, is_pragma = self._once(file)
        is_once = is_pragma or guard is not None or file in self._imported
        self._frame.decide(directive, b"include " + file.name.encode() if is_once else b"")
        seen = self._is_seen(file, guard, is_pragma or file in self._imported)
        if seen:
            self._drop(file, directive, span)
            return
        if not is_once and self._frame.depth_of(file) >= _MAX_DEPTH_OF_ONE_FILE:
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
                guard = find_guard(file)
                is_decided = file in self._decisions.once or file.name in self._once_names
                answer = (guard, is_decided or says_once(file, guard))
            self._guards[file] = answer
            if answer[0] is not None:
                self._guard_names.add(answer[0].name)
        return answer

    def _is_seen(self, file: SourceFile, guard: Guard | None, is_pragma: bool) -> bool | None:
        """Tell whether this unit has read the file already; None where it depends on an open condition."""
        answers = []
        if is_pragma:
            answers.append(self._is_defined_here(file))
        if guard is not None:
            answers.append(self._is_defined_here(guard.name))
        if True in answers:
            return True
        if None not in answers:
            return False
        if (guard is None or guard.name not in self._undone) and self._is_under(self._seen_under, file):
            return True
        return None

    def _is_defined_here(self, key: Key) -> bool | None:
        """Tell whether a guard's macro, or a file, is marked as read; one never touched is not."""
        macros = self._branches.macros
        return is_defined(macros.get(key)) if macros.is_touched(key) else False

    def _is_under(self, places: Mapping[SourceFile, list[Facts]], file: SourceFile) -> bool:
        """Tell whether one of the recorded facts about the file holds here."""
        known = self._branches.facts[-1]
        return any(imply(known, facts) for facts in places.get(file, ()))

    def _drop(self, file: SourceFile, directive: Directive, span: Span) -> None:
        self._find_cycle(file, directive)
        self._frame.included |= self.held.provided(file)
        self._frame.edit(EditKind.ELIDE, span, directive.line, b"", f"{file.name} stands above")
        if not self._frame.is_silent:
            self.includes.append(Include(self._frame.file, directive.line, file, _spelling(directive), "dropped"))

    def _find_cycle(self, file: SourceFile, directive: Directive) -> None:
        files, lines = [], [directive.line]
        frame: Frame | None = self._frame
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
        span: Span,
        guard: Guard | None,
        *,
        is_once: bool,
        is_seen_perhaps: bool,
    ) -> None:
        parent = self._frame
        file = found.file
        record = self.held.record(file)
        is_held = is_once and record is not None and record.unit is not self._unit
        is_surely_held = self._branches.output.get(file) is State.DEFINED or self._is_under(self._held_under, file)
        is_silent = parent.is_silent or (is_held and is_surely_held)
        is_pragma = is_once and guard is None
        frame = Frame(
            file,
            parent,
            directive,
            is_once=is_once,
            is_silent=is_silent,
            directory_index=found.directory_index,
            guard=guard,
            guard_is_open=guard is not None and is_seen_perhaps,
            conditions=tuple(self._branches.conditions),
            span=span,
            needs_guard=is_pragma and (bool(self._branches.conditions) or record is not None),
            entry=self._meanings(file) if is_silent and is_once else {},
            is_again=record is not None and is_once and not is_silent,
        )
        if is_silent and not parent.is_silent and self._is_unconditional():
            if self._replay(frame, parent):
                return
            self._start_rehearsal(frame)
        self._unit.seen.append(file)
        self._frame = frame
        if frame.is_again:
            self._branches.output.open_branch()
        if is_pragma and is_seen_perhaps:
            frame.is_perhaps = True
            self._branches.macros.open_branch()
        self._branches.macros.set(file, State.DEFINED)
        if not self._uncertain:
            self._seen_under.setdefault(file, []).append(self._branches.facts[-1])
            if not is_silent:
                self._held_under.setdefault(file, []).append(self._branches.facts[-1])
        self._uncertain += frame.is_uncertain
        if not is_silent:
            self._begin_emission(file, parent, directive)
        elif parent.is_silent and is_once and record is None:
            self.held.report_absent(parent, file, directive)

    def _begin_emission(self, file: SourceFile, parent: Frame, directive: Directive) -> None:
        self._branches.output.set(file, State.DEFINED)
        self.includes.append(Include(parent.file, directive.line, file, _spelling(directive), "inlined"))
        self._unit.emitted.append(file)
        if self.held.record(file) is None:
            self.held.begin(file, self._unit, parent.location(directive), self._meanings(file))
            guard = self._once(file)[0]
            if guard is not None:
                self._unit.guards.add(guard.name)

    def _meanings(self, file: SourceFile) -> Meanings:
        return self.held.meanings(file, self._branches.macros) if self._is_multiple else {}

    # Files held from an earlier unit, which walk alike in most units

    def _is_unconditional(self) -> bool:
        return not self._branches.conditions and not self._uncertain

    def _start_rehearsal(self, frame: Frame) -> None:
        frame.rehearsal = Rehearsal(len(self._unit.seen), len(self.held.differences))
        self._branches.macros.start_journal()

    def _end_rehearsal(self, frame: Frame, rehearsal: Rehearsal) -> None:
        """Remember what the silent walk depended on and did, unless it found the file to differ here."""
        effect = self._branches.macros.end_journal()
        if len(self.held.differences) == rehearsal.differences:
            seen = tuple(self._unit.seen[rehearsal.seen :])
            self.held.remember_effect(frame.file, SilentWalk(effect, seen, frame.has_external, frame.has_assert))

    def _replay(self, frame: Frame, parent: Frame) -> bool:
        """Do what an earlier silent walk of the file did, if that holds in this unit too."""
        macros = self._branches.macros
        for walk in self.held.effects_of(frame.file):
            if macros.replay(walk.effect):
                break
        else:
            return False
        for key, value in walk.effect.sets.items():
            if isinstance(key, bytes):
                self._branches.note_change(key)
                if key in self._header_names:
                    self._unit.header_macros[key] = value
                if value is State.UNDEFINED:
                    self._branches.note_undefined(key)
        for file in walk.seen:
            self._unit.seen.append(file)
            self._seen_under.setdefault(file, []).append(self._branches.facts[-1])
            meanings = self._meanings(file)
            self.held.compare_macros(frame, file, self._unit, meanings, meanings)
        if walk.has_external:
            self._pass_external(frame, has_assert=walk.has_assert)
        self._replace_by_nothing(frame, parent)
        parent.included |= self.held.provided(frame.file)
        return True

    def _leave(self, frame: Frame) -> None:
        """Finish the present frame: hang its emission into its parent."""
        self._close_scopes(frame)
        parent = frame.parent
        if frame.is_silent:
            self.held.compare(frame, self._unit, self._meanings(frame.file))
            if frame.rehearsal is not None:
                self._end_rehearsal(frame, frame.rehearsal)
            if parent is not None and not parent.is_silent:
                self._replace_by_nothing(frame, parent)
        else:
            emission = self._emission(frame)
            last = self._meanings(frame.file)
            if self.held.remember(frame, self._unit, self._branches.output, last, is_shared=self._is_multiple):
                self.completed.append(frame.file)
            if parent is None:
                self._unit.emission = emission
            elif frame.include is not None:
                reason = f"{frame.file.name} stands here"
                parent.edits.append(Edit(EditKind.INLINE, *frame.span, frame.include.line, b"", reason, emission))
        if parent is not None and frame.is_once:
            parent.included |= self.held.provided(frame.file)
        elif parent is not None:
            parent.included |= frame.included
            parent.signature.extend(frame.signature)

    def _close_scopes(self, frame: Frame) -> None:
        """End the branches that the file leaves open: by mistake, or because it may have been read before."""
        self._uncertain -= frame.is_uncertain
        for conditional in frame.conditionals:
            self._error(conditional.directive, "unterminated conditional directive", "add the missing #endif")
            self._branches.close_branch(conditional)
        if frame.is_perhaps:
            ends = self._branches.macros.close_branch()
            self._branches.macros.join([ends, {frame.file: State.DEFINED}])
        if frame.is_perhaps or frame.guard_is_open:
            self._settle_what_came_along(frame)
        if frame.is_again:
            self.held.rejoin(frame, self._branches.output)

    def _settle_what_came_along(self, frame: Frame) -> None:
        """Of a file that is read here or was read before: what both ways bring is there whichever it was."""
        macros = self._branches.macros
        for key in self.held.provided(frame.file) & frame.included:
            if isinstance(key, bytes):
                continue
            guard, is_pragma = self._once(key)
            if is_pragma:
                macros.set(key, State.DEFINED)
            if guard is not None and guard.name not in self._undone:
                macros.set(guard.name, State.DEFINED)

    def _replace_by_nothing(self, frame: Frame, parent: Frame) -> None:
        """Drop the include of a file that an earlier unit brought; `<assert.h>` in it follows this unit's NDEBUG."""
        if frame.include is None:
            return
        text = b"#include <assert.h>\n" if frame.has_assert and b"NDEBUG" in self._unit.macros else b""
        parent.edit(EditKind.ELIDE, frame.span, frame.include.line, text, f"{frame.file.name} stands above")
        include = Include(parent.file, frame.include.line, frame.file, _spelling(frame.include), "dropped")
        self.includes.append(include)

    def _file_scope_usings(self, file: SourceFile) -> tuple[structure.UsingDirective, ...]:
        if file not in self._usings:
            self._usings[file] = structure.file_scope_usings(file)
        return self._usings[file]

    def _emission(self, frame: Frame) -> Emission:
        edits = frame.edits
        usings = () if self._using is Using.KEEP else self._file_scope_usings(frame.file)
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
        for match in PRAGMA_OPERATOR_ONCE.finditer(frame.file.data) if frame.is_once else ():
            if not any(edit.start <= match.start() < edit.end for edit in edits):
                line = frame.file.data.count(b"\n", 0, match.start()) + 1
                span = whole_line(frame.file.data, match.start(), match.end())
                edits.append(Edit(EditKind.ELIDE, *span, line, b"", "read once by construction"))
        if frame.needs_guard:
            name = b"AMALGAMATE_ONCE_" + re.sub(rb"[^0-9A-Za-z]", b"_", frame.file.name.encode()).upper()
            end = len(frame.file.data)
            newline = b"" if frame.file.data.endswith(b"\n") or not end else b"\n"
            opening = b"#ifndef " + name + b"\n#define " + name + b"\n"
            edits.append(Edit(EditKind.GUARD, 0, 0, 1, opening, "pragma once"))
            edits.append(Edit(EditKind.GUARD, end, end, 1, newline + b"#endif\n", "pragma once"))
        edits.sort(key=lambda edit: (edit.start, edit.end))
        return Emission(frame.file, frame.conditions, tuple(edits))


def _spelling(directive: Directive) -> str:
    return directive.argument.decode("utf-8", "replace")
