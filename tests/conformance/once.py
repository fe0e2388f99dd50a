"""What is read once, what is read again, and what only looks like either."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "pragma_once",
        "a header with #pragma once stands once",
        files={
            "a.h": """
#pragma once
struct A{int x;};
""",
            "b.h": """
#pragma once
#include "a.h"
""",
            "main.c": """
#include "a.h"
#include "b.h"
int main(void){return sizeof(struct A)==4?0:1;}
""",
        },
    ),
    Case(
        "guards",
        "a header with an include guard stands once",
        files={
            "a.h": """
#ifndef A_H
#define A_H
struct A{int x;};
#endif
""",
            "b.h": """
#ifndef B_H
#define B_H
#include "a.h"
#endif
""",
            "main.c": """
#include "a.h"
#include "b.h"
int main(void){return 0;}
""",
        },
    ),
    Case(
        "c_embed_guard_elsewhere",
        "a guard behind a licence comment is a guard",
        files={
            "a.h": """
/* license
 * text
 */

#if !defined(A_H)
#define A_H
int q=0;
#endif
""",
            "main.c": """
#include "a.h"
#include "a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "xmacro",
        "a list that is included twice with another macro stands twice",
        files={
            "c.def": """
X(r,1)
X(g,2)
""",
            "main.c": """
#define X(n,v) n=v,
enum{
#include "c.def"
end};
#undef X
#define X(n,v) +v
int s=0
#include "c.def"
;
int main(void){return s==3?0:1;}
""",
        },
    ),
    Case(
        "guarded_x_undef",
        "a guard that is undefined lets the header be read again",
        files={
            "t.h": """
#ifndef T_H
#define T_H
#ifdef T
T CAT(f_,T)(T x){return x;}
#endif
#endif
""",
            "main.c": """
#define CAT_(a,b) a##b
#define CAT(a,b) CAT_(a,b)
#define T int
#include "t.h"
#undef T
#undef T_H
#define T char
#include "t.h"
#undef T
int main(void){return f_int(1)+f_char(2)-3;}
""",
        },
    ),
    Case(
        "if0_then_real",
        "an include in a dead branch does not count as the first",
        files={
            "c.h": """
#ifndef C_H
#define C_H
static int c(void){return 0;}
#endif
""",
            "main.c": """
#if 0
#include "c.h"
#endif
#include "c.h"
int main(void){return c();}
""",
        },
    ),
    Case(
        "if_else_same",
        "a header included in both branches is there in both",
        files={
            "c.h": """
#pragma once
static int c(void){return V;}
""",
            "main.c": """
#ifdef FOO
#define V 1
#include "c.h"
#else
#define V 0
#include "c.h"
#endif
int main(void){return c();}
""",
        },
    ),
    Case(
        "sys_dup_cond",
        "a system header under an open condition does not serve a later include",
        files={
            "a.c": """
#ifdef NOPE
#include <string.h>
#endif
""",
            "b.c": """
#include <string.h>
static unsigned long b(void){return strlen("");}
""",
            "main.c": """
#include "a.c"
#include "b.c"
int main(void){return (int)b();}
""",
        },
    ),
    Case(
        "cycle_guard",
        "guarded headers that include each other are read as the preprocessor reads them",
        files={
            "a.h": """
#ifndef A_H
#define A_H
#include "b.h"
int a;
#endif
""",
            "b.h": """
#ifndef B_H
#define B_H
#include "a.h"
int b;
#endif
""",
            "main.c": """
#include "a.h"
int main(void){return a+b;}
""",
        },
    ),
    Case(
        "cycle_once",
        "headers with #pragma once that include each other are read as the preprocessor reads them",
        files={
            "a.h": """
#pragma once
#include "b.h"
int a;
""",
            "b.h": """
#pragma once
#include "a.h"
int b;
""",
            "main.c": """
#include "a.h"
int main(void){return a+b;}
""",
        },
    ),
]
