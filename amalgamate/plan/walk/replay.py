"""Headers held from an earlier unit read alike in most units: what one silent walk did is repeated, not walked again.

What is remembered are stretches: the directives of a file from one include to the next, with what they read of the
macros before they set it, and what they leave behind. Includes themselves are always followed, so a stretch is as
good in a unit that has read other headers before. One that does not fit is walked, and remembered beside the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amalgamate.plan.walk.conditionals import ALTERNATIVES, OPENING
from amalgamate.read.macros import Effect, is_defined, is_feature_test, parse_name
from amalgamate.read.scanner import INCLUDES, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amalgamate.plan.findings import Signature
    from amalgamate.plan.walk.frame import Frame, Key
    from amalgamate.plan.walk.leaks import Leaks
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_MOST_VARIANTS = 4


class Stretch(NamedTuple):
    """A stretch of a file as it was walked once."""

    end: int
    """The index of the directive behind it."""
    effect: Effect[Key]
    names: frozenset[bytes]
    """The macros that it sets."""
    undefined: tuple[bytes, ...]
    """Those of them that are not defined behind it."""
    signature: Signature


class Replays:
    """Remembers stretches of files that are walked silently."""

    def __init__(self, state: WalkState, leaks: Leaks, steps: Mapping[Kind, Callable[[Directive], None]]) -> None:
        self._state = state
        self._leaks = leaks
        self._steps = steps
        self._boundaries: dict[SourceFile, frozenset[int]] = {}
        self._stretches: dict[tuple[SourceFile, int], list[Stretch]] = {}

    def pass_stretch(self, frame: Frame) -> bool:
        """Do what the next stretch of a silent file does; tell whether one begins here.

        REQUIRES: no condition around the present place is open, and the present branch is live.
        """
        boundaries = self._boundaries.get(frame.file)
        if boundaries is None:
            boundaries = self._boundaries[frame.file] = _boundaries_of(frame.file)
        if frame.index in boundaries:
            return False
        known = self._stretches.setdefault((frame.file, frame.index), [])
        if not any(self._repeat(frame, stretch) for stretch in known):
            known.insert(0, self._record(frame, boundaries))
            del known[_MOST_VARIANTS:]
        return True

    def _record(self, frame: Frame, boundaries: frozenset[int]) -> Stretch:
        macros = self._state.branches.macros
        decided = len(frame.signature)
        directives = frame.file.directives
        macros.start_journal()
        while frame.index < len(directives) and frame.index not in boundaries:
            directive = directives[frame.index]
            frame.index += 1
            if frame.conditionals and not frame.conditionals[-1].is_live:
                self._state.branches.skip(frame, directive)
            else:
                self._steps[directive.kind](directive)
        effect = macros.end_journal()
        names = frozenset(key for key in effect.sets if isinstance(key, bytes))
        undefined = tuple(name for name in names if is_defined(effect.sets[name]) is False)
        return Stretch(frame.index, effect, names, undefined, tuple(frame.signature[decided:]))

    def _repeat(self, frame: Frame, stretch: Stretch) -> bool:
        """Do what a stretch did, if all that it depends on is as it was."""
        branches, unit = self._state.branches, self._state.unit
        if not branches.macros.replay(stretch.effect):
            return False
        branches.note_same_changes(stretch.names)
        of_headers = stretch.names & self._state.header_names
        for name in of_headers & unit.macros.keys():
            del unit.macros[name]
        self._leaks.note_silent(of_headers)
        for name in stretch.undefined:
            branches.note_undefined(name)
        frame.signature.extend(stretch.signature)
        frame.index = stretch.end
        return True


def _boundaries_of(file: SourceFile) -> frozenset[int]:
    """Return the directives that no stretch may hold: includes and their like, and the conditionals around them."""
    found: set[int] = set()
    enclosing: list[list[int]] = []
    holds: list[bool] = []
    for index, directive in enumerate(file.directives):
        kind = directive.kind
        if kind in OPENING:
            enclosing.append([index])
            holds.append(False)
        elif kind is Kind.ENDIF and enclosing:
            indices, is_boundary = enclosing.pop(), holds.pop()
            if is_boundary:
                found.update(indices, (index,))
                if holds:
                    holds[-1] = True
        elif kind in ALTERNATIVES and enclosing:
            enclosing[-1].append(index)
        elif _stands_alone(directive):
            found.add(index)
            if holds:
                holds[-1] = True
    for indices in enclosing:  # unterminated
        found.update(indices)
    return frozenset(found)


def _stands_alone(directive: Directive) -> bool:
    """Tell whether what the directive does depends on more than macros."""
    if directive.kind is Kind.DEFINE:
        return is_feature_test(parse_name(directive.argument) or b"")
    return directive.kind in INCLUDES or directive.kind is Kind.PRAGMA
