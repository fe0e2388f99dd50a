"""Which namespaces a unit opens by using-directives, and what its namespace aliases stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.read.source import SourceFile

_OPENED = re.compile(rb"\busing\s++namespace\s++(?:::\s*+)?((?:\w++\s*+::\s*+)*+\w++)\s*+;")
_ALIAS = re.compile(rb"\bnamespace\s++(\w++)\s*+=\s*+(?:::\s*+)?((?:\w++\s*+::\s*+)*+\w++)\s*+;")
_Parts = tuple[bytes, ...]
_Found = tuple[frozenset[_Parts], tuple[tuple[bytes, _Parts], ...]]


class Openings:
    """What the directives and aliases of some files say, wherever they stand: more than holds at any one place."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._opened: set[_Parts] = set()
        self._aliases: dict[bytes, _Parts] = {}
        for file in files:
            opened, aliases = file.ask(_openings_of)
            self._opened |= opened
            self._aliases.update(aliases)

    def is_open(self, path: _Parts) -> bool:
        """Tell whether a name in the namespace may be found without it."""
        return any(path[-len(parts) :] == parts for parts in map(self.resolved, self._opened))

    def are_searched_together(self, path: _Parts, other: _Parts) -> bool:
        """Tell whether a name outside of all namespaces may be found in either of two scopes."""
        return path == other or all(not each or self.is_open(each) for each in (path, other))

    def resolved(self, parts: _Parts) -> _Parts:
        """Return the namespaces that a qualifier names, with what an alias stands for in its place."""
        met: set[bytes] = set()
        while parts and parts[0] in self._aliases and parts[0] not in met:
            met.add(parts[0])
            parts = (*self._aliases[parts[0]], *parts[1:])
        return parts


def _openings_of(file: SourceFile) -> _Found:
    if b"namespace" not in file.words:
        return frozenset(), ()
    opened = frozenset(map(_parts, _OPENED.findall(file.code)))
    return opened, tuple((alias, _parts(text)) for alias, text in _ALIAS.findall(file.code))


def _parts(text: bytes) -> _Parts:
    return tuple(part.strip() for part in text.split(b"::"))
