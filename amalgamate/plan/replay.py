"""Files held from an earlier unit walk alike in most units: one silent walk of a file stands for the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.plan.frame import Frame, Rehearsal
from amalgamate.plan.held import SilentWalk
from amalgamate.plan.model import EditKind, Include
from amalgamate.read.macros import State

if TYPE_CHECKING:
    from amalgamate.plan.once import Once
    from amalgamate.plan.state import WalkState


class Replays:
    """Writes silent walks down, and repeats them where they would be the same."""

    def __init__(self, state: WalkState, once: Once) -> None:
        self._state = state
        self._once = once

    def start(self, frame: Frame) -> None:
        """Begin to write down what a silent walk depends on and does."""
        frame.rehearsal = Rehearsal(len(self._state.unit.seen), len(self._state.held.differences))
        self._state.branches.macros.start_journal()

    def end(self, frame: Frame) -> None:
        """Remember what the silent walk depended on and did, unless it found the file to differ here."""
        rehearsal = frame.rehearsal
        if rehearsal is None:
            return
        effect = self._state.branches.macros.end_journal()
        if len(self._state.held.differences) == rehearsal.differences:
            seen = tuple(self._state.unit.seen[rehearsal.seen :])
            self._state.held.remember_effect(frame.file, SilentWalk(effect, seen, frame.has_external, frame.has_assert))

    def repeat(self, frame: Frame, parent: Frame) -> bool:
        """Do what an earlier silent walk of the file did, if that holds in this unit too."""
        macros = self._state.branches.macros
        for walk in self._state.held.effects_of(frame.file):
            if macros.replay(walk.effect):
                break
        else:
            return False
        for key, value in walk.effect.sets.items():
            if isinstance(key, bytes):
                self._state.branches.note_change(key)
                if key in self._state.header_names:
                    self._state.unit.header_macros[key] = value
                if value is State.UNDEFINED:
                    self._state.branches.note_undefined(key)
        for file in walk.seen:
            self._state.unit.seen.append(file)
            self._once.note_read(file, is_emitted=False)
            meanings = self._state.meanings(file)
            self._state.held.compare_macros(frame, file, self._state.unit, meanings, meanings)
        if walk.has_external:
            self._state.pass_external(frame, has_assert=walk.has_assert)
        self.replace_by_nothing(frame, parent)
        parent.included |= self._state.held.provided(frame.file)
        return True

    def replace_by_nothing(self, frame: Frame, parent: Frame) -> None:
        """Drop the include of a file that an earlier unit brought; `<assert.h>` in it follows this unit's NDEBUG."""
        if frame.include is None:
            return
        text = b"#include <assert.h>\n" if frame.has_assert and b"NDEBUG" in self._state.unit.macros else b""
        parent.edit(EditKind.ELIDE, frame.span, frame.include.line, text, f"{frame.file.name} stands above")
        include = Include(parent.file, frame.include.line, frame.file, frame.include.spelling, "dropped")
        self._state.found.includes.append(include)
