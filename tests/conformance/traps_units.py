"""What one unit leaves behind for the next: macros, headers that read differently, languages, packing."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "header_reads_unit_macro",
        "a header that reads a macro of each unit cannot be one copy, and is refused with both places",
        files={
            "h.h": """
#ifndef H
#define H
#ifdef WIDE
enum { width = 2 };
#else
enum { width = 1 };
#endif
#endif
""",
            "a.c": """
#define WIDE
#include "h.h"
int fa(void){return width;}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()==2&&width==1?0:1;}
""",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:1: error: "h.h" does not read the same as at a.c:2:1: a condition has another outcome there\n'
        "  included from h.h:3\n"
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "header_expands_unit_macro",
        "a header whose text expands a macro of each unit cannot be one copy",
        files={
            "h.h": """
#pragma once
static int value(void){return VALUE;}
""",
            "a.c": """
#define VALUE 1
#include "h.h"
int fa(void){return value();}
""",
            "main.c": """
#define VALUE 0
#include "h.h"
int fa(void);
int main(void){return value()+fa()-1;}
""",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:2: error: "h.h" does not read the same as at a.c:2:1: "VALUE" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "header_expands_unit_macro_indirectly",
        "a header whose macro is made of a unit's macro expands it where it is used",
        files={
            "h.h": """
#pragma once
#define TWICE (2*BASE)
""",
            "a.c": """
#define BASE 1
#include "h.h"
int fa(void){return TWICE;}
""",
            "main.c": """
