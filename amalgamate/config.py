"""What `amalgamate.toml` may say, as frozen dataclasses: one class per table, one field per key.

A field's type says what is accepted, and its `help` is its documentation.
Reading a file into these is the loader's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.errors import Diagnostic

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


@dataclass(frozen=True, slots=True)
class Project:
    """`[project]`."""

    name: str = field(default="", metadata={"help": "default: the folder's name"})
    version: str = field(default="", metadata={"help": "shown in the banner"})
    license_files: tuple[Path, ...] = field(
        default=(), metadata={"help": "texts that go to the top of the output", "want": "file"}
    )


@dataclass(frozen=True, slots=True)
class Input:
    """`[input]`."""

    sources: tuple[Path, ...] = field(default=(), metadata={"help": "translation units, in this order", "want": "file"})
    include_dirs: tuple[Path, ...] = field(
        default=(), metadata={"help": "as the compiler's -I, in this order", "want": "folder"}
    )
    header_only: tuple[Path, ...] = field(
        default=(), metadata={"help": "instead of sources: the public headers", "want": "file"}
    )
    forced_includes: tuple[Path, ...] = field(
        default=(), metadata={"help": "as the compiler's -include", "want": "include"}
    )
    cycles: Cycles = field(default=Cycles.NOTE, metadata={"help": "headers that include each other"})


@dataclass(frozen=True, slots=True)
class Output:
    """`[output]`."""

    dir: Path = field(default=Path("dist"), metadata={"help": "created; nothing else in it is touched"})
    source: str = field(default="", metadata={"help": "default: NAME.cc, NAME.c for C"})
    header: str = field(default="", metadata={"help": "default: the public header's own name"})
    line_directives: bool = field(default=False, metadata={"help": "add #line for debuggers and messages"})
    map: bool = field(default=True, metadata={"help": "write SOURCE.map.json: where every line comes from"})
    comments: Comments = field(default=Comments.MARKERS, metadata={"help": "comments that name the files"})


@dataclass(frozen=True, slots=True)
class Public:
    """`[public]`."""

    header: Path | None = field(
        default=None, metadata={"help": "the C header, flattened beside the source", "want": "file"}
    )
    exports: tuple[str, ...] = field(default=("*",), metadata={"help": "globs of the functions a shared library shows"})


@dataclass(frozen=True, slots=True)
class Platform:
    """`[platform]`."""

    open: tuple[str, ...] = field(default=(), metadata={"help": "macros that are never resolved", "names": True})
    undefined: tuple[str, ...] = field(default=(), metadata={"help": "macros resolved as not defined", "names": True})


@dataclass(frozen=True, slots=True)
class Files:
    """`[files]`: overrides by path, as globs relative to the configuration's folder."""

    exclude: tuple[str, ...] = field(
        default=(), metadata={"help": "sources that a wildcard finds and that are not wanted"}
    )
    keep: tuple[str, ...] = field(default=(), metadata={"help": "headers whose #include stays as it is"})
    once: tuple[str, ...] = field(default=(), metadata={"help": "headers that are emitted once, whatever they hold"})
    repeat: tuple[str, ...] = field(default=(), metadata={"help": "headers that are emitted at every #include"})


@dataclass(frozen=True, slots=True)
class External:
    """`[external]`."""

    headers: tuple[str, ...] = field(default=(), metadata={"help": "globs of headers that stay #included, as spelt"})


@dataclass(frozen=True, slots=True)
class Isolate:
    """`[isolate]`: how translation units are kept apart."""

    macros: bool = field(default=True, metadata={"help": "restore macros after each translation unit"})
    rename: Rename = field(default=Rename.AUTO, metadata={"help": "file-local names that two units share"})
    using: Using = field(default=Using.AUTO, metadata={"help": "`using namespace` at file scope"})


@dataclass(frozen=True, slots=True)
class Verify:
    """`[verify]`: with what `amalgamate verify` proves an output."""

    compilers: tuple[str, ...] = field(default=(), metadata={"help": "default: gcc and clang, where they are found"})
    standards: tuple[str, ...] = field(
        default=(), metadata={"help": "such as c99 and c++17; default: what each compiler takes"}
    )
    platforms: tuple[str, ...] = field(default=(), metadata={"help": "default: this machine and all that are known"})
    options: tuple[str, ...] = field(default=(), metadata={"help": "words for every compilation, such as -pthread"})
    link: tuple[str, ...] = field(default=(), metadata={"help": "words for the linker, such as -lopenblas"})
    command: tuple[str, ...] = field(
        default=(), metadata={"help": "the project's own test of the output: {source}, {header}, {dir}, {variant}"}
    )


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
    defines: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "macros that are fixed: resolved, and defined in the prelude"}
    )
    extras: tuple[str, ...] = field(
        default=(), metadata={"help": "templates rendered beside the output, such as NAME.mk and emcc.rsp"}
    )
    bindings: Mapping[str, object] = field(default_factory=dict)
    """Read by the bindings generator."""
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
