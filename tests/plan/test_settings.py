"""What `[platform]`, `[files]`, `[external]` and `[isolate]` change: each against the output without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

OPEN = "#define X 1\n#if X\nint one;\n#else\nint none;\n#endif\n#undef X\n#ifdef X\nint defined;\n#endif\n"
UNITS = {"a.c": "#define N 1\nint a = N;\n", "b.c": '#include "h.h"\nint b;\n#include "h.h"\n', "h.h": "int h;\n"}
APART = '#pragma push_macro("N")\n#define N 1\nint a = N;\n#pragma pop_macro("N")\n'
TOGETHER = "#define N 1\nint a = N;\n"


def output(root: Path, files: dict[str, str], more: str) -> str:
    """Return the one file of all units, without banner and markers."""
    config = f'[input]\nsources = ["*.c"]\ninclude_dirs = ["."]\n[output]\ncomments = "none"\n{more}'
    return build_tree(root, {"amalgamate.toml": config, **files}).files[0].data.decode().partition(" */\n")[2]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "#define X 1\nint one;\n#undef X\n"),
        ('[platform]\nopen = ["X"]\n', OPEN),
        ('[platform]\nopen = ["Y"]\n', "#define X 1\nint one;\n#undef X\n"),
    ],
)
def test_an_open_macro_is_never_resolved(tmp_path: Path, more: str, expected: str) -> None:
    assert output(tmp_path, {"a.c": OPEN}, more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", APART + "int h;\nint b;\nint h;\n"),
        ("[isolate]\nmacros = false\n", TOGETHER + "int h;\nint b;\nint h;\n"),
        ('[files]\nonce = ["h.h"]\n', APART + "int h;\nint b;\n"),
        ('[files]\nkeep = ["h.h"]\n', APART + '#include "h.h"\nint b;\n#include "h.h"\n'),
        ('[external]\nheaders = ["h.h"]\n', APART + '#include "h.h"\nint b;\n#include "h.h"\n'),
    ],
)
def test_each_setting_changes_what_it_says(tmp_path: Path, more: str, expected: str) -> None:
    assert output(tmp_path, UNITS, more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "int h;\nint a;\nint b;\n"),
        ('[files]\nrepeat = ["h.h"]\n', "int h;\nint a;\nint h;\nint b;\n"),
    ],
)
def test_a_header_to_be_repeated_stands_in_every_unit(tmp_path: Path, more: str, expected: str) -> None:
    files = {"a.c": '#include "h.h"\nint a;\n', "b.c": '#include "h.h"\nint b;\n', "h.h": "#pragma once\nint h;\n"}
    assert output(tmp_path, files, more) == expected
