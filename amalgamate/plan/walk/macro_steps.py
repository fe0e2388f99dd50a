"""What the directives about macros do to a walk: `#define`, `#undef`, and the pragmas that save and restore."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.plan.findings import Decisions, Hoist
from amalgamate.plan.model import EditKind
from amalgamate.plan.walk.frame import line_span
from amalgamate.read.macros import PREDEFINED, Macro, State, Value, is_feature_test, parse_definition, parse_name

if TYPE_CHECKING:
    from amalgamate.plan.walk.leaks import Leaks
    from amalgamate.plan.walk.pops import Pops
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.scanner import Directive

_NAME = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")
_MACRO_STACK = re.compile(rb'(push|pop)_macro\s*+\(\s*+"([^"]++)"\s*+\)')


class MacroSteps:
    """Carries out the directives that change macros."""

    def __init__(self, state: WalkState, decisions: Decisions, leaks: Leaks, pops: Pops) -> None:
        self._state = state
        self._pops = pops
        self._leaks = leaks
        self._decisions = decisions
        self._pushed: dict[bytes, list[Value]] = {}
        """What `#pragma push_macro` saved in the present unit."""

    def start_unit(self) -> None:
        """Forget what the unit before has saved."""
        self._pushed = {}

    def define(self, directive: Directive) -> None:
        """Carry out a `#define`, unless it belongs into the prelude."""
        macro = parse_definition(directive.argument)
        if macro is None:
            self._refuse_name(directive)
            return
        name = macro.name
        if self._state.held.is_shared and is_feature_test(name) and self._hoist(name, directive):
            return
        fixed = self._state.initial.get(name)
        if isinstance(fixed, Macro) and fixed != macro and self._state.branches.macros.get(name) == fixed:
            self._state.warn(
                directive,
                f'"{name.decode()}" is fixed by the configuration, and defined otherwise here',
                "guard the definition with #ifndef",
            )
        self._set_macro(name, macro, directive)

    def undefine(self, directive: Directive) -> None:
        """Carry out an `#undef`."""
        name = parse_name(directive.argument)
        if name is None:
            self._refuse_name(directive)
            return
        self._state.branches.note_undefined(name)
        self._state.undone.add(name)
        self._set_macro(name, State.UNDEFINED, directive)

    def _refuse_name(self, directive: Directive) -> None:
        hint = "a name spelt with \\u is not read: write the character" if b"\\" in directive.argument else ""
        self._state.error(directive, f"#{directive.kind.value.decode()} without a macro name", hint)

    def push_or_pop(self, directive: Directive) -> None:
        """Follow `#pragma push_macro` and `pop_macro`."""
        match = _MACRO_STACK.match(directive.argument)
        if match is None:
            return
        name = match.group(2)
        if match.group(1) == b"push":
            self._pushed.setdefault(name, []).append(self._state.branches.macros.get(name))
        elif self._pushed.get(name):
            self._set_macro(name, self._pushed[name].pop(), directive)

    def _set_macro(self, name: bytes, value: Value, directive: Directive) -> None:
        state = self._state
        branches, frame, unit = state.branches, state.frame, state.unit
        branches.note_change(name, value)
        if name in branches.never_resolved:
            value = State.UNKNOWN
        is_own = not frame.belongs_to_header()
        if frame.is_silent:
            self._leaks.note_silent((name,))
        elif self._leaks.is_on:
            self._leaks.change(name, value, directive, is_own=is_own)
        branches.macros.set(name, value)
        if state.held.is_shared and isinstance(value, Macro):
            state.held.note_definition(value)
            self._pops.note_macro(value)
        if not is_own:
            state.header_names.add(name)
            unit.macros.pop(name, None)  # the last word is the header's
        else:
            unit.macros[name] = value
            unit.own.add(name)
            if name not in unit.touched and name not in self._leaks.restored:
                unit.touched[name] = frame.place_in_root()

    def _hoist(self, name: bytes, directive: Directive) -> bool:
        """Move a feature-test macro to the prelude; False where it comes after a system header and counts for none."""
        if self._state.has_external and name not in self._decisions.hoisted:
            return False
        conditions = tuple(text for text in self._state.branches.conditions if name.decode() not in text)
        if not {word for text in conditions for word in _NAME.findall(text.encode())} <= PREDEFINED | {b"defined"}:
            return False
        macro = parse_definition(directive.argument)
        if macro is not None:
            place = self._state.frame.location(directive)
            self._state.found.hoists.append(Hoist(name, macro.body, conditions, place, self._state.unit.root))
        if name in self._decisions.hoisted:
            span = line_span(self._state.frame.file.data, directive)
            self._state.frame.edit(EditKind.ISOLATE, span, directive.line, b"", "defined in the prelude")
        return True
