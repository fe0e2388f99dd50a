"""Stage 3: every name in the one file means the declaration that it means when its unit is compiled alone.

Equal tokens are not enough: a function that an earlier unit declares may fit a call better, and a stripped
using-directive may have chosen it. libclang tells for each name, call and type what it refers to; the map leads each
place in the one file back to its source. What has linkage across units is compared by its identity (USR), everything
else by the place of its first declaration.

The only user of libclang, which is optional.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from amalgamate.errors import Diagnostic, Location, Quote, Severity
from amalgamate.prove.conservation import Followed, follow
from amalgamate.prove.model import Finding, failed, passed, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from amalgamate.prove.workplace import Setting, Workplace
    from amalgamate.read.source import SourceFile
    from amalgamate.write.map_file import MapFile

_EXTERNAL_USR = "c:@"
"""How the identity of something begins that other units can name; else the name of a file comes first."""

Place = tuple[str, int, int]
"""File, line, column."""


class Reference(NamedTuple):
    """What stands at a place, and what it refers to."""

    name: str
    identity: str
    """Of something that other units can name; else empty."""
    declared: Place
    """Where its first declaration is."""

    def is_same(self, other: Reference) -> bool:
        """Tell whether both mean one thing."""
        return self.declared == other.declared or (bool(self.identity) and self.identity == other.identity)


Key = tuple[int, Place]
"""An emission of the one file, 0 for the many, and a place in its file."""
Read = dict[Key, list[Reference]]
At: TypeAlias = Callable[[Any], "Key | None"]


@dataclass(frozen=True)
class _Parser:
    """libclang with the options of one setting."""

    index: Any
    cindex: Any
    options: list[str]

    def parse(self, path: Path, options: Sequence[str], at: At) -> Read | str:
        """Return all references in the files that `placed` gives places in, or why the text cannot be parsed."""
        try:
            unit = self.index.parse(str(path), args=[*self.options, *options])
        except self.cindex.TranslationUnitLoadError:
            return f"libclang cannot read {path.name}"
        for diagnostic in unit.diagnostics:
            is_own = diagnostic.location.file is None or at(diagnostic.location) is not None
            if diagnostic.severity >= self.cindex.Diagnostic.Fatal or (
                diagnostic.severity >= self.cindex.Diagnostic.Error and is_own
            ):
                return str(diagnostic.spelling)
        found: Read = defaultdict(list)
        for cursor in self._cursors(unit, at):
            referenced = cursor.referenced
            key = at(cursor.location) if referenced is not None else None
            if key is not None:
                found[key].append(self._reference(referenced, at))
        return found

    def _cursors(self, unit: Any, at: At) -> Iterator[Any]:  # noqa: ANN401 - libclang
        """Yield what refers to something, in the files of the project."""
        kinds = self.cindex.CursorKind
        wanted = {
            kinds.DECL_REF_EXPR, kinds.MEMBER_REF_EXPR, kinds.CALL_EXPR, kinds.TYPE_REF, kinds.TEMPLATE_REF,
            kinds.NAMESPACE_REF, kinds.MEMBER_REF, kinds.VARIABLE_REF,
        }  # fmt: skip
        for top in unit.cursor.get_children():
            location = top.location
            if not location.is_in_system_header and at(location) is not None:
                yield from (cursor for cursor in top.walk_preorder() if cursor.kind in wanted)

    def _reference(self, referenced: Any, at: At) -> Reference:  # noqa: ANN401 - libclang
        usr: str = referenced.get_usr()
        location = referenced.canonical.location
        key = at(location)
        file = os.path.realpath(location.file.name) if location.file else ""
        place = key[1] if key else (file, location.line, location.column)
        return Reference(referenced.spelling, usr if usr.startswith(_EXTERNAL_USR) else "", place)


def check(workplace: Workplace, setting: Setting) -> Finding:
    """Compare what the names of every unit mean alone and in the one file."""
    parser = _parser(workplace, setting)
    if isinstance(parser, str):
        return skipped(parser)
    subject = workplace.subject
    followed = follow(subject)
    if isinstance(followed, Diagnostic):
        return skipped("the output is not what its map says")
    one = parser.parse(workplace.copy, [], _PlacesInOne(workplace, followed).at)
    if isinstance(one, str):
        return skipped(f"libclang does not parse the one file: {one}")
    return _compare_units(workplace, setting, parser, _Held(followed.mapped, one))


def _compare_units(workplace: Workplace, setting: Setting, parser: _Parser, held: _Held) -> Finding:
    """Compare every unit with what the one file holds for it, up to the first that differs."""
    subject = workplace.subject
    count = 0
    for root in map(subject.tree.read, subject.roots):
        if setting.compiler.processes.is_stopped:
            return skipped("broken off")
        alone = parser.parse(root.path, workplace.unit_options, _PlacesInMany(workplace).at)
        if isinstance(alone, str):
            return skipped(f"libclang does not parse {root.name}: {alone}")
        problem = _difference(root, held, alone)
        if problem is not None:
            return failed(problem)
        count += sum(map(len, alone.values()))
    return passed(f"{count:,} references")


def _parser(workplace: Workplace, setting: Setting) -> _Parser | str:
    """Return a parser, or why there is none."""
    try:
        from clang import cindex  # noqa: PLC0415 - an optional dependency
    except ImportError:
        return "libclang is not installed: pip install libclang"
    try:
        index = cindex.Index.create()
    except cindex.LibclangError as error:
        return f"libclang cannot be loaded: {error}"
    options = ["-x", setting.language.value, "-w", "-ferror-limit=0", *workplace.parse_options(setting)]
    return _Parser(index, cindex, [*options, *setting.compiler.processes.own_headers()])


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


class _PlacesInMany:
    """Names places in the sources as they lie on the disk."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._names: dict[str, str] = {}

    def at(self, location: Any) -> Key | None:  # noqa: ANN401 - libclang
        """Return the place; None for a file that is not the project's."""
        if location.file is None:
            return None
        path = location.file.name
        name = self._names.get(path)
        if name is None:
            name = self._names[path] = self._workplace.name_of_source(path)
        return (0, (name, location.line, location.column)) if name else None


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
                Quote(where, f"{which} it is {_described(reference)}")
                for which, found in (("in the one file", strange or mine), ("alone", lost or references))
                for reference in found[:1]
            ]
            return Diagnostic(Severity.ERROR, message, where, quotes=tuple(quotes))
    return None


def _described(reference: Reference) -> str:
    return f"`{reference.name}` of {Location(*reference.declared)}"
