"""Decides which `using namespace` at file scope may go, by what the text alone shows.

One may go where the namespace's members are all the project's and the text shows them, none of their names stands
unqualified in what the directive reaches, and it brings in no operator. Everything else stays: a name that finds
another meaning compiles.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.findings import Need
from amalgamate.read.names.namespaces import KEYWORDS, can_be_pasted, names_of
from amalgamate.read.names.outline import Outline, guessed_names, outline
from amalgamate.read.structure import code_words, file_scope_usings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.config import Isolate
    from amalgamate.plan.findings import UnitReport
    from amalgamate.plan.model import StrippedUsing
    from amalgamate.read.names.namespaces import Path
    from amalgamate.read.source import SourceFile
    from amalgamate.read.structure import UsingDirective

_NO_OBJECT = re.compile(
    rb"\s*+(?:typedef|using|extern|template|friend|constexpr|static_assert|class|struct|union|enum|namespace)\b"
    rb"|(?:(?:static|const|inline|volatile|signed|unsigned|bool|char|short|int|long|float|double)\b[\s*]*+)+\w++"
    rb"(?:\s*+\[[^\]]*+\])*+\s*+(?:;|=\s*+[-+\w.\"']*+\s*+;)"
)
"""What starts as no object, or as one of a built-in type with a constant or nothing to start from."""
_OBJECT = re.compile(rb"[^(=]*[\w>*&\]]\s*+(?:=|;|\Z|\(\s*+(?:[0-9\"'&-]|\w++\s*+\())")
DECIDED = "the configuration keeps it"
"""Why a directive stays of which the text is not asked."""
_MOST_NAMES = 8
_TELLING = frozenset({b"operator", b"using"})
"""Keywords that tell of members without a name, or from elsewhere."""


def kept(
    isolate: Isolate, units: Sequence[UnitReport], files: Sequence[SourceFile]
) -> dict[tuple[SourceFile, int], Need]:
    """Return the using-directives that stay, and why: as the configuration decides, else as the text shows."""
    stay = _needed(units, files) if isolate.using is Using.AUTO else {}
    for file in files:
        for using in file.ask(file_scope_usings):
            decision = isolate.decision(file.name, using.namespace.decode("utf-8", "replace"))
            if decision is Using.STRIP:
                stay.pop((file, using.start), None)
            elif decision is Using.KEEP:
                stay[file, using.start] = Need((), DECIDED)
    return stay


def _needed(units: Sequence[UnitReport], files: Sequence[SourceFile]) -> dict[tuple[SourceFile, int], Need]:
    """Return the using-directives that stay, and why."""
    kept: dict[tuple[SourceFile, int], Need] = {}
    project = _Project(files)
    for unit in units:
        for using in unit.root.ask(file_scope_usings):
            need = project.need(using, unit.root, unit.seen)
            if need is not None:
                kept[unit.root, using.start] = need
    roots = {unit.root for unit in units}
    for file in files:
        for using in file.ask(file_scope_usings) if file not in roots else ():
            need = project.need(using, file, files)
            if need is not None:
                kept[file, using.start] = need
    return kept


def reaching(
    units: Sequence[UnitReport], kept: Mapping[tuple[SourceFile, int], Need]
) -> dict[SourceFile, frozenset[bytes]]:
    """Return by unit which namespaces the directives that stay bring into its text, its headers' among them."""
    found = {}
    for unit in units:
        found[unit.root] = frozenset(
            using.namespace
            for file in dict.fromkeys((unit.root, *unit.seen))
            for using in file.ask(file_scope_usings)
            if (file, using.start) in kept
        )
    return found


def unshown(files: Sequence[SourceFile], reached: Mapping[SourceFile, frozenset[bytes]]) -> frozenset[bytes]:
    """Return which of the namespaces have members that the text does not show: what they bring cannot be checked."""
    project = _Project(files)
    return frozenset(each for each in frozenset().union(*reached.values()) if not project.shows(each))


def in_order(
    files: Sequence[SourceFile], reached: Mapping[SourceFile, frozenset[bytes]], unknown: frozenset[bytes]
) -> list[SourceFile]:
    """Put units behind those that fewer directives reach: a directive reaches all the text behind it."""

    def reach(file: SourceFile) -> tuple[int, int]:
        namespaces = reached.get(file, frozenset())
        return len(namespaces & unknown), len(namespaces)

    return sorted(files, key=reach)


