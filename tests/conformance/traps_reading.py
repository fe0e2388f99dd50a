"""What a file says as the compiler reads it: pragmas as operators, numbers, places, names."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "once_operator_named_in_comment",
        "a comment that names the operator form of #pragma once says nothing, and nothing goes with it",
        files={
            "h.h": """
#pragma once
static int n = 10;
static void bump(void)
{
  // unlike _Pragma("once")
  n += 5;
}
""",
            "x.inc": """
/* never _Pragma("once"): read many times */
s += 1;
""",
            "main.c": """
#include "h.h"
int main(void){
  int s = 0;
#include "x.inc"
#include "x.inc"
  bump();
  return n == 15 && s == 2 ? 0 : 1;
}
""",
        },
    ),
    Case(
        "once_operator_named_in_raw_string",
        "a string that names the operator form of #pragma once stays whole",
        files={
            "h.h": """
#pragma once
static const char text[] = R"(use _Pragma("once"); here)";
""",
            "main.cc": """
#include "h.h"
#include <string.h>
int main(){return strcmp(text, "use _Pragma(\\"once\\"); here");}
""",
        },
        sources=("main.cc",),
    ),
    Case(
        "once_operator_beside_code",
        "the operator form of #pragma once goes alone, whatever stands around it",
        files={
            "h.h": """
static int first = 1; _Pragma ( /* the
operator */ "once" ) static int second = 2;
""",
            "main.c": """
#include "h.h"
#include "h.h"
int main(void){return first + second - 3;}
""",
        },
        options=(("-Werror",),),
    ),
    Case(
        "pragma_once_with_extra_tokens",
        "a #pragma once that more tokens follow counts",
        files={
            "h.h": """
#pragma once;
struct s { int a; };
""",
            "main.c": """
#include "h.h"
#include "h.h"
int main(void){return sizeof(struct s) != sizeof(int);}
""",
        },
    ),
    Case(
        "macro_saved_by_operator",
        "push_macro and pop_macro in the operator form save and restore",
        files={
            "main.c": """
#define N 1
_Pragma("push_macro(\\"N\\")")
#undef N
#define N 2
_Pragma("pop_macro(\\"N\\")")
#if N == 1
static int r = 0;
#else
static int r = 1;
#endif
int main(void){return r;}
""",
        },
    ),
    Case(
        "packing_by_operator",
        "a packing that a unit sets in the operator form ends with the unit",
        files={
            "a.c": """
_Pragma("pack(1)")
struct p { char c; int i; };
int fa(void){return sizeof(struct p);}
""",
            "main.c": """
