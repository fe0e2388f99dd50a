"""Object files of the project's own units: compiled once, however many variants have the same macros."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amalgamate.prove.compiler import Compiler, Language, Ran


class Compiled(NamedTuple):
    """An object file, if the compiler made one."""

    path: Path
    ran: Ran


class Objects:
    """Compiles on first demand; whoever asks for the same meanwhile waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._made: dict[tuple[object, ...], Future[Compiled]] = {}

    def compile(self, compiler: Compiler, language: Language, source: Path, options: Sequence[str]) -> Compiled:
        """Return the object file of a unit."""
        key = (compiler.name, language, source, *options)
        with self._lock:
            future = self._made.get(key)
            is_new = future is None
            future = self._made.setdefault(key, Future())
            result = self._folder / f"{len(self._made)}.o"
        if is_new:
            try:
                future.set_result(Compiled(result, compiler.compile(language, source, result, options)))
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
