"""Keeps the file-local names of the units apart: renames those that another unit would meet.

A name that a unit declares for itself is renamed, in that unit's own text, where later text of others has the name
too, or where earlier text of others declares it. The last unit to have a name keeps it. What stands in headers that
are read once is never touched; a name that such a header declares as well is no longer the unit's own.

What counts as file-local. In C: what is `static`, and all types and enumerators of the unit's own text. In C++: what
is `static` or in an unnamed namespace, constants, aliases; besides, classes, templates and inline functions that two
units define under one name: in many files they get along as long as nobody compares, in one they cannot.

Where it is not certain that a renamed name means the same, the build is refused: the text cannot be parsed, a header
uses the name, a macro has it too, makes a string of it or forms it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, InputError, Location, Severity
from amalgamate.plan.model import Edit, EditKind
from amalgamate.plan.names import shared_state
from amalgamate.plan.names.hazards import formed_names
from amalgamate.plan.names.suspects import suspects
from amalgamate.read.names.decorations import Decorations, static_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amalgamate.plan.model import Emission
    from amalgamate.plan.names.entities import Project
    from amalgamate.plan.names.entity import Entity
    from amalgamate.plan.names.hazards import Formed
    from amalgamate.plan.names.texts import UnitText
    from amalgamate.read.source import SourceFile


class _Case(NamedTuple):
    """A name that a unit has to give up."""

    unit: int
    entity: Entity
    other: Location
    """Where somebody else has it."""


def kept_apart(texts: Sequence[UnitText], files: Sequence[SourceFile]) -> list[Diagnostic]:
    """Rename, in the units' emissions, the file-local names that clash; return a note for each.

    Raises:
        InputError: a name clashes and cannot be renamed, or a header holds state of each unit's own.
    """
    directives = [directive for file in files for directive in file.directives]
    words = static_words(directives)
    shared_state.check(texts, directives)
    names = suspects(texts, words)
    decorations = Decorations(directives)
    formed = [formed_names(text, decorations, words) for text in texts]
    if not any(names) and not any(each.pasted or each.given for each in formed):
        return []
    from amalgamate.plan.names.entities import Project  # noqa: PLC0415 - a parser, which most builds do not need

    return _Renamer(Project(texts, files, words, decorations)).rename(names, formed)


class _Renamer:
    """Decides who gives up which name, and writes it down."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._errors: list[Diagnostic] = []
        self._notes: list[Diagnostic] = []
        self._taken: set[bytes] = set()
        self._edits: dict[Emission, list[Edit]] = {}
        self._given_up: set[tuple[int, bytes]] = set()
        """The units and the names that they have given up."""

    def rename(self, names: Sequence[Sequence[bytes]], formed: Sequence[Formed]) -> list[Diagnostic]:
        """Rename what has to be, of the names each unit is suspected of and those that macros form in it."""
        for name in sorted({name for each in names for name in each}):
            self._settle(name, [index for index, each in enumerate(names) if name in each])
        for name in sorted(set().union(*(each.pasted for each in formed))):
            self._settle_formed(name, [index for index, each in enumerate(formed) if name in each.pasted])
        for name in sorted(set().union(*(each.given for each in formed))):
            made = {unit: each.given[name] for unit, each in enumerate(formed) if name in each.given}
            self._settle_given(name, made)
        if self._errors:
            raise InputError(*self._errors)
        for text in self._project.texts:
            emission = text.unit.emission
            if emission is not None:
                text.unit.emission = _with_edits(emission, self._edits)
        return self._notes

    def _settle(self, name: bytes, units: Sequence[int]) -> None:
        """Rename one name in all units but the last that need it for themselves, or but the one that has to keep it."""
        cases: dict[int, list[_Case]] = {}
        for unit in units:
            for entity in self._project.entities(unit, name):
                other = self._project.met(unit, entity) if entity.kind.is_local else None
                if other is not None:
                    cases.setdefault(unit, []).append(_Case(unit, entity, other))
        for unit in list(cases):
            if unit in cases:
                self._spare(unit, cases)
        for unit, each in cases.items():
            self._give_up(unit, name, each)

    def _spare(self, unit: int, cases: dict[int, list[_Case]]) -> None:
        """Leave the name to a unit that cannot be rid of it: the others give it up, or nobody can."""
        for case in list(cases[unit]):
            obstacle = self._project.obstacle(unit, case.entity)
            if obstacle is None:
                continue
            if self._project.is_real(unit, case.entity):
                rivals = self._project.rivals(unit, case.entity)
                if rivals is None:
                    self._refuse(self._project.texts[unit], case, *obstacle)
                place = self._project.texts[unit].location(case.entity.offset)
                for rival, entities in (rivals or {}).items():
                    cases[rival] = [_Case(rival, entity, place) for entity in entities]
            cases.pop(unit, None)
            return

    def _give_up(self, unit: int, name: bytes, cases: Sequence[_Case]) -> None:
        self._given_up.add((unit, name))
        text = self._project.texts[unit]
        new = self._new_name(name, text)
        reason = _reason(name, new, cases[0].other)
        if self._project.is_formed(unit, name):
            self._redefine(text, name, new, reason)
        else:
            for case in cases:
                self._edit(text, self._project.places(unit, case.entity), name, new, reason)
        self._note(name, new, str(cases[0].other), text.location(cases[0].entity.offset))

    def _settle_formed(self, name: bytes, units: Sequence[int]) -> None:
        """Rename a name that macros form in some units, where another has it too; the last may keep it."""
        texts = self._project.texts
        plain = [other for index, other in enumerate(texts) if index not in units and name in other.words]
        shared = [file for text in texts for file in text.shared if name in file.words]
        for unit in units if plain or shared else units[:-1]:
            if (unit, name) in self._given_up:
                continue
            self._given_up.add((unit, name))
            text, new = texts[unit], self._new_name(name, texts[unit])
            other = plain[0].unit.root if plain else shared[0] if shared else texts[units[-1]].unit.root
            self._redefine(text, name, new, _reason(name, new, other.name))
            self._note(name, new, other.name, text.location(0))

    def _settle_given(self, name: bytes, made: Mapping[int, bytes]) -> None:
        """Rename a name that macros declare, but not paste together, where another means something else by it."""
        texts = self._project.texts
        made = {unit: text for unit, text in made.items() if (unit, name) not in self._given_up}
        if not (len(made) > 1 or any(name in text.words for unit, text in enumerate(texts) if unit not in made)):
            return
        units = [unit for unit, text in made.items() if self._project.is_declared(name, text)]
        others = [unit for unit in range(len(texts)) if unit not in units and (unit, name) not in self._given_up]
        for unit in units:
            place = self._project.meaning(name, others)
            if place is None and unit != units[-1]:
                place = self._project.meaning(name, units[units.index(unit) + 1 :]) or texts[units[-1]].location(0)
            if place is not None:
                new = self._new_name(name, texts[unit])
                self._redefine(texts[unit], name, new, f'"{name.decode()}" is another\'s too: {place}')
                self._note(name, new, str(place), texts[unit].location(0))

    def _redefine(self, text: UnitText, name: bytes, new: bytes, reason: str) -> None:
        """Let a macro rename a name that macros form: no edit of the text could."""
        emission = text.unit.emission
        holder = next((file for file in text.shared if name in file.words), None)
        if holder is not None or emission is None:
            where = Location(holder.name) if holder else text.location(0)
            self._errors.append(
                Diagnostic(
                    Severity.ERROR,
                    f'a macro forms "{name.decode()}" here and it cannot be renamed: a header has it too ({where})',
                    text.location(0),
                    f'rename "{name.decode()}" in one of the files',
                )
            )
            return
        data = emission.file.data
        newline = b"" if data.endswith(b"\n") or not data else b"\n"
        define = Edit(EditKind.ISOLATE, 0, 0, 1, b"#define " + name + b" " + new + b"\n", reason)
        end = len(data)
        undefine = Edit(
            EditKind.ISOLATE, end, end, emission.file.line_count, newline + b"#undef " + name + b"\n", reason
        )
        self._edits.setdefault(emission, []).extend([define, undefine])

    def _note(self, name: bytes, new: bytes, other: str, place: Location) -> None:
        message = f'"{name.decode()}" is "{new.decode()}" in the one file: {other} has the name too'
        self._notes.append(Diagnostic(Severity.NOTE, message, place))

    def _refuse(self, text: UnitText, case: _Case, reason: str, place: Location) -> None:
        name = case.entity.name.decode()
        self._errors.append(
            Diagnostic(
                Severity.ERROR,
                f'"{name}" is file-local here and another\'s at {case.other}, '
                f"and it cannot be renamed: {reason} ({place})",
                text.location(case.entity.offset),
                f'rename "{name}" in one of the files',
            )
        )

    def _new_name(self, name: bytes, text: UnitText) -> bytes:
        """Return `name_STEM`, or with more of the path or a number where that is taken."""
        parts = [_word(part) for part in text.unit.root.name.rpartition(".")[0].encode().split(b"/")]
        tries = [b"_".join(parts[start:]) for start in range(len(parts) - 1, -1, -1)]
        number = 1
        while True:
            stem = tries.pop(0) if tries else parts[-1] + b"_%d" % (number := number + 1)
            new = _joined(name, stem, is_cplusplus=text.is_cplusplus)
            if new not in self._taken and not self._project.is_used(new):
                self._taken.add(new)
                return new

    def _edit(self, text: UnitText, places: Iterable[int], name: bytes, new: bytes, reason: str) -> None:
        for offset in places:
            origin = text.origin(offset, offset + len(name))
            if origin is None:
                continue
            emission, at = origin
            line = emission.file.line_at(at)
            edit = Edit(EditKind.RENAME, at, at + len(name), line, new, reason)
            self._edits.setdefault(emission, []).append(edit)


