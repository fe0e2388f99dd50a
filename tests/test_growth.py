"""How the work of a build grows with the project: counted in calls, which no load of the machine changes."""

from __future__ import annotations

import cProfile
import pstats
from typing import TYPE_CHECKING

import pytest

from amalgamate import loader, pipeline
from bench.trees import write_tree as write_library
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = '[input]\nsources = ["*.c"]\n[output]\nmap = false\n'
LINEAR = 2.15
"""What twice as much may cost."""


def calls_of(folder: Path) -> int:
    """Return how many functions a build calls, those of Python itself included."""
    config = loader.load(folder)
    profile = cProfile.Profile()
    profile.runcall(pipeline.build, config)
    return int(vars(pstats.Stats(profile))["total_calls"])


def headers(folder: Path, size: int) -> Path:
    return write_library(folder, headers=20 * size, units=1, lines=1000 * size)


def units(folder: Path, size: int) -> Path:
    return write_library(folder, headers=40, units=4 * size, lines=4000)


def includes_of_one_unit(folder: Path, size: int) -> Path:
    number = 40 * size
    files = {f"h{each}.h": f"#ifndef H{each}\n#define H{each}\nint f{each}(void);\n#endif\n" for each in range(number)}
    text = "".join(f'int before{each};\n#include "h{each}.h"\n' for each in range(number))
    return write_tree(folder, {**files, "a.c": text, "b.c": text.replace("before", "other"), "amalgamate.toml": CONFIG})


def conditions_of_one_file(folder: Path, size: int) -> Path:
    text = "".join(
        f"#ifndef LIMIT_{each}\n#define LIMIT_{each} {each}\n#endif\n"
        f"#if 0\nint dead{each};\n#elif defined(P{each})\nint live{each};\n#endif\n"
        for each in range(40 * size)
    )
    files = {
        "a.c": '#include "all.h"\n',
        "b.c": '#include "all.h"\n',
        "all.h": f"#ifndef ALL\n#define ALL\n{text}#endif\n",
    }
    return write_tree(folder, {**files, "amalgamate.toml": CONFIG})


def depth_of_includes(folder: Path, size: int) -> Path:
    last = 20 * size
    files = {
        f"h{each}.h": f'#ifndef H{each}\n#define H{each}\n#include "h{each + 1}.h"\nint f{each}(void);\n#endif\n'
        for each in range(last)
    }
    files[f"h{last}.h"] = "#pragma once\n"
    units = dict.fromkeys(("a.c", "b.c"), '#include "h0.h"\n')
    return write_tree(folder, {**files, **units, "amalgamate.toml": CONFIG})


def names_to_rename(folder: Path, size: int) -> Path:
    number = 20 * size
    text = "".join(f"static int helper{each}(int value) {{ return value + {each}; }}\n" for each in range(number))
    files = {
        f"{unit}.c": text + "".join(f"int {unit}{each}(void) {{ return helper{each}(1); }}\n" for each in range(number))
        for unit in ("a", "b", "c")
    }
    return write_tree(folder, {**files, "amalgamate.toml": CONFIG})


@pytest.mark.parametrize(
    "write", [headers, units, includes_of_one_unit, conditions_of_one_file, depth_of_includes, names_to_rename]
)
def test_twice_as_much_is_twice_the_work(write: Callable[[Path, int], Path], tmp_path: Path) -> None:
    calls_of(write(tmp_path / "first", 1))  # what is worked out once in a process is no part of the comparison
    small, large = calls_of(write(tmp_path / "small", 2)), calls_of(write(tmp_path / "large", 4))
    assert large < LINEAR * small
