"""Which using-directives at file scope the text shows to be unused, and why the others stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from amalgamate.read.names.namespaces import can_be_pasted, names_of
from amalgamate.read.source import SourceTree
from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "p"\n[input]\nsources = ["a.cc"]\n'
LIB = "#pragma once\nnamespace lib { inline int twice(int x) { return 2 * x; } }\n"
PASTE = "#define JOIN(a, b) a##b\n"


def reasons(root: Path, lib: str, user: str, more: str = "") -> list[str]:
    """Return why the directives of a unit stay; the unit includes `lib`."""
    files = {"amalgamate.toml": CONFIG, "lib.h": lib, "a.cc": f'#include "lib.h"\nusing namespace lib;\n{user}'}
    bundle = build_tree(root, {**files, "more.inc": more})
    return [diagnostic.message.partition(" stays: ")[2] for diagnostic in bundle.diagnostics]


@pytest.mark.parametrize(
    "user",
    [
        "int main() { return lib::twice(0); }\n",
        "int f(other::S s, other::S* p) { return s.twice + p->twice; }\n",
        '// twice\nint main() { return sizeof "twice" == 0; }\n',
        "#define NUMBERED(n) test_##n\nint NUMBERED(one);\n",
        '#ifdef __cplusplus\nextern "C" {\n#endif\nint f();\n#ifdef __cplusplus\n}\n#endif\n',
        "#if A\nvoid f(int) {\n#else\nvoid f(long) {\n#endif\n}\nnamespace other = lib;\n",
        PASTE + "int JOIN(a, b);\n",
    ],
)
def test_a_directive_that_nothing_needs_goes(tmp_path: Path, user: str) -> None:
    assert reasons(tmp_path, LIB, user) == []


@pytest.mark.parametrize(
    ("lib", "user", "why"),
    [
        (LIB, "int a = twice(1);\n", "these names may need it: twice"),
        (LIB, "int a = ::twice(1);\n", "these names may need it: twice"),
        (LIB, "int f() { return ::twice(1); }\n", "these names may need it: twice"),
        (LIB, "#define A twice(1)\n", "these names may need it: twice"),
        (
            "namespace lib { inline namespace v1 { int twice(int); } }\n",
            "int a = twice(1);\n",
            "these names may need it: twice",
        ),
        (
            "namespace lib { namespace detail { int twice(int); } }\n",
            "int a = detail::twice(1);\n",
            "these names may need it: detail",
        ),
        ("namespace lib::in { int twice(int); }\n", "int a = in::twice(1);\n", "these names may need it: in"),
        ("namespace lib::inline v1 { int twice(int); }\n", "int a = v1::twice(1);\n", "these names may need it: v1"),
        ("namespace lib::inline v1 { int twice(int); }\n", "int a = twice(1);\n", "these names may need it: twice"),
        ("namespace lib::in { int twice(int); }\n", "namespace al = in;\n", "these names may need it: in"),
        (
            "namespace lib { namespace in {} namespace al = in; }\n",
            "int a = al::twice(1);\n",
            "these names may need it: al",
        ),
        (
            "namespace other { int twice(int); namespace lib { int x; } }\nnamespace lib = other;\n",
            "int a = twice(1);\n",
            '"lib" is another name of a namespace in lib.h',
        ),
        (
            "namespace lib { enum E : int; }\nenum lib::E : int { one = 1 };\n",
            "int a = one;\n",
            "these names may need it: one",
        ),
        (
            "#define BEGIN namespace lib {\n#define END }\nBEGIN int twice(int); END\nnamespace lib { int other(); }\n",
            "int a = twice(1);\n",
            'macro "BEGIN" opens or closes braces in lib.h',
        ),
        (
            "#define NAME lib\nnamespace NAME { int twice(int); }\nnamespace lib { int other(); }\n",
            "int a = twice(1);\n",
            'macro "NAME" names a namespace in lib.h',
        ),
        (
            'namespace lib {\n#include "more.inc"\nint other();\n}\n',
            "int a = twice(1);\n",
            "lib.h includes into the namespace",
        ),
        (
            "#ifdef A\nnamespace lib {\n#else\nnamespace b {\n#endif\nint twice(int);\n}\nnamespace lib { int x; }\n",
            "int a = twice(1);\n",
            "a condition decides which namespace is open in lib.h",
        ),
        (
            "namespace [[deprecated]] lib { int twice(int); }\nnamespace lib { int other(); }\n",
            "int a = twice(1);\n",
            "the name of a namespace has attributes in lib.h",
        ),
        (
            'namespace lib { int other();\n#include "more.inc"\n',
            "int a = other();\n",
            "a namespace is open at the end of a file in lib.h",
        ),
        (LIB, PASTE + "int a = JOIN(tw, ice)(1);\n", "macros of a.cc may paste its names together"),
        (LIB, "#define TW(x) tw##x\nint a = TW(ice)(1);\n", "macros of a.cc may paste its names together"),
        ("namespace std { int twice(int); }\n", "", "the members of the namespace are not the project's"),
    ],
)
def test_a_directive_that_something_may_need_stays(tmp_path: Path, lib: str, user: str, why: str) -> None:
    more = "int twice(int);\n" + "}\n" * ("end of a file" in why)
    assert reasons(tmp_path, lib, user, more) == [why]


@pytest.mark.parametrize(
    ("name", "is_made"), [(b"twice", True), (b"item12", True), (b"tw", False), (b"12", False), (b"thrice", False)]
)
def test_a_name_is_pasted_of_words_and_of_numbers_behind_the_first(name: bytes, *, is_made: bool) -> None:
    assert can_be_pasted(name, frozenset({b"tw", b"ice", b"item"})) == is_made


def test_words_are_known_by_the_namespace_around_them(tmp_path: Path) -> None:
    text = "namespace a::b { int in; namespace { int hidden; } }\nint out = a::b::in + x.y + ::z;\n"
    names = names_of(SourceTree(tmp_path).read(write_tree(tmp_path, {"a.cc": text}) / "a.cc"))
    assert names.inside[b"a", b"b"] == {b"int", b"in", b"namespace", b"hidden"}
    assert names.bare[()].keys() == {b"namespace", b"a", b"int", b"out", b"x", b"z"}
    assert names.heads == {b"a", b"b"}
    assert names.doubt == ""


def test_thousands_of_directives_take_no_quadratic_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        text = "namespace z { int q; }\n" + "using namespace z;\n" * count
        started = time.process_time()
        build_tree(tmp_path / str(count), {"amalgamate.toml": CONFIG, "a.cc": text})
        return time.process_time() - started

    seconds(10)
    assert seconds(2000) < 2


TWO = {
    "lib.h": LIB,
    "b.cc": '#include "lib.h"\nusing namespace lib;\nint b = twice(2);\n',
    "a.cc": '#include "lib.h"\nusing namespace lib;\nint a = lib::twice(1);\n',
}


@pytest.mark.parametrize(
    ("using", "decisions", "stays"),
    [
        ("auto", "", ["b.cc"]),
        ("auto", 'strip_using = ["b.cc: lib"]', []),
        ("auto", 'keep_using = ["a.cc: lib"]', ["a.cc", "b.cc"]),
        ("strip", 'keep_using = ["b.cc: lib"]', ["b.cc"]),
        ("keep", 'strip_using = ["b.cc: lib"]', ["a.cc"]),
    ],
)
def test_a_decision_goes_before_what_the_text_shows(
    tmp_path: Path, using: str, decisions: str, stays: list[str]
) -> None:
    config = f'[project]\nname = "p"\n[input]\nsources = ["a.cc", "b.cc"]\n[isolate]\nusing = "{using}"\n{decisions}\n'
    bundle = build_tree(tmp_path, {"amalgamate.toml": config, **TWO})
    output = bundle.files[0].data
    inside = {name: output.partition(f">>> {name} ".encode())[2].partition(f"<<< {name} ".encode())[0] for name in TWO}
    assert sorted(name for name, text in inside.items() if b"using namespace lib;" in text) == stays


def test_a_directive_that_is_decided_to_stay_is_no_warning(tmp_path: Path) -> None:
    config = CONFIG + '[isolate]\nkeep_using = ["a.cc: lib"]\n'
    bundle = build_tree(tmp_path, {"amalgamate.toml": config, "lib.h": LIB, "a.cc": TWO["b.cc"]})
    assert b"using namespace lib;" in bundle.files[0].data
    assert bundle.diagnostics == ()


def test_a_decision_about_nothing_is_a_note_at_its_line(tmp_path: Path) -> None:
    config = CONFIG + '[isolate]\nstrip_using = [\n  "a.cc: lib",\n  "a.cc: std",\n]\n'
    bundle = build_tree(tmp_path, {"amalgamate.toml": config, "lib.h": LIB, "a.cc": TWO["a.cc"]})
    assert [str(diagnostic) for diagnostic in bundle.diagnostics] == [
        'amalgamate.toml:8: warning: "a.cc: std" in [isolate] strip_using matches no directive at file scope'
    ]


FOREIGN = {
    "a.cc": "#include <boost/any.hpp>\nusing namespace boost;\nany a;\n",
    "b.cc": "#include <string>\nusing namespace std;\nint size();\nstring b;\nint c = size();\n",
}
TWO_CONFIG = '[project]\nname = "p"\n[input]\nsources = ["a.cc", "b.cc"]\n[external]\nheaders = ["boost/*"]\n'


def test_a_directive_that_would_reach_another_unit_names_what_is_at_risk_and_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        build_tree(tmp_path, {"amalgamate.toml": TWO_CONFIG, **FOREIGN})
    assert str(error.value) == (
        'b.cc:4: error: "using namespace boost" (a.cc:2), which stays, would reach this unit: '
        "these names may mean others: b, c, size\n"
        "  hint: qualify the names in a.cc; or, if no name here is one of boost, "
        'set keep_using = ["a.cc: boost"] in [isolate]'
    )


def test_directives_that_the_configuration_keeps_stay_whatever_they_reach(tmp_path: Path) -> None:
    config = TWO_CONFIG + '[isolate]\nkeep_using = ["a.cc: boost"]\n'
    output = build_tree(tmp_path, {"amalgamate.toml": config, **FOREIGN}).files[0].data
    assert output.count(b"using namespace") == 2


def test_what_the_text_shows_of_a_namespace_may_reach_units_that_name_none_of_it(tmp_path: Path) -> None:
    files = {"amalgamate.toml": TWO_CONFIG, "lib.h": LIB, "b.cc": TWO["b.cc"], "a.cc": FOREIGN["b.cc"]}
    bundle = build_tree(tmp_path, files)
    assert [unit.file.name for unit in bundle.amalgams[0].plan.units] == ["b.cc", "a.cc"]
    assert bundle.files[0].data.count(b"using namespace") == 2


def test_a_directive_that_is_stripped_with_all_others_names_what_needs_it(tmp_path: Path) -> None:
    config = TWO_CONFIG.partition("[external]")[0] + '[isolate]\nusing = "strip"\n'
    bundle = build_tree(tmp_path, {"amalgamate.toml": config, "lib.h": LIB, "a.cc": TWO["a.cc"], "b.cc": TWO["b.cc"]})
    (warning,) = bundle.diagnostics
    assert str(warning) == (
        'b.cc:2: warning: "using namespace lib" is stripped, as using in [isolate] says: '
        "these names may need it: twice\n"
        '  hint: qualify the names, or set keep_using = ["b.cc: lib"] in [isolate]'
    )


@pytest.mark.parametrize(
    ("member", "why"),
    [
        ("int operator+(S, S);", "the namespace has operators"),
        ("using q::z;", "a using-declaration, or another name, makes members of the namespace"),
    ],
)
def test_members_without_a_name_are_told_in_words(tmp_path: Path, member: str, why: str) -> None:
    lib = f"struct S {{}}; namespace q {{ int z(); }} namespace lib {{ {member} }}\n"
    assert reasons(tmp_path, lib, "int f();\n") == [why]
