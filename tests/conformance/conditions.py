"""What is decided, and what is left to whoever compiles the output."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "sys_under_ifdef",
        "system headers stay in the branch of their platform",
        files={
            "main.c": """
#ifdef _WIN32
#include <windows.h>
#else
#include <stdio.h>
#endif
int main(void){return stdout?0:1;}
""",
        },
    ),
    Case(
        "if_elif_unknown",
        "macros nobody defines are left to the compiler",
        files={
            "a.h": """
int q=0;
""",
            "main.c": """
#if defined(UNKNOWN_A) && UNKNOWN_B > 2
int q=1;
#elif UNKNOWN_C
int q=2;
#else
#include "a.h"
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "keep_win_branch",
        "the branch of another platform is kept with its headers",
        files={
            "w.h": """
int win_only;
""",
            "main.c": """
#ifdef MY_PLATFORM_X
#include "w.h"
#endif
int main(void){return 0;}
""",
        },
        must_contain=("win_only",),
    ),
]