def overreaching(
    units: Sequence[UnitReport], kept: Mapping[tuple[SourceFile, int], Need], unknown: frozenset[bytes]
) -> Iterator[Diagnostic]:
    """Yield an error for each unit that a directive of an earlier one would reach although it has none like it.

    Only for namespaces whose members the text does not show, and for directives that the configuration does not keep.
    """
    reached = reaching(units, kept)
    before: dict[bytes, Location] = {}
    for unit in units:
        for namespace in sorted(before.keys() - reached[unit.root]):
            yield _overreach(unit, namespace.decode("utf-8", "replace"), before[namespace])
        for file in dict.fromkeys((unit.root, *unit.seen)):
            for using in file.ask(file_scope_usings):
                need = kept.get((file, using.start))
                if need is not None and need.doubt != DECIDED and using.namespace in unknown:
                    before.setdefault(using.namespace, Location(file.name, using.line))


def _overreach(unit: UnitReport, namespace: str, place: Location) -> Diagnostic:
    names, line = _at_risk(unit)
    risk = f": these names may mean others: {_listed(names)}" if names else ""
    return Diagnostic(
        Severity.ERROR,
        f'"using namespace {namespace}" ({place}), which stays, would reach this unit{risk}',
        Location(unit.root.name, line),
        f"qualify the names in {place.file}; or, if no name here is one of {namespace}, "
        f'set keep_using = ["{place.file}: {namespace}"] in [isolate]',
    )


def _at_risk(unit: UnitReport) -> tuple[list[str], int]:
    """Return the names of the project that stand bare in the unit's own file, and the line of one."""
    declared = frozenset().union(
        *(guessed_names(chunk) for file in (unit.root, *unit.seen) for chunk in file.ask(_outline).chunks)
    )
    places: dict[bytes, int] = {}
    for words in unit.root.ask(names_of).bare.values():
        places.update((word, words[word]) for word in words.keys() & (declared - KEYWORDS - {b"std"}))
    names = sorted(places)
    line = unit.root.line_at(places[names[0]]) if names else 0
    return [name.decode("utf-8", "replace") for name in names], line


def _outline(file: SourceFile) -> Outline:
    return outline(file.code, file.directives)


def moved(files: Sequence[SourceFile], units: Sequence[UnitReport]) -> Iterator[Diagnostic]:
    """Yield a warning for the first unit with objects that does not stand where the configuration has it."""
    wanted = [file for file in files if _has_objects(file)]
    found = [unit.root for unit in units if _has_objects(unit.root)]
    for file, other in zip(wanted, found, strict=False):
        if file is not other:
            before = found[found.index(file) - 1]
            yield Diagnostic(
                Severity.WARNING,
                f'this unit keeps a using-directive and was moved behind "{before.name}", '
                "and so was the initialisation of its objects",
                Location(file.name),
                f'qualify the names, or put "{file.name}" last in sources',
            )
            return


def _has_objects(file: SourceFile) -> bool:
    """Tell whether the file seems to define an object at namespace scope that code initialises."""
    texts = (chunk.head for chunk in file.ask(_outline).chunks)
    return any(_OBJECT.match(text) and not _NO_OBJECT.match(text) for text in texts)


