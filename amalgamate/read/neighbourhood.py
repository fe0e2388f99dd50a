"""Looks for a header where no include directory leads: what a project holds, and its configuration does not name.

Nothing that is found here becomes a part of an output. It is what messages tell of.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from amalgamate.generated import is_generated

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH = 3
"""So deep below the project's folder include directories stand: `third_party/library/include`."""

_HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".hxx")


class Neighbourhood:
    """The folders of one project that could be include directories."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)

    def folder_with(self, spelling: str) -> str | None:
        """Return the folder, outermost first, in which a file is that `spelling` names; relative to the project."""
        path = next((each for each in self._paths(spelling) if _is_source(each)), None)
        return self._named(path, spelling) if path else None

    def parent_of(self, spelling: str) -> str | None:
        """Return the folder of headers that `spelling` names a file in, if there is one; relative to the project."""
        parent = os.path.dirname(spelling)  # noqa: PTH120 - a spelling, not a path
        path = next((each for each in self._paths(parent) if _holds_headers(each)), None) if parent else None
        return os.path.relpath(path, self._root).replace(os.sep, "/") if path else None

    def _paths(self, spelling: str) -> Iterator[str]:
        return (os.path.join(folder, spelling) for folder in self._folders)  # noqa: PTH118

    def _named(self, path: str, spelling: str) -> str:
        return os.path.relpath(path[: -len(spelling)] or "/", self._root).replace(os.sep, "/")

    @cached_property
    def _folders(self) -> list[str]:
        """All folders that are not too deep, but for hidden ones; the project's own first."""
        folders = level = [self._root]
        for _ in range(_DEPTH):
            level = [below for folder in level for below in _folders_in(folder)]
            folders = folders + level
        return folders


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = [each.path for each in entries if each.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(path for path in found if not os.path.basename(path).startswith("."))  # noqa: PTH119


def _holds_headers(folder: str) -> bool:
    try:
        return any(name.endswith(_HEADER_SUFFIXES) for name in os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError:
        return False


def _is_source(path: str) -> bool:
    """Tell whether a regular file is there that the tool has not written itself."""
    try:
        return os.path.isfile(path) and not is_generated(Path(path))  # noqa: PTH113
    except OSError:
        return False
