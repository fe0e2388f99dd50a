"""Finds the user's compilers and runs them, and what else a proof has to run: only this module starts a process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import ConfigError, Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_COMPILERS = ("gcc", "clang")
_PAIRS = (("clang", "clang++"), ("gcc", "g++"), ("cc", "c++"))
"""The words that stand for C and for C++ in the names of compilers, such as `aarch64-linux-gnu-g++-12`."""
_ENDED = 130
"""The status of a process that was not started because the work was broken off."""


class Language(StrEnum):
    """What a text is compiled as; the value is the compiler's `-x`."""

    C = "c"
    CXX = "c++"


class Ran(NamedTuple):
    """What a process left."""

    status: int
    output: bytes
    errors: str

    @property
    def error_lines(self) -> tuple[str, ...]:
        """Return the compiler's error messages, without places and in order."""
        found = re.findall(r"^(?:.*?: )?(?:fatal )?error: (.*)$", self.errors, re.MULTILINE)
        return tuple(text.strip() for text in found)


@dataclass
class Processes:
    """Starts processes and waits for them; `stop` ends those that run and starts no more."""

    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    is_stopped: bool = False

    def run(self, words: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> Ran:
        """Run a command in `folder`, with `environment` on top of this process's own."""
        with self._lock:
            if self.is_stopped:
                return Ran(_ENDED, b"", "")
            try:
                process = subprocess.Popen(  # noqa: S603 - a list, never a shell
                    [str(word) for word in words],
                    cwd=folder,
                    env={**os.environ, **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,  # so that what it starts can be ended with it
                )
            except OSError as error:
                return Ran(127, b"", f"error: cannot run {words[0]}: {error.strerror}")
            self._running.add(process)
        output, errors = process.communicate()
        with self._lock:
            self._running.discard(process)
        return Ran(process.returncode, output, errors.decode("utf-8", "replace"))

    def stop(self) -> None:
        """End every process that runs."""
        with self._lock:
            self.is_stopped = True
            for process in self._running:
                try:
                    os.killpg(process.pid, signal.SIGTERM)
                except ProcessLookupError:
                    continue

    def load_library(self, library: Path) -> Ran:
        """Load a shared library into a process of its own, with every symbol bound at once."""
        program = "import ctypes, os, sys; ctypes.CDLL(sys.argv[1], os.RTLD_NOW | os.RTLD_LOCAL)"
        return self.run([sys.executable, "-I", "-c", program, library], library.parent)

    def own_headers(self) -> list[str]:
        """Return the options with which libclang finds the headers that belong to a compiler, such as `stddef.h`."""
        clang, gcc = shutil.which("clang"), shutil.which("gcc")
        if clang is not None:
            return ["-resource-dir", self._answer([clang, "-print-resource-dir"])]
        return ["-isystem", self._answer([gcc, "-print-file-name=include"])] if gcc is not None else []

    def _answer(self, words: Sequence[str]) -> str:
        return self.run(words, Path.cwd()).output.decode().strip()


@dataclass(frozen=True, slots=True)
class Compiler:
    """One compiler, for C and for C++."""

    name: str
    """As the configuration, or the list of defaults, calls it."""
    programs: Mapping[Language, str] = field(compare=False)
    processes: Processes = field(compare=False)

    def preprocess(self, language: Language, source: Path, options: Sequence[str]) -> Ran:
        """Return what the compiler itself reads of `source`, with line markers."""
        return self._run(language, ["-x", language.value, "-E", "-w", *options, str(source)], source.parent)

    def predefined(self, language: Language, options: Sequence[str]) -> dict[str, str]:
        """Return what the compiler defines before the first line, by name, with the parameters of a function."""
        ran = self._run(language, ["-x", language.value, "-w", "-dM", "-E", *options, os.devnull], Path.cwd())
        found = re.finditer(r"^#define (\w+(?:\([^)]*\))?) ?(.*)$", ran.output.decode("utf-8", "replace"), re.MULTILINE)
        return {match[1]: match[2] for match in found}

    def compile(self, language: Language, source: Path, result: Path, options: Sequence[str]) -> Ran:
        """Compile `source` to an object file that a shared library can hold."""
        words = ["-x", language.value, "-w", "-fPIC", *options, "-c", str(source), "-o", str(result)]
        return self._run(language, words, source.parent)

    def assemble(self, language: Language, source: Path, result: Path, options: Sequence[str]) -> Ran:
        """Compile `source` to assembly; functions that nothing uses are in it where the compiler can keep them."""
        words = ["-x", language.value, "-w", "-S", "-fkeep-inline-functions", *options, str(source), "-o", str(result)]
        return self._run(language, words, source.parent)

    def check(self, language: Language, source: Path, options: Sequence[str]) -> Ran:
        """Compile `source` and keep nothing."""
        words = ["-x", language.value, "-w", "-fsyntax-only", *options, str(source)]
        return self._run(language, words, source.parent)

    def link(self, language: Language, objects: Sequence[Path], result: Path, options: Sequence[str]) -> Ran:
        """Link object files."""
        return self._run(language, [*map(str, objects), *options, "-o", str(result)], result.parent)

    def _run(self, language: Language, words: Sequence[str], folder: Path) -> Ran:
        """Run the compiler, which has to say in English what is wrong."""
        return self.processes.run([self.programs[language], *words], folder, {"LC_ALL": "C"})


def find(wanted: Sequence[str], processes: Processes) -> list[Compiler]:
    """Return the compilers of these names, or of the default ones those that are there.

    Raises:
        ConfigError: a wanted compiler is not there.
    """
    found, missing = [], []
    for name in wanted or DEFAULT_COMPILERS:
        programs = {language: shutil.which(_counterpart(name, language)) for language in Language}
        known = {language: program for language, program in programs.items() if program is not None}
        if known and (len(known) == len(Language) or wanted):
            other = next(iter(known.values()))
            found.append(Compiler(name, {language: known.get(language, other) for language in Language}, processes))
        elif wanted:
            missing.append(name)
    if missing:
        raise ConfigError(
            *(
                Diagnostic(Severity.ERROR, f'there is no compiler "{name}"', None, "install it, or name another")
                for name in missing
            )
        )
    return found


def _counterpart(name: str, language: Language) -> str:
    """Return the program of the same compiler that suits the language: gcc-12 and g++-12."""
    folder, _, program = name.rpartition("/")
    for c_word, cxx_word in _PAIRS:
        pattern = rf"(?<![A-Za-z])(?:{re.escape(cxx_word)}|{re.escape(c_word)}(?![A-Za-z+]))"
        word = c_word if language is Language.C else cxx_word
        changed, count = re.subn(pattern, word, program, count=1)
        if count:
            return f"{folder}/{changed}" if folder else changed
    return name
