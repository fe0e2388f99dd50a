"""Stage 3: every name in the one file means the declaration that it means when its unit is compiled alone.

Equal tokens are not enough: a function that an earlier unit declares may fit a call better, and a stripped
using-directive may have chosen it. libclang tells for each name, call and type what it refers to; the map leads each
place in the one file back to its source. What has linkage across units is compared by its identity (USR), everything
else by the place of its first declaration.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from amalgamate.errors import Diagnostic, Location, Quote, Severity
from amalgamate.prove.conservation import Followed, follow
from amalgamate.prove.model import Finding, failed, passed, skipped
from amalgamate.prove.references import Parser, PlacesInMany, described, parser

if TYPE_CHECKING:
    from amalgamate.prove.references import Key, Place, Read, Reference
    from amalgamate.prove.workplace import Setting, Workplace
    from amalgamate.read.source import SourceFile
    from amalgamate.write.map_file import MapFile


def check(workplace: Workplace, setting: Setting) -> Finding:
    """Compare what the names of every unit mean alone and in the one file."""
    found = parser(setting.language, workplace.parse_options(setting), setting.compiler.processes)
    if isinstance(found, str):
        return skipped(found)
    subject = workplace.subject
    followed = follow(subject)
    if isinstance(followed, Diagnostic):
        return skipped("the output is not what its map says")
    one = found.parse(workplace.copy, [], _PlacesInOne(workplace, followed).at)
    if isinstance(one, str):
        return skipped(f"libclang does not parse the one file: {one}")
    return _compare_units(workplace, setting, found, _Held(followed.mapped, one))


def _compare_units(workplace: Workplace, setting: Setting, found: Parser, held: _Held) -> Finding:
    """Compare every unit with what the one file holds for it, up to the first that differs."""
    subject = workplace.subject
    count = 0
    for root in map(subject.tree.read, subject.roots):
        if setting.compiler.processes.is_stopped:
            return skipped("broken off")
        alone = _read_alone(workplace, found, root)
        if isinstance(alone, str):
            return skipped(f"libclang does not parse {root.name}: {alone}")
        problem = _difference(root, held, alone)
        if problem is not None:
            return failed(problem)
        count += sum(map(len, alone.values()))
    return passed(f"{count:,} references")


def _read_alone(workplace: Workplace, found: Parser, root: SourceFile) -> Read | str:
    """Return the references of a unit as it lies in the project; variants with the same options share them."""
    options = workplace.unit_options
    key = ("references", root.path, *found.options, *options)
    return workplace.memo.get(key, lambda: found.parse(root.path, options, PlacesInMany(workplace.name_of_source).at))


class _PlacesInOne:
    """Leads from the one file back to the sources."""

    def __init__(self, workplace: Workplace, followed: Followed) -> None:
        self._path = str(workplace.copy)
        self._copies = followed.copies
        self._files = [
            workplace.subject.tree.read(workplace.subject.tree.root / emission.file)
            for emission in followed.mapped.emissions
        ]
        self._line_ends: dict[SourceFile, list[int]] = {}

    def at(self, location: Any) -> Key | None:  # noqa: ANN401 - libclang
        """Return the emission and the place in the source; None where no source stands."""
        if location.file is None or location.file.name != self._path:
            return None
        offset = location.offset
        index = bisect_right(self._copies, offset, key=lambda copy: copy.offset) - 1
        if index < 0 or offset >= self._copies[index].end:
            return None
        copy = self._copies[index]
        source_offset = copy.source_offset + (0 if copy.is_renamed else offset - copy.offset)
        return copy.emission, self._place(self._files[copy.emission], source_offset)

    def _place(self, file: SourceFile, offset: int) -> Place:
        ends = self._line_ends.get(file)
        if ends is None:
            ends = self._line_ends[file] = [match.start() for match in re.finditer(rb"\n", file.data)]
        line = bisect_left(ends, offset)
        return file.name, line + 1, offset - (ends[line - 1] if line else -1)


class _Held:
    """What the one file refers to, by unit and by file."""

    def __init__(self, mapped: MapFile, one: Read) -> None:
        self._owners: list[int] = []
        self._units: dict[str, int] = {}
        for emission in mapped.emissions:
            if emission.parent < 0:
                self._units[emission.file] = len(self._units)
            self._owners.append(len(self._units) - 1)
        self._found: dict[tuple[int, str], dict[Place, list[Reference]]] = defaultdict(lambda: defaultdict(list))
        for (number, place), references in one.items():
            self._found[self._owners[number], place[0]][place] += references

    def references(self, unit: str, file: str) -> dict[Place, list[Reference]]:
        """Return the references in a file as the unit has it: its own copy, or that of the nearest unit before."""
        for number in range(self._units.get(unit, -1), -1, -1):
            if (number, file) in self._found:
                return self._found[number, file]
        return {}


def _difference(root: SourceFile, held: _Held, alone: Read) -> Diagnostic | None:
    """Return the first name that means something else in the one file."""
    by_file: dict[str, dict[Place, list[Reference]]] = {}
    for (_, place), references in sorted(alone.items()):
        mine = by_file.setdefault(place[0], held.references(root.name, place[0])).get(place, ())
        strange = [each for each in mine if not any(map(each.is_same, references))]
        lost = [each for each in references if not any(map(each.is_same, mine))]
        if mine and (strange or lost):
            where = Location(*place)
            message = f'`{references[0].name}` does not mean what it means in "{root.name}" alone'
            quotes = [
                Quote(where, f"{which} it is {described(reference)}")
                for which, found in (("in the one file", strange or mine), ("alone", lost or references))
                for reference in found[:1]
            ]
            return Diagnostic(Severity.ERROR, message, where, quotes=tuple(quotes))
    return None
