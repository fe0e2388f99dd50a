"""A temporary folder in which both forms of one output can be preprocessed: the one file, and the many in a row.

The one file is alone in its folder, the many stand in a mirror of their folders. Headers of the system that are not
there (of another platform, or not installed) are empty files, for both forms.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import NATIVE
from amalgamate.prove.compiler import Language
from amalgamate.prove.memo import Memo
from amalgamate.prove.mirror import Mirror
from amalgamate.prove.platforms import macros_of
from amalgamate.prove.row import write_row
from amalgamate.prove.tokens import NEUTRAL, Reading, read
from amalgamate.read.scanner import Kind, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from amalgamate.config import Config
    from amalgamate.prove.compiler import Compiler, Ran
    from amalgamate.prove.model import Subject
    from amalgamate.read.source import SourceFile

_CONDITIONS = frozenset({Kind.IF, Kind.ELIF})
_WORD = re.compile(rb"[A-Za-z_$][0-9A-Za-z_$]*")
_LINE_DIRECTIVE = re.compile(rb"line\b|[0-9]")


class Setting(NamedTuple):
    """With what something is compiled."""

    compiler: Compiler
    language: Language
    standard: str
    """Empty: the compiler's own."""
    platform: str
    macros: tuple[str, ...] = ()
    """What a user defines, as NAME or NAME=VALUE."""


class Preprocessed(NamedTuple):
    """One side of a comparison."""

    ran: Ran
    reading: Reading


