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

FATAL = """#include <string.h>
static const char *fatal(void) { return __func__; }
"""
TELL = "#define TELL __func__\n#define SAY return TELL\n"
CHECK = """#include <string.h>
#define NAME(x) #x
#define FIRST(x, ...) ((x) ? NAME(__VA_ARGS__) : "")
static int ready = 1;
"""


TOLD = [
    c(
        "function_that_tells_its_name",
        "a function that tells its name keeps it, and another gives its own up",
        FATAL + 'int fa(void) { return strcmp(fatal(), "fatal"); }\n',
        "int fa(void);\nstatic int fatal(void) { return 0; }\nint main(void) { return fa() + fatal(); }\n",
        contains=("static int fatal_main(void)",),
    ),
    c(
        "two_functions_that_tell_their_name",
        "two functions that tell the name they share cannot stand in one file",
        FATAL + 'int fa(void) { return strcmp(fatal(), "fatal"); }\n',
        TELL + "#include <string.h>\nint fa(void);\nstatic const char *fatal(void) { SAY; }\n"
        'int main(void) { return fa() + strcmp(fatal(), "fatal"); }\n',
        refusal='a.c:2: error: "fatal" is file-local here and another\'s at main.c:5, and it cannot be renamed: '
        'the program can tell its name at run time (a.c:2)\n  hint: rename "fatal" in one of the files',
    ),
    c(
        "expression_made_a_string",
        "an expression of which a macro makes a string keeps its names, and another gives its own up",
        CHECK + 'int fa(void) { return strcmp(FIRST(1, ready > 0), "ready > 0"); }\n',
        "int fa(void);\nstatic int ready;\nint main(void) { return fa() + ready; }\n",
        contains=("static int ready_main;",),
    ),
    c(
        "two_expressions_made_strings",
        "two names that macros make strings of cannot stand in one file",
        CHECK + 'int fa(void) { return strcmp(FIRST(1, ready > 0), "ready > 0"); }\n',
        CHECK + 'int fa(void);\nint main(void) { return fa() + strcmp(FIRST(1, !ready), "!ready"); }\n',
        refusal='a.c:4: error: "ready" is file-local here and another\'s at main.c:4, and it cannot be renamed: '
        'a macro makes a string of it (a.c:5)\n  hint: rename "ready" in one of the files',
    ),
    c(
        "argument_beside_the_string",
        "an argument that a macro makes no string of is renamed",
        CHECK + 'int fa(void) { return strcmp(FIRST(ready > 0, a), "a"); }\n',
        CHECK + 'int fa(void);\nint main(void) { return fa() + strcmp(FIRST(!ready, b), ""); }\n',
        contains=("FIRST(ready_a > 0, a)",),
    ),
    cpp(
        "types_that_tell_their_name",
        "two types that tell the name they share cannot stand in one file",
        "#include <typeinfo>\nnamespace {\nstruct Item {};\n}\nint fa() { return typeid(Item).name()[0] ? 0 : 1; }\n",
        "#include <typeinfo>\nint fa();\nnamespace {\nstruct Item { int m; };\n}\n"
        "int main() { return fa() + (typeid(const Item*).name()[0] ? 0 : 1); }\n",
        refusal='a.cpp:3: error: "Item" is file-local here and another\'s at main.cpp:4, and it cannot be renamed: '
        'the program can tell its name at run time (a.cpp:5)\n  hint: rename "Item" in one of the files',
    ),
]
CONSTRUCTORS = [
    cpp(
        "inherited_constructor",
        "a class that inherits the constructors of a renamed one names it by its new name",
        "namespace { struct Item { int v; Item(int x) : v(x) {} int m() { return v; } }; }\n"
        "struct D : Item { using Item::Item; int c() { return Item::m(); } };\nint fa() { return D(3).c(); }\n",
        "int fa();\nnamespace { struct Item { int w; }; }\nint main() { return fa() - Item{3}.w; }\n",
        contains=("using Item_a::Item_a; int c() { return Item_a::m(); }",),
    ),
    cpp(
        "deduction_guide",
        "a deduction guide is renamed with its class",
        "namespace {\ntemplate <class T> struct Box { T v; Box(T x) : v(x) {} Box(const char *) : v(0) {} };\n"
        "Box(const char*) -> Box<int>;\nexplicit Box(unsigned) -> Box<long>;\n}\n"
        'int fa() { Box b("x"); return b.v; }\n',
        "int fa();\nnamespace { template <class T> struct Box { T w; }; }\n"
        "int main() { return fa() + Box<int>{0}.w; }\n",
        contains=("Box_a(const char*) -> Box_a<int>;\nexplicit Box_a(unsigned) -> Box_a<long>;",),
    ),
]
CASES = DEFAULTS + COUNTED + TOLD + CONSTRUCTORS
