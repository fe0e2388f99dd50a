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
]
