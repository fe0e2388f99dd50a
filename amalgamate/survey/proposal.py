"""From what a folder holds to what its configuration should say, with the reason for each key."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from amalgamate.errors import InputError, Location
from amalgamate.read.source import SourceTree
from amalgamate.survey import database
from amalgamate.survey.folder import (
    HEADER_SUFFIXES,
    SOURCE_SUFFIXES,
    TEMPLATE_SUFFIXES,
    files_below,
    likely_sources,
    readable,
    sort_out,
    without_programs,
)
from amalgamate.survey.headers import PUBLIC_FOLDERS, Includes, is_c, not_included, public_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from amalgamate.read.source import SourceFile
    from amalgamate.survey.database import Command
    from amalgamate.survey.folder import Sources

_LICENCE = re.compile(r"(?:LICEN[CS]E|COPYING)(?:[.-].*)?", re.IGNORECASE)
_VERSION = re.compile(r"[-_]v?\d+(?:\.\d+)*\w*$|-(?:main|master)$")
_C_SUFFIX = ".c"
_C_HEADER, _TEMPLATE, _CMAKE = ".h", ".h.", "cmake"


@dataclass(frozen=True)
class Proposal:
    """What to write down. Paths are relative to the project's folder."""

    name: str
    origin: str
    """What told which sources there are: the database, or the folder."""
    units: tuple[str, ...]
    left_out: Mapping[str, str]
    """Sources that are no units, and why."""
    header_only: tuple[str, ...]
    include_dirs: tuple[str, ...]
    forced_includes: tuple[str, ...]
    licences: tuple[str, ...]
    header: str
    """The public header, empty for none."""
    is_c_header: bool
    defines: Mapping[str, str]
    differing: tuple[str, ...]
    """Macros that not every source is compiled with, or not with one value."""
    standards: tuple[str, ...]
    external: Mapping[str, str]
    """Headers that are not the project's, each with a file that includes it."""
    templates: Mapping[str, str]
    """Of those: headers that the project's build makes, and of what."""
    once: tuple[str, ...] = ()
    repeat: tuple[str, ...] = ()
    """Headers that do not read the same in every source, and what becomes of them."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the units, C first."""
        is_of_c = {unit.endswith(_C_SUFFIX) for unit in self.units}
        return tuple(name for name, wanted in (("C", True), ("C++", False)) if wanted in is_of_c)


@dataclass(frozen=True)
class _Build:
    """How the project is compiled today, as far as that is written down."""

    origin: str = "what stands in the folder"
    commands: tuple[Command, ...] = ()

    @property
    def include_dirs(self) -> list[Path]:
        return list(dict.fromkeys(folder for each in self.commands for folder in each.include_dirs))

    @property
    def forced_includes(self) -> list[Path]:
        return list(dict.fromkeys(path for each in self.commands for path in each.forced_includes))

    def of(self, units: Sequence[SourceFile]) -> _Build:
        """Return how these units are compiled."""
        paths = {unit.path for unit in units}
        return replace(self, commands=tuple(each for each in self.commands if each.file in paths))


def propose(root: Path, commands: Path | None = None) -> Proposal:
    """Return what the configuration of the project in `root` should say.

    Raises:
        InputError: there is nothing to build, or the compilation database cannot be read.
    """
    tree = SourceTree(root)
    commands = commands or database.find(root)
    build = _of_database(root, commands, tree) if commands else _Build()
    name = _VERSION.sub("", root.name) or "library"
    sources = sort_out(tree, [each.file for each in build.commands]) if commands else _likely(tree)
    headers = readable(tree, files_below(root, HEADER_SUFFIXES))
    if not sources.units and not headers:
        raise InputError.at(None, f'there is no C or C++ source in "{root.name}"', "name the folder of a project")
    forced = readable(tree, build.forced_includes)
    public = root / PUBLIC_FOLDERS[0]
    includes = Includes(tree, build.include_dirs or ([public] if public.is_dir() else []))
    includes.add_folders([*(sources.units or headers), *forced], [file.path for file in headers])
    folders = {} if sources.programs else {file.path.parent: None for file in sources.units}
    header = public_header(root, name, headers, includes, folders)
    if header is not None or public.is_dir() or len(sources.programs) != 1:
        sources = without_programs(sources)  # else the project is one program
    build = build.of(sources.units)
    header_only = () if sources.units else _roots_of_headers(includes, headers, header)
    return _proposal(name, build, sources, header_only, includes, header)