def _word(text: bytes) -> bytes:
    return bytes(code if chr(code).isalnum() and code < 128 else 95 for code in text)  # noqa: PLR2004 - ASCII, "_"


def _joined(name: bytes, stem: bytes, *, is_cplusplus: bool) -> bytes:
    """Join two words to a name that is not reserved: no underscore first, in C++ no two together."""
    joined = name.strip(b"_") + b"_" + re.sub(rb"__+", b"_", stem.strip(b"_"))
    return re.sub(rb"__+", b"_", joined) if is_cplusplus else joined


def _with_edits(emission: Emission, edits: Mapping[Emission, Sequence[Edit]]) -> Emission:
    """Return the emission with further edits in it and in what it includes."""
    children = {
        edit.child: child
        for edit in emission.edits
        if edit.child is not None and (child := _with_edits(edit.child, edits)) is not edit.child
    }
    own = edits.get(emission, ())
    if not own and not children:
        return emission
    changed = [edit._replace(child=children[edit.child]) if edit.child in children else edit for edit in emission.edits]
    merged = sorted([*changed, *own], key=lambda edit: (edit.start, edit.end))
    return replace(emission, edits=tuple(merged))


def _reason(name: bytes, new: bytes, other: object) -> str:
    return f'"{name.decode()}" is another\'s too: {other}; in the one file it is "{new.decode()}"'
