"""Decides which `using namespace` at file scope may go, by what the text alone shows.

One may go where the namespace's members are all the project's and the text shows them, none of their names stands
unqualified in what the directive reaches, and it brings in no operator. Everything else stays: a name that finds
another meaning compiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.findings import Need
from amalgamate.read.names.namespaces import KEYWORDS, can_be_pasted, names_of
from amalgamate.read.structure import code_words, file_scope_usings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.config import Isolate
    from amalgamate.plan.findings import UnitReport
    from amalgamate.plan.model import StrippedUsing
    from amalgamate.read.names.namespaces import Path
    from amalgamate.read.source import SourceFile
    from amalgamate.read.structure import UsingDirective

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


def in_order(files: Sequence[SourceFile], reached: Mapping[SourceFile, frozenset[bytes]]) -> list[SourceFile]:
    """Put units behind those that fewer directives reach: a directive reaches all the text behind it."""
    return sorted(files, key=lambda file: len(reached.get(file, ())))


def overreaching(units: Sequence[UnitReport], reached: Mapping[SourceFile, frozenset[bytes]]) -> Iterator[Diagnostic]:
    """Yield an error for each unit that a directive of an earlier one would reach although it has none like it."""
    before: dict[bytes, SourceFile] = {}
    for unit in units:
        own = reached.get(unit.root, frozenset())
        for namespace in sorted(before.keys() - own):
            name = namespace.decode("utf-8", "replace")
            yield Diagnostic(
                Severity.ERROR,
                f'"using namespace {name}", which {before[namespace].name} cannot do without, would reach this unit',
                Location(unit.root.name),
                "qualify the names there, or set using in [isolate]",
            )
        before.update(dict.fromkeys(own - before.keys(), unit.root))


def moved(files: Sequence[SourceFile], units: Sequence[UnitReport]) -> Iterator[Diagnostic]:
    """Yield a warning for the first unit that does not stand where the configuration has it."""
    for file, unit in zip(files, units, strict=False):
        if file is not unit.root:
            yield Diagnostic(
                Severity.WARNING,
                f'"{unit.root.name}" stands before this unit, which keeps a using-directive: '
                "objects are initialised in that order",
                Location(file.name),
                "qualify the names, or put the unit last in sources",
            )
            return


class _Project:
    """What all files together say of namespaces."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._files = files
        self._names = {file: file.ask(names_of) for file in files}
        self._members: dict[bytes, frozenset[bytes]] = {}
        self._doubts: dict[bytes, str] = {}
        self._used: dict[tuple[SourceFile, bytes], frozenset[bytes]] = {}

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
        if members & _TELLING:
            return Need((b"operator",))
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
    shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
    why = f"these names may need it: {shown}" if names else using.doubt
    return Diagnostic(
        Severity.WARNING,
        f'"using namespace {using.namespace}" at file scope stays: {why}',
        Location(using.file.name, using.line),
        "qualify the names, or set using in [isolate]",
    )
