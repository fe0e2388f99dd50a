"""What the fuzzers of the tool share: a build, what a compiler makes of a file, and what was found."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

from amalgamate import loader, pipeline
from amalgamate.errors import AmalgamateError
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

COMPILERS = ("gcc", "clang")
_STANDARDS = {".c": "-std=gnu11", ".cc": "-std=c++17"}


class Finding(NamedTuple):
    """A project of which the tool makes something else."""

    what: str
    files: Mapping[str, str]

    def __str__(self) -> str:
        """Return it as one can read it, and write it into a trap test."""
        return "\n".join([self.what, *(f"--- {name}\n{text}" for name, text in self.files.items())])


class Preprocessed(NamedTuple):
    """What a compiler sees of a file, and what it says."""

    text: str
    errors: str


def smallest(text: str, is_wrong: Callable[[str], bool]) -> str:
    """Cut pieces out of a text, ever smaller ones, as long as it stays wrong."""
    size = len(text) // 2
    while size:
        place = 0
        while place < len(text):
            shorter = text[:place] + text[place + size :]
            if is_wrong(shorter):
                text = shorter
            else:
                place += size
        size //= 2
    return text


def build(folder: Path, files: Mapping[str, str | bytes], config: str) -> Path | str:
    """Build a project into its folder; return the one file, or why there is none."""
    write_tree(folder, {**files, "amalgamate.toml": f'[project]\nname = "one"\n{config}'})
    try:
        bundle = pipeline.build(loader.load(folder))
    except AmalgamateError as error:
        return str(error)
    source = bundle.files[0]
    write_tree(folder, {f"alone/{source.name}": source.data})
    return folder / "alone" / source.name


def preprocess(folder: Path, name: str, compiler: str, options: Iterable[str] = ()) -> Preprocessed:
    """Preprocess a file of the folder, or of `alone` in it, without line markers."""
    where = folder if (folder / name).exists() else folder / "alone"
    standard = _STANDARDS["." + name.rpartition(".")[2]]
    command = [compiler, standard, "-E", "-P", "-w", "-I.", *options, name]
    done = subprocess.run(command, cwd=where, capture_output=True, check=False)
    return Preprocessed(done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
