"""What the output holds already, and whether it can serve a later unit.

A header that an earlier unit brought is not emitted again. That is right only if it would read the same in the later
unit: the same outcome of every condition, and no macro of the unit's own in its text that has another meaning there.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Location
from amalgamate.plan.findings import SAME_GUARD, Decision, Difference, Repeat, Signature, UnitReport
from amalgamate.plan.walk.closure import closure
from amalgamate.read import structure
from amalgamate.read.guards import find_guard
from amalgamate.read.macros import Lattice, Macro, Mixed, State, essence, has_set, is_feature_test, join
from amalgamate.read.source import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from amalgamate.plan.walk.frame import Frame, Key
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_OF_THE_SYSTEM = {b"assert": b"NDEBUG"}
"""Macros of system headers, with the macro of the project's that each follows."""
_OTHER_NAME = re.compile(rb"[A-Za-z_]\w*+")
Meaning = Macro | Mixed | State
Meanings = dict[bytes, Meaning]
"""What is known to have been done to the macros whose names a file has."""


class Record(NamedTuple):
    """The first emission of a file."""

    unit: UnitReport
    place: Location
    """Of the include that brought it."""
    entry: Meanings
    """When the file was entered."""
    exit: Meanings
    """When it was left."""
    reach: frozenset[bytes]
    """What the macros in its code led to when it was entered."""
    brought: frozenset[bytes] = frozenset()
    """What they led to besides when it was left."""
    signature: Signature | None = None
    """None while the file is being walked."""


