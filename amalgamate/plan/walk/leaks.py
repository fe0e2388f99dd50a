"""Follows where the macros of the one file differ from those that the present unit, compiled alone, would have.

A unit reads its own text with the macros that its own includes leave; the output has what all units before have left.
`Branches.macros` is the first, `Branches.output` the second. Where they differ and the unit's text depends on it, the
macro is named, and the next walk restores it: it is saved before its first change, brought back at the start of each
unit, and set again behind the include of a header that the output holds already. What cannot be set again is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.findings import mark_of
from amalgamate.plan.model import Edit, EditKind
from amalgamate.plan.walk.frame import Frame, line_span
from amalgamate.plan.walk.uses import Mark, Uses
from amalgamate.read.guards import region_at
from amalgamate.read.macros import Macro, Mixed, State, Value, essence, is_defined, is_same
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.plan.findings import Decisions, UnitReport
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.guards import Region
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_ASSERT_SWITCH = b"NDEBUG"
"""What `<assert.h>` reads each time it is included."""


class _Held(NamedTuple):
    """A place whose text stands in the output already."""

    file: SourceFile
    """That the text belongs to."""
    frame: Frame
    """Where the place is."""
    start: int
    end: int
    line: int


class Leaks:
    """Compares the two tables of macros wherever a unit's text may depend on one of them."""

    def __init__(self, state: WalkState, decisions: Decisions, *, is_wanted: bool) -> None:
        self._state = state
        self.restored = (
            frozenset(name for name, _ in decisions.restored) - decisions.lasting.keys() - decisions.unrepaired
        )
        """Macros that some unit needs as they were before all units."""
        self._decisions = decisions
        self._is_wanted = is_wanted
        self._uses = Uses()
        self._saved: set[bytes] = set()
        self._left: set[bytes] = set()
        """Macros that the units before have left otherwise than they were before the first."""
        self._places: dict[bytes, tuple[SourceFile, int]] = {}
        """Where the output changed each macro last."""
        self._homes: dict[bytes, Region | None] = {}
        """The only place where each macro is changed, where that is read once; None where there is no such place."""
        self._suspects: set[bytes] = set()
        """Macros that are, or were, not what the present unit alone would have."""
        self._settled: set[bytes] = set()
        """Of those: macros that have become what the unit alone would have, where it stands now."""
        self._joined: set[bytes] = set()
        """Of those: macros that held headers, or branches that ended, have set since they were compared."""
        self._apart_since: dict[bytes, Mark] = {}
        """Of those: macros that have ceased to be so behind a branch, and where."""
        self._silent: set[bytes] = set()
        """Macros set by the held header that is being walked."""
        self._changed: set[bytes] = set()
        self._own: dict[bytes, Value] = {}
        """What the output had of the macros that the unit's own text changes, before it did."""
        self._by_headers: set[bytes] = set()
        self._guards: set[bytes] = set()
        """Those of headers that are emitted again, and of parts."""

    @property
    def is_on(self) -> bool:
        """Whether there is something to keep apart."""
        return self._is_wanted and self._state.held.is_shared

    # Units

    def start_unit(self) -> None:
        """Bring back what earlier units have changed, where it is known to matter."""
        output, frame = self._state.branches.output, self._state.frame
        self._uses.start_unit()
        self._changed, self._own, self._by_headers, self._silent = set(), {}, set(), set()
        root = self._state.unit.root
        unrepaired = self._decisions.unrepaired
        left = self._left - self._state.branches.mentioned_by(unrepaired)
        needed = sorted(name for name in left if (name, root) in self._decisions.restored)
        back = [name for name in needed if name in self.restored]
        for name in back:
            output.set(name, self._initial(name))
            text = _bringing_back(name)
            if name == _ASSERT_SWITCH:
                text += b"#include <assert.h>\n"
            frame.edits.append(Edit(EditKind.ISOLATE, 0, 0, 1, text, "an earlier unit changed this macro"))
        self._left.difference_update(back)
        self._suspects, self._settled, self._joined = set(self._left), set(), set()
        self._apart_since = {}
        self._hide(frame, [name for name in needed if name not in self.restored])

    def _hide(self, frame: Frame, names: Iterable[bytes]) -> None:
        """Undefine what an earlier unit has left for good, while the present unit lasts."""
        output, unit = self._state.branches.output, self._state.unit
        unit.hidden = tuple(names)
        unit.marked = self._decisions.fallbacks.intersection(unit.hidden)
        for name in unit.hidden:
            self._own[name] = output.get(name)
            output.set(name, self._initial(name))
            text = b'#pragma push_macro("' + name + b'")\n#undef ' + name + b"\n"
            if name in unit.marked:
                text = b"#ifdef " + mark_of(name) + b"\n" + text + b"#endif\n"
            frame.edits.append(Edit(EditKind.ISOLATE, 0, 0, 1, text, "an earlier unit's header made this macro"))
        self._suspects.difference_update(unit.hidden)

    def end_unit(self, unit: UnitReport) -> None:
        """Check what the whole unit uses, and note what it leaves."""
        if not self.is_on:
            return
        if unit.includes_assert:
            self._uses.note(_ASSERT_SWITCH, unit.root)
        macros, output = self._state.branches.macros, self._state.branches.output
        for name in self._uses.candidates(self._suspects - self._guards):
            if not is_same(macros.peek(name), output.peek(name)):
                self._check_use(name)
        for name in sorted(self._apart_since.keys() - self._suspects - self._guards):
            self._judge(name, self._uses.behind(name, self._apart_since[name], None, 0))
        for name, before in self._own.items():
            if (name in unit.macros and name not in self.restored) or name in unit.hidden:
                output.set(name, before)
        for name in self._changed:
            if essence(output.peek(name)) == self._initial(name):
                self._left.discard(name)
            else:
                self._left.add(name)

    def _initial(self, name: bytes) -> Value:
        return self._state.initial.get(name, State.UNKNOWN)

    # Changes

    def note_silent(self, names: Iterable[bytes]) -> None:
        """Remember that a held header, walked silently, sets the macros for this unit."""
        self._silent.update(names)
        self._joined |= self._settled.intersection(names)

    def change(self, name: bytes, value: Value, directive: Directive, *, is_own: bool) -> None:
        """Follow a `#define` or `#undef` that the output has here; call it before the unit's own table."""
        branches, frame = self._state.branches, self._state.frame
        if any(each.is_held_part for each in frame.conditionals):
            self._note_held(name)
            return
        before = branches.output.get(name)
        self._keep_apart(name, value, directive, is_own=is_own)
        if _guards_more(frame, name, value):
            self._guards.add(name)
        if frame.is_guarded():
            self._note_guarded(name, directive)
        elif self._is_suspect(name) and not is_same(branches.macros.peek(name), before):
            self._check_change(name, value, before, directive)
        if is_own:
            self._own.setdefault(name, before)
        else:
            self._by_headers.add(name)
        if name in self._own and name in self._by_headers and name not in self._guards:
            self._learn(name)
        branches.output.set(name, value)
        self._changed.add(name)
        self._note_place(name, directive)
        if isinstance(value, Macro):
            self._uses.note_body(value)

    def _keep_apart(self, name: bytes, value: Value, directive: Directive, *, is_own: bool) -> None:
        """Do at a change what lets later units see the macro as it was; a unit's own end with it."""
        frame = self._state.frame
        if not is_own and not _is_fallback(self._state.branches.macros.peek(name), value):
            self._state.found.overridden.add(name)
        if name in self.restored:
            text = b'#pragma push_macro("' + name + b'")\n'
            self._save(name, frame, directive, text, "later units need it as it was")
        elif name in self._decisions.fallbacks:
            if not is_own:
                end, text = line_span(frame.file.data, directive)[1], b"#define " + mark_of(name) + b"\n"
                edit = Edit(EditKind.ISOLATE, end, end, directive.line, text, "a later unit must not see it")
                frame.edits.append(edit)
        elif self._decisions.lasting.get(name) and name not in self._decisions.unrepaired:
            text = b"#ifdef " + name + b'\n#error "' + name + b' cannot be defined from outside"\n#endif\n'
            self._save(name, frame, directive, text, "a later unit must not see it")

    def _is_suspect(self, name: bytes) -> bool:
        if self._apart_since.pop(name, None) is not None:
            self._suspects.add(name)
        return name in self._suspects

    def _note_place(self, name: bytes, directive: Directive) -> None:
        file = self._state.frame.file
        self._places[name] = (file, directive.line)
        home = region_at(file, directive.start)
        if self._homes.setdefault(name, home) != home:
            self._homes[name] = None

    def _note_held(self, name: bytes) -> None:
        """Remember that a held part, of which the output has only the text, sets the macro for this unit."""
        conditionals = self._state.frame.conditionals
        if any(each.is_part_guard and name in each.directive.argument for each in conditionals):
            self._guards.add(name)
        self.note_silent((name,))

    def _note_guarded(self, name: bytes, directive: Directive) -> None:
        """Remember a change where an earlier emission may stand instead: it has made the same one."""
        if name in self._apart_since:
            self._check_before([name], self._state.frame, directive.start)
            self._settled.add(name)
        self._note_guard(name, directive)

    def _note_guard(self, name: bytes, directive: Directive) -> None:
        """Leave the guard itself alone: it tells whether an earlier emission was compiled."""
        frame = self._state.frame
        is_guard = frame.guard is not None and frame.guard.name == name
        is_guard |= any(each.is_part_guard and name in each.directive.argument for each in frame.conditionals)
        if is_guard:
            self._guards.add(name)
            if (name, self._state.unit.root) in self._decisions.restored:
                self._refuse(name, (frame.file, directive.line))

    def _check_change(self, name: bytes, value: Value, before: Value, directive: Directive) -> None:
        frame = self._state.frame
        if not isinstance(value, Macro):
            self._check_before([name], frame, directive.start)
        elif isinstance(before, Mixed) and before.parts <= {State.UNKNOWN, value}:
            # What the output has is this very definition, or what whoever compiles wants: only a default again.
            opened = next((each.opened_at for each in frame.conditionals if each.is_open), directive.start)
            self._check_before([name], frame, opened)
        else:
            self._learn(name)

    def join(self) -> None:
        """Behind a branch: the macros that agree in it, but not where it was not taken, are suspect from there on."""
        self._joined |= self._settled & self._state.branches.ended
        self._state.branches.ended.clear()
        frame = self._state.frame
        if self._joined and not frame.is_silent and not any(each.is_held_part for each in frame.conditionals):
            macros, output = self._state.branches.macros, self._state.branches.output
            apart = {name for name in self._joined if not is_same(macros.peek(name), output.peek(name))}
            for name in apart - self._suspects:
                self._apart_since.setdefault(name, self._uses.mark(frame))
            self._settled -= apart
            self._joined = set()

    def settle(self, frame: Frame, parent: Frame, names: Iterable[bytes] = ()) -> None:
        """Behind a header that another emission serves: set again what it would have set here."""
        line = frame.include.line if frame.include is not None else 0
        self._settle(_Held(frame.file, parent, *frame.span, line), names)

    def settle_part(self, frame: Frame, start: int, directive: Directive) -> None:
        """Do so behind a part of a header, which ends with the directive."""
        self._settle(_Held(frame.file, frame, start, line_span(frame.file.data, directive)[1], directive.line))

    def _settle(self, held: _Held, names: Iterable[bytes] = ()) -> None:
        branches = self._state.branches
        leaving = []
        for name in sorted({*self._silent, *names} - self._guards):
            value = branches.macros.peek(name)
            if is_same(value, branches.output.peek(name)):
                if name in self._suspects or name in self._apart_since:
                    leaving.append(name)
            elif name in self.restored and (text := self._setting(name, value)):
                self._set_again(name, value, text, held)
            elif name in self.restored:
                self._state.found.unsettable[name] = _may_come_from_outside(value)
            elif value is not State.DEFINED:  # a guard, which is settled without its text
                self._suspects.add(name)
        self._silent = set()
        if leaving:
            self._check_before(leaving, held.frame, held.start)
            self._suspects.difference_update(leaving)
            self._settled.update(leaving)

    def _set_again(self, name: bytes, value: Value, text: bytes, held: _Held) -> None:
        if not held.line:
            return
        reason = f"{held.file.name} sets this macro"
        held.frame.edits.append(Edit(EditKind.ISOLATE, held.end, held.end, held.line, text, reason))
        self._state.branches.output.set(name, value)
        self._changed.add(name)

    def _setting(self, name: bytes, value: Value) -> bytes:
        """Return directives that give the macro its value, whatever it is; empty where that is not known."""
        undefine = b"#undef " + name + b"\n"
        if isinstance(value, Macro):
            return undefine + value.directive + b"\n"
        if is_defined(value) is False:
            return undefine
        if isinstance(value, Mixed) and value.default is not None and self._initial(name) is State.UNKNOWN:
            is_as_it_was = self._state.branches.output.peek(name) is State.UNKNOWN
            text = b"#ifndef " + name + b"\n" + value.default.directive + b"\n#endif\n"
            return text if is_as_it_was else _bringing_back(name) + text
        return b""

    def _save(self, name: bytes, frame: Frame, directive: Directive, text: bytes, reason: str) -> None:
        """Put a text before the first change of the macro, outside every open condition."""
        if name in self._saved:
            return
        self._saved.add(name)
        where, at, line = frame, line_span(frame.file.data, directive)[0], directive.line
        outer: Frame | None = frame
        while outer is not None:
            opened = next((each for each in outer.conditionals if each.is_open), None)
            if opened is not None:
                where, at, line = outer, opened.opened_at, opened.directive.line
            if (outer.is_uncertain or outer.needs_guard) and outer.parent is not None and outer.include is not None:
                where, at, line = outer.parent, outer.span[0], outer.include.line
            outer = outer.parent
        where.edits.append(Edit(EditKind.ISOLATE, at, at, line, text, reason))

    # Uses

    def finish_file(self, frame: Frame) -> None:
        """Remember that the whole text of a file stands in the present unit."""
        if self.is_on:
            self._uses.finish(frame)

    def _check_before(self, names: list[bytes], frame: Frame, offset: int) -> None:
        """Check that the unit's text before this place does not use the macros, which differed there."""
        self._uses.reach(frame, offset)
        marks = {name: self._apart_since.pop(name, None) for name in names}
        for name in self._uses.candidates(names):
            mark = marks[name]
            if mark is None:
                self._check_use(name, frame, offset)
            else:
                self._judge(name, self._uses.behind(name, mark, frame, offset))

    def _check_use(self, name: bytes, frame: Frame | None = None, offset: int = 0) -> None:
        self._judge(name, self._uses.first(name, frame, offset, self._home(name)))

    def _judge(self, name: bytes, use: tuple[SourceFile, int] | None) -> None:
        if use is None or name in self._guards:
            return
        if (name, self._state.unit.root) not in self._decisions.restored:
            self._learn(name)
            return
        self._refuse(name, use)

    def _home(self, name: bytes) -> Region | None:
        """Return where alone the macro is changed: no second reading of that place sees what the first has done."""
        home = self._homes.get(name)
        return None if home is None or home.guard in self._state.undone else home

    def _refuse(self, name: bytes, use: tuple[SourceFile, int]) -> None:
        file, line = self._places.get(name, use)
        self._state.found.refused[name] = Diagnostic(
            Severity.ERROR,
            f'"{name.decode()}" is not what it would be in this unit alone: {Location(file.name, line)} changes it',
            Location(use[0].name, use[1]),
            f'fix "{name.decode()}" for all units in [defines], or give it another name in one of them',
        )

    def _learn(self, name: bytes) -> None:
        self._state.found.to_restore.add((name, self._state.unit.root))


