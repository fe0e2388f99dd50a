"""Refuses names that mean something else in the one file because of what using-directives bring.

What a directive brings stands beside what the global namespace has: a name that a unit finds through one would find
the global name of an earlier unit too, and a name that it finds elsewhere what an earlier unit adds to the namespace.
Of functions the one that fits better is called, without a word; anything else is ambiguous. Besides, a directive of an
earlier unit reaches all that follows, the text before the unit's own directive included.

Overloads that earlier units add where the name is found alone too are not looked for.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.plan.names.openings import Openings
from amalgamate.plan.names.parts import Directive, Part, has_directive
from amalgamate.plan.names.scopes import Bases
from amalgamate.plan.names.usage import Usages
from amalgamate.read.names.decorations import Decorations, static_words
from amalgamate.read.names.namespaces import KEYWORDS
from amalgamate.read.names.outline import outline
from amalgamate.read.names.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from amalgamate.plan.model import StrippedUsing
    from amalgamate.plan.names.parts import Declared
    from amalgamate.plan.names.texts import UnitText
    from amalgamate.plan.names.usage import Use
    from amalgamate.read.names.namespaces import Path
    from amalgamate.read.names.outline import Outline
    from amalgamate.read.source import SourceFile

_NO_NAMES = KEYWORDS | {b"main", b"std"}


class _Meaning(NamedTuple):
    """In which scopes a place finds its name."""

    alone: frozenset[Path]
    """When its unit is compiled alone; empty for what no project file declares."""
    one: frozenset[Path]
    """In the one file."""
    opened: tuple[Directive, ...]
    """The directives that reach the place, alone or in the one file, its unit's own first."""


def refusals(
    texts: Sequence[UnitText], files: Sequence[SourceFile], usings: Iterable[StrippedUsing]
) -> list[Diagnostic]:
    """Return an error for each name of a unit, in C++, that finds something else in the one file."""
    if len(texts) == 1 or not any(has_directive(file.code) for file in files if b"using" in file.words):
        return []
    project = _Project(texts, files, usings)
    return [
        error
        for unit, text in enumerate(texts)
        if unit and text.is_cplusplus
        for error in _View(project, unit).refusals()
    ]


class _Project:
    """The texts of all units."""

    def __init__(self, texts: Sequence[UnitText], files: Sequence[SourceFile], usings: Iterable[StrippedUsing]) -> None:
        self.texts = texts
        self.stripped = {
            Location(each.file.name, each.line): tuple(each.namespace.encode().split(b"::"))
            for each in usings
            if each.outcome == "stripped"
        }
        self.renamed = frozenset(_renamed(texts))
        directives = [directive for file in files for directive in file.directives]
        usages = Usages(Decorations(directives), static_words(directives))
        self.own = [Part(partial(_own_outline, text), text.location, usages) for text in texts]
        self.headers = {file: Part(partial(_outline, file), partial(_location, file), usages) for file in files}
        self.resolved = Openings(files).resolved
        self.bases = Bases(file.code for file in files)
        roots = {text.unit.root for text in texts}
        every = [*self.own, *(part for file, part in self.headers.items() if file not in roots)]
        self._inline = frozenset().union(*(part.inline for part in every))
        self._paths = {self.plain(path) for part in every for path in part.paths}

    def plain(self, path: Path) -> Path:
        """Return a path without inline namespaces: what they hold is found without them."""
        return tuple(each for each in path if each not in self._inline)

    def is_external(self, namespace: Path) -> bool:
        """Tell whether a namespace has members that no project file shows."""
        return namespace[:1] == (b"std",) or not any(path[-len(namespace) :] == namespace for path in self._paths)


