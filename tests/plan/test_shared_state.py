"""A header's state that each source file has for itself is refused, and what makes no difference is not."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from amalgamate.errors import InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

A = '#include "h.h"\nvoid a(void);\nvoid a(void) { (void)(%s); }\n'
MAIN = '#include <stdio.h>\n#include "h.h"\nvoid a(void);\nint main(void) { a(); a(); printf("%%d\\n", (int)(%s)); }\n'


class Case(NamedTuple):
    """A header, and what each of two source files does with it."""

    name: str
    """Of the variable that the error tells."""
    suffix: str
    header: str
    use: str


STATE = [
    Case("n", "cpp", "static inline int &counter() { static int n; return n; }", "++counter()"),
    Case("n", "c", "static int *slot(void) { static int n; return &n; }", "++*slot()"),
    Case("n", "c", "static int n; static inline int *where(void) { return &n; }", "++*where()"),
    Case("n", "c", "static int n;", "++(n)"),
    Case("n", "cpp", "static int n; inline int bumpr(int &x) { return ++x; }", "bumpr(n)"),
    Case("n", "cpp", "static int n; static inline int next() { auto &r = n; return ++r; }", "next()"),
    Case("t", "c", "static int t[2]; static inline int next(void) { return ++*t; }", "next()"),
    Case("t", "c", "static int t[2];", "++*(t + 0)"),
    Case("q", "c", "static struct S { int v[2]; } q;", "++0[q.v]"),
    Case("s", "c", "#include <string.h>\nstatic char s[9];", '(strcat(s + 0, "x"), strlen(s))'),
    Case("s", "c", "#include <string.h>\nstatic struct { char s[9]; } s;", '(strcat(s.s, "x"), strlen(s.s))'),
    Case("n", "c", "static int n;\n#define INC(x) (++x)\n#define NEXT() INC(n)", "NEXT()"),
    Case("cnt", "c", "#define VAR(t, n) static t n\nVAR(int, cnt);", "++cnt"),
    Case("cnt", "c", "#define VARS static int cnt;\nVARS", "++cnt"),
    Case("x_n", "c", "static int x_n;\n#define OF(x) x##_n", "++OF(x)"),
    Case("s", "c", "static struct S { int a; } s;", "++s.a"),
    Case("t", "c", "typedef int A[2];\nstatic A t;\nstatic int f(int *p) { return ++*p; }", "f(t)"),
    Case("n", "cpp", "static int n; static inline int next() { int &r{n}; return ++r; }", "next()"),
    Case("n", "cpp", "static int n; static inline auto at() -> int & { return n; }", "++at()"),
    Case("n", "c", "static _Thread_local int n;", "++n"),
    Case("n", "c", "static __typeof__(1) n;", "++n"),
    Case("s", "c", "static struct { int a; } s = {0};", "++s.a"),
    Case("next", "cpp", "static auto next = [] { static int n; return ++n; };", "next()"),
    Case("next", "cpp", "static auto next = [n = 0]() mutable { return ++n; };", "next()"),
    Case("gen", "cpp", "struct Gen { int n; int operator()() { return ++n; } };\nstatic Gen gen;", "gen()"),
    Case("gen", "cpp", "struct Gen { int n; operator int() { return ++n; } };\nstatic Gen gen;", "int(gen)"),
    Case("b", "cpp", "#include <memory>\nstatic const std::unique_ptr<int> b(new int(0));", "++*b"),
    Case("p", "cpp", "static int *const p = new int(0);", "++*p"),
    Case("p", "c", "static int *const p = (int[]){0};", "++*p"),
    Case("m", "cpp", "struct M { mutable int n; M() : n(0) {} };\nconst M m;", "++m.n"),
    Case("n", "cpp", "namespace { struct C { static int n; }; int C::n; }", "++C::n"),
    Case(
        "id", "cpp", "inline int next_id() { static int n; return ++n; }\nstatic int id = next_id();", "next_id() + id"
    ),
    Case(
        "init_",
        "cpp",
        "inline int &made() { static int n; return n; }\n"
        "struct Init { Init() { ++made(); } };\nnamespace { Init init_; }",
        "made()",
    ),
    Case(
        "noisy",
        "cpp",
        "inline int &made() { static int n; return n; }\nstruct Noisy { Noisy(int n) { made() += n; } };\n"
        "static const Noisy noisy(1);",
        "made()",
    ),
]
HARMLESS = [
    Case("", "c", "static int dflt = 5;", "dflt"),
    Case("", "c", 'static const int t[] = { 1, 2 };\nstatic const char *const s[] = { "a" };', "t[1] + s[0][0]"),
    Case("", "c", 'static const char *names[] = { "a", "b" };\n#define NAME(i) names[i]', "NAME(1)[0]"),
    Case("", "cpp", '#include <cstring>\nstatic const char *names[] = { "a", "b" };', "std::strlen(names[1])"),
    Case("", "cpp", '#include <string>\nstatic const std::string name = "abc";', "name.size()"),
    Case("", "cpp", "#include <cmath>\nstatic const double root = std::sqrt(2.0);", "root"),
    Case("", "cpp", "struct V { int x, y; };\nstatic const V up = { 0, 1 };", "up.y"),
    Case("", "cpp", "struct V { int x; constexpr V(int v) : x(v) {} };\nstatic const V up(3);", "up.x"),
    Case("", "cpp", "constexpr int twice(int x) { return 2 * x; }\nstatic const int four = twice(2);", "four"),
    Case("", "cpp", "static const auto half = [](int x) { return x / 2; };", "half(4)"),
    Case("", "cpp", "enum class E { a, b };\nnamespace { constexpr E last = E::b; const int k = 3; }", "int(last) + k"),
    Case("", "cpp", "template <class T> int next() { static int n; return ++n; }", "next<int>()"),
    Case("", "cpp", "struct C { static int next() { static int n; return ++n; } };", "C::next()"),
    Case("", "c", "static inline int f(int i) { static const int t[] = { 1, 2 }; return t[i]; }", "f(1)"),
    Case(
        "",
        "c",
        "static int table[] = { 1, 2 };\nstatic inline int at(int i) { return table[i] + sizeof table; }",
        "at(1)",
    ),
]


def names(case: Case) -> list[str]:
    return [f"a.{case.suffix}", f"main.{case.suffix}"]


def tree(case: Case) -> dict[str, str]:
    first, second = names(case)
    return {
        "amalgamate.toml": f'[project]\nname = "p"\n[input]\nsources = ["{first}", "{second}"]\n',
        "h.h": f"#ifndef H\n#define H\n{case.header}\n#endif\n",
        first: A % case.use,
        second: MAIN % case.use,
    }


def ran(root: Path, case: Case, *sources: str) -> str:
    compiler = "gcc" if case.suffix == "c" else "g++"
    subprocess.run([compiler, "-w", *sources, "-o", "program"], cwd=root, check=True)
    return subprocess.run([root / "program"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("case", STATE, ids=lambda case: case.header)
def test_state_that_one_file_would_have_once_is_refused(tmp_path: Path, case: Case) -> None:
    with pytest.raises(InputError) as caught:
        build_tree(tmp_path, tree(case))
    first, second = names(case)
    messages = [diagnostic.message for diagnostic in caught.value.diagnostics]
    assert messages == [
        f'"{case.name}" is a variable of each source file, and would be one for all: "{first}" and "{second}" use it'
    ]
    (tmp_path / f"one.{case.suffix}").write_text("".join(f'#include "{name}"\n' for name in names(case)))
    assert ran(tmp_path, case, *names(case)) != ran(tmp_path, case, f"one.{case.suffix}")


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: case.header)
def test_what_makes_no_difference_is_not_refused(tmp_path: Path, case: Case) -> None:
    bundle = build_tree(tmp_path, tree(case))
    one = f"one.{case.suffix}"
    (tmp_path / one).write_bytes(bundle.sources[0].data)
    assert ran(tmp_path, case, *names(case)) == ran(tmp_path, case, one)


def test_a_local_of_the_same_name_is_no_use_of_the_variable(tmp_path: Path) -> None:
    case = Case("", "c", "static int dflt = 5;", "dflt")
    files = tree(case)
    files["a.c"] += "int g(void) { int dflt; dflt = 4; return ++dflt; }\n"
    assert build_tree(tmp_path, files).diagnostics == ()