def _likely(tree: SourceTree) -> Sources:
    """Return the sources in the first place where a library has some; else in the first where a program has."""
    places = [sort_out(tree, paths) for paths in likely_sources(tree.root)]
    libraries = [place for place in places if len(place.units) > len(place.programs)]
    return next(iter([*libraries, *(place for place in places if place.units)]), places[-1])


def _roots_of_headers(
    includes: Includes, headers: Sequence[SourceFile], header: SourceFile | None
) -> tuple[SourceFile, ...]:
    """Return the headers that no other includes, the public one first."""
    root = includes.tree.root
    public = [file for file in headers if file.path.relative_to(root).parts[0] in PUBLIC_FOLDERS] or list(headers)
    outermost = not_included(includes, public) or public
    return tuple(dict.fromkeys([header, *outermost] if header in outermost else outermost))


def _proposal(
    name: str,
    build: _Build,
    sources: Sources,
    header_only: tuple[SourceFile, ...],
    includes: Includes,
    header: SourceFile | None,
) -> Proposal:
    tree = includes.tree
    own = includes.closure([header]) if header else set()
    includes.closure([*sources.units, *header_only, *own, *readable(tree, build.forced_includes)])
    defines, differing = _common([each.defines for each in build.commands])
    licences = sorted(path.name for path in tree.root.iterdir() if path.is_file() and _LICENCE.fullmatch(path.name))
    return Proposal(
        name=name,
        origin=build.origin,
        units=tuple(file.name for file in sources.units),
        left_out={tree.name_of(path): why for path, why in sorted(sources.left_out.items())},
        header_only=tuple(file.name for file in header_only),
        include_dirs=tuple(map(tree.name_of, includes.folders)),
        forced_includes=tuple(map(tree.name_of, build.forced_includes)),
        licences=tuple(licences),
        header="" if header is None or header_only else header.name,
        is_c_header=is_c(own),
        defines=defines,
        differing=differing,
        standards=tuple(dict.fromkeys(each.standard for each in build.commands if each.standard)),
        external={spelling: file.name for spelling, file in sorted(includes.missing.items())},
        templates=_templates(tree, includes.missing),
    )


def _templates(tree: SourceTree, headers: Iterable[str]) -> dict[str, str]:
    """Return the headers that a template is there for: `config.h.in`, `config.h.cmake`, `config.h.in.cmake`."""
    folders = (tree.root / _CMAKE, tree.root)
    paths = (path for folder in folders for path in files_below(folder, TEMPLATE_SUFFIXES))
    made = {path.name.partition(_TEMPLATE)[0] + _C_HEADER: path for path in paths}
    found = {spelling: made.get(PurePosixPath(spelling).name) for spelling in headers}
    return {spelling: tree.name_of(path) for spelling, path in found.items() if path is not None}


def _of_database(root: Path, path: Path, tree: SourceTree) -> _Build:
    name = tree.name_of(path)
    own = set(files_below(root, SOURCE_SUFFIXES))
    commands = {each.file: each for each in database.read(path, name) if each.file in own}
    if not commands:
        raise InputError.at(Location(name), "it names no source of this project", "make it again, or remove it")
    inside = (replace(each, include_dirs=_inside(root, each.include_dirs)) for each in commands.values())
    return _Build(name, tuple(inside))


def _inside(root: Path, folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders of the project; what stands in others comes with the system."""
    return tuple(folder for folder in folders if folder.is_dir() and folder.is_relative_to(root))


def _common(defines: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the macros that all sources are compiled with, and the names of the others."""
    counts = Counter(item for each in defines for item in each.items())
    common = {name: body for (name, body), count in counts.items() if count == len(defines)}
    return common, tuple(sorted({name for name, _ in counts} - common.keys()))
