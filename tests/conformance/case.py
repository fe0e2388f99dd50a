"""One conformance case: a tiny program that runs as many files, and must run as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Case:
    """A program whose `main` returns 0 where every rule it rests on is kept."""

    name: str
    rule: str
    """The sentence that the case proves."""
    files: Mapping[str, str | bytes]
    """By path; a text may begin with a line end, which does not belong to it."""
    links: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Symbolic links by path, each with what it says."""
    sources: tuple[str, ...] = ("main.c",)
    """The translation units, in order."""
    include_dirs: tuple[str, ...] = (".",)
    forced_includes: tuple[str, ...] = ()
    config: str = ""
    """More of amalgamate.toml, behind `[output]`."""
    options: tuple[tuple[str, ...], ...] = ((),)
    """Compiler options to try in turn; every form of the program is compiled with each."""
    many_options: tuple[str, ...] = ()
    """Options of the many files alone: what the configuration says of them."""
    must_contain: tuple[str, ...] = ()
    """Text that the output has to keep."""
    refusal: str = ""
    """Where one file cannot mean the same: the whole message, and no output."""
    fails: str = field(default="", kw_only=True)
    """Why the tool does not pass yet."""

    @property
    def output(self) -> str:
        """The name of the one file; the suffix is the language's."""
        return "merged.c" if self.sources[0].endswith(".c") else "merged.cpp"


def toml_list(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
