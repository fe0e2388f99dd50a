"""Random programs whose files have names in common: the one file does what the many did, and shows the same symbols.

A program that compilers reject as many files is left out, and so is one that the tool refuses.
"""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from fuzz.tool.compare import Finding, build
from fuzz.tool.drawn_names import draw, draw_header_only
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from fuzz.tool.drawn_names import Library

_COMPILERS = {".c": ("gcc", "-std=gnu11"), ".cc": ("g++", "-std=c++17")}
_SHOWN = re.compile(r"^\S* *[TDBRC] (\S+)$", re.MULTILINE)


def try_once(random: Random, folder: Path) -> list[Finding]:
    """Draw one program, build it, and compare."""
    return [Finding(what, files) for what, files in [compare(random, folder)] if what]


def compare(random: Random, folder: Path) -> tuple[str, dict[str, str]]:
    """Return what the one file does otherwise, empty for nothing, and the program."""
    suffix = random.choice((".c", ".cc", ".cc"))
    if random.random() < 0.15:
        library, public = draw_header_only(random)
        return _compare_headers(folder, library, public), library.files
    library = draw(random, suffix)
    return _compare_units(folder, library, suffix), library.files


def _compare_units(folder: Path, library: Library, suffix: str) -> str:
    write_tree(folder, library.files)
    many = _run(folder, library.sources, suffix)
    if many is None:
        return ""
    sources = ", ".join(f'"{each}"' for each in library.sources)
    answer = build(folder, library.files, f'[input]\nsources = [{sources}]\ninclude_dirs = ["."]\n')
    if isinstance(answer, str):
        return ""
    one = _run(answer.parent, [answer.name], suffix)
    return "" if one == many else f"{library.sources}: {one} instead of {many}\n{answer.read_text()}"


def _compare_headers(folder: Path, library: Library, public: Sequence[str]) -> str:
    includes = "".join(f'#include "{each}"\n' for each in public)
    write_tree(folder, {**library.files, "client.h": includes})
    many = _run(folder, library.sources, ".cc", '-DCLIENT="client.h"')
    if many is None:
        return ""
    headers = ", ".join(f'"{each}"' for each in public)
    answer = build(folder, library.files, f'[input]\nheader_only = [{headers}]\ninclude_dirs = ["."]\n')
    if isinstance(answer, str):
        return f"refused: {answer}"
    write_tree(answer.parent, {"client.cc": library.files["client.cc"]})
    one = _run(answer.parent, library.sources, ".cc", f'-DCLIENT="{answer.name}"')
    return "" if one == many else f"{public}: {one} instead of {many}\n{answer.read_text()}"


def _run(folder: Path, sources: Sequence[str], suffix: str, *options: str) -> tuple[str, list[str]] | None:
    """Compile, link and run; return what is printed and the symbols shown, or None where it does not compile."""
    objects = [f"{number}.o" for number in range(len(sources))]
    compiler = _COMPILERS[suffix]
    for source, compiled in zip(sources, objects, strict=True):
        command = [*compiler, "-w", "-I.", *options, "-c", source, "-o", compiled]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            return None
    if subprocess.run(
        [compiler[0], *objects, "-o", "program"], cwd=folder, capture_output=True, check=False
    ).returncode:
        return None
    printed = subprocess.run(["./program"], cwd=folder, capture_output=True, text=True, check=True).stdout
    symbols = subprocess.run(["nm", "-g", *objects], cwd=folder, capture_output=True, text=True, check=True).stdout
    return printed, sorted(_SHOWN.findall(symbols))
