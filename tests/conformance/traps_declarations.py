"""File-local names whose declarations are hard to see: behind defaults, attributes and macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.traps_names import c, cpp

if TYPE_CHECKING:
    from conformance.case import Case

NINE = "#pragma once\nconst int n = 9;\nstruct Item { char bytes[9]; };\n"

DEFAULTS = [
    cpp(
        "default_argument_of_a_template",
        "a default argument of a template means the unit's own constant, whatever a header has",
        '#include "h.h"\nnamespace q {\nstatic const int n = 3;\ntemplate <int N = n> int f() { return N; }\n}\n'
        "int fa() { return q::f(); }\n",
        '#include "h.h"\nint fa();\nnamespace q {\nstatic const int n = 4;\n}\n'
        "int main() { return fa() + q::n - 7; }\n",
        contains=("template <int N = n_a> int f()",),
        h=NINE,
    ),
    cpp(
        "default_type_of_a_template",
        "a default type of a template means the unit's own type, whatever a header has",
        '#include "h.h"\nnamespace q {\nstruct Item { char bytes[3]; };\n'
        "template <class> struct Box {};\n"
        "template <template <class> class, class T = Item> unsigned f() { return sizeof(T); }\n}\n"
        "int fa() { return static_cast<int>(q::f<q::Box>()); }\n",
        '#include "h.h"\nint fa();\nnamespace q {\nstruct Item { char bytes[4]; };\n}\n'
        "int main() { return fa() + static_cast<int>(sizeof(q::Item)) - 7; }\n",
        contains=("class T = Item_a> unsigned f()",),
        h=NINE,
    ),
]


def counted(name: str, rule: str, declaration: str, a: str = "", first: int = 1) -> Case:
    """Return a case of two units that declare `hits`, and count in it, each for itself."""
    return c(
        name,
        rule,
        f"{a or declaration}int fa(void) {{ return ++hits; }}\n",
        f"int fa(void);\n{declaration}int main(void) {{ fa(); fa(); return ++hits - {first}; }}\n",
    )


COUNTED = [
    counted("tentative_with_an_attribute", "an attribute hides no name", "static int hits __attribute__((unused));\n"),
    counted(
        "tentative_behind_a_star_with_a_section",
        "a section hides no name",
        'static char *first __attribute__((unused)), hits __attribute__((section(".data.x"), aligned(8)));\n',
    ),
    counted(
        "tentative_with_a_macro",
        "a macro behind a name hides it not",
        "#define UNUSED __attribute__((unused))\nstatic struct { int a; } other UNUSED;\n"
        "static unsigned long long hits UNUSED;\n",
    ),
    counted(
        "initialised_with_an_attribute",
        "an attribute before a value hides no name",
        "static int hits __attribute__((unused)) = 5;\n",
        first=6,
    ),
    counted("given_to_a_macro", "a macro declares its argument", "#define VAR(t, n) static t n\nVAR(int, hits);\n"),
    counted(
        "given_to_a_macro_of_whole_declarations",
        "a macro declares its argument, semicolon and all",
        "#define ONE(n) static int n;\n#define COUNTER(n) ONE(n)\nCOUNTER(hits)\n",
    ),
    counted("made_by_a_macro", "a macro declares names by itself", "#define MINE static int hits;\nMINE\n"),
    counted(
        "given_to_a_macro_in_one_unit",
        "what a macro declares here is plain there",
        "static int hits;\n",
        "#define VAR(t, n) static t n\nVAR(int, hits);\n",
    ),
    counted(
        "given_to_a_macro_in_the_later_unit",
        "what is plain here a macro declares there",
        "#define VAR(t, n) static t n\nVAR(int, hits);\n",
        "static int hits;\n",
    ),
    counted(
        "tentative_behind_a_macro_static",
        "`static` is a macro as long as it is one, and no longer",
        "static int hits;\n",
        "#define static\nstatic int shown(void) { return 1; }\n#undef static\nstatic int hits;\n",
    ),
    cpp(
        "functions_made_by_macros",
        "functions that macros declare do not overload another unit's",
        "#define FN(n, T) static int n(T x)\nFN(helper, int) { return x + 100; }\nint fa() { return helper(1); }\n",
        "#define FN(n, T) static int n(T x)\nint fa();\nFN(helper, long) { return static_cast<int>(x); }\n"
        "int main() { return fa() - 100 - helper(1); }\n",
    ),
    c(
        "given_to_a_macro_and_a_member",
        "what a macro declares is not what a header names a member",
        '#define VAR(t, n) static t n\n#include "h.h"\nVAR(int, hits);\n'
        "int fa(void) { struct s v = { 3 }; return v.hits + ++hits; }\n",
        '#include "h.h"\nint fa(void);\nint main(void) { struct s v = { 4 }; return fa() - v.hits; }\n',
        h="#pragma once\nstruct s { int hits; };\n",
    ),
]
CASES = DEFAULTS + COUNTED