class _View:
    """What one unit reads alone, and what else stands before its end in the one file."""

    def __init__(self, project: _Project, unit: int) -> None:
        self._project = project
        text = project.texts[unit]
        self._own = project.own[unit]
        seen = dict.fromkeys(file for file in text.unit.seen if file not in text.own_files)
        self._seen = [project.headers[file] for file in seen]
        self._emitted = [project.headers[file] for file in dict.fromkeys(text.shared) if file in seen]
        before = {file for each in project.texts[:unit] for file in each.shared if file not in text.own_files}
        earlier = [*project.own[:unit], *(project.headers[file] for file in sorted(before, key=lambda each: each.name))]
        self._hidden = [part for part in earlier if part not in self._seen]
        names = {file.name for file in (*text.own_files, *seen)}
        self._gone = [
            Directive(project.plain(project.resolved(namespace)), 0, place, is_global=True)
            for place, namespace in project.stripped.items()
            if place.file in names
        ]
        self._of_headers = [each for part in self._seen for each in self._directives(part)]
        self._of_root = list(self._directives(self._own))
        self._of_others = [each for part in self._hidden for each in self._directives(part) if each.is_global]

    def _directives(self, part: Part) -> Iterator[Directive]:
        for each in part.directives:
            if each.place not in self._project.stripped:
                yield each._replace(namespace=self._project.plain(self._project.resolved(each.namespace)))

    def refusals(self) -> Iterator[Diagnostic]:
        """Yield an error for each name that finds something else."""
        for name in sorted(self._candidates()):
            yield from islice(self._errors(name), 1)

    def _candidates(self) -> frozenset[bytes]:
        """Return the words that may be among the names that find something else."""
        if not (self._of_headers or self._of_root or self._of_others or self._gone):
            return frozenset()
        words = self._own.words.union(*(part.words for part in self._emitted))
        more = self._hidden + ([*self._seen, self._own] if self._of_others else [])
        return words.intersection(frozenset().union(*(part.declared for part in more))) - _NO_NAMES

    def _errors(self, name: bytes) -> Iterator[Diagnostic]:
        """Yield an error for each place of the name that finds something else."""
        alone = self._declared([self._own, *self._seen], name)
        hidden = self._declared(self._hidden, name)
        if not self._of_others and hidden.keys() <= alone.keys():
            return
        every = {path: [*hidden.get(path, ()), *alone.get(path, ())] for path in hidden.keys() | alone.keys()}
        for part in (self._own, *self._emitted):
            members = _members(part.uses(name))
            for use in part.uses(name):
                if self._is_looked_up(use, name, members):
                    for found in self._meanings(part, use, alone, every):
                        yield self._error(name, part.location(use.place.offset), found, every)

    def _declared(self, parts: Iterable[Part], name: bytes) -> dict[Path, list[Declared]]:
        """Return what declares the name, by scope; what is renamed has another."""
        found: dict[Path, list[Declared]] = {}
        for part in parts:
            for each in part.declarations(name):
                if (each.place, name) not in self._project.renamed:
                    found.setdefault(self._project.plain(each.path), []).append(each)
        return found

    def _is_looked_up(self, use: Use, name: bytes, members: frozenset[bytes]) -> bool:
        if use.role is not Role.USES or use.place.qualifier:
            return False
        return not any(self._project.bases.may_have(owner, name, members) for owner in use.place.classes)

    def _meanings(
        self, part: Part, use: Use, alone: Mapping[Path, list[Declared]], every: Mapping[Path, list[Declared]]
    ) -> Iterator[_Meaning]:
        """Yield in which scopes a place finds its name, where the one file makes a difference that directives make."""
        at = use.place.offset if part is self._own and use.directive is None else -1
        own = [*self._of_headers, *(each for each in self._of_root if part is self._own and not 0 <= at < each.offset)]
        found = self._found(use, alone, [*own, *self._gone])
        if not found and part is not self._own:
            own = [*self._of_headers, *self._of_root]
            found = self._found(use, alone, [*own, *self._gone])
        one = self._found(use, every, [*own, *self._of_others])
        is_known = bool(found) or not any(self._project.is_external(each.namespace) for each in (*own, *self._gone))
        by_directives = any(self._is_brought(use, path) for path in found | one)
        if one <= found or not (by_directives or (one and not is_known)):
            return
        if not (found and self._is_unfit(use, found | one, one - found, every)):
            yield _Meaning(found, one, (*own, *self._of_others, *self._gone))

    def _found(self, use: Use, declared: Collection[Path], opened: Iterable[Directive]) -> frozenset[Path]:
        """Return the scopes in which a place finds its name. Source: C++17 [basic.lookup.unqual], [namespace.udir]."""
        is_qualified = use.place.qualifier is not None
        around = [] if is_qualified else [path for path in declared if not self._is_brought(use, path)]
        inner = max(around, key=len, default=())
        if inner or (is_qualified and () in declared):
            return frozenset({inner})
        namespaces = {each.namespace for each in opened}
        return frozenset(
            path for path in declared if not path or any(path[-len(each) :] == each for each in namespaces)
        )

    def _is_brought(self, use: Use, path: Path) -> bool:
        """Tell whether a place finds the members of a namespace by a directive alone."""
        return self._project.plain(use.path)[: len(path)] != path

    def _is_unfit(
        self, use: Use, scopes: Iterable[Path], new: Iterable[Path], every: Mapping[Path, list[Declared]]
    ) -> bool:
        """Tell whether a call that finds only functions finds none more that takes so many arguments."""
        arity = use.place.arity
        if arity is None or any(each.arity is None for path in scopes for each in every[path]):
            return False
        takes = [each.arity for path in new for each in every[path] if each.arity is not None]
        return not any(least <= arity[1] and arity[0] <= most for least, most in takes)

    def _error(self, name: bytes, place: Location, found: _Meaning, every: Mapping[Path, list[Declared]]) -> Diagnostic:
        shown, path = name.decode("utf-8", "replace"), min(found.one - found.alone)
        other = every[path][0].place
        brings = [each for each in found.opened if path and path[-len(each.namespace) :] == each.namespace]
        if brings:
            said = f'"{shown}" would be that of {other} too, which "{_said(brings[0])}" brings in the one file'
        else:
            said = f'"{shown}" would be that of {other} too, beside what "{_said(self._bringing(found))}" brings'
        return Diagnostic(Severity.ERROR, said, place, f'qualify "{shown}" there')

    def _bringing(self, found: _Meaning) -> Directive:
        """Return the directive that brings what a place finds alone."""
        known = [
            each for each in found.opened if any(path[-len(each.namespace) :] == each.namespace for path in found.alone)
        ]
        return next(iter(known), None) or next(
            each for each in found.opened if self._project.is_external(each.namespace)
        )


def _renamed(texts: Iterable[UnitText]) -> Iterator[tuple[Location, bytes]]:
    """Yield the places of names that stand under another name in the one file."""
    for emission in emissions_of(text.unit.emission for text in texts if text.unit.emission is not None):
        for edit in emission.edits:
            if edit.kind is EditKind.RENAME:
                yield Location(emission.file.name, edit.line), emission.file.data[edit.start : edit.end]


def _members(uses: Iterable[Use]) -> frozenset[bytes]:
    return frozenset(use.place.classes[0] for use in uses if use.place.is_member and use.place.classes)


def _said(directive: Directive) -> str:
    return f"using namespace {b'::'.join(directive.namespace).decode('utf-8', 'replace')}"


def _own_outline(text: UnitText) -> Outline:
    return text.outline


def _outline(file: SourceFile) -> Outline:
    return outline(file.code, file.directives)


def _location(file: SourceFile, offset: int) -> Location:
    return Location(file.name, file.line_at(offset))