@dataclass(frozen=True)
class Workplace:
    """The folder of one subject."""

    subject: Subject
    folder: Path
    memo: Memo = field(default_factory=Memo)
    """Shared by the workplaces of all variants."""

    def prepare(self) -> None:
        """Write what the settings share, before they are looked at side by side."""
        _ = self.alone, self.copy, self.driver, self._stubs, self.tested_places

    def one(self, setting: Setting) -> Preprocessed:
        """Preprocess the one file; other project files that it enters have a name in the reading, too."""
        options = [*self._platform_options(setting), *self._kept_folders]
        ran = setting.compiler.preprocess(setting.language, self.alone, options)
        return self._read(ran, self.alone, self.name_of_source)

    def many(self, setting: Setting) -> Preprocessed:
        """Preprocess the units in the order of the output, one after the other."""
        folders = [word for folder in self.subject.folders for word in ("-I", str(self._mirror.path(folder)))]
        options = [*self._platform_options(setting), *folders, *self._kept_folders]
        ran = setting.compiler.preprocess(setting.language, self.driver, options)
        return self._read(ran, self.driver, self._name_in_mirror)

    def unit(self, setting: Setting, root: SourceFile) -> Preprocessed:
        """Preprocess a unit as it lies in the project."""
        options = [*self._platform_options(setting), *self.unit_options]

        def make() -> Preprocessed:
            ran = setting.compiler.preprocess(setting.language, root.path, options)
            return self._read(ran, root.path, self.name_of_source)

        return self.memo.get(("unit", setting.compiler.name, setting.language, root.path, *options), make)

    def parse_options(self, setting: Setting) -> list[str]:
        """What a parser of C++ needs to read either form; it needs the true headers, too."""
        standard = [f"-std={setting.standard}"] if setting.standard else []
        return [*standard, *self.subject.config.verify.options, *self._kept_folders]

    @cached_property
    def unit_options(self) -> list[str]:
        """What a project that is built from many files passes to the compiler."""
        return options_of_units(self.subject.config, lambda path: path)

    @cached_property
    def alone(self) -> Path:
        """The one file in a folder of its own, without `#line`, so that its lines keep their numbers."""
        path = self.folder / "alone" / self.subject.path.name
        path.parent.mkdir()
        path.write_bytes(_without_line_directives(self.subject.data))
        return path

    @cached_property
    def copy(self) -> Path:
        """The one file, byte for byte, in a folder of its own."""
        path = self.folder / "copy" / self.subject.path.name
        path.parent.mkdir()
        path.write_bytes(self.subject.data)
        return path

    @cached_property
    def driver(self) -> Path:
        """A file that includes the mirrored units in order."""
        path = self.folder / "many" / self.subject.path.name
        path.parent.mkdir()
        path.write_text(write_row(self.subject, self._mirror))
        return path

    def name_of_source(self, path: str) -> str:
        """Return the name of the project file that a compiler calls `path`, nothing for any other file."""
        if path == str(self.alone):
            return self.subject.name
        name = self._names.get(path)
        if name is None:
            file = self._sources.get(os.path.realpath(path))
            name = self._names[path] = file.name if file else ""
        return name

    def _name_in_mirror(self, path: str) -> str:
        return self.name_of_source(self._mirror.original(path))

    @cached_property
    def _sources(self) -> dict[str, SourceFile]:
        files = self.subject.tree.files()
        return {str(file.path): file for file in files} | {os.path.realpath(file.path): file for file in files}

    @cached_property
    def _names(self) -> dict[str, str]:
        """What `name_of_source` has told of paths: of system headers the same is asked for every unit."""
        return {path: file.name for path, file in self._sources.items()}

    @property
    def _mirror(self) -> Mirror:
        return Mirror(self.folder / "mirror")

    def _read(self, ran: Ran, main: Path, wanted: Callable[[str], str]) -> Preprocessed:
        return Preprocessed(ran._replace(output=b""), read(ran.output, str(main), wanted))

    def _platform_options(self, setting: Setting) -> list[str]:
        config = self.subject.config
        neutral = [f"-D{name}={body}" for name, body in NEUTRAL.items() if name not in self.tested_places]
        options = [*neutral, *config.verify.options, *(f"-D{macro}" for macro in setting.macros)]
        if setting.standard:
            options.append(f"-std={setting.standard}")
        if setting.platform == NATIVE:
            return [*options, "-idirafter", str(self._stubs)]
        return [*options, "-undef", "-nostdinc", *self._macros_of_platform(setting), "-isystem", str(self._stubs)]

    def _macros_of_platform(self, setting: Setting) -> list[str]:
        """Return what makes a compiler one of another platform."""
        options = self.subject.config.verify.options
        own_options = [*options, *([f"-std={setting.standard}"] if setting.standard else [])]

        def make() -> list[str]:
            own = setting.compiler.predefined(setting.language, own_options)
            macros = macros_of(setting.platform, setting.language, own)
            return [f"-D{name}={body}" for name, body in macros.items()]

        key = ("platform", setting.platform, setting.compiler.name, setting.language, *own_options)
        return self.memo.get(key, make)

    @cached_property
    def tested_places(self) -> set[str]:
        """The macros for places, of those that are made the same everywhere, that conditions test: they stay true."""
        bodies: dict[bytes, set[bytes]] = {}
        waiting: list[bytes] = []
        for file in self.subject.tree.files():
            for directive in file.directives:
                if directive.kind in _CONDITIONS:
                    waiting += _WORD.findall(directive.argument)
                elif directive.kind is Kind.DEFINE and (words := _WORD.findall(directive.argument)):
                    bodies.setdefault(words[0], set()).update(words[1:])
        reached: set[bytes] = set()
        while waiting:
            word = waiting.pop()
            if word not in reached:
                reached.add(word)
                waiting += bodies.get(word, ())
        return {name for name in NEUTRAL if name.encode() in reached}

    @cached_property
    def _kept_folders(self) -> list[str]:
        """The include folders, where the configuration leaves includes of headers that may be the project's own."""
        config = self.subject.config
        if not config.files.keep and not config.external.headers:
            return []
        return [word for folder in self.subject.folders for word in ("-idirafter", str(folder))]

    @cached_property
    def _stubs(self) -> Path:
        """A folder with an empty file for every external header."""
        outside = {
            PurePosixPath(include.spelling[1:-1])
            for include in self.subject.amalgam.plan.includes
            if include.target is None
        }
        names = frozenset(name for name in outside if not name.is_absolute() and ".." not in name.parts)
        return self.memo.get(("stubs", names), lambda: _touched(self.folder / "stubs", names))


def _touched(folder: Path, names: Iterable[PurePosixPath]) -> Path:
    """Return the folder with an empty file of each name."""
    folder.mkdir()
    for name in names:
        stub = folder / name
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.touch()
    return folder


def options_of_units(config: Config, place: Callable[[Path], Path]) -> list[str]:
    """Return what a build of many files passes to the compiler, where `place` says in which folder they lie."""
    defines = [f"-D{name}={body}" for name, body in config.defines.items()]
    undefined = [f"-U{name}" for name in config.platform.undefined]
    folders = [word for folder in config.input.include_dirs for word in ("-I", str(place(folder)))]
    forced = [word for path in config.input.forced_includes for word in ("-include", str(place(path)))]
    return [*defines, *undefined, *folders, *forced]


def standards_of(standards: Sequence[str], language: Language) -> list[str]:
    """Return the standards of one language; one that says nothing where none is configured."""
    return [each for each in standards if ("++" in each) == (language is Language.CXX)] or [""]


def _without_line_directives(data: bytes) -> bytes:
    pieces, position = [], 0
    for directive in scan(data):
        if directive.kind is Kind.OTHER and _LINE_DIRECTIVE.match(directive.argument):
            pieces += [data[position : directive.start], b"\n" * data.count(b"\n", directive.start, directive.end)]
            position = directive.end
    return b"".join([*pieces, data[position:]])