class _Project:
    """What all files together say of namespaces."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._files = files
        self._names = {file: file.ask(names_of) for file in files}
        self._members: dict[bytes, frozenset[bytes]] = {}
        self._doubts: dict[bytes, str] = {}
        self._used: dict[tuple[SourceFile, bytes], frozenset[bytes]] = {}

    def shows(self, namespace: bytes) -> bool:
        """Tell whether the text shows all names that a directive for the namespace brings."""
        members = self._members_of(namespace)
        is_own = bool(members) and not namespace.startswith(b"std")
        return is_own and not members & _TELLING and not self._doubt(namespace, members)

    def need(self, using: UsingDirective, file: SourceFile, reached: Iterable[SourceFile]) -> Need | None:
        """Return why a directive of `file`, which `reached` may follow, stays; None where nothing needs it."""
        namespace = using.namespace
        members = self._members_of(namespace)
        if not members or namespace.startswith(b"std"):
            return Need((), "the members of the namespace are not the project's")
        if namespace not in self._doubts:
            self._doubts[namespace] = self._doubt(namespace, members)
        if self._doubts[namespace]:
            return Need((), self._doubts[namespace])
        if b"using" in members:
            return Need((), "a using-declaration, or another name, makes members of the namespace")
        if b"operator" in members:
            return Need((), "the namespace has operators")
        used = self._use(file, namespace, members, using.end)
        for each in dict.fromkeys(reached):
            if each is not file:
                key = (each, namespace)
                if key not in self._used:
                    self._used[key] = self._use(each, namespace, members)
                used |= self._used[key]
        return Need(tuple(sorted(used))) if used else None

    def _members_of(self, namespace: bytes) -> frozenset[bytes]:
        """Return every word in the bodies of the namespace: its members, and more."""
        if namespace not in self._members:
            parts = tuple(namespace.split(b"::"))
            bodies = [
                words
                for names in self._names.values()
                if parts[-1] in names.heads
                for path, words in names.inside.items()
                if _holds(path, parts)
            ]
            self._members[namespace] = frozenset().union(*bodies) - (KEYWORDS - _TELLING)
        return self._members[namespace]

    def _doubt(self, namespace: bytes, members: frozenset[bytes]) -> str:
        """Return why the text does not show who uses the namespace."""
        parts = tuple(namespace.split(b"::"))
        macros = frozenset().union(*(names.macros for names in self._names.values()))
        words = frozenset().union(*(names.in_macros | file.ask(code_words) for file, names in self._names.items()))
        for file, names in self._names.items():
            if alias := sorted(names.aliases.intersection(parts)):
                return f'"{alias[0].decode("utf-8", "replace")}" is another name of a namespace in {file.name}'
            if names.doubt:
                return f"{names.doubt} in {file.name}"
            if named := sorted(names.heads & macros):
                return f'macro "{named[0].decode("utf-8", "replace")}" names a namespace in {file.name}'
            if any(_holds(path, parts) for path in names.including):
                return f"{file.name} includes into the namespace"
            for paste in names.pastes:
                if any(paste.fullmatch(word) if paste else can_be_pasted(word, words) for word in members):
                    return f"macros of {file.name} may paste its names together"
        return ""

    def _use(self, file: SourceFile, namespace: bytes, members: frozenset[bytes], offset: int = 0) -> frozenset[bytes]:
        """Return the members that stand bare behind `offset` outside the namespace, or in a macro."""
        parts = tuple(namespace.split(b"::"))
        names = self._names[file]
        found = set(members & names.in_macros)
        for path, words in names.bare.items():
            if path[: len(parts)] != parts:
                found.update(word for word in members & words.keys() if words[word] >= offset)
        return frozenset(found)


def _holds(path: Path, parts: Path) -> bool:
    """Tell whether `parts` stand in a row in the path."""
    return any(path[start : start + len(parts)] == parts for start in range(len(path) - len(parts) + 1))


def warnings(found: Iterable[StrippedUsing]) -> list[Diagnostic]:
    """Return a warning for each directive that stays and that nobody wants to stay."""
    return [_warning(using) for using in found if using.outcome == "kept" and using.doubt != DECIDED]


def _warning(using: StrippedUsing) -> Diagnostic:
    names = using.dependents
    why = f"these names may need it: {_listed(names)}" if names else using.doubt
    return Diagnostic(
        Severity.WARNING,
        f'"using namespace {using.namespace}" at file scope stays: {why}',
        Location(using.file.name, using.line),
        "qualify the names, or set using in [isolate]",
    )


def missed(isolate: Isolate, units: Sequence[UnitReport], files: Sequence[SourceFile]) -> Iterator[Diagnostic]:
    """Yield a warning for each directive that goes because all do, although the text does not show that it may."""
    if isolate.using is not Using.STRIP:
        return
    needed = _needed(units, files)
    for file, using in [(each, using) for each in files for using in each.ask(file_scope_usings)]:
        namespace = using.namespace.decode("utf-8", "replace")
        need = needed.get((file, using.start))
        if need is not None and isolate.decision(file.name, namespace) is None:
            names = [name.decode("utf-8", "replace") for name in need.names]
            why = f"these names may need it: {_listed(names)}" if names else need.doubt
            yield Diagnostic(
                Severity.WARNING,
                f'"using namespace {namespace}" is stripped, as using in [isolate] says: {why}',
                Location(file.name, using.line),
                f'qualify the names, or set keep_using = ["{file.name}: {namespace}"] in [isolate]',
            )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
