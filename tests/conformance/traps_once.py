"""More ways to be read once, or again: imports, pragmas under conditions, guards that are shared or undone."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "import_is_once",
        "a file that was imported is not read again by #include",
        files={
            "h.h": """
int q=0;
""",
            "main.c": """
#import "h.h"
#include "h.h"
#import "h.h"
int main(void){return q;}
""",
        },
        options=(("-Wno-deprecated",),),
    ),
    Case(
        "pragma_operator_once",
        'the operator _Pragma("once") counts as #pragma once',
        files={
            "h.h": """
_Pragma("once")
struct s { int x; };
""",
            "b.h": """
#include "h.h"
""",
            "main.c": """
#include "h.h"
#include "b.h"
int main(void){struct s v={0}; return v.x;}
""",
        },
    ),
    Case(
        "pragma_once_under_condition",
        "a #pragma once in a branch counts only where the branch is taken: one file cannot know",
        files={
            "list.h": """
#ifdef ONLY_ONCE
#pragma once
#endif
ITEM
""",
            "main.c": """
#define ITEM +1
int n = 0
#include "list.h"
#include "list.h"
;
int main(void){return n-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=2",), ("-DONLY_ONCE", "-DEXPECTED=1")),
        refusal='main.c:4:1: error: "list.h" is included again, and an open condition decides whether it is read once\n'
        "  hint: give it an include guard",
    ),
    Case(
        "pragma_once_under_condition_before_guard",
        "a guard is one behind a #pragma once that stands in a conditional of its own, too",
        files={
            "h.h": """
#if defined(_MSC_VER)
#pragma once
#endif
#ifndef H
#define H
struct s { int x; };
#endif
""",
            "a.c": """
#include "h.h"
#include "h.h"
int fa(void){struct s v={0}; return v.x;}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){struct s v={0}; return v.x+fa();}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "pragma_once_in_dead_branch",
        "a #pragma once in a branch that is never taken does not count",
        files={
            "list.h": """
#if 0
#pragma once
#endif
ITEM
""",
            "main.c": """
#define ITEM +1
int n = 0
#include "list.h"
#include "list.h"
;
int main(void){return n-2;}
""",
        },
    ),
    Case(
        "pragma_once_in_the_middle",
        "a #pragma once behind other text counts",
        files={
            "h.h": """
/* text */
typedef int h_type;
#pragma once
struct s { h_type x; };
""",
            "main.c": """
#include "h.h"
#include "h.h"
int main(void){struct s v={0}; return v.x;}
""",
        },
    ),
    Case(
        "same_guard_twice",
        "of two headers with one guard's name the second is empty where the first was read",
        files={
            "x.h": """
#ifndef SAME
#define SAME
int from=1;
#endif
""",
            "y.h": """
#ifndef SAME
#define SAME
int from=2;
#endif
""",
            "main.c": """
#include "x.h"
#include "y.h"
int main(void){return from-1;}
""",
        },
    ),
    Case(
        "guard_defined_by_user",
        "a guard that the command line defines empties its header",
        files={
            "h.h": """
#ifndef H
#define H
int q=0;
#endif
""",
            "main.c": """
#include "h.h"
#include "h.h"
#ifdef NO_H
int q=0;
#endif
int main(void){return q;}
""",
        },
        options=((), ("-DH", "-DNO_H")),
    ),
    Case(
        "guard_defined_in_unit",
        "a guard that the unit defines empties its header",
        files={
            "h.h": """
#ifndef H
#define H
int q=1;
#endif
""",
            "main.c": """
#define H
#include "h.h"
int q=0;
int main(void){return q;}
""",
        },
    ),
    Case(
        "guard_undefined_under_condition",
        "a guard that is undefined under an open condition lets the header be read again there",
        files={
            "list.h": """
#ifndef LIST
#define LIST
ITEM
#endif
""",
            "main.c": """
#define ITEM +1
int n = 0
#include "list.h"
#ifdef AGAIN
#undef LIST
#endif
#include "list.h"
;
int main(void){return n-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=1",), ("-DAGAIN", "-DEXPECTED=2")),
    ),
    Case(
        "guard_with_value_tested_elsewhere",
        "a guard that other text tests is defined where it was",
        files={
            "h.h": """
#ifndef H
#define H 1
int q=0;
#endif
""",
            "main.c": """
#ifdef OPEN
#include "h.h"
#endif
#if defined(H) && H
int r=0;
#else
int q=0, r=0;
#endif
int main(void){return q+r;}
""",
        },
        options=((), ("-DOPEN",)),
    ),
    Case(
        "half_open_then_plain",
        "a header included under an open condition and then plainly is there on both paths, once",
        files={
            "inner.h": """
#pragma once
struct inner { int x; };
""",
            "outer.h": """
#pragma once
#include "inner.h"
struct outer { struct inner i; };
""",
            "main.c": """
#ifdef OPEN
#include "outer.h"
#endif
#include "inner.h"
#include "outer.h"
int main(void){struct outer o={{0}}; struct inner i={0}; return o.i.x+i.x;}
""",
        },
        options=((), ("-DOPEN",)),
    ),
    Case(
        "nested_open_conditions",
        "headers under nested and crossing conditions are there exactly where the preprocessor reads them",
        files={
            "a.h": """
#pragma once
#ifdef P
#include "b.h"
#endif
struct a { int x; };
""",
            "b.h": """
#pragma once
#ifndef Q
#include "c.h"
#endif
struct b { int x; };
""",
            "c.h": """
#pragma once
struct c { int x; };
""",
            "main.c": """
#ifdef Q
#include "a.h"
#else
#include "b.h"
#endif
#include "c.h"
#include "b.h"
#include "a.h"
int main(void){return sizeof(struct a)+sizeof(struct b)+sizeof(struct c)-12;}
""",
        },
        options=((), ("-DP",), ("-DQ",), ("-DP", "-DQ")),
    ),
    Case(
        "else_defines_the_header",
        "a header in one branch and a definition in the other",
        files={
            "h.h": """
#ifndef H
#define H
#define N 1
#endif
""",
            "main.c": """
#ifdef OPEN
#include "h.h"
#else
#define H
#define N 2
#endif
#include "h.h"
int main(void){return N-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=2",), ("-DOPEN", "-DEXPECTED=1")),
    ),
    Case(
        "xmacro_file_undefines_its_macro",
        "a list that undefines its macro at its end is read again with another one",
        files={
            "colours.def": """
#ifndef COLOUR
#error define COLOUR first
#endif
COLOUR(red)
COLOUR(green)
#undef COLOUR
""",
            "main.c": """
#define COLOUR(name) name,
enum {
#include "colours.def"
count };
#define COLOUR(name) +1
int n = 0
#include "colours.def"
;
int main(void){return n-count;}
""",
        },
    ),
    Case(
        "file_includes_itself",
        "a file that includes itself with a counter ends where the preprocessor ends it",
        files={
            "loop.h": """
#if DEPTH == 0
#undef DEPTH
#define DEPTH 1
#include "loop.h"
#elif DEPTH == 1
#undef DEPTH
#define DEPTH 2
#include "loop.h"
#endif
+1
""",
            "main.c": """
#define DEPTH 0
int n = 0
#include "loop.h"
;
int main(void){return n-3;}
""",
        },
    ),
    Case(
        "unit_includes_itself",
        "a unit that includes itself is read twice",
        files={
            "main.c": """
#ifndef SECOND
#define SECOND
#include "main.c"
int main(void){return q;}
#else
int q=0;
#endif
""",
        },
    ),
    Case(
        "else_after_guard",
        "an #else makes an include guard a switch",
        files={
            "h.h": """
#ifndef H
#define H
int q=0;
#else
int r=0;
#endif
""",
            "main.c": """
#include "h.h"
#include "h.h"
int main(void){return q+r;}
""",
        },
    ),
    Case(
        "text_behind_the_guard",
        "text behind an include guard is read every time",
        files={
            "h.h": """
#ifndef H
#define H
#define ITEM +1
#endif
ITEM
""",
            "main.c": """
int n = 0
#include "h.h"
#include "h.h"
;
int main(void){return n-2;}
""",
        },
    ),
    Case(
        "include_inside_a_function",
        "a fragment inside a body is read where it stands, each time",
        files={
            "step.inc": """
n += 1;
""",
            "main.c": """
int main(void){
  int n=0;
#include "step.inc"
  {
#include "step.inc"
  }
  return n-2;
}
""",
        },
    ),
    Case(
        "include_inside_a_namespace",
        "a header without a guard inside two namespaces is there in both",
        files={
            "body.inc": """
inline int f() { return N; }
""",
            "main.cpp": """
namespace a {
#define N 1
#include "body.inc"
#undef N
}
namespace b {
#define N 2
#include "body.inc"
#undef N
}
int main(){return a::f()+b::f()-3;}
""",
        },
        sources=("main.cpp",),
    ),
    Case(
        "statement_of_two_functions",
        "a file that is read once stands in the function of each unit, and cannot be one copy",
        files={
            "step.inc": "#pragma once\nv += 1;\n",
            "a.c": 'int fa(int v){\n#include "step.inc"\nreturn v;}\n',
            "main.c": 'int fa(int);\nint main(void){int v=1;\n#include "step.inc"\nreturn fa(1)-v;}\n',
        },
        sources=("a.c", "main.c"),
        refusal='main.c:3:1: error: "step.inc" is read once, but inside a declaration, also at a.c:2:1\n'
        "  hint: without its guard it would be read at every #include",
    ),
    Case(
        "header_inside_a_namespace",
        "a header inside a namespace of one unit declares other things than at file scope of another",
        files={
            "h.h": "#ifndef H\n#define H\ninline int f(){return 1;}\n#endif\n",
            "a.cpp": 'namespace n {\n#include "h.h"\n}\nint fa(){return n::f();}\n',
            "main.cpp": '#include "h.h"\nint fa();\nint main(){return fa()-f();}\n',
        },
        sources=("a.cpp", "main.cpp"),
        refusal='main.cpp:1:1: error: "h.h" is read once, but inside a declaration, also at a.cpp:2:1\n'
        "  hint: without its guard it would be read at every #include",
    ),
    Case(
        "header_inside_c_linkage",
        "the braces of C linkage are no declaration",
        files={
            "h.h": "#ifndef H\n#define H\nint f(void);\n#endif\n",
            "a.cpp": 'extern "C" {\n#include "h.h"\nint f(){return 0;}\n}\n',
            "main.cpp": 'extern "C" {\n#include "h.h"\n}\nint main(){return f();}\n',
        },
        sources=("a.cpp", "main.cpp"),
    ),
    Case(
        "guard_that_its_file_takes_back",
        "a file that undefines its own guard is read each time, with what its includer sets, in every unit",
        files={
            "scalar.h": """
#ifndef SCALAR_H
#define SCALAR_H
#undef SCALAR_H
inline SCALAR twice(SCALAR x){return x+x;}
#endif
""",
            "all.h": """
#ifndef ALL_H
#define ALL_H
#define SCALAR int
#include "scalar.h"
#undef SCALAR
#define SCALAR double
#include "scalar.h"
#undef SCALAR
#endif
""",
            "a.cc": '#include "all.h"\nint fa(){return twice(2);}\n',
            "main.cc": '#include "all.h"\nint fa();\nint main(){return fa()==4&&twice(0.5)==1.0?0:1;}\n',
        },
        sources=("a.cc", "main.cc"),
    ),
]