#define BASE 4
#include "h.h"
int fa(void);
int main(void){return fa()==2&&TWICE==8?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "header_uses_macro_of_other_header",
        "a header that expands a macro of the header included before it reads the same in every unit",
        files={
            "one.h": """
#pragma once
#define N 1
""",
            "two.h": """
#pragma once
#define N 2
""",
            "use.h": """
#pragma once
static int n(void){return N;}
""",
            "a.c": """
#include "one.h"
#include "use.h"
int fa(void){return n();}
""",
            "main.c": """
#include "two.h"
#include "use.h"
int fa(void);
int main(void){return fa()==1&&n()==2?0:1;}
""",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:2: error: "use.h" does not read the same as at a.c:2:1: "N" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "use.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "header_macros_reach_no_other_unit",
        "a macro of a header that only the first unit includes is unknown to the second",
        files={
            "h.h": """
#pragma once
#define size 7
""",
            "a.c": """
#include "h.h"
int fa(void){return size;}
""",
            "main.c": """
int fa(void);
struct pair { int size; };
int main(void){struct pair p={7}; return fa()-p.size;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "header_macro_unknown_to_later_ifdef",
        "an #ifdef of a later unit does not see a macro of a header it does not include",
        files={
            "h.h": """
#pragma once
#define FAST 1
""",
            "a.c": """
#include "h.h"
int fa(void){return FAST;}
""",
            "main.c": """
#ifdef FAST
#error leaked
#endif
int fa(void);
int main(void){return fa()-1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "third_unit_gets_header_macro_back",
        "a macro of a header is there again where a later unit includes the header",
        files={
            "h.h": """
#pragma once
#define N 3
""",
            "a.c": """
#include "h.h"
int fa(void){return N;}
""",
            "b.c": """
int N = 4;
int fb(void){return N;}
""",
            "main.c": """
#include "h.h"
int fa(void),fb(void);
int main(void){return fa()+fb()+N-10;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "unit_redefines_header_macro",
        "a unit that redefines a macro of a header does not do so for the next",
        files={
            "h.h": """
#ifndef H
#define H
#define N 3
#endif
""",
            "a.c": """
#include "h.h"
#undef N
#define N 5
int fa(void){return N;}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()==5&&N==3?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "unit_undefines_header_macro",
        "a unit that undefines a macro of a header does not do so for the next",
        files={
            "h.h": """
#ifndef H
#define H
#define N 3
#endif
""",
            "a.c": """
#include "h.h"
#undef N
int N(void){return 5;}
int fa(void){return N();}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()==5&&N==3?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "command_line_macro_survives_a_unit",
        "a unit that undefines a macro of the command line does not take it from the next",
        files={
            "a.c": """
#undef LEVEL
#define LEVEL 9
int fa(void){return LEVEL;}
""",
            "main.c": """
int fa(void);
#ifndef LEVEL
#define LEVEL 0
#endif
int main(void){return fa()==9&&LEVEL==EXPECTED?0:1;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DEXPECTED=0",), ("-DLEVEL=4", "-DEXPECTED=4")),
    ),
    Case(
        "header_redefines_macro",
        "of two headers that define one macro the unit's last one counts, in every unit",
        files={
            "one.h": """
#ifndef ONE
#define ONE
#undef N
#define N 1
#endif
""",
            "two.h": """
#ifndef TWO
#define TWO
#undef N
#define N 2
#endif
""",
            "a.c": """
#include "one.h"
#include "two.h"
int fa(void){return N;}
""",
            "main.c": """
#include "two.h"
#include "one.h"
int fa(void);
int main(void){return fa()==2&&N==1?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "header_macro_of_one_of_two",
        "a unit that includes one of two headers with one macro gets that one's",
        files={
            "one.h": """
#ifndef ONE
#define ONE
#define N 1
#endif
""",
            "two.h": """
#ifndef TWO
#define TWO
#define N 2
#endif
""",
            "a.c": """
#include "one.h"
int fa(void){return N;}
""",
            "b.c": """
#include "two.h"
int fb(void){return N;}
""",
            "main.c": """
#include "one.h"
int fa(void),fb(void);
int main(void){return fa()==1&&fb()==2&&N==1?0:1;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "unguarded_header_in_two_units",
        "a header without a guard that two units include is there for both",
        files={
            "h.h": """
struct point { int x, y; };
enum { ORIGIN };
static int sum(struct point p){return p.x+p.y;}
""",
            "a.c": """
#include "h.h"
int fa(void){struct point p={1,2}; return sum(p)+ORIGIN;}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){struct point p={1,2}; return fa()-sum(p);}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "unguarded_header_of_macros_in_two_units",
        "a header without a guard that only defines macros is there for both units",
        files={
            "h.h": """
#define N 3
#define ADD(x) ((x)+N)
""",
            "a.c": """
#include "h.h"
int fa(void){return ADD(1);}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()-ADD(1);}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "same_guard_in_two_units",
        "two headers with one guard's name, each in a unit of its own, are both there",
        files={
            "x/config.h": """
#ifndef CONFIG_H
#define CONFIG_H
#define X_VALUE 1
typedef int x_type;
#endif
""",
            "y/config.h": """
#ifndef CONFIG_H
#define CONFIG_H
#define Y_VALUE 2
typedef int y_type;
#endif
""",
            "x/a.c": """
#include "config.h"
x_type fa(void){return X_VALUE;}
""",
            "y/main.c": """
#include "config.h"
int fa(void);
int main(void){y_type t=Y_VALUE; return fa()+t-3;}
""",
        },
        sources=("x/a.c", "y/main.c"),
    ),
    Case(
        "guard_test_in_later_unit",
        "a unit that asks whether a header was included hears the truth about itself",
        files={
            "h.h": """
#ifndef H_INCLUDED
#define H_INCLUDED
int shared;
#endif
""",
            "a.c": """
#include "h.h"
int fa(void){return shared;}
""",
            "main.c": """
#ifdef H_INCLUDED
#error not here
#endif
int fa(void);
int main(void){return fa();}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "ndebug_in_first_unit",
        "NDEBUG of one unit switches off its own assertions only",
        files={
            "a.c": """
#define NDEBUG
#include <assert.h>
int fa(void){assert(0); return 0;}
""",
            "main.c": """
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
int fa(void);
static void caught(int s){(void)s; exit(0);}
int main(void){signal(SIGABRT, caught); assert(fa()); return 1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "ndebug_in_last_unit",
        "NDEBUG of a later unit counts although <assert.h> was read before",
        files={
            "a.c": """
#include <assert.h>
int fa(int x){assert(x); return x;}
""",
            "main.c": """
#define NDEBUG
#include <assert.h>
int fa(int);
int main(void){assert(0); return fa(1)-1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "ndebug_through_a_header",
        "NDEBUG of a unit counts for an <assert.h> that a shared header includes",
        files={
            "check.h": """
#pragma once
#include <assert.h>
""",
            "a.c": """
#include "check.h"
int fa(int x){assert(x); return x;}
""",
            "main.c": """
#define NDEBUG
#include "check.h"
int fa(int);
int main(void){assert(0); return fa(1)-1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "pack_leak",
        "a #pragma pack of one unit does not reach the next",
        files={
            "a.c": """
#pragma pack(1)
struct s { char c; int i; };
int fa(void){return sizeof(struct s);}
""",
            "main.c": """
struct t { char c; int i; };
int fa(void);
int main(void){return fa()==5&&sizeof(struct t)==8?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "pack_in_header",
        "a #pragma pack that a header leaves open holds for the units that include it",
        files={
            "pack.h": """
#pragma pack(push, 1)
""",
            "unpack.h": """
#pragma pack(pop)
""",
            "a.c": """
#include "pack.h"
struct s { char c; int i; };
#include "unpack.h"
int fa(void){return sizeof(struct s);}
""",
            "main.c": """
struct t { char c; int i; };
#include "pack.h"
struct u { char c; int i; };
#include "unpack.h"
int fa(void);
int main(void){return fa()==5&&sizeof(struct t)==8&&sizeof(struct u)==5?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "c_and_cplusplus",
        "C and C++ units become one file each, and link",
        files={
            "h.h": """
#ifndef H
#define H
#ifdef __cplusplus
extern "C"
#endif
int fc(int);
#endif
""",
            "c.c": """
#include "h.h"
int fc(int class){return class;}
""",
            "main.cpp": """
#include "h.h"
int main(){return fc(0);}
""",
        },
        sources=("c.c", "main.cpp"),
    ),
    Case(
        "unit_included_by_a_unit",
        "a source that is a unit and that another unit includes is there for both",
        files={
            "impl.c": """
#ifndef IMPL
#define IMPL
static int helper(void){return 2;}
#endif
""",
            "a.c": """
#define WANTED 1
#include "impl.c"
int fa(void){return helper();}
""",
            "main.c": """
#include "impl.c"
int fa(void);
int main(void){return fa()-helper();}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "macro_defined_by_repeat_header",
        "what a header without a guard defines ends with the unit",
        files={
            "begin.h": """
#define LOCAL 1
""",
            "a.c": """
#include "begin.h"
int fa(void){return LOCAL;}
""",
            "main.c": """
#ifdef LOCAL
#error leaked
#endif
int fa(void);
int main(void){return fa()-1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "undef_in_unit_of_header_macro_then_header_reads_it",
        "a header that a later unit includes finds the macro that an earlier unit undefined",
        files={
            "base.h": """
#pragma once
#define N 1
""",
            "derived.h": """
#pragma once
#include "base.h"
enum { derived = N };
""",
            "a.c": """
#include "base.h"
#undef N
int fa(void){return 0;}
""",
            "main.c": """
#include "derived.h"
int fa(void);
int main(void){return fa()+derived-1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "function_like_and_object_like",
        "a function-like macro of one unit and an object-like one of another do not meet",
        files={
            "a.c": """
#define F(x) ((x)+1)
int fa(void){return F(1);}
""",
            "b.c": """
#define F 4
int fb(void){return F;}
""",
            "main.c": """
int fa(void),fb(void);
static int F(int x){return x;}
int main(void){return F(fa()+fb()-6);}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "macro_under_open_condition",
        "a macro that a unit defines under an open condition does not leak either",
        files={
            "a.c": """
#ifdef CHOICE
#define N 1
#else
#define N 2
#endif
int fa(void){return N;}
""",
            "main.c": """
int fa(void);
int N=3;
int main(void){return fa()+N-EXPECTED;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DEXPECTED=5",), ("-DCHOICE", "-DEXPECTED=4")),
    ),
    Case(
        "conditional_include_then_plain_in_next_unit",
        "a header that the first unit includes under a condition is there for the second in any case",
        files={
            "h.h": """
#pragma once
static int h(void){return 3;}
#define H_MACRO 3
""",
            "a.c": """
#ifdef CHOICE
#include "h.h"
int fa(void){return h();}
#else
int fa(void){return H_MACRO_OR(3);}
#endif
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()+h()-2*H_MACRO;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DH_MACRO_OR(x)=x",), ("-DCHOICE",)),
    ),
    Case(
        "struct_of_header_under_unit_condition",
        "a header under the same open condition in two units is there once for both",
        files={
            "h.h": """
#ifndef H
#define H
struct s { int x; };
#endif
""",
            "a.c": """
#ifdef CHOICE
#include "h.h"
int fa(void){struct s v={1}; return v.x;}
#else
int fa(void){return 1;}
#endif
""",
            "main.c": """
int fa(void);
#ifdef CHOICE
#include "h.h"
int main(void){struct s v={1}; return fa()-v.x;}
#else
int main(void){return fa()-1;}
#endif
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DCHOICE",)),
    ),
    Case(
        "forced_include",
        "a forced include stands before the first line of every unit",
        files={
            "prefix.h": """
#define PREFIX 3
static int prefix(void){return PREFIX;}
""",
            "a.c": """
int fa(void){return prefix();}
""",
            "main.c": """
int fa(void);
int main(void){return fa()-PREFIX;}
""",
        },
        sources=("a.c", "main.c"),
        forced_includes=("prefix.h",),
        many_options=("-include", "prefix.h"),
    ),
    Case(
        "system_header_under_unit_condition",
        "a system header that the first unit includes under a condition is there for the second",
        files={
            "a.c": """
#ifdef CHOICE
#include <string.h>
int fa(void){return (int)strlen("");}
#else
int fa(void){return 0;}
#endif
""",
            "main.c": """
#include <string.h>
int fa(void);
int main(void){return fa()+(int)strlen("");}
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DCHOICE",)),
    ),
    Case(
        "stddef_need",
        "a header that asks <stddef.h> for one type only does not take the others from the next unit",
        files={
            "a.c": """
#define __need_size_t
#include <stddef.h>
size_t fa(void){return 0;}
""",
            "main.c": """
#include <stddef.h>
size_t fa(void);
struct s { char c; int i; };
int main(void){ptrdiff_t d=offsetof(struct s,i); return (int)(fa()+d-4);}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "counter_of_includes",
        "a header that counts its own inclusions counts within each unit",
        files={
            "count.h": """
#ifndef COUNT
#define COUNT 1
#elif COUNT == 1
#undef COUNT
#define COUNT 2
#else
#error too often
#endif
""",
            "a.c": """
#include "count.h"
#include "count.h"
int fa(void){return COUNT;}
""",
            "main.c": """
#include "count.h"
int fa(void);
int main(void){return fa()==2&&COUNT==1?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "keyword_macro",
        "a macro that hides a keyword in one unit hides it there only",
        files={
            "a.c": """
#define static
static int fa(void){return 1;}
#define int long
int ga(void){return sizeof(int);}
""",
            "main.c": """
int fa(void);
long ga(void);
static int x=1;
int main(void){return fa()==1&&ga()==sizeof(long)&&sizeof(x)==4?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "implementation_macro",
        "a header that holds its implementation for the one unit that asks for it",
        files={
            "single.h": """
#ifndef SINGLE_H
#define SINGLE_H
int single(void);
#endif
#ifdef SINGLE_IMPLEMENTATION
int single(void){return 3;}
#endif
""",
            "a.c": """
#include "single.h"
int fa(void){return single();}
""",
            "main.c": """
#define SINGLE_IMPLEMENTATION
#include "single.h"
int fa(void);
int main(void){return fa()-single();}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "implementation_macro_inside_the_guard",
        "a guarded header that holds its implementation cannot serve both units with one copy",
        files={
            "single.h": """
#ifndef SINGLE_H
#define SINGLE_H
int single(void);
#ifdef SINGLE_IMPLEMENTATION
int single(void){return 3;}
#endif
#endif
""",
            "a.c": """
#include "single.h"
int fa(void){return single();}
""",
            "main.c": """
#define SINGLE_IMPLEMENTATION
#include "single.h"
int fa(void);
int main(void){return fa()-single();}
""",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:2: error: "single.h" does not read the same as at a.c:1:1: '
        "a condition has another outcome there\n"
        "  included from single.h:4\n"
        '  hint: fix the macro for all units in [defines], or list "single.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "default_in_two_headers",
        "two headers that give one macro different defaults do so each for its own unit",
        files={
            "x.h": """
#pragma once
#ifndef LIMIT
#define LIMIT 1
#endif
""",
            "y.h": """
#pragma once
#ifndef LIMIT
#define LIMIT 2
#endif
""",
            "a.c": """
#include "x.h"
int fa(void){return LIMIT;}
""",
            "main.c": """
#include "y.h"
int fa(void);
int main(void){return fa()*10+LIMIT-EXPECTED;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DEXPECTED=12",), ("-DLIMIT=5", "-DEXPECTED=55")),
    ),
    Case(
        "header_under_system_condition_defines",
        "a macro that a header defines differently by platform reaches only units that include it",
        files={
            "port.h": """
#pragma once
#ifdef __linux__
#define SEPARATOR 1
#else
#define SEPARATOR 2
#endif
""",
            "a.c": """
#include "port.h"
int fa(void){return SEPARATOR;}
""",
            "b.c": """
int fb(int SEPARATOR){return SEPARATOR;}
#ifdef SEPARATOR
#error leaked
#endif
""",
            "main.c": """
#include "port.h"
int fa(void), fb(int);
int main(void){return fa()+fb(SEPARATOR)-2;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "header_undefines_a_system_macro",
        "a header that undefines a macro of a system header does so for the units that include it",
        files={
            "h.h": """
#pragma once
#include <stdlib.h>
#undef EXIT_FAILURE
#define EXIT_FAILURE 7
""",
            "a.c": """
#include "h.h"
int fa(void){return EXIT_FAILURE;}
""",
            "main.c": """
#include <stdlib.h>
int fa(void);
int main(void){return fa()==7&&EXIT_FAILURE==1?0:1;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "held_header_under_open_condition",
        "a header that the first unit includes plainly and the second under a condition defines nothing without it",
        files={
            "h.h": """
#pragma once
#define N 3
""",
            "a.c": """
#include "h.h"
int fa(void){return N;}
""",
            "main.c": """
#ifdef OPEN
#include "h.h"
#endif
#ifndef N
#define N 4
#endif
int fa(void);
int main(void){return fa()*10+N-EXPECTED;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DOPEN", "-DEXPECTED=33"), ("-DEXPECTED=34",)),
    ),
    Case(
        "header_undefines_what_the_user_defines",
        "a macro of the user that a header of the first unit undefines is there for a unit without that header",
        files={
            "h.h": """
#pragma once
#undef LIMIT
""",
            "a.c": """
#include "h.h"
#ifdef LIMIT
#error
#endif
int fa(void){return 1;}
""",
            "main.c": """
int fa(void);
#ifdef LIMIT
int main(void){return fa()+LIMIT-EXPECTED;}
#else
int main(void){return fa()-EXPECTED;}
#endif
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DEXPECTED=1",), ("-DLIMIT=7", "-DEXPECTED=8")),
    ),
    Case(
        "default_is_set_again",
        "a default that another header replaced for one unit is there again for the next",
        files={
            "x.h": """
#pragma once
#ifndef LIMIT
#define LIMIT 1
#endif
""",
            "y.h": """
#pragma once
#ifndef LIMIT
#define LIMIT 2
#endif
""",
            "a.c": """
#include "x.h"
int fa(void){return LIMIT;}
""",
            "b.c": """
#include "y.h"
int fb(void){return LIMIT;}
""",
            "main.c": """
#include "x.h"
int fa(void),fb(void);
int main(void){return fa()*100+fb()*10+LIMIT-EXPECTED;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
        options=(("-DEXPECTED=121",), ("-DLIMIT=5", "-DEXPECTED=555")),
    ),
    Case(
        "macro_of_a_macro_of_another_header",
        "a macro whose definition names another is used with the other's definition in the same unit",
        files={
            "area.h": """
#pragma once
#define AREA (WIDTH * 2)
""",
            "wide.h": """
#pragma once
#define WIDTH 5
""",
            "a.c": """
#include "area.h"
#include "wide.h"
int fa(void){return AREA;}
""",
            "main.c": """
#include "area.h"
int fa(void);
enum { WIDTH = 3 };
int main(void){return fa()*10+AREA-106;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "use_before_the_include_of_a_held_header",
        "a unit that tests a macro before it includes the header that defines it finds it undefined",
        files={
            "h.h": """
#pragma once
#define N 3
""",
            "a.c": """
#include "h.h"
int fa(void){return N;}
""",
            "main.c": """
#ifdef N
int before=1;
#else
int before=0;
#endif
#include "h.h"
int fa(void);
int main(void){return before*100+fa()*10+N-33;}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "header_may_stand_in_for_the_system",
        "what a header defines where the system has not, on some platforms, hides nothing of the system's",
        files={
            "port.h": """
#ifndef PORT_H
#define PORT_H
#ifdef __STRICT_ANSI__
#ifndef va_copy
#define va_copy(to, from) ((to) = (from))
#endif
#endif
#ifdef OLD
#ifndef LIMIT
#define LIMIT 3
#endif
#endif
#endif
""",
            "a.c": """
#include <stdarg.h>
#include "port.h"
int fa(int n, ...){va_list a,b;va_start(a,n);va_copy(b,a);n=va_arg(b,int);va_end(b);va_end(a);return n;}
#ifdef LIMIT
int la(void){return LIMIT;}
#else
int la(void){return 0;}
#endif
""",
            "b.c": """
#include <stdarg.h>
int fb(int n, ...){va_list a,b;va_start(a,n);va_copy(b,a);n=va_arg(b,int);va_end(b);va_end(a);return n;}
#ifdef LIMIT
int lb(void){return LIMIT;}
#else
int lb(void){return 0;}
#endif
""",
            "main.c": """
#include <stdarg.h>
#include "port.h"
int fa(int,...),fb(int,...),la(void),lb(void);
static int fc(int n, ...){va_list a,b;va_start(a,n);va_copy(b,a);n=va_arg(b,int);va_end(b);va_end(a);return n;}
#ifndef LIMIT
#define LIMIT 0
#endif
#ifdef OURS
int main(void){return fa(0,1)+fb(0,2)+fc(0,4)-7+(la()!=5)+(lb()!=5)+(LIMIT-5);}
#elif defined(OLD)
int main(void){return fa(0,1)+fb(0,2)+fc(0,4)-7+(la()!=3)+(lb()!=0)+(LIMIT-3);}
#else
int main(void){return fa(0,1)+fb(0,2)+fc(0,4)-7+la()+lb()+LIMIT;}
#endif
""",
        },
        sources=("a.c", "b.c", "main.c"),
        options=(("-std=gnu99",), ("-std=c99",), ("-DOLD",), ("-DOLD", "-DOURS", "-DLIMIT=5")),
    ),
    Case(
        "header_may_undefine_by_platform",
        "a macro that is defined on some platforms only is hidden from one unit and there for the next",
        files={
            "port.h": """
#pragma once
#undef EXPORT
#ifdef __linux__
#define EXPORT 7
#endif
""",
            "a.c": """
#include "port.h"
int fa(void){return EXPORT;}
""",
            "b.c": """
#ifdef EXPORT
#error
#endif
int fb(void){return 1;}
""",
            "main.c": """
#include "port.h"
int fa(void),fb(void);
int main(void){return fa()*100+fb()*10+EXPORT-717;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
        must_contain=('#ifdef EXPORT\n#error "EXPORT cannot be defined from outside"\n#endif\n',),
    ),
    Case(
        "header_of_one_default",
        "a header that does nothing but give a macro a default leaves the last word to the user",
        files={
            "limit.h": """
#ifndef LIMIT
#define LIMIT 1
#endif
""",
            "a.c": """
#include "limit.h"
int fa(void){return LIMIT;}
""",
            "main.c": """
#include "limit.h"
#if LIMIT > 3
int big=1;
#else
int big=0;
#endif
int fa(void);
int main(void){return fa()*10+big-EXPECTED;}
""",
        },
        sources=("a.c", "main.c"),
        options=(("-DEXPECTED=10",), ("-DLIMIT=5", "-DEXPECTED=51")),
    ),
    Case(
        "default_by_platform_in_a_shared_header",
        "a header that gives a macro one default or another does so for all units",
        files={
            "h.h": """
#ifndef H_H
#define H_H
#ifndef X
#if defined(_WIN32)
#define X 1
#else
#define X 2
#endif
#endif
#endif
""",
            "a.c": '#include "h.h"\nint fa(void){return X;}\n',
            "main.c": '#include "h.h"\nint fa(void);\nint main(void){return fa()-X;}\n',
        },
        sources=("a.c", "main.c"),
        options=((), ("-DX=7",), ("-D_WIN32",)),
    ),
    Case(
        "macro_of_a_part_that_stands_already",
        "a part of a header that an earlier unit brought sets its macros again where a unit needs them as they were",
        files={
            "parts.h": """
#ifndef PART
#define PART
#define LIMIT 5
typedef int part_t;
#endif
#ifdef MORE
#ifndef MORE_PART
#define MORE_PART
typedef int more_t;
#endif
#endif
""",
            "a.c": '#include "parts.h"\npart_t fa(void){return LIMIT;}\n',
            "b.c": """
#ifdef LIMIT
#define BEFORE 1
#else
#define BEFORE 0
#endif
#define MORE
#include "parts.h"
more_t fb(void){return BEFORE*10+LIMIT;}
""",
            "main.c": "int fa(void);\nint fb(void);\nint main(void){return fa()-fb();}\n",
        },
        sources=("a.c", "b.c", "main.c"),
        config='[platform]\nundefined = ["PART"]\n',
    ),
    Case(
        "macro_of_a_unit_beside_that_of_a_header",
        "a header's macro that an open condition decides is hidden only from the unit that has one of its own",
        files={
            "h.h": """
#ifndef H_H
#define H_H
#ifdef BIG
#define X 7
#else
#define X 5
#endif
#endif
""",
            "a.c": '#include "h.h"\nint fa(void){return X;}\n',
            "b.c": "#define X 2\nint fb(void){return X;}\n",
            "main.c": '#include "h.h"\nint fa(void);\nint fb(void);\n'
            "int main(void){return fa()==X&&fb()==2&&X>=5?0:1;}\n",
        },
        sources=("a.c", "b.c", "main.c"),
        options=((), ("-DBIG",)),
    ),
    Case(
        "part_that_a_header_brings_back",
        "a header may undefine the guard of its own part, where a user wants it",
        files={
            "h.h": """
#if defined(AGAIN)
#undef H_PART
#endif
#ifndef H_PART
#define H_PART 1
int f(void);
#endif
""",
            "a.c": '#include "h.h"\nint f(void){return 3;}\n',
            "main.c": '#include "h.h"\n#include "h.h"\nint main(void){return f()-3;}\n',
        },
        sources=("a.c", "main.c"),
        options=((), ("-DAGAIN",)),
    ),
    Case(
        "header_reads_macro_of_an_earlier_header",
        "a header whose text a macro of another header changes, in one unit alone, cannot be one copy",
        files={
            "sign.h": "#pragma once\n#define value -value\n",
            "h.h": "#pragma once\nenum { h = 0 value };\n",
            "one.h": "#pragma once\nenum { one = 1 };\n#define value + one\n",
            "a.c": '#include "one.h"\n#include "h.h"\nint fa(void){return h;}\n',
            "main.c": 'enum { one = 2 };\n#define value\n#undef value\n#include "other.h"\n#include "h.h"\n'
            "int fa(void);\nint main(void){return h+fa()-1;}\n",
            "other.h": "#pragma once\n#define value + 0\n",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:5: error: "h.h" does not read the same as at a.c:2:1: "value" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "header_reads_macro_that_only_one_unit_has",
        "a header whose text is a macro in one unit and a name in the other cannot be one copy",
        files={
            "macro.h": "#pragma once\n#define VALUE (1 + 1)\n",
            "h.h": "static inline int h(void){return VALUE;}\n",
            "a.c": 'enum { VALUE = 1 };\n#include "h.h"\nint fa(void){return h();}\n',
            "main.c": '#include "macro.h"\n#include "h.h"\nint fa(void);\nint main(void){return h()+fa()-3;}\n',
        },
        sources=("a.c", "main.c"),
        refusal='main.c:2: error: "h.h" does not read the same as at a.c:2:1: "VALUE" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
    Case(
        "header_reads_macro_indirectly_that_only_one_unit_has",
        "what stands behind a macro in a header's text counts as its text",
        files={
            "base.h": "#pragma once\n#define TWICE (2 * BASE)\n",
            "macro.h": "#pragma once\n#define BASE (1 + 1)\n",
            "h.h": '#pragma once\n#include "base.h"\nstatic inline int h(void){return TWICE;}\n',
            "a.c": 'enum { BASE = 1 };\n#include "base.h"\n#include "h.h"\nint fa(void){return h();}\n',
            "main.c": '#include "macro.h"\n#include "h.h"\nint fa(void);\nint main(void){return h()+fa()-6;}\n',
        },
        sources=("a.c", "main.c"),
        refusal='main.c:2: error: "h.h" does not read the same as at a.c:3:1: "BASE" is not the same there\n'
        '  hint: fix the macro for all units in [defines], or list "h.h" under repeat in [files],'
        " or under once where one copy will do",
    ),
]
