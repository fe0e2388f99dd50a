"""Finds the file that an `#include` names, as the compiler does, or says that it is not the project's.

Quoted names are looked up beside the including file, then in the include directories in order; names in angle
brackets in the include directories only; `include_next` behind the directory where the including file was found.
What no project file answers is external. A quoted name that is external must be a known system header, or be listed
by the configuration: anything else is a file that went missing, and an error.

Source: GCC manual, "Search Path" and "Wrapper Headers".
"""

from __future__ import annotations

import difflib
import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.neighbourhood import Neighbourhood
from amalgamate.read.system_headers import is_system_header

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amalgamate.read.source import SourceFile, SourceTree


class Found(NamedTuple):
    """A project file, and where the search met it."""

    file: SourceFile
    directory_index: int
    """Index of the include directory; -1 where it was found beside the including file."""


class External(NamedTuple):
    """A header that stays an `#include`."""

    spelling: bytes


class Missing(NamedTuple):
    """A quoted name that nothing answers."""

    near: tuple[str, ...]
    """Project headers that may have been meant."""
    folder: str | None = None
    """Where the project has the header, beyond all include directories; relative to the project."""


class Resolver:
    """Resolves the includes of one configuration."""

    def __init__(
        self, tree: SourceTree, include_dirs: Sequence[Path], external: Sequence[str], kept: Sequence[str] = ()
    ) -> None:
        self._tree = tree
        self._neighbourhood = Neighbourhood(tree.root)
        self._directories = [str(directory) for directory in include_dirs]
        self._external = tuple(external)
        self._kept = frozenset(kept)
        """Names of files whose includes stay: they are not read."""
        self._answers: dict[tuple[str, bytes, int | None], Found | External | Missing] = {}

    def resolve(self, header: bytes, includer: SourceFile, next_after: int | None = None) -> Found | External | Missing:
        """Resolve `header`, written with its quotes or angle brackets, as `includer` includes it.

        `next_after` is the `directory_index` behind which `#include_next` goes on; None for a plain include.
        """
        is_quoted = header.startswith(b'"')
        beside = includer.folder if is_quoted and next_after is None else ""
        key = (beside, header, next_after)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._search(header, beside, next_after)
        return answer

    def has(self, header: bytes, includer: SourceFile, next_after: int | None = None) -> bool | None:
        """Answer `__has_include`: True where a project file answers; None where only the compiler can tell."""
        return True if isinstance(self.resolve(header, includer, next_after), Found) else None

    def _search(self, header: bytes, beside: str, next_after: int | None) -> Found | External | Missing:
        spelling = os.fsdecode(header[1:-1])
        if self._is_listed(spelling):
            return External(header)
        if os.path.isabs(spelling):  # noqa: PTH117
            return External(header)
        first = 0 if next_after is None else next_after + 1
        places = [(-1, beside)] if beside else []
        for index, folder in [*places, *list(enumerate(self._directories))[first:]]:
            if self._is_kept(folder, spelling):
                return External(header)
            file = self._tree.find(folder, spelling)
            if file is not None:
                return Found(file, index)
        if header.startswith(b"<") or next_after is not None or is_system_header(spelling):
            return External(header)
        return Missing(self._near(spelling, beside), self._neighbourhood.folder_with(spelling))

    def _is_kept(self, folder: str, spelling: str) -> bool:
        return bool(self._kept) and self._tree.name_of(os.path.join(folder, spelling)) in self._kept  # noqa: PTH118

    def _is_listed(self, spelling: str) -> bool:
        return any(fnmatchcase(spelling, pattern) for pattern in self._external)

    def _near(self, spelling: str, beside: str) -> tuple[str, ...]:
        """Return project files with a similar name, best first, in the folders where `spelling` was looked for."""
        folder, base = os.path.split(spelling)
        names: dict[str, str] = {}
        for directory in [beside, *self._directories]:
            for name in sorted(self._tree.names_in(os.path.join(directory, folder))):  # noqa: PTH118
                if name != base:  # a folder, a pipe or a link that leads nowhere: not what is looked for
                    names.setdefault(name, os.path.join(folder, name))  # noqa: PTH118
        by_case = [name for name in names if name.lower() == base.lower()]
        close = by_case or difflib.get_close_matches(base, names, n=3, cutoff=0.7)
        return tuple(names[name] for name in close)
