"""An output that somebody spoilt at random does not pass, unless compilers cannot tell it from the right one."""

from __future__ import annotations

import subprocess
from random import Random
from typing import TYPE_CHECKING

import pytest

from prove.proofs import failures, prove, written
from prove.spoilings import SPOILINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.compiler

PROJECT = {
    "amalgamate.toml": """
[project]
name = "lib"
[input]
sources = ["a.cc", "b.cc"]
[verify]
standards = ["c++17"]
macros = ["WITH_LIMIT", "WITH_LIMIT STEP=9"]
""",
    "limit.h": "#pragma once\n#define LIMIT 8\nnamespace lib {\n"
    "inline int limited(int x) { return x > LIMIT ? LIMIT : x; }\n}\n",
    "a.cc": '#ifdef WITH_LIMIT\n#include "limit.h"\n#endif\n#define STEP_A 3\nstatic const char* text = "level";\n'
    "static int scaled(int x) { return x * STEP_A; }\nint lib_a(int x) { return scaled(x) + (text[0] == 'l'); }\n",
    "b.cc": '#include "limit.h"\n#ifndef STEP\n#define STEP 5\n#else\nint given = STEP;\n#endif\n'
    'static const char* text = "other";\nstatic int scaled(int x) { return lib::limited(x) - STEP; }\n'
    "int lib_b(int x) { return scaled(x) + text[1]; }\n",
}
OPTIONS = ((), ("-DWITH_LIMIT",), ("-DWITH_LIMIT", "-DSTEP=9"))
EACH = 3


def preprocessed(path: Path) -> list[tuple[list[str], bool]]:
    """Return the tokens that the compiler reads, and whether it refuses, with each set of options."""
    commands = [["g++", "-E", "-P", "-w", *options, str(path)] for options in OPTIONS]
    ran = [subprocess.run(command, capture_output=True, text=True, check=False) for command in commands]
    return [(each.stdout.split(), each.returncode != 0) for each in ran]


@pytest.mark.parametrize("spoil", SPOILINGS, ids=lambda spoil: spoil.__name__)
def test_what_compilers_read_otherwise_does_not_pass(
    tmp_path: Path, spoil: Callable[[Random, list[str]], list[str]]
) -> None:
    path = written(tmp_path, PROJECT) / "dist/lib.cc"
    right, text = preprocessed(path), path.read_text()
    random, found = Random(spoil.__name__), 0
    while found < EACH:
        path.write_text("".join(spoil(random, text.splitlines(keepends=True))))
        if preprocessed(path) != right:
            found += 1
            told = failures(prove(tmp_path, (0, 1, 2)))
            assert "conservation" in told
            assert told.keys() & {"tokens", "units"}, path.read_text()
