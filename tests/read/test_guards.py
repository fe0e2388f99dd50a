"""What counts as an include guard, of a file and of a part of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from amalgamate.read.guards import Guard, find_guard, guard_of_part
from amalgamate.read.source import SourceFile


def header(text: str) -> SourceFile:
    return SourceFile(Path("/h.h"), "h.h", text.encode(), False, 0, len(text), 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#ifndef H\n#define H\nint x;\n#endif\n", Guard(b"H", 0, 2)),
        ("// c\n/* c */\n#ifndef H // c\n#define H 1\nint x;\n#endif /* H */\n\n", Guard(b"H", 0, 2)),
        ("#pragma once\n#ifndef LIMIT\n#define LIMIT 1 /* a default */\n#endif\n", None),
        ("#if !defined(H)\n#define H\n#endif", Guard(b"H", 0, 2)),
        ("#if ! defined H\n#define H\n#endif", Guard(b"H", 0, 2)),
        ("#pragma once\n#ifndef H\n#define H\n#endif\n", Guard(b"H", 1, 3)),
        ("#ifndef H\nint x;\n#if A\n#endif\n#define H\n#endif\n", Guard(b"H", 0, 4)),
        ("#ifndef H\n#define H\n#endif\nint x;\n", None),
        ("int x;\n#ifndef H\n#define H\n#endif\n", None),
        ("#ifndef H\n#define H\n#else\n#endif\n", None),
        ("#ifndef H\n#define G\n#endif\n", None),
        ("#ifndef H\n#if A\n#define H\n#endif\n#endif\n", None),
        ("#ifndef H\n#define H\n#endif\n#define X\n", None),
        ("#ifndef H\n#define H\n", None),
        ("#ifndef H\n#define H\n#if A\n#undef H\n#endif\n#endif\n", None),
        ("#if !defined(H) && A\n#define H\n#endif\n", None),
        ("", None),
    ],
)
def test_an_include_guard_encloses_everything(text: str, expected: Guard | None) -> None:
    assert find_guard(header(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#ifndef P\n#define P\nint x;\n#endif\nint y;\n", True),
        ('#ifndef P\n#define P\n#include "x.h"\n#endif\nint y;\n', True),
        ("#if !defined(P) && A\n#define P\nint x;\n#endif\n", True),
        ("#ifndef P\n#define P\n#undef X\n#endif\nint y;\n", True),
        ("#ifndef P\n#define P 1\n#undef X\n#endif\nint y;\n", False),
        ("#ifndef P\n#define P 1\n#endif\nint y;\n", False),
        ("#ifndef P\n#define P 1\n#elif P == 1\nint y;\n#endif\n", False),
        ("#ifndef P\nint x;\n#endif\n", False),
        ("#ifdef P\n#define P\nint x;\n#endif\n", False),
    ],
)
def test_a_guarded_part_holds_more_than_its_macro(text: str, expected: bool) -> None:
    assert (guard_of_part(header(text), 0) is not None) is expected
