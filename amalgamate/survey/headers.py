"""Finds where includes are looked for, which headers come from elsewhere, and which header is the public one."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from amalgamate.errors import AmalgamateError
from amalgamate.read.resolve import Found, Resolver
from amalgamate.read.scanner import Kind
from amalgamate.read.structure import code_words
from amalgamate.read.system_headers import is_system_header

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from amalgamate.read.source import SourceFile, SourceTree

PUBLIC_FOLDERS = ("include", "inc", "public", "api")
_CXX_WORDS = frozenset({b"namespace", b"class", b"template", b"typename", b"operator", b"constexpr", b"using"})
_HEADER_NAME = re.compile(rb"<([^>\n]+)>|\"([^\"\n]+)\"")


class Includes:
    """What the sources of a project include, directly or not, in some include folders."""

    def __init__(self, tree: SourceTree, folders: Sequence[Path]) -> None:
        self.tree = tree
        self.folders = list(folders)
        self.missing: dict[str, SourceFile] = {}
        """What no project file answers and no system is known to have, with the first file that includes it."""

    def closure(self, files: Iterable[SourceFile]) -> set[SourceFile]:
        """Return the files and all that they include, and note what is missing."""
        resolver = Resolver(self.tree, self.folders, ())
        self.missing = {}
        seen: dict[SourceFile, None] = {}
        waiting = list(files)
        while waiting:
            file = waiting.pop(0)
            if file in seen:
                continue
            seen[file] = None
            for header in _headers(file):
                try:
                    answer = resolver.resolve(header, file)
                except AmalgamateError:
                    continue  # it cannot be read: a build says so, with its place
                spelling = os.fsdecode(header[1:-1])
                if isinstance(answer, Found):
                    waiting.append(answer.file)
                elif not is_system_header(spelling) and not Path(spelling).is_absolute():
                    self.missing.setdefault(spelling, file)
        return set(seen)

    def add_folders(self, files: Sequence[SourceFile], headers: Sequence[Path]) -> None:
        """Add the folders of the project that answer what is missing, one that answers most after the other."""
        given = len(self.folders)
        while True:
            self.closure(files)
            votes: Counter[Path] = Counter()
            for spelling in self.missing:
                votes.update(_folders_that_have(spelling, headers))
            candidates = [folder for folder in votes if folder not in self.folders]
            if not candidates:
                self.folders[given:] = sorted(self.folders[given:], key=_rank)
                return
            self.folders.append(min(candidates, key=lambda folder: (-votes[folder], _rank(folder))))


def _headers(file: SourceFile) -> Iterator[bytes]:
    for directive in file.directives:
        if directive.kind in (Kind.INCLUDE, Kind.IMPORT):
            match = _HEADER_NAME.match(directive.argument)
            if match is not None:
                yield match.group()


def _folders_that_have(spelling: str, headers: Iterable[Path]) -> Iterator[Path]:
    parts = Path(spelling).parts
    for header in headers:
        if header.parts[-len(parts) :] == parts:
            yield Path(*header.parts[: -len(parts)])


def _rank(folder: Path) -> tuple[bool, int, str]:
    return (folder.name not in PUBLIC_FOLDERS, len(folder.parts), str(folder))


def public_header(
    root: Path, name: str, headers: Sequence[SourceFile], includes: Includes, folders: Container[Path] = ()
) -> SourceFile | None:
    """Return the header that users include; None where it is not clear which one that is.

    It is called as the project, is the only one in the folder for users or the only one there in C, or includes most
    of the others. Without such a folder it may be the only one in the `folders` of the sources, in C.
    """
    outside = [file for file in headers if file.path.relative_to(root).parts[0] in PUBLIC_FOLDERS]
    outside = outside or [file for file in headers if file.path.parent.name in PUBLIC_FOLDERS]
    wanted = {_plain(name), _plain(name).removeprefix("lib"), "lib" + _plain(name)}
    named = [file for file in outside or headers if _plain(file.path.stem) in wanted]
    in_c = [file for file in outside if is_c(includes.closure([file]))]
    outermost = not_included(includes, in_c)
    if len(in_c) < len(outside) and len(outermost) == 1:
        return outermost[0]
    if named:
        return min(named, key=lambda file: (len(file.path.parts), file.name))
    if not outside:
        beside = [file for file in headers if file.path.parent in folders]
        return beside[0] if len(beside) == 1 and is_c(includes.closure(beside)) else None
    if len(outside) == 1:
        return outside[0]
    covered = {file: len(includes.closure([file])) for file in outside}
    best = max(outside, key=lambda file: covered[file])
    return best if covered[best] * 2 > len(outside) else None


def not_included(includes: Includes, headers: Sequence[SourceFile]) -> list[SourceFile]:
    """Return the headers that no other one includes: together they are a library without sources."""
    inner: set[SourceFile] = set()
    for file in headers:
        inner |= includes.closure([file]) - {file}
    return [file for file in headers if file not in inner]


def is_c(files: Iterable[SourceFile]) -> bool:
    """Tell whether headers have nothing in them that only C++ knows."""
    return not any(_CXX_WORDS & file.ask(code_words) for file in files)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
