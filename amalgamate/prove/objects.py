"""Object files of the project's own units: compiled once, however many variants read the same text in them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amalgamate.prove.compiler import Compiler, Language, Ran
    from amalgamate.prove.memo import Memo


class How(NamedTuple):
    """How a text is compiled, whatever it is."""

    compiler: Compiler
    language: Language
    options: tuple[str, ...]


class Compiled(NamedTuple):
    """An object file, if the compiler made one."""

    path: Path
    ran: Ran


class Objects:
    """Compiles on first demand."""

    def __init__(self, folder: Path, memo: Memo) -> None:
        self._folder = folder
        self._memo = memo
        self._numbers = count()

    def compile(self, how: How, source: Path, reading: tuple[str, ...]) -> Compiled:
        """Return the object file of a unit; the options for `reading` define macros and name folders, no more."""
        first = self._memo.get(("first options", how, source), lambda: reading)

        def make() -> Compiled:
            if reading != first and _is_same_text(how, source, first, reading):
                return self.compile(how, source, first)
            result = self._folder / f"{next(self._numbers)}.o"
            options = [*how.options, *reading]
            return Compiled(result, how.compiler.compile(how.language, source, result, options))

        return self._memo.get(("object", how, source, reading), make)


def _is_same_text(how: How, source: Path, first: Sequence[str], second: Sequence[str]) -> bool:
    one, other = (how.compiler.preprocess(how.language, source, [*how.options, *each]) for each in (first, second))
    return one.status == other.status == 0 and one.output == other.output