class Held:
    """The files that the output holds."""

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        """Headers that one copy cannot serve."""
        self.repeats: dict[SourceFile, list[Repeat]] = {}
        """Every emission of each header that is not read once."""
        self.is_shared = False
        """Whether there are several units for the output to serve."""
        self._definitions: dict[bytes, Macro] = {}
        self._ambiguous: set[bytes] = set()
        """Macros that have had more than one definition in the walk."""
        self._defined: dict[SourceFile, tuple[int, frozenset[bytes]]] = {}
        """By file: of how many macros one knew, and those among them that its code has or leads to."""
        self._leads_to: dict[bytes, set[bytes]] = {name: {other} for name, other in _OF_THE_SYSTEM.items()}
        """The words of the bodies that each macro has had."""
        self._records: dict[SourceFile, Record] = {}
        self._provides: dict[Key, frozenset[Key]] = {}
        """Of what a file includes itself: what is certainly held after any emission of it."""

    def provided(self, file: SourceFile) -> frozenset[Key]:
        """Return what the output certainly holds wherever it holds the file."""
        return self.with_provided(self._provides.get(file, frozenset()))

    def with_provided(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Return the keys with all that the output certainly holds wherever it holds the files among them."""
        return frozenset(closure(keys, self._provides))

    def record(self, file: SourceFile) -> Record | None:
        """Return the first emission of the file, if there is one."""
        return self._records.get(file)

    def note_definition(self, macro: Macro) -> None:
        """Remember that the macro was defined so, here or there."""
        known = self._definitions.setdefault(macro.name, macro)
        if known != macro:
            self._ambiguous.add(macro.name)
            self._defined.clear()
        if (known is macro or known != macro) and not macro.body.isdigit():
            self._leads_to.setdefault(macro.name, set()).update(words_of(macro.body))

    def meanings(self, file: SourceFile, unit: UnitReport, macros: Lattice[Key]) -> Meanings:
        """Return what the words of a held file mean here, as far as it may differ from where it was emitted."""
        record = self._records.get(file)
        if record is None:
            return {}
        words = file.words
        doubtful = (unit.own & words) | (record.unit.own & words) | (self._ambiguous & words)
        return _meanings(doubtful | self._defined_words(file), macros)

    def _defined_words(self, file: SourceFile) -> frozenset[bytes]:
        """Return the words in a file's code that have been macros, or that macros in it lead to."""
        count, words = self._defined.get(file, (0, frozenset()))
        if count != len(self._definitions):
            words = frozenset(
                closure(structure.code_words_among(file, self._definitions.keys() | _OF_THE_SYSTEM), self._leads_to)
            )
            self._defined[file] = len(self._definitions), words
        return words

    def begin(self, file: SourceFile, unit: UnitReport, place: Location, macros: Lattice[Key]) -> None:
        """Remember that the first emission of the file starts here."""
        reach = self._defined_words(file) if self.is_shared else frozenset()
        entry = _meanings(file.words | reach, macros) if self.is_shared else {}
        self._records[file] = Record(unit, place, entry, {}, reach)

    def remember(self, frame: Frame, unit: UnitReport, output: Lattice[Key], macros: Lattice[Key]) -> bool:
        """Remember a finished emission; tell whether it was the file's first."""
        file = frame.file
        record = self._records.get(file)
        is_first = record is None or record.signature is None
        if record is None:
            record = Record(unit, Location(file.name), {}, {}, frozenset())
        if is_first:
            brought = self._defined_words(file) - record.reach if self.is_shared else frozenset()
            last = _meanings(file.words | record.reach | brought, macros) if self.is_shared else {}
            signature = tuple(frame.signature)
            self._records[file] = record._replace(exit=last, signature=signature, brought=brought)
        if frame.is_once:
            held = frozenset(each for each in frame.included if output.get(each) is State.DEFINED)
            self._provides[file] = held & self._provides.get(file, held)
        elif frame.parent is not None and self.is_shared:
            self.repeats.setdefault(file, []).append(_repeat(frame, unit))
        return is_first

    def rejoin(self, frame: Frame, output: Lattice[Key]) -> list[bytes]:
        """Close the branch of a repeated emission: keep what an earlier one brought too, for only one is compiled.

        Returns the macros that it sets.
        """
        provided = self.provided(frame.file)
        ends = output.close_branch()
        for key, value in ends.items():
            before = output.get(key)
            is_sure = key is frame.file or key in provided or before is State.DEFINED
            is_sure |= has_set(before, value)
            output.set(key, value if is_sure else join((before, value, State.DEFINED)))
        return [key for key in ends if isinstance(key, bytes) and not key.startswith(b"\0")]

    def compare_macros(
        self, frame: Frame, file: SourceFile, unit: UnitReport, entry: Meanings, last: Meanings
    ) -> set[bytes]:
        """Check that no macro in the text of a held file means something else in this unit.

        Returns the macros that do, in the text or in a condition. `frame` is where it is said.
        """
        record = self._records.get(file)
        if record is None:
            return set()
        own = unit.own | record.unit.own
        changed = {
            name
            for name in entry.keys() | record.entry.keys()
            if not _reads_alike(entry.get(name), record.entry.get(name), is_own=name in own)
            and not self._brings(name, entry, last, record, is_own=name in own)
            and not is_feature_test(name)
        }
        used = (changed & record.reach) | structure.code_words_among(file, changed)
        used |= {name for name in record.brought if not _reads_alike(last.get(name), record.exit.get(name))}
        if used:
            certain = {name for name in used if self._is_certain(name, entry, record.entry, is_own=name in own)}
            certain |= {name for name in used & record.brought if _is_apart(last.get(name), record.exit.get(name))}
            reason = f'"{min(certain or used).decode()}" is not the same there'
            self._report(frame, None, reason, is_certain=bool(certain))
        return changed

    @staticmethod
    def _brings(name: bytes, entry: Meanings, last: Meanings, record: Record, *, is_own: bool) -> bool:
        """Tell whether a held header makes the macro itself: it is the same in its text, was it there before or not."""
        if name not in last or last[name] != record.exit.get(name):
            return False
        return not is_own or not _is_apart(entry.get(name), record.entry.get(name))

    def _is_certain(self, name: bytes, entry: Meanings, first: Meanings, *, is_own: bool) -> bool:
        """Tell whether a macro that the text uses makes it another one, and not only if open conditions have it so."""
        if is_own and name in self._definitions:
            return True
        return _is_apart(entry.get(name), first.get(name)) and not _is_other_name(entry, first, name)

    def compare(self, frame: Frame, unit: UnitReport, last: Meanings) -> None:
        """Check that a file that the output holds would read the same in this unit."""
        record = self._records.get(frame.file)
        if record is None or record.signature is None or not frame.is_once or record.unit is unit:
            return
        if frame.entry != record.entry or last != record.exit:
            self.compare_macros(frame, frame.file, unit, frame.entry, last)
        signature = tuple(frame.signature)
        decision = _first_difference(signature, record.signature) if signature != record.signature else None
        if decision is not None:
            inside = Location(decision.file.name, decision.line)
            self._report(frame, inside, "a condition has another outcome there", is_certain=True)

    def report_absent(self, frame: Frame, file: SourceFile, directive: Directive) -> None:
        """Report that a header held already includes a file here that it did not include when it was emitted."""
        inside = Location(frame.file.name, directive.line)
        reason, hint = f'it does not include "{file.name}" there', ""
        rival = self._rival(file)
        if rival is not None:
            reason += f': "{rival.name}" {SAME_GUARD}'
            is_copy = rival.data == file.data
            hint = "they are copies: let all includes find one of the two" if is_copy else "give one another guard"
        self._report(frame, inside, reason, is_certain=True, hint=hint)

    def _rival(self, file: SourceFile) -> SourceFile | None:
        """Return another header that the output holds and that has the guard of this one."""
        guard = find_guard(file)
        if guard is None:
            return None
        others = ((other, find_guard(other)) for other in self._records if other is not file)
        return next((other for other, its in others if its is not None and its.name == guard.name), None)

    def _report(self, frame: Frame, inside: Location | None, reason: str, *, is_certain: bool, hint: str = "") -> None:
        place = Location(frame.file.name)
        if frame.parent is not None and frame.include is not None:
            place = Location(frame.parent.file.name, frame.include.line)
        record = self._records.get(frame.file)
        first = record.place if record else Location(frame.file.name)
        self.differences.append(Difference(frame.file, inside, reason, place, first, is_certain, hint))


def _first_difference(signature: Sequence[Decision], known: Signature) -> Decision | None:
    """Return the first decision that was another one there.

    A place that only one of the two has reached differs by what led there: by another decision, or because the rest
    of the file, or a part of it, had been read before.
    """
    theirs: dict[tuple[SourceFile, int], deque[Decision]] = {}
    for decision in known:
        theirs.setdefault((decision.file, decision.line), deque()).append(decision)
    for mine in signature:
        there = theirs.get((mine.file, mine.line))
        if there and there.popleft() != mine:
            return mine
    return None


def _is_other_name(entry: Meanings, first: Meanings, name: bytes) -> bool:
    """Tell whether a macro of headers only gives a name another one, in one of two units, and what that name is."""
    values = [each[name] for each in (entry, first) if name in each]
    return len(values) == 1 and isinstance(values[0], Macro) and _OTHER_NAME.fullmatch(values[0].body) is not None


def _reads_alike(one: Meaning | None, other: Meaning | None, *, is_own: bool = False) -> bool:
    """Tell whether two values that a macro has came about alike; whether it is sure to be defined, conditions say."""
    if is_own or not (isinstance(one, Mixed) and isinstance(other, Mixed)):
        return one == other
    return one.parts == other.parts


def _is_apart(one: Meaning | None, other: Meaning | None) -> bool:
    """Tell whether the text around reads differently with two values, whatever the open conditions come to."""
    return _outcomes(one).isdisjoint(_outcomes(other))


def _outcomes(value: Meaning | None) -> set[Macro | None]:
    """Return the definitions that a macro may have where nobody defines it from outside; None for none."""
    if not isinstance(value, Mixed):
        return {value if isinstance(value, Macro) else None}
    found = {part if isinstance(part, Macro) else None for part in value.parts}
    return found - {None} if value.is_defined else found


def _meanings(names: AbstractSet[bytes], macros: Lattice[Key]) -> Meanings:
    found: Meanings = {}
    for name in macros.touched(names):
        value = essence(macros.peek(name))
        if value is not State.UNKNOWN and value is not State.DEFINED:
            found[name] = value
    return found


def _repeat(frame: Frame, unit: UnitReport) -> Repeat:
    places = []
    inner = frame
    while inner.parent is not None:
        places.append((inner.parent.file, inner.span[0]))
        inner = inner.parent
    uses = structure.code_words_among(frame.file, unit.macros.keys())
    values = tuple(sorted((name, repr(unit.macros[name]).encode()) for name in uses))
    return Repeat(unit.root, tuple(frame.signature), values, tuple(places))
