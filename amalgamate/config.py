"""What `amalgamate.toml` may say, as frozen dataclasses: one class per table, one field per key.

A field's type says what is accepted, and its `help` is its documentation: the README's table is made of it.
Reading a file into these is the loader's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.errors import Diagnostic, Location

FILE_NAME = "amalgamate.toml"
SCHEMA = 1


class Cycles(StrEnum):
    """What a cycle of headers is."""

    NOTE = "note"
    ERROR = "error"


class Comments(StrEnum):
    """Which comments the tool adds."""

    MARKERS = "markers"
    NONE = "none"


class Rename(StrEnum):
    """What becomes of file-local names that two translation units share."""

    AUTO = "auto"
    OFF = "off"


class Using(StrEnum):
    """What becomes of `using namespace` at file scope."""

    AUTO = "auto"
    STRIP = "strip"
    KEEP = "keep"


_Value = TypeVar("_Value")


def _key(default: _Value, says: str, *, unset: str = "") -> _Value:
    """Declare a key: what it holds where nobody sets it, its documentation, and in words what is done then."""
    declared: Any = field(default=default, metadata={"help": says, "unset": unset})
    key: _Value = declared
    return key


@dataclass(frozen=True, slots=True)
class Project:
    """`[project]`."""

    name: str = _key("", "names the outputs", unset="the folder's name")
    version: str = _key("", "is shown at the top of the outputs")
    license_files: tuple[Path, ...] = _key((), "files whose texts go to the top of the outputs")


@dataclass(frozen=True, slots=True)
class Input:
    """`[input]`."""

    sources: tuple[Path, ...] = _key((), "translation units, in this order")
    include_dirs: tuple[Path, ...] = _key((), "folders to search, as the compiler's `-I`, in this order")
    header_only: tuple[Path, ...] = _key((), "instead of `sources`: the headers that users include, made into one")
    forced_includes: tuple[Path, ...] = _key((), "as the compiler's `-include`: read before every source")
    cycles: Cycles = _key(Cycles.NOTE, "what headers that include each other are")


@dataclass(frozen=True, slots=True)
class Output:
    """`[output]`."""

    dir: Path = _key(Path("dist"), "is created; nothing else in it is touched")
    source: str = _key("", "name of the one source", unset="`NAME.cc`, `NAME.c` for C")
    header: str = _key("", "name of the one header", unset="the public header's")
    line_directives: bool = _key(False, "adds `#line`, so that debuggers and compilers show your files")
    map: bool = _key(True, "writes `SOURCE.map.json`: where every line comes from")
    comments: Comments = _key(Comments.MARKERS, "comments that say which file begins and ends")


@dataclass(frozen=True, slots=True)
class Public:
    """`[public]`."""

    header: Path | None = _key(None, "the one C header that users include; it may include others")
    exports: tuple[str, ...] = _key(("*",), "patterns of its functions that the fragments for emcc and `NAME.ver` show")


@dataclass(frozen=True, slots=True)
class Platform:
    """`[platform]`."""

    open: tuple[str, ...] = _key((), "macros that are never settled: their conditions stay")
    undefined: tuple[str, ...] = _key((), "macros settled as not defined")


@dataclass(frozen=True, slots=True)
class Files:
    """`[files]`: overrides by path; but for `exclude`, names of the files that the patterns match."""

    exclude: tuple[str, ...] = _key((), "sources that a wildcard finds and that are not wanted")
    keep: tuple[str, ...] = _key((), "headers whose `#include` stays as it is")
    once: tuple[str, ...] = _key((), "headers that stand in the output once, however they read")
    repeat: tuple[str, ...] = _key((), "headers that stand in every source that includes them, not in the first alone")


@dataclass(frozen=True, slots=True)
class External:
    """`[external]`."""

    headers: tuple[str, ...] = _key((), "patterns of headers that stay `#include`d, as spelt there")


@dataclass(frozen=True, slots=True)
class Isolate:
    """`[isolate]`: how translation units are kept apart."""

    macros: bool = _key(True, "restores after each source what macros were before it")
    rename: Rename = _key(Rename.AUTO, "what becomes of file-local names that two sources share")
    using: Using = _key(Using.AUTO, "which `using namespace` at file scope go: those without use, all, none")
    strip_using: tuple[str, ...] = _key(
        (), 'these go whatever `using` says, `"FILE: NAMESPACE"`; `lint --fix` writes it'
    )
    keep_using: tuple[str, ...] = _key((), "these stay, likewise")

    def decision(self, file: str, namespace: str) -> Using | None:
        """Return what is decided about one directive; None where `using` is to say."""
        entry = f"{file}: {namespace}"
        if entry in self.keep_using:
            return Using.KEEP
        return Using.STRIP if entry in self.strip_using else None


@dataclass(frozen=True, slots=True)
class Verify:
    """`[verify]`: with what `amalgamate verify` proves an output."""

    compilers: tuple[str, ...] = _key((), "compilers to ask", unset="gcc and clang, where they are found")
    standards: tuple[str, ...] = _key((), "such as `c99` and `c++17`", unset="what each compiler takes")
    platforms: tuple[str, ...] = _key(
        (), "as on which platforms it is read", unset="this machine and all that are known"
    )
    macros: tuple[str, ...] = _key((), 'what users may define, such as `"LIMIT=5 FAST"`: each is read once more')
    options: tuple[str, ...] = _key((), "words for every compilation, such as `-pthread`")
    link: tuple[str, ...] = _key((), "words for the linker, such as `-lopenblas`")
    command: tuple[str, ...] = _key((), "your own test of the output: `{source}`, `{header}`, `{dir}`, `{variant}`")


COMMAND_PLACEHOLDERS = ("{source}", "{header}", "{dir}", "{variant}")
"""What `verify.command` may name."""
NATIVE = "native"
"""The platform of the machine that verifies: its own headers, its own macros."""
PLATFORMS = (
    NATIVE,
    "linux-x86_64",
    "linux-aarch64",
    "windows-msvc",
    "windows-mingw",
    "macos",
    "ios",
    "android",
    "emscripten",
    "freebsd",
)


@dataclass(frozen=True, slots=True)
class Config:
    """One variant of one project, ready to build; all paths are absolute."""

    root: Path
    """The folder that paths and names are relative to."""
    foreign: tuple[Path, ...] = ()
    """Include directories outside `root` that were given by absolute paths."""
    file: Path | None = None
    """The configuration file; None for a project that the command line describes."""
    variant: str = ""
    """Empty for the plain one."""
    variants: tuple[str, ...] = ()
    """The names of all variants, sorted."""
    command: tuple[str, ...] = ("amalgamate", "build")
    """The words that make the plain variant again, in the folder `root`."""
    project: Project = Project()
    input: Input = Input()
    output: Output = Output()
    public: Public = Public()
    platform: Platform = Platform()
    files: Files = Files()
    external: External = External()
    isolate: Isolate = Isolate()
    verify: Verify = Verify()
    defines: Mapping[str, str] = field(default_factory=dict)
    """Macros that are settled: resolved, and defined at the top."""
    extras: tuple[str, ...] = ()
    """Templates rendered beside the output."""
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where each pattern of `[external]`, decision of `[isolate]` and word of `verify.command` stands."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings: overrides without an effect."""

    @property
    def full_command(self) -> tuple[str, ...]:
        """The words that make this variant again, in the folder `root`."""
        return (*self.command, "--variant", self.variant) if self.variant else self.command

    @property
    def is_header_only(self) -> bool:
        """Whether the output is one header instead of a source."""
        return bool(self.input.header_only)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The files the walk starts from."""
        return self.input.header_only or self.input.sources


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; it wins over the file. Paths are relative to the current directory."""

    sources: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    """Searched before those of the file."""
    defines: Mapping[str, str] = field(default_factory=dict)
    undefined: tuple[str, ...] = ()
    output: str = ""
    """Path of the source to write."""
    line_directives: bool | None = None


TABLES: dict[str, type[Any]] = {
    "project": Project,
    "input": Input,
    "output": Output,
    "public": Public,
    "platform": Platform,
    "files": Files,
    "external": External,
    "isolate": Isolate,
    "verify": Verify,
}
