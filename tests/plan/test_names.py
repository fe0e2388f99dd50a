"""What becomes of file-local names in the one file: whole outputs, notes and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.pipeline import Bundle


def built(root: Path, files: dict[str, str], more: str = "") -> Bundle:
    """Build all units, in the order of their names, without markers."""
    config = '[project]\nname = "lib"\n[input]\nsources = ["**/*.c", "**/*.cc"]\ninclude_dirs = ["."]\n'
    if not any(name.endswith(".cc") for name in files):
        config = config.replace(', "**/*.cc"', "")
    if not any(name.endswith(".c") for name in files):
        config = config.replace('"**/*.c", ', "")
    return build_tree(root, {"amalgamate.toml": f'{config}[output]\ncomments = "none"\n{more}', **files})


def output(root: Path, files: dict[str, str], more: str = "") -> str:
    """Return the one file without its banner."""
    return built(root, files, more).files[0].data.decode().partition(" */\n")[2]


def refusal(root: Path, files: dict[str, str]) -> str:
    with pytest.raises(InputError) as error:
        built(root, files)
    return str(error.value)


CLASH = {"a.c": "static int f;\nint a(void) { return f; }\n", "b.c": "static int f;\nint b(void) { return f; }\n"}


def test_the_last_unit_keeps_the_name(tmp_path: Path) -> None:
    expected = "static int f_a;\nint a(void) { return f_a; }\nstatic int f;\nint b(void) { return f; }\n"
    assert output(tmp_path, CLASH) == expected


def test_off_renames_nothing(tmp_path: Path) -> None:
    assert output(tmp_path, CLASH, '[isolate]\nrename = "off"\n') == CLASH["a.c"] + CLASH["b.c"]


def test_each_renaming_is_a_note(tmp_path: Path) -> None:
    notes = [str(each) for each in built(tmp_path, CLASH).diagnostics]
    assert notes == ['a.c:1: note: "f" is "f_a" in the one file: b.c:1 has the name too']


def test_the_map_records_each_renamed_place(tmp_path: Path) -> None:
    text = next(file.data for file in built(tmp_path, CLASH).files if file.name.endswith(".map.json")).decode()
    assert text.count('["rename",11,12,1,3,"\\"f\\" is another\'s too: b.c:1; in the one file it is \\"f_a\\""]') == 1
    assert text.count('"rename"') == 2


def test_a_name_of_one_unit_alone_stays(tmp_path: Path) -> None:
    files = {
        "a.c": "static int f;\nint a(void) { return f; }\n",
        "b.c": "int b(struct s *p) { return p->f; } /* f */\n",
    }
    assert output(tmp_path, files) == files["a.c"] + files["b.c"]


def test_a_new_name_is_used_nowhere_and_not_reserved(tmp_path: Path) -> None:
    files = {
        "x/a.c": "static int f_;\nint x(void) { return f_; }\n",
        "y/a.c": "static int f_;\nint y(void) { return f_; } // f_a\n",
        "z.c": "static int f_;\nint z(void) { return f_; }\n",
    }
    assert output(tmp_path, files) == (
        "static int f_x_a;\nint x(void) { return f_x_a; }\n"
        "static int f_y_a;\nint y(void) { return f_y_a; } // f_a\n"
        "static int f_;\nint z(void) { return f_; }\n"
    )


def test_an_alias_of_a_header_is_everybodys(tmp_path: Path) -> None:
    files = {
        "h.h": "#pragma once\ntypedef struct s s;\n",
        "a.c": '#include "h.h"\nstruct s { int m; };\nint a(s *p) { return p->m; }\n',
        "b.c": '#include "h.h"\nint a(s *);\nint b(s *p) { return a(p); }\n',
    }
    assert output(tmp_path, files) == (
        "typedef struct s s;\nstruct s { int m; };\nint a(s *p) { return p->m; }\n"
        "int a(s *);\nint b(s *p) { return a(p); }\n"
    )


def test_only_what_is_in_the_way_is_renamed_in_cplusplus(tmp_path: Path) -> None:
    files = {
        "a.cc": "namespace n { static int f() { return 1; } static int g() { return f(); } int a() { return g(); } }\n",
        "b.cc": "namespace n { static int f() { return 2; } int b() { return n::f(); } }\n",
    }
    assert output(tmp_path, files) == files["a.cc"].replace("f()", "f_a()") + files["b.cc"]


def test_names_in_namespaces_that_no_other_unit_opens_stay(tmp_path: Path) -> None:
    files = {
        "a.cc": "namespace n { namespace as { static int f() { return 1; } } int a() { return as::f(); } }\n",
        "b.cc": "namespace n { namespace bs { static int f() { return 2; } } int b() { return bs::f(); } }\n",
    }
    assert output(tmp_path, files) == files["a.cc"] + files["b.cc"]


def test_an_overload_that_no_later_call_can_take_stays(tmp_path: Path) -> None:
    files = {
        "h.h": "#pragma once\ninline int f(int a, int b) { return a + b; }\n",
        "a.cc": '#include "h.h"\nstatic int f(int a) { return f(a, 1); }\nint a() { return f(1); }\n',
        "b.cc": '#include "h.h"\nint b() { return f(1, 2); }\n',
    }
    assert "static int f(int a) { return f(a, 1); }" in output(tmp_path, files)


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ("static int f(void) { return 1; }\n#define f(x) f()\n", "a macro has the name too (a.c:2)"),
        ("static int f(void) { LOOP(i { int f = 1; return f; }\n", "the text is not understood (a.c:1)"),
        (
            '__asm__("call f");\nstatic int f(void) { return 1; }\nint a(void) { return f(); }\n',
            "a text for the assembler has it (a.c:1)",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_renamed_safely_is_refused(tmp_path: Path, unit: str, reason: str) -> None:
    files = {"a.c": unit, "b.c": "int f(void);\nint b(void) { return f(); }\n"}
    line = unit[: unit.index("static")].count("\n") + 1
    assert refusal(tmp_path, files) == (
        f'a.c:{line}: error: "f" is file-local here and another\'s at b.c:1, and it cannot be renamed: {reason}\n'
        '  hint: rename "f" in one of the files'
    )


def test_a_macro_of_a_header_that_means_the_units_own_name_is_refused(tmp_path: Path) -> None:
    files = {
        "h.h": "#pragma once\n#define CALL() f()\n",
        "a.c": '#include "h.h"\nstatic int f(void) { return 1; }\nint a(void) { return CALL(); }\n',
        "b.c": "int f(void);\nint b(void) { return f(); }\n",
    }
    assert refusal(tmp_path, files) == (
        'a.c:2: error: "f" is file-local here and another\'s at b.c:1, and it cannot be renamed: '
        'a header uses it (h.h:2)\n  hint: rename "f" in one of the files'
    )


def test_the_unit_that_cannot_rename_keeps_the_name_where_the_other_can_give_it_up(tmp_path: Path) -> None:
    files = {
        "a.c": '__asm__("call f");\nstatic int f(void) { return 1; }\nint a(void) { return f(); }\n',
        "b.c": "static int f(void) { return 2; }\nint b(void) { return f(); }\n",
    }
    assert output(tmp_path, files) == files["a.c"] + files["b.c"].replace(
        "f(void) { return 2", "f_b(void) { return 2"
    ).replace("return f()", "return f_b()")


def test_a_repeated_header_gives_each_unit_variables_of_its_own(tmp_path: Path) -> None:
    files = {
        "h.h": "#pragma once\nstatic int n;\n",
        "a.c": '#include "h.h"\nint a(void) { return ++n; }\n',
        "b.c": '#include "h.h"\nint b(void) { return ++n; }\n',
    }
    assert output(tmp_path, files, '[files]\nrepeat = ["h.h"]\n') == (
        "static int n_a;\nint a(void) { return ++n_a; }\nstatic int n;\nint b(void) { return ++n; }\n"
    )
