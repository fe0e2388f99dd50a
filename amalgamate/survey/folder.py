"""Looks at a folder: which files are sources of the library, and why the others are not."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amalgamate.errors import AmalgamateError
from amalgamate.generated import is_generated
from amalgamate.read.scanner import Kind, hide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.read.source import SourceFile, SourceTree

SOURCE_SUFFIXES = (".c", ".cc", ".cpp", ".cxx", ".c++", ".C")
HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".hxx", ".h++", ".H")
TEMPLATE_SUFFIXES = (".h.in", ".h.cmake", ".h.in.cmake", ".h.cmake.in")
"""Of what builds make headers."""
_SOURCE_FOLDERS = ("src", "source", "sources", "lib")
_OTHERS = re.compile(
    r"\..*|_?build.*|cmake.*|CMakeFiles|out|dist|node_modules|(?:\w+[_-])?(?:unit)?test(?:s|ing|data)?|examples?|samples?"
    r"|demos?|bench(?:mark)?s?|fuzz(?:ing|er|ers)?|docs?|third[_-]?party|vendor(?:ed)?|externals?|deps|tutorials?",
    re.IGNORECASE,
)
"""Folders that hold something else than the library, or other people's."""
_OTHERS_AT_TOP = re.compile(r"contrib|perf(?:ormance)?|android|ios", re.IGNORECASE)
"""Such folders too, where they stand at the top: what measures the library, or builds it for one platform."""
_TEST_NAME = re.compile(
    r"(?:^|[_.-])(?:(?:unit)?tests?|bench|benchmark|fuzz|fuzzer)(?:[_.-]|$)|[a-z](?:Tests?|Benchmark)$"
)
_TEST_HEADER = re.compile(
    rb'[<"](?:gtest/|gmock/|catch2?[/.]|doctest|benchmark/benchmark\.h|boost/test/|unity\.h|cmocka\.h)'
)
_MAIN = re.compile(rb"(?<![\w:>.])(?:w?main|WinMain)\s*+\([^;{}()]*+\)\s*+(?:noexcept\s*+)?\{")
_WINDOWS = re.compile(rb"[<\"](?:windows|winsock2?|ws2tcpip)\.h[>\"]", re.IGNORECASE)
_WINDOWS_FOLDERS = frozenset({"win", "win32", "win64", "windows"})
_TEST, _PROGRAM, _ALL, _PART, _WINDOWS_ALONE, _UNREADABLE = (
    "a test", "a program", "includes the other sources", "included by another source", "for Windows alone",
    "cannot be read",
)  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """The translation units of a project, and what else looks like one."""

    units: tuple[SourceFile, ...]
    left_out: dict[Path, str]
    """Sources among them in the same folders, and why they are none."""
    programs: tuple[SourceFile, ...]
    """Those that have a main function, sorted."""


def files_below(folder: Path, suffixes: tuple[str, ...], *, is_top: bool = True) -> Iterator[Path]:
    """Yield the files of a project with one of the suffixes, sorted, without folders that hold something else."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not _OTHERS.fullmatch(entry.name) and not (is_top and _OTHERS_AT_TOP.fullmatch(entry.name)):
                yield from files_below(folder / entry.name, suffixes, is_top=False)
        elif entry.name.endswith(suffixes) and entry.is_file() and not is_generated(folder / entry.name):
            yield folder / entry.name


def likely_sources(root: Path) -> Iterator[list[Path]]:
    """Yield where the sources of a project may stand: in a folder that is called so, at the top, anywhere."""
    found = list(files_below(root, SOURCE_SUFFIXES))
    for name in _SOURCE_FOLDERS:
        yield [path for path in found if path.is_relative_to(root / name)]
    yield [path for path in found if path.parent == root]
    yield found


def readable(tree: SourceTree, paths: Iterable[Path]) -> list[SourceFile]:
    """Return the files without those that are no text of C or C++."""
    files = []
    for path in paths:
        try:
            files.append(tree.read(path))
        except AmalgamateError:
            continue  # whoever builds with it is told why
    return files


def sort_out(tree: SourceTree, paths: Sequence[Path]) -> Sources:
    """Tell the units of a library from tests, programs, and sources that other sources include."""
    files = readable(tree, paths)
    left_out = dict.fromkeys(set(paths) - {file.path for file in files}, _UNREADABLE)
    left_out |= {file.path: _TEST for file in files if _is_test(tree, file)}
    files = [file for file in files if file.path not in left_out]
    left_out |= {file.path: _WINDOWS_ALONE for file in files if _is_for_windows(file)}
    left_out |= _included(files)
    units = [file for file in files if file.path not in left_out]
    programs = tuple(file for file in units if _has_main(file))
    return Sources(tuple(units), left_out, programs)


def without_programs(sources: Sources) -> Sources:
    """Return the sources of the library alone."""
    units = tuple(file for file in sources.units if file not in sources.programs)
    return Sources(units, {**sources.left_out, **{file.path: _PROGRAM for file in sources.programs}}, sources.programs)


def _is_test(tree: SourceTree, file: SourceFile) -> bool:
    """Tell whether a source is called so, or includes what tests are written with, itself or in its header."""
    own = (tree.find(str(file.path.parent), file.path.stem + suffix) for suffix in HEADER_SUFFIXES)
    texts = [file, *(header for header in own if header is not None)]
    includes = (each.argument for text in texts for each in text.directives if each.kind is Kind.INCLUDE)
    is_called_so = _TEST_NAME.search(file.path.stem) and not _TEST_NAME.search(tree.root.name)
    return bool(is_called_so) or any(map(_TEST_HEADER.match, includes))


def _has_main(file: SourceFile) -> bool:
    """Tell whether a file has a main function that is there whatever is defined."""
    return any(_depth(file, match.start()) == 0 for match in _MAIN.finditer(hide(file.data)))


def _is_for_windows(file: SourceFile) -> bool:
    """Tell whether a file stands in a folder for Windows, or includes its headers whatever is defined."""
    includes = (each for each in file.directives if each.kind is Kind.INCLUDE and _WINDOWS.match(each.argument))
    return file.path.parent.name in _WINDOWS_FOLDERS or any(_depth(file, each.start) == 0 for each in includes)


def _depth(file: SourceFile, offset: int) -> int:
    """Return how many conditions are open at an offset."""
    before = [each.kind for each in file.directives if each.start < offset]
    return sum(kind in (Kind.IF, Kind.IFDEF, Kind.IFNDEF) for kind in before) - before.count(Kind.ENDIF)


def _included(files: list[SourceFile]) -> dict[Path, str]:
    """Return sources that include most others, and sources that another includes as a part of itself."""
    known = {file.path for file in files}
    includes: dict[Path, list[Path]] = {}
    for file in files:
        named = (each.argument[1:-1] for each in file.directives if each.kind is Kind.INCLUDE)
        beside = (Path(os.path.normpath(file.path.parent / os.fsdecode(name))) for name in named)
        includes[file.path] = [path for path in beside if path in known and path != file.path]
    found = {path: _ALL for path, parts in includes.items() if len(parts) * 2 >= len(files) and len(parts) > 1}
    for path, parts in includes.items():
        if path not in found:
            found |= dict.fromkeys(parts, _PART)
    return found
