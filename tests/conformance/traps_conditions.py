"""Conditions that compilers read otherwise than one expects, or that would mean something else in the one file."""

from __future__ import annotations

from conformance.case import Case

_PLACE = "main.c:{}:1: error: the condition depends on the place it stands in, by a macro, and on what is open\n"
_HINT = "  hint: write what the macro stands for into the condition"

CASES = [
    Case(
        "header_query_in_open_condition",
        "a project header that __has_include finds is found in what is left of an open condition",
        files={
            "here.h": "enum { here = 0 };\n",
            "main.c": '#include "here.h"\n#if __has_include("here.h") + MORE > 0\n#else\n#error gone\n#endif\n'
            "int main(void){return here;}\n",
        },
        options=((), ("-DMORE=1",)),
        must_contain=("#if 1 + MORE > 0\n",),
    ),
    Case(
        "header_query_by_macro_in_open_condition",
        "a macro that asks for a project header and stands in an open condition cannot be answered",
        files={
            "here.h": "enum { here = 0 };\n",
            "main.c": '#include "here.h"\n#define HAS __has_include("here.h")\n#if HAS + MORE > 0\n#else\n'
            "#error gone\n#endif\nint main(void){return here;}\n",
        },
        refusal=_PLACE.format(3) + _HINT,
    ),
    Case(
        "computed_header_query_in_open_condition",
        "a header query by a macro, in a condition that is not read, cannot be answered",
        files={
            "here.h": "enum { here = 0 };\n",
            "main.c": '#include "here.h"\n#define HERE "here.h"\n#if __has_include(HERE) << MORE >= 1\n#else\n'
            "#error gone\n#endif\nint main(void){return here;}\n",
        },
        refusal=_PLACE.format(3) + _HINT,
    ),
    Case(
        "line_in_open_condition",
        "a line number in what is left of an open condition is that of the source",
        files={
            "main.c": "#if __LINE__ == 1 + MORE\n#else\n#error another line\n#endif\nint main(void){return 0;}\n",
        },
        must_contain=("#if 1 == 1 + MORE\n",),
    ),
    Case(
        "line_behind_decided_condition",
        "a number behind #if does not renumber lines",
        files={"main.c": "#if 0\n#endif\n#if __LINE__ != 3\n#error renumbered\n#endif\nint main(void){return 0;}\n"},
    ),
    Case(
        "characters_without_a_sign",
        "characters of char16_t and char32_t have no sign in conditions",
        files={
            "main.cc": "#if -1 > U'a' && -1 > u'a'\n#else\n#error signed\n#endif\nint main(){return 0;}\n",
        },
        sources=("main.cc",),
        options=((), ("-std=c++20",)),
    ),
    Case(
        "defined_among_arguments",
        "the arguments of a macro are expanded before defined is seen",
        files={
            "main.c": "#define FOO BAR\n#define SAME(x) (x)\n#if SAME(defined FOO)\n#error expanded later\n"
            "#endif\nint main(void){return 0;}\n",
        },
    ),
    Case(
        "defined_of_a_parameter",
        "defined asks for the argument, not for a macro that is called like the parameter",
        files={
            "main.c": "#define x 1\n#define HAS(x) defined(x)\n#if HAS(NOTHING)\n#error has\n#endif\n"
            "int main(void){return 0;}\n",
        },
    ),
    Case(
        "character_by_macro",
        "a digit in quotes is a character, by a macro, too",
        files={
            "main.c": "#define ZERO '0'\n#if ZERO != 48 || !ZERO\n#error a number\n#endif\nint main(void){return 0;}\n",
        },
    ),
    Case(
        "separator_before_a_comment_of_two_lines",
        "a digit separator in a directive does not begin a character",
        files={
            "main.cc": "#if 1'000 == 1000 /*\n#endif */\nint main(){return 0;}\n#else\n#error no\n#endif\n",
        },
        sources=("main.cc",),
    ),
    Case(
        "macro_in_the_branch_that_does_not_include",
        "a branch that does not include a header does not see its macros, though an earlier unit has read it",
        files={
            "h.h": "#ifndef H_H\n#define H_H\n#define VALUE 2\n#endif\n",
            "a.c": '#include "h.h"\nint fa(void){return VALUE;}\n',
            "main.c": 'int fa(void);\n#if MORE > 0\n#include "h.h"\n#elif defined(VALUE)\n#error seen\n#else\n'
            "int VALUE=2;\n#endif\nint main(void){return fa()-VALUE;}\n",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DMORE=1",)),
    ),
    Case(
        "macro_of_a_header_under_two_open_conditions",
        "a header that two units include under conditions of their own brings its macros to neither for the other",
        files={
            "h.h": "#pragma once\n#define VALUE 2\n",
            "a.c": '#ifdef P\n#include "h.h"\n#endif\nint fa(void){return 0;}\n',
            "main.c": 'int fa(void);\n#ifdef Q\n#include "h.h"\n#endif\nint main(void){\n'
            "#if defined(VALUE)&&!defined(Q)\nreturn 1;\n#else\nreturn fa();\n#endif\n}\n",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DP",), ("-DQ",), ("-DP", "-DQ")),
        fails="what two conditions make of a macro is compared without the conditions",
    ),
    Case(
        "pasted_name_of_another_units_header",
        "a macro of a header that only the first unit includes is no macro where the second pastes its name",
        files={
            "h.h": "#pragma once\n#define D0 7\n",
            "a.c": '#include "h.h"\nint fa(void){return D0;}\n',
            "main.c": "#define PASTE(l,r) l##r\nint fa(void);\n"
            "int main(void){int PASTE(D,0)=7;return fa()-PASTE(D,0);}\n",
        },
        sources=("a.c", "main.c"),
        fails="a name that the unit pastes together is not among its words",
    ),
]
