"""What is proved, and what a proof found: data that the stages share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.config import Config
    from amalgamate.errors import Diagnostic
    from amalgamate.pipeline import Amalgam
    from amalgamate.prove.compiler import Language
    from amalgamate.read.source import SourceTree


class Stage(Enum):
    """The stages of a proof, in order."""

    CONSERVATION = 0
    """Every byte of inputs and output is accounted for."""
    TOKENS = 1
    """The compiler reads the same in the one file and in the many, one after the other."""
    UNITS = 2
    """The compiler reads the same for each translation unit as when it is compiled alone."""
    BINDINGS = 3
    """Every name means the same declaration."""
    SYMBOLS = 4
    """It compiles, shows and wants the same symbols, links and loads."""
    COMMAND = 5
    """The project's own test passes."""

    @property
    def title(self) -> str:
        """The number and the name."""
        return f"{self.value} {self.name.lower()}"


class Status(StrEnum):
    """How a stage ended in one configuration."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(NamedTuple):
    """What one run of a stage says."""

    status: Status
    note: str = ""
    """A figure for `ok`, the reason for `skipped`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """For `failed`, the first difference first."""


class Row(NamedTuple):
    """A configuration of the report."""

    variant: str
    output: str
    """The name of the file."""
    setting: str = ""
    """The compiler, the standard and the platform; empty where they do not matter."""


class Result(NamedTuple):
    """How one stage ended in one row."""

    stage: Stage
    row: Row
    finding: Finding
    seconds: float


def passed(note: str = "") -> Finding:
    """Return that nothing is wrong."""
    return Finding(Status.OK, note)


def skipped(reason: str) -> Finding:
    """Return that nothing was done."""
    return Finding(Status.SKIPPED, reason)


def failed(*diagnostics: Diagnostic) -> Finding:
    """Return what is wrong."""
    return Finding(Status.FAILED, "", diagnostics)


@dataclass(frozen=True)
class Subject:
    """One output as it lies on the disk, and what a build says about it now."""

    amalgam: Amalgam
    tree: SourceTree
    path: Path
    languages: tuple[Language, ...]
    variant: str
    is_header: bool
    """It has the tool's own guard around it."""
    is_mapped: bool
    """Its map lies beside it."""

    @property
    def config(self) -> Config:
        """What it was planned with."""
        return self.amalgam.config

    @property
    def name(self) -> str:
        """The output's path as diagnostics call it: relative to the configuration."""
        return self.tree.name_of(self.path)

    @cached_property
    def data(self) -> bytes:
        """The bytes on the disk; nothing where there is no file."""
        return self.path.read_bytes() if self.path.is_file() else b""

    @property
    def roots(self) -> tuple[Path, ...]:
        """Its translation units, or its public headers, as the configuration lists them."""
        return self.amalgam.roots

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders in which includes are looked for."""
        return self.config.input.include_dirs
