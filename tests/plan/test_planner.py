"""From a few small files to the whole text of the one file, and every refusal word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import CycleError, InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.pipeline import Bundle


def built(root: Path, files: dict[str, str], more: str = "", inputs: str = "") -> Bundle:
    """Build `main.c`, or all units where there are several, without markers."""
    config = (
        f'[project]\nname = "lib"\n[input]\nsources = ["*.c"]\ninclude_dirs = ["."]\n{inputs}'
        f'[output]\ncomments = "none"\n{more}'
    )
    return build_tree(root, {"amalgamate.toml": config, **files})


def output(root: Path, files: dict[str, str], more: str = "") -> str:
    """Return the one file without its banner."""
    return built(root, files, more).files[0].data.decode().partition(" */\n")[2]


def refusal(root: Path, files: dict[str, str], more: str = "") -> str:
    with pytest.raises(InputError) as error:
        built(root, files, more)
    return str(error.value)


ONCE = "#pragma once\nint h;\n"


def test_a_repeat_that_every_path_has_seen_is_dropped(tmp_path: Path) -> None:
    files = {"main.c": '#include "h.h"\n#ifdef P\n#include "h.h"\n#endif\n', "h.h": ONCE}
    assert output(tmp_path, files) == "int h;\n#ifdef P\n#endif\n"


def test_a_first_include_under_a_condition_does_not_serve_the_next(tmp_path: Path) -> None:
    files = {"main.c": '#ifdef P\n#include "h.h"\n#endif\n#include "h.h"\n', "h.h": ONCE}
    text = output(tmp_path, files)
    guard = text.split()[3]
    copy = f"#ifndef {guard}\n#define {guard}\nint h;\n#endif\n"
    assert text == f"#ifdef P\n{copy}#endif\n{copy}"


def test_a_header_in_both_branches_stands_in_both_and_serves_what_follows(tmp_path: Path) -> None:
    guard = "#ifndef H\n#define H\nint h;\n#endif\n"
    files = {"main.c": '#ifdef P\n#include "h.h"\n#else\n#include "h.h"\n#endif\n#include "h.h"\n', "h.h": guard}
    assert output(tmp_path, files) == f"#ifdef P\n{guard}#else\n{guard}#endif\n"


def test_the_same_condition_again_is_served(tmp_path: Path) -> None:
    guard = "#ifndef H\n#define H\nint h;\n#endif\n"
    files = {"main.c": '#ifdef P\n#include "h.h"\n#endif\n#ifdef P\n#include "h.h"\n#endif\n', "h.h": guard}
    assert output(tmp_path, files) == f"#ifdef P\n{guard}#endif\n#ifdef P\n#endif\n"


def test_a_decided_branch_leaves_with_what_it_holds(tmp_path: Path) -> None:
    files = {"main.c": "#if MODE == 1\nint one;\n#elif MODE == 2\nint two;\n#else\nint other;\n#endif\n"}
    assert output(tmp_path, files, '[defines]\nMODE = "2"\n').endswith("#define MODE 2\nint two;\n")


def test_an_elif_behind_a_dead_branch_becomes_an_if(tmp_path: Path) -> None:
    files = {"main.c": "#if 0\nint a;\n#elif defined(P)\nint b;\n#elif 1\nint c;\n#else\nint d;\n#endif\n"}
    assert output(tmp_path, files) == "#if defined(P)\nint b;\n#else\nint c;\n#endif\n"


def test_a_computed_include_is_resolved(tmp_path: Path) -> None:
    files = {"main.c": '#define H "h.h"\n#include H\n#define S <stdio.h>\n#include S\n', "h.h": ONCE}
    assert output(tmp_path, files) == '#define H "h.h"\nint h;\n#define S <stdio.h>\n#include <stdio.h>\n'


def test_a_system_header_is_not_repeated_but_for_assert(tmp_path: Path) -> None:
    files = {"main.c": "#include <stdio.h>\n#include <assert.h>\n#include <stdio.h>\n#include <assert.h>\n"}
    assert output(tmp_path, files) == "#include <stdio.h>\n#include <assert.h>\n#include <assert.h>\n"


def test_a_macro_of_a_unit_is_saved_and_restored(tmp_path: Path) -> None:
    files = {"a.c": "int x;\n#define N 1\nint a = N;\n", "b.c": "int b;\n"}
    assert output(tmp_path, files) == (
        'int x;\n#pragma push_macro("N")\n#define N 1\nint a = N;\n#pragma pop_macro("N")\nint b;\n'
    )


def test_a_macro_of_a_header_is_hidden_from_a_unit_that_does_not_include_it(tmp_path: Path) -> None:
    files = {"a.c": '#include "h.h"\n', "b.c": "int N;\n", "c.c": '#include "h.h"\nint c = N;\n'}
    text = output(tmp_path, {**files, "h.h": "#pragma once\n#define N 1\n"})
    assert text == (
        '#pragma push_macro("N")\n#define N 1\n#pragma pop_macro("N")\n#pragma push_macro("N")\nint N;\n'
        "#undef N\n#define N 1\nint c = N;\n"
    )


def test_a_feature_test_macro_goes_to_the_prelude(tmp_path: Path) -> None:
    bundle = built(tmp_path, {"a.c": "#include <string.h>\n", "b.c": "#define _GNU_SOURCE\n#include <string.h>\n"})
    text = bundle.files[0].data.decode().partition(" */\n")[2]
    assert text == "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n#include <string.h>\n"
    assert [str(note) for note in bundle.diagnostics] == [
        'b.c:1:1: note: "_GNU_SOURCE" now stands before the first system header of all units'
    ]


def test_headers_without_a_guard_stand_once_for_several_units_only_without_pragmas(tmp_path: Path) -> None:
    units = {"a.c": '#include "h.h"\n', "b.c": '#include "h.h"\n'}
    assert output(tmp_path, {**units, "h.h": "struct s { int x; };\n"}) == "struct s { int x; };\n"
    assert output(tmp_path, {**units, "h.h": "#pragma pack(1)\n"}).count("#pragma pack(1)\n") == 2


def test_the_first_emissions_complete_in_topological_order(tmp_path: Path) -> None:
    files = {
        "main.c": '#include "a.h"\n#include "b.h"\n',
        "a.h": '#pragma once\n#include "c.h"\n',
        "b.h": '#pragma once\n#include "c.h"\n',
        "c.h": ONCE,
    }
    completed = built(tmp_path, files).amalgams[0].plan.completed
    assert [file.name for file in completed] == ["c.h", "a.h", "b.h", "main.c"]


CYCLE = {"main.c": '#include "a.h"\n', "a.h": '#pragma once\n#include "b.h"\n', "b.h": '#pragma once\n#include "a.h"\n'}


def test_a_cycle_is_a_note_with_its_chain(tmp_path: Path) -> None:
    assert [str(note) for note in built(tmp_path, CYCLE).diagnostics] == [
        "a.h:2: note: include cycle: a.h -> b.h -> a.h\n  hint: move the shared declarations into a third header"
    ]


def test_a_cycle_is_an_error_where_the_configuration_says_so(tmp_path: Path) -> None:
    with pytest.raises(CycleError) as error:
        built(tmp_path, CYCLE, inputs='cycles = "error"\n')
    assert str(error.value) == (
        "a.h:2: error: include cycle: a.h -> b.h -> a.h\n  hint: move the shared declarations into a third header"
    )


def test_a_missing_include_shows_its_chain_and_near_names(tmp_path: Path) -> None:
    files = {"main.c": 'int x;\n#include "outer.h"\n', "outer.h": '  #include "detials.h"\n', "details.h": ""}
    assert refusal(tmp_path, files) == (
        'outer.h:1:3: error: cannot find "detials.h"\n  included from main.c:2\n  hint: did you mean "details.h"?'
    )


def test_a_missing_include_that_the_project_holds_elsewhere_names_the_folder(tmp_path: Path) -> None:
    files = {"hello.c": '#include "hello.h"\n', "include/hello.h": ""}
    with pytest.raises(InputError) as caught:
        build_tree(tmp_path, {**files, "amalgamate.toml": '[input]\nsources = ["hello.c"]\n'})
    assert str(caught.value) == (
        'hello.c:1:1: error: cannot find "hello.h"\n'
        '  hint: add "include" to include_dirs in [input]: it holds the header'
    )


@pytest.mark.parametrize(
    ("more", "hint"),
    [("", "they are copies: let all includes find one of the two"), ("int x;\n", "give one another guard")],
)
def test_a_header_that_another_ones_guard_leaves_out_is_told_with_that_one(
    tmp_path: Path, more: str, hint: str
) -> None:
    common = "#ifndef COMMON_H\n#define COMMON_H\ntypedef int number;\n"
    files = {
        "common.h": f"{common}#endif\n",
        "made/common.h": f"{common}{more}#endif\n",
        "api.h": '#ifndef API_H\n#define API_H\n#include "made/common.h"\n#endif\n',
        "buf.h": '#ifndef BUF_H\n#define BUF_H\n#include "common.h"\n#endif\n',
        "a.c": '#include "api.h"\n#include "buf.h"\nnumber a;\n',
        "b.c": '#include "buf.h"\nnumber b;\n',
    }
    assert refusal(tmp_path, files) == (
        'b.c:1: error: "buf.h" does not read the same as at a.c:2:1: it does not include "common.h" there: '
        f'"made/common.h" has the same guard\n  included from buf.h:3\n  hint: {hint}'
    )


def test_an_unterminated_conditional_names_its_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"main.c": "int x;\n#ifdef P\nint y;\n"}) == (
        "main.c:2:1: error: unterminated conditional directive\n  hint: add the missing #endif"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#endif\n", "main.c:1:1: error: #endif without #if"),
        ("#else\n", "main.c:1:1: error: #else without #if"),
        ("#ifdef P\n#else\n#else\n#endif\n", "main.c:3:1: error: #else after #else"),
        ("#ifdef\n#endif\n", "main.c:1:1: error: #ifdef without a macro name"),
        ("#define\n", "main.c:1:1: error: #define without a macro name"),
        ("#if\n#endif\n", "main.c:1:1: error: #if without an expression"),
        (
            "#error no\n",
            "main.c:1:1: error: #error is always reached: no\n  hint: the library does not compile as configured",
        ),
    ],
)
def test_malformed_directives_are_refused(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, {"main.c": text}) == message


NAMESPACE = "#pragma once\nnamespace n { inline int f() { return 0; } }\n"


@pytest.mark.parametrize(
    ("setting", "user", "is_kept"),
    [
        ("auto", "int g() { return n::f(); }\n", False),
        ("auto", "int g() { return f(); }\n", True),
        ("strip", "int g() { return f(); }\n", False),
        ("keep", "int g() { return n::f(); }\n", True),
    ],
)
def test_a_using_directive_at_file_scope(tmp_path: Path, setting: str, user: str, is_kept: bool) -> None:
    config = (
        '[project]\nname = "lib"\n[input]\nsources = ["a.cc"]\n[output]\ncomments = "none"\n'
        f'[isolate]\nusing = "{setting}"\n'
    )
    files = {"amalgamate.toml": config, "a.cc": f'#include "n.h"\nusing namespace n;\n{user}', "n.h": NAMESPACE}
    text = build_tree(tmp_path, files).files[0].data.decode().partition(" */\n")[2]
    using = "using namespace n;\n" if is_kept else ""
    assert text == NAMESPACE.removeprefix("#pragma once\n") + using + user


def test_units_that_keep_a_using_directive_move_behind_the_others_with_a_warning(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.cc", "b.cc"]\n',
        "a.cc": "using namespace std;\nstring a;\n",
        "b.cc": "struct S { S(); } b;\nstatic S c(1);\n",
    }
    made = build_tree(tmp_path, files).amalgams[0].plan
    assert [unit.file.name for unit in made.units] == ["b.cc", "a.cc"]
    assert str(made.diagnostics[0]) == (
        'a.cc: warning: this unit keeps a using-directive and was moved behind "b.cc", '
        "and so was the initialisation of its objects\n"
        '  hint: qualify the names, or put "a.cc" last in sources'
    )


def test_a_unit_that_moves_without_objects_is_no_warning(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.cc", "b.cc"]\n',
        "a.cc": "#include <string>\nusing namespace std;\nconst int a = 1;\nint f(string s) { return s.size(); }\n",
        "b.cc": "int b = 1;\nint g(int);\nint g(int x) { return x; }\nclass C;\nconst char *t[] = {0};\n",
    }
    made = build_tree(tmp_path, files).amalgams[0].plan
    assert [unit.file.name for unit in made.units] == ["b.cc", "a.cc"]
    assert not any("moved" in each.message for each in made.diagnostics)


def test_a_macro_of_another_header_than_the_unit_alone_would_have_it_from_is_refused(tmp_path: Path) -> None:
    files = {
        "log.h": "#ifndef LOG\n#define LOG\n#define SAME(x, y) ((x) == (y))\n"
        "#define EQUAL(x, y) SAME(x, y)\nint log_h;\n#endif\n",
        "small.h": "#ifndef SMALL\n#define SMALL\n#if !defined(LOG) && !defined(NO_LOG)\n#define LOG\n"
        "#define EQUAL(x, y) ((x) == (y))\nint log_h;\n#endif\n#endif\n",
        "a.c": '#include "log.h"\n',
        "main.c": '#include "small.h"\n#include "log.h"\nint z = EQUAL(1, 1);\n',
    }
    assert refusal(tmp_path, files) == (
        'main.c:3: error: "EQUAL" is not what it would be in this unit alone: log.h:4 changes it\n'
        '  hint: fix "EQUAL" for all units in [defines], or give it another name in one of them\n'
        'main.c:3: error: "SAME" is not what it would be in this unit alone: log.h:3 changes it\n'
        '  hint: fix "SAME" for all units in [defines], or give it another name in one of them'
    )


def test_a_macro_that_no_header_of_the_unit_makes_is_refused_where_it_cannot_be_hidden(tmp_path: Path) -> None:
    header = "#pragma once\n#if defined(B) || !defined(P)\n#define D A\n#endif\n"
    files = {
        "h.h": header,
        "first.c": '#ifndef D\n#ifndef C\n#include "h.h"\n#elif !defined(B)\n#include "h.h"\n#endif\n#endif\n',
        "second.c": "#ifdef D\nint second;\n#endif\n",
    }
    assert refusal(tmp_path, files) == (
        'second.c:1: error: "D" is not what it would be in this unit alone: h.h:3 changes it\n'
        '  hint: fix "D" for all units in [defines], or give it another name in one of them'
    )


def test_a_part_read_once_that_alone_sets_a_macro_may_use_it_in_a_later_unit(tmp_path: Path) -> None:
    """Compiled in the second unit, it was not compiled in the first: what it sets there is not set yet."""
    part = "#ifdef WIN\n#define API import\n#else\n#define API\n#endif\nAPI int part;\n"
    files = {
        "h.h": f"#ifndef PART\n#define PART\n{part}#endif\n#ifdef MORE\nAPI int more;\n#endif\n",
        "a.c": '#include "h.h"\n',
        "b.c": '#include "h.h"\n#define MORE\n#include "h.h"\n',
    }
    assert built(tmp_path, files).diagnostics == ()
