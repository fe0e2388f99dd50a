"""What the names of a text refer to, as libclang says: the only user of that library, which is optional."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from amalgamate.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from amalgamate.prove.compiler import Language, Processes

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
class Parser:
    """libclang with the options of one setting."""

    index: Any
    cindex: Any
    options: list[str]
    true_path: Callable[[str], str] = field(default_factory=lambda: cache(os.path.realpath))

    def parse(self, path: Path, options: Sequence[str], at: At, *, with_candidates: bool = False) -> Read | str:
        """Return all references in the files that `at` gives places in, or why the text cannot be parsed.

        With candidates too: the functions among which a call in a template will choose.
        """
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
            if key is None:
                continue
            if cursor.kind is not self.cindex.CursorKind.OVERLOADED_DECL_REF:
                found[key].append(self._reference(referenced, at))
            elif with_candidates:
                found[key] += (self._reference(each, at) for each in self._candidates(cursor))
        return found

    def _candidates(self, cursor: Any) -> Iterator[Any]:  # noqa: ANN401 - libclang
        library = self.cindex.conf.lib
        for index in range(library.clang_getNumOverloadedDecls(cursor)):
            yield library.clang_getOverloadedDecl(cursor, index)

    def _cursors(self, unit: Any, at: At) -> Iterator[Any]:  # noqa: ANN401 - libclang
        """Yield what refers to something, in the files of the project."""
        kinds = self.cindex.CursorKind
        wanted = {
            kinds.DECL_REF_EXPR, kinds.MEMBER_REF_EXPR, kinds.CALL_EXPR, kinds.TYPE_REF, kinds.TEMPLATE_REF,
            kinds.NAMESPACE_REF, kinds.MEMBER_REF, kinds.VARIABLE_REF, kinds.OVERLOADED_DECL_REF,
        }  # fmt: skip
        for top in unit.cursor.get_children():
            location = top.location
            if not location.is_in_system_header and at(location) is not None:
                yield from (cursor for cursor in top.walk_preorder() if cursor.kind in wanted)

    def _reference(self, referenced: Any, at: At) -> Reference:  # noqa: ANN401 - libclang
        usr: str = referenced.get_usr()
        location = referenced.canonical.location
        key = at(location)
        file = self.true_path(location.file.name) if location.file else ""
        place = key[1] if key else (file, location.line, location.column)
        return Reference(referenced.spelling, usr if usr.startswith(_EXTERNAL_USR) else "", place)


def parser(language: Language, options: Sequence[str], processes: Processes) -> Parser | str:
    """Return a parser that adds `options` to those of each text, or why there is none."""
    try:
        from clang import cindex  # noqa: PLC0415 - an optional dependency
    except ImportError:
        return "libclang is not installed: pip install libclang"
    try:
        index = cindex.Index.create()
    except cindex.LibclangError as error:
        return f"libclang cannot be loaded: {error}"
    general = ["-x", language.value, "-w", "-ferror-limit=0"]
    return Parser(index, cindex, [*general, *options, *processes.own_headers()])


class PlacesInMany:
    """Names places in the sources as they lie on the disk."""

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of
        self._names: dict[str, str] = {}

    def at(self, location: Any) -> Key | None:  # noqa: ANN401 - libclang
        """Return the place; None for a file that is not the project's."""
        if location.file is None:
            return None
        path = location.file.name
        name = self._names.get(path)
        if name is None:
            name = self._names[path] = self._name_of(path)
        return (0, (name, location.line, location.column)) if name else None


def described(reference: Reference) -> str:
    """Return the words for what something refers to."""
    return f"`{reference.name}` of {Location(*reference.declared)}"
