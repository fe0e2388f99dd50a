"""Which files are read once, and whether the present unit has read one of them already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.plan.walk.facts import Facts, imply
from amalgamate.read.guards import Guard, find_guard, says_once
from amalgamate.read.macros import State, is_defined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.plan.findings import Decisions
    from amalgamate.plan.walk.frame import Frame, Key
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.source import SourceFile


class Once:
    """Knows what makes each file be read once, and under which facts it was."""

    def __init__(self, state: WalkState, decisions: Decisions, *, once: frozenset[str], repeat: frozenset[str]) -> None:
        self._state = state
        self._decisions = decisions
        self._once_names = once
        self._repeat_names = repeat
        self._guards: dict[SourceFile, tuple[Guard | None, bool]] = {}
        self._imported: set[SourceFile] = set()
        self._perhaps: set[SourceFile] = set()
        """What the present unit has read that an open condition makes be read once."""
        self._seen_under: dict[SourceFile, list[Facts]] = {}
        """Under which facts the present unit has read each file."""
        self._held_under: dict[SourceFile, list[Facts]] = {}
        """Under which facts the output holds each file."""

    def start_unit(self) -> None:
        """Forget what the unit before has read."""
        self._seen_under = {}
        self._perhaps = set()

    def note_perhaps(self, file: SourceFile) -> None:
        """Remember that a pragma under an open condition makes the file be read once."""
        self._perhaps.add(file.identity)

    def is_perhaps(self, file: SourceFile) -> bool:
        """Tell whether only an open condition decides whether the file may be read again."""
        return file.identity in self._perhaps

    def note_import(self, file: SourceFile) -> None:
        """Remember that an `#import`, or a pragma met on the way, makes the file be read once."""
        self._imported.add(file.identity)

    def is_imported(self, file: SourceFile) -> bool:
        """Tell whether the file was imported."""
        return file.identity in self._imported

    def is_repeated(self, file: SourceFile) -> bool:
        """Tell whether the configuration wants the file in each unit, though each reads it once."""
        return file.name in self._repeat_names

    def note_read(self, file: SourceFile, *, is_emitted: bool) -> None:
        """Remember under which facts the file is read, and perhaps emitted, here."""
        known = self._state.branches.facts[-1]
        self._seen_under.setdefault(file, []).append(known)
        if is_emitted:
            self._held_under.setdefault(file, []).append(known)

    def is_held_here(self, file: SourceFile) -> bool:
        """Tell whether the output certainly holds the file where control reaches this place."""
        return self._state.branches.output.get(file) is State.DEFINED or self._is_under(self._held_under, file)

    def kind_of(self, file: SourceFile) -> tuple[Guard | None, bool]:
        """Return the guard of the file, and whether `#pragma once` or a decision makes it read once."""
        answer = self._guards.get(file)
        if answer is None:
            guard = find_guard(file)
            is_decided = file in self._decisions.once or file.name in self._once_names
            is_once = (is_decided and not self.is_repeated(file)) or says_once(file, guard)
            answer = self._guards[file] = (guard, is_once)
            if answer[0] is not None:
                self._state.guard_names.add(answer[0].name)
        return answer

    def is_seen(self, file: SourceFile, guard: Guard | None, is_pragma: bool) -> bool | None:
        """Tell whether this unit has read the file already; None where it depends on an open condition."""
        answers = []
        if is_pragma:
            answers.append(self._is_defined_here(file.identity))
        if guard is not None:
            answers.append(self._is_defined_here(guard.name))
        if True in answers:
            return True
        if None not in answers:
            return False
        if (guard is None or guard.name not in self._state.undone) and self._is_under(self._seen_under, file):
            return True
        return None

    def _is_defined_here(self, key: Key) -> bool | None:
        """Tell whether a guard's macro, or a file, is marked as read; one never touched is not."""
        macros = self._state.branches.macros
        return is_defined(macros.get(key)) if macros.is_touched(key) else False

    def _is_under(self, places: Mapping[SourceFile, list[Facts]], file: SourceFile) -> bool:
        """Tell whether one of the recorded facts about the file holds here."""
        known = self._state.branches.facts[-1]
        return any(imply(known, facts) for facts in places.get(file, ()))

    def settle_what_came_along(self, frame: Frame) -> None:
        """Of a file that is read here or was read before: what both ways bring is there whichever it was."""
        macros = self._state.branches.macros
        held = self._state.held
        for key in held.provided(frame.file) & held.with_provided(frame.included):
            if isinstance(key, bytes):
                continue
            guard, is_pragma = self.kind_of(key)
            if is_pragma:
                macros.set(key.identity, State.DEFINED)
            if guard is not None and guard.name not in self._state.undone:
                macros.set(guard.name, State.DEFINED)