struct q { char c; int i; };
int fa(void);
int main(void){return fa()==5&&sizeof(struct q)==8?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "line_in_condition",
        "a condition on __LINE__ means the line of the file it stands in",
        files={
            "h.h": """
#define AFTER(n) (__LINE__ > n)
enum { filler };
""",
            "main.c": """
#include "h.h"
#if AFTER(2)
#error one
#endif
#if __LINE__ != 5
#error two
#endif

#define HERE __LINE__
#if HERE == 10 && AFTER(9)
int main(void){return 0;}
#endif
""",
        },
    ),
    Case(
        "line_in_spliced_condition",
        "a condition on __LINE__ that spans lines is refused: compilers disagree which line it is",
        files={
            "main.c": """
#if __LINE__ == 1 || \\
    __LINE__ == 2
#endif
int main(void){return 0;}
""",
        },
        refusal="main.c:1:1: error: the condition depends on the line it stands on\n"
        "  hint: write the condition without __LINE__",
    ),
    Case(
        "line_in_renumbered_file",
        "a condition on __LINE__ behind a #line is refused",
        files={
            "main.c": """
#line 100 "gen.y"
#if __LINE__ != 100
#error one
#endif
int main(void){return 0;}
""",
        },
        refusal="main.c:2:1: error: the condition depends on the line it stands on\n"
        "  hint: write the condition without __LINE__",
    ),
    Case(
        "counter_in_condition",
        "a condition that counts with __COUNTER__ is left to the compiler",
        files={
            "main.c": """
#define NEXT() __COUNTER__
#if NEXT() == 0
static int a = 0;
#endif
#if NEXT() == 0
static int b = 1;
#else
static int b = 0;
#endif
int main(void){return a + b;}
""",
        },
    ),
    Case(
        "macros_of_the_expander",
        "macros that only the tool's own expander defines are not defined",
        files={
            "main.c": """
#define PASTE(a, b) a##b
#if PASTE(__PC, PP__)
#error one
#endif
int main(void){return 0;}
""",
        },
    ),
    Case(
        "include_of_file_macro",
        "an include of __FILE__ is refused: it names whatever the compiler was given",
        files={
            "main.c": """
#ifndef AGAIN
#define AGAIN
#define THIS __FILE__
#include THIS
int main(void){return b;}
#else
static int b = 0;
#endif
""",
        },
        refusal='main.c:4:1: error: cannot tell which file "#include THIS" names\n'
        "  hint: fix its macro in [defines], so that it names one file",
    ),
    Case(
        "include_level",
        "a condition on __INCLUDE_LEVEL__ means the level of the file it stands in",
        files={
            "h.h": """
#pragma once
#if __INCLUDE_LEVEL__ == 0
#error not to be compiled alone
#endif
#define LEVEL (__INCLUDE_LEVEL__)
#include "deep.h"
#if LEVEL != 1
#error h.h stands at level one
#endif
""",
            "deep.h": """
#pragma once
#if LEVEL != 2
#error deep.h stands at level two
#endif
""",
            "main.c": """
#include "h.h"
#if __INCLUDE_LEVEL__ || !defined(__INCLUDE_LEVEL__)
#error level zero
#endif
int main(void){return 0;}
""",
        },
    ),
    Case(
        "decimal_beyond_signed",
        "a decimal number that only fits unsigned arithmetic is unsigned",
        files={
            "main.c": """
#if 18446744073709551615 > 0 && -1 > 9223372036854775808
int main(void){return 0;}
#endif
""",
        },
    ),
    Case(
        "octal_comparison",
        "a fact about an octal number is not one about the decimal number of the same digits",
        files={
            "h.h": """
#pragma once
static int q(void){return 0;}
""",
            "main.c": """
#if VER >= 9
#include "h.h"
#endif
#if VER >= 010
#include "h.h"
int main(void){return q();}
#endif
""",
        },
        options=(("-DVER=8",), ("-DVER=9",)),
    ),
    Case(
        "fact_about_a_macro_of_a_macro",
        "what was known of a macro is forgotten when a macro in its body changes",
        files={
            "h.h": """
#pragma once
static int q(void){return 0;}
""",
            "main.c": """
#define A (B)
#if A
#include "h.h"
#endif
#undef B
#ifdef __linux__
#define B 1
#else
#define B 0
#endif
#if A
#include "h.h"
#endif
int main(void){return q();}
""",
        },
        options=((), ("-DB=1",)),
    ),
    Case(
        "name_spelt_by_number",
        "a macro whose name is spelt with a universal character name is refused",
        files={
            "main.c": """
#define \\u00c4 1
#define LONG\\U000000c4 2
#undef \\u00C4
int main(void){return 0;}
""",
        },
        refusal="main.c:1:1: error: #define without a macro name\n"
        "  hint: a name spelt with \\u is not read: write the character\n"
        "main.c:2:1: error: #define without a macro name\n"
        "  hint: a name spelt with \\u is not read: write the character\n"
        "main.c:3:1: error: #undef without a macro name\n"
        "  hint: a name spelt with \\u is not read: write the character",
    ),
    Case(
        "guards_made_for_alike_names",
        "guards made for headers whose names differ in punctuation or letter case alone differ",
        files={
            "x/y.h": """
#pragma once
#define VALUE 1
""",
            "x_y.h": """
#pragma once
#undef VALUE
#define VALUE 2
""",
            "X_Y.h": """
#pragma once
#undef VALUE
#define VALUE 3
""",
            "main.c": """
#ifdef __linux__
#include "x/y.h"
#include "x_y.h"
#include "X_Y.h"
#endif
int main(void){return VALUE - 3;}
""",
        },
    ),
    Case(
        "guard_made_is_taken",
        "a guard made for a header is not one that a source has already",
        files={
            "h.h": """
#pragma once
#define VALUE 1
""",
            "main.c": """
#define AMALGAMATE_ONCE_H_H
#ifdef __linux__
#include "h.h"
#endif
int main(void){return VALUE - 1;}
""",
        },
    ),
    Case(
        "has_include_next",
        "__has_include_next asks behind the folder where the header was found",
        files={
            "i1/foo.h": """
#pragma once
#if __has_include_next(<foo.h>)
#include_next <foo.h>
#else
#define FOO 1
#endif
""",
            "i2/foo.h": """
#pragma once
#if __has_include_next(<foo.h>)
#error there is no third
#endif
#define FOO 2
""",
            "main.c": """
#include <foo.h>
int main(void){return FOO - 2;}
""",
        },
        include_dirs=("i1", "i2"),
    ),
    Case(
        "deep_parentheses",
        "a condition of hundreds of parentheses is read, or left to the compiler",
        files={
            "main.c": "#if " + "(" * 250 + "1" + ")" * 250 + "\nint main(void){return 0;}\n#endif\n",
        },
    ),
    Case(
        "deep_chain_of_macros",
        "a condition on a chain of hundreds of macros is read, or left to the compiler",
        files={
            "main.c": "#define A0 1\n"
            + "".join(f"#define A{number} (A{number - 1} + 1)\n" for number in range(1, 200))
            + "#if A199 == 200\nint main(void){return 0;}\n#endif\n",
        },
    ),
    Case(
        "fixed_macro_against_an_option",
        "whoever compiles cannot half change a macro that the configuration fixes",
        files={
            "main.c": """
#if MODE
int m = 1;
#else
int m = 0;
#endif
int main(void){return m - MODE;}
""",
        },
        config="[defines]\nMODE = '1'\n",
        options=((), ("-DMODE=0",)),
        many_options=("-DMODE=1",),
    ),
    Case(
        "macros_alone_in_a_header_without_guard",
        "a header without a guard that only changes macros changes them in each unit, whatever an earlier one skipped",
        files={
            "change.h": """
#ifndef KEEP
#undef A
#endif
""",
            "both.h": """
#define A 1
#include "change.h"
""",
            "a.c": """
#ifdef P
#include "change.h"
#endif
int fa(void){return 0;}
""",
            "main.c": """
#include "both.h"
int fa(void);
#ifdef A
int main(void){return fa()+A;}
#else
int main(void){return fa();}
#endif
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DP",)),
    ),
]
