"""What depends on where it stands, or on what stood before: __COUNTER__, __INCLUDE_LEVEL__, assert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "p"\n[input]\nsources = ["a.c", "main.c"]\n'
A = '#include "h.h"\nint a(int x) { return f(x); }\n'
MAIN = '#include "h.h"\nint a(int);\nint main(void) { return a(5) - f(5); }\n'
ASSERTING = (
    "#pragma once\n#include <assert.h>\nstatic inline int f(int x) { int n = 0; assert((n = x) || 1); return n; }\n"
)
PLAIN = "#pragma once\nstatic inline int f(int x) { return x; }\n"


def refusal(root: Path, files: dict[str, str]) -> str:
    with pytest.raises(InputError) as caught:
        build_tree(root, {"amalgamate.toml": CONFIG, "a.c": A, "main.c": MAIN, "h.h": PLAIN, **files})
    return "\n".join(map(str, caught.value.diagnostics))


def test_a_header_that_asserts_reads_differently_with_ndebug(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"a.c": f"#define NDEBUG\n{A}", "h.h": ASSERTING}) == (
        'main.c:1: error: "h.h" does not read the same as at a.c:2:1: "NDEBUG" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files], '
        "or under once where one copy will do"
    )


def test_ndebug_behind_the_header_that_asserts_changes_nothing_in_it(tmp_path: Path) -> None:
    files = {"amalgamate.toml": CONFIG, "a.c": f"{A}#define NDEBUG\n", "main.c": MAIN, "h.h": ASSERTING}
    assert build_tree(tmp_path, files).diagnostics == ()


def test_a_condition_on_the_counter_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"main.c": f"#if __COUNTER__ == 0\n#endif\n{MAIN}"}) == (
        "main.c:1:1: error: the condition depends on how often __COUNTER__ stands before it, "
        "in other source files too\n"
        "  hint: write the condition without __COUNTER__"
    )


@pytest.mark.parametrize("condition", ["defined(__COUNTER__)", "__COUNTER__ + 1 == __COUNTER__"])
def test_a_condition_that_asks_for_a_counter_that_counts_is_kept(tmp_path: Path, condition: str) -> None:
    files = {"amalgamate.toml": CONFIG, "a.c": A, "main.c": f"#if {condition}\nint k;\n#endif\n{MAIN}", "h.h": PLAIN}
    assert build_tree(tmp_path, files).diagnostics == ()


def test_the_level_of_includes_as_a_value_is_refused(tmp_path: Path) -> None:
    header = PLAIN.replace("static", "#if __INCLUDE_LEVEL__ > 9\n#endif\nstatic").replace(
        "x; }", "x + __INCLUDE_LEVEL__; }"
    )
    assert refusal(tmp_path, {"h.h": header}) == (
        "h.h:4: error: __INCLUDE_LEVEL__ is 0 in the one file\n  hint: write the number"
    )
