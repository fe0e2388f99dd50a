"""A library that somebody else maintains: where it comes from, how it is configured, and what a program makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Library:
    """One library. Nothing of it is changed: all that it takes is the configuration."""

    name: str
    licence: str
    """SPDX expression."""
    package: str
    """`NAME==VERSION` of a source distribution on PyPI, or the name of a Debian package."""
    root: str
    """The folder of the library in the source distribution, or below `/usr/include`."""
    config: str
    """Of amalgamate.toml, behind `[project]`."""
    program: str
    """Uses the library; compiled against its own headers where it has sources, else against the one header."""
    outputs: tuple[str, ...]
    """The one file; two where the library is in C and in C++."""
    check: Callable[[bytes], bool]
    """Tells whether what the program prints is right."""
    include_dirs: tuple[str, ...] = ()
    """Where the program finds the library's own headers, below `root`."""
    options: tuple[str, ...] = ()
    """For compiling the one file and the program."""

    @property
    def is_from_pypi(self) -> bool:
        """Whether it is a source distribution."""
        return "==" in self.package

    @property
    def language(self) -> str:
        """The suffix of the program."""
        return ".c" if self.outputs[-1].endswith(".c") else ".cc"