def _may_come_from_outside(value: Value) -> bool:
    """Tell whether the macro may be what whoever compiles has made it; one that is always defined anew is not."""
    return not isinstance(value, Mixed) or not all(isinstance(part, Macro) for part in value.parts)


def _is_fallback(before: Value, value: Value) -> bool:
    """Tell whether a macro gets a definition only where it has none, whoever may have given it one."""
    return isinstance(value, Macro) and is_defined(before) is False and essence(before) is State.UNKNOWN


def _bringing_back(name: bytes) -> bytes:
    """Return the pragmas that give a saved macro its first value, and keep it saved."""
    return b'#pragma pop_macro("' + name + b'")\n#pragma push_macro("' + name + b'")\n'


def _guards_more(frame: Frame, name: bytes, value: Value) -> bool:
    """Tell whether a definition without a value stands in a conditional that asks for it, and holds more."""
    if not isinstance(value, Macro) or value.body or not frame.conditionals:
        return False
    conditional = frame.conditionals[-1]
    if conditional.is_kept:
        return False
    asked = conditional.directive
    is_asked = (asked.kind is Kind.IFNDEF and asked.argument == name) or b"!defined(" + name + b")" in asked.argument
    directives = frame.file.directives
    holds_more = frame.index >= len(directives) or directives[frame.index].kind is not Kind.ENDIF
    conditional.is_guard_like |= is_asked and holds_more
    return is_asked and holds_more
