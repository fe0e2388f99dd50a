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

from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, InputError, Severity
from amalgamate.plan.model import Edit, EditKind, Emission
from amalgamate.plan.suspects import suspects
from amalgamate.plan.texts import own_text
from amalgamate.read.decorations import static_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amalgamate.errors import Location
    from amalgamate.plan.entities import Entity, Project
    from amalgamate.plan.findings import UnitReport
    from amalgamate.plan.texts import UnitText
    from amalgamate.read.source import SourceFile


class _Case(NamedTuple):
    """A name that a unit has to give up."""

    unit: int
    entity: Entity
    other: Location
    """Where somebody else has it."""


def kept_apart(units: Sequence[UnitReport], files: Sequence[SourceFile]) -> list[Diagnostic]:
    """Rename, in the units' emissions, the file-local names that clash; return a note for each.

    Raises:
        InputError: a name clashes and cannot be renamed.
    """
    texts = [own_text(unit, unit.emission) for unit in units if unit.emission is not None]
    if len(texts) < 2:  # noqa: PLR2004 - two units
        return []
    words = static_words(directive for file in files for directive in file.directives)
    names = suspects(texts, words)
    if not any(names):
        return []
    from amalgamate.plan.entities import Project  # noqa: PLC0415 - a parser, which most builds do not need

    return _Renamer(Project(texts, files, words)).rename(names)


class _Renamer:
    """Decides who gives up which name, and writes it down."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._errors: list[Diagnostic] = []
        self._notes: list[Diagnostic] = []
        self._taken: set[bytes] = set()
        self._edits: dict[Emission, list[Edit]] = {}

    def rename(self, names: Sequence[Sequence[bytes]]) -> list[Diagnostic]:
        """Rename what has to be, of the names each unit is suspected of."""
        for name in sorted({name for each in names for name in each}):
            self._settle(name, [index for index, each in enumerate(names) if name in each])
        if self._errors:
            raise InputError(*self._errors)
        for text in self._project.texts:
            emission = text.unit.emission
            if emission is not None:
                text.unit.emission = _with_edits(emission, self._edits)
        return self._notes

    def _settle(self, name: bytes, units: Sequence[int]) -> None:
        """Rename one name in all units but the last that need it for themselves."""
        owners = {unit: self._project.entities(unit, name) for unit in units}
        cases: dict[int, list[_Case]] = {}
        for unit in units:
            for entity in owners[unit]:
                other = self._project.met(unit, entity) if entity.kind.is_local else None
                if other is not None:
                    cases.setdefault(unit, []).append(_Case(unit, entity, other))
        for unit, each in cases.items():
            self._give_up(unit, name, each)

    def _give_up(self, unit: int, name: bytes, cases: Sequence[_Case]) -> None:
        text = self._project.texts[unit]
        new = self._new_name(name, text)
        reason = f'"{name.decode()}" is another\'s too: {cases[0].other}'
        for case in cases:
            obstacle = self._project.obstacle(unit, case.entity)
            if obstacle is None:
                self._edit(text, self._project.places(unit, case.entity), name, new, reason)
            elif self._project.is_real(unit, case.entity):
                self._refuse(text, case, *obstacle)
                return
        self._notes.append(
            Diagnostic(
                Severity.NOTE,
                f'"{name.decode()}" is "{new.decode()}" in the one file: {cases[0].other} has the name too',
                text.location(cases[0].entity.offset),
            )
        )

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
            new = _joined(name, stem)
            if new not in self._taken and not self._project.is_used(new):
                self._taken.add(new)
                return new

    def _edit(self, text: UnitText, places: Iterable[int], name: bytes, new: bytes, reason: str) -> None:
        for offset in places:
            origin = text.origin(offset, offset + len(name))
            if origin is None:
                continue
            emission, at = origin
            line = emission.file.data.count(b"\n", 0, at) + 1
            edit = Edit(EditKind.RENAME, at, at + len(name), line, new, reason)
            self._edits.setdefault(emission, []).append(edit)


def _word(text: bytes) -> bytes:
    return bytes(code if chr(code).isalnum() and code < 128 else 95 for code in text)  # noqa: PLR2004 - ASCII, "_"


def _joined(name: bytes, stem: bytes) -> bytes:
    """Join two words to a name that is not reserved: no double underscore, none before the first letter."""
    words = [word for word in (name + b"_" + stem).split(b"_") if word]
    return b"_".join(words)


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
    return Emission(emission.file, emission.conditions, tuple(merged), emission.is_shared)
