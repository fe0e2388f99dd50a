"""Which file an #include names."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "include_macro",
        "an include may be computed by a macro",
        files={
            "a.h": """
int q=0;
""",
            "main.c": """
#define H "a.h"
#include H
int main(void){return q;}
""",
        },
    ),
    Case(
        "has_include",
        "__has_include of a project file is true",
        files={
            "a.h": """
int q=0;
""",
            "main.c": """
#if __has_include("a.h")
#include "a.h"
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "include_next",
        "#include_next goes on behind the folder of the including file",
        files={
            "d1/x.h": """
#include_next <x.h>
#define Y 0
""",
            "d2/x.h": """
#define Z 0
""",
            "main.c": """
#include <x.h>
int main(void){return Y+Z;}
""",
        },
        include_dirs=("d1", "d2"),
    ),
    Case(
        "angle_project",
        "angle brackets may name a project file",
        files={
            "inc/p/a.h": """
int q=0;
""",
            "main.c": """
#include <p/a.h>
int main(void){return q;}
""",
        },
        include_dirs=("inc",),
    ),
    Case(
        "same_basename",
        "two headers of one name in two folders are two headers",
        files={
            "x/u.h": """
#ifndef XU
#define XU
int xu=0;
#endif
""",
            "y/u.h": """
#ifndef YU
#define YU
int yu=0;
#endif
""",
            "x/a.c": """
#include "u.h"
""",
            "y/b.c": """
#include "u.h"
""",
            "main.c": """
#include "x/a.c"
#include "y/b.c"
int main(void){return xu+yu;}
""",
        },
    ),
    Case(
        "parent_rel",
        "../ is resolved beside the including file",
        files={
            "s/d/a.h": """
#include "../b.h"
""",
            "s/b.h": """
#pragma once
int q=0;
""",
            "main.c": """
#include "s/d/a.h"
#include "s/b.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "symlink_same_file",
        "two spellings of one path are one file",
        files={
            "r/a.h": """
#pragma once
int q=0;
""",
            "main.c": """
#include "r/a.h"
#include "r/../r/./a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "include_beside_a_link",
        "a quoted include is looked up beside the link that led to its file",
        files={
            "common/impl.inc": """
#include "names.h"
static int NAME(void){return VALUE;}
""",
            "x/names.h": """
#undef NAME
#undef VALUE
#define NAME first
#define VALUE 1
""",
            "y/names.h": """
#undef NAME
#undef VALUE
#define NAME second
#define VALUE 2
""",
            "main.c": """
#include "x/impl.inc"
#include "y/impl.inc"
int main(void){return first() + second() - 3;}
""",
        },
        links={"x/impl.inc": "../common/impl.inc", "y/impl.inc": "../common/impl.inc"},
    ),
    Case(
        "units_that_are_links",
        "two units may be links to one file, each with headers of its own beside it",
        files={
            "common/unit.c": """
#include "names.h"
int NAME(void){return VALUE;}
""",
            "x/names.h": "#define NAME first\n#define VALUE 1\n",
            "y/names.h": "#define NAME second\n#define VALUE 2\n",
            "main.c": """
int first(void);
int second(void);
int main(void){return first() + second() - 3;}
""",
        },
        links={"x/unit.c": "../common/unit.c", "y/unit.c": "../common/unit.c"},
        sources=("x/unit.c", "y/unit.c", "main.c"),
    ),
    Case(
        "link_to_a_header_read_once",
        "a header read once is read once by whatever link, also where its neighbours differ",
        files={
            "real/h.h": """
#pragma once
#include "more.h"
struct s { int a; };
""",
            "real/more.h": "#define MORE 1\n",
            "link/more.h": "#define MORE 2\n",
            "real/same.h": """
#pragma once
enum { same = 1 };
""",
            "main.c": """
#include "real/h.h"
#include "link/h.h"
#include "link/same.h"
#include "real/same.h"
int main(void){return MORE + same - 2;}
""",
        },
        links={"link/h.h": "../real/h.h", "link/same.h": "../real/same.h"},
    ),
]
