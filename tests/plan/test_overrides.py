"""`[files]` and `[external]`: patterns that single out files, and what is said of those without an effect."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from amalgamate.loader import load
from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "r"\n[input]\nsources = ["u1.c", "u2.c"]\n'
HELPER = "static int helper(void) { return VALUE; }\n"
ONCE = {
    "guard": f"#ifndef T_H\n#define T_H\n{HELPER}#endif\n",
    "pragma": f"#pragma once\n{HELPER}",
}
UNITS = {
    "u1.c": '#define VALUE 1\n#include "in/t.h"\n#include "in/t.h"\nint one(void) { return helper(); }\n',
    "u2.c": ('#define VALUE 2\n#include "in/t.h"\nint one(void);\nint main(void) { return 10 * one() + helper(); }\n'),
}


@pytest.mark.compiler
@pytest.mark.parametrize("way", ONCE)
def test_a_repeated_header_is_read_once_by_each_unit_and_stands_in_each(tmp_path: Path, way: str) -> None:
    files = {**UNITS, "in/t.h": ONCE[way], "amalgamate.toml": CONFIG + '[files]\nrepeat = ["in/*.h"]\n'}
    (tmp_path / "r.c").write_bytes(build_tree(tmp_path, files).files[0].data)
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "r.c", "-o", "r"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "r"], check=False).returncode == 12


def test_a_kept_header_is_named_by_its_path(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.c"]\ninclude_dirs = ["include"]\n[files]\nkeep = ["include/*"]\n',
        "a.c": '#include "b.h"\n#include <c.h>\n#include "include/b.h"\n#include "own.h"\n',
        "include/b.h": "int b;\n",
        "include/c.h": "int c;\n",
        "own.h": "int own;\n",
    }
    text = build_tree(tmp_path, files).files[0].data.decode()
    assert [line for line in text.splitlines() if not line.startswith((" *", "/*"))] == [
        '#include "b.h"',
        "#include <c.h>",
        '#include "include/b.h"',
        "int own;",
    ]


def test_a_pattern_that_singles_out_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        '[input]\nsources = ["a.c"]\n[files]\nexclude = ["x.c"]\nkeep = ["k*.h"]\nonce = ["o.h", "a.h"]\n'
        'repeat = [\n  "sub/r.h",\n]\n'
    )
    write_tree(tmp_path, {"amalgamate.toml": text, "a.c": "", "a.h": ""})
    config = load(tmp_path)
    assert [str(each) for each in config.diagnostics] == [
        'amalgamate.toml:4: warning: "x.c" in [files] exclude matches no source',
        'amalgamate.toml:5: warning: "k*.h" in [files] keep matches no file',
        'amalgamate.toml:6: warning: "o.h" in [files] once matches no file',
        'amalgamate.toml:8: warning: "sub/r.h" in [files] repeat matches no file',
    ]
    assert config.files.once == ("a.h",)


def test_an_external_pattern_that_no_include_matches_is_told(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.c"]\n[external]\nheaders = ["cuda*.h", "gone.h"]\n',
        "a.c": '#ifdef CUDA\n#include "cuda_x.h"\n#endif\n',
    }
    assert [str(each) for each in build_tree(tmp_path, files).diagnostics] == [
        'amalgamate.toml:4: note: "gone.h" in [external] headers matches no include'
    ]
