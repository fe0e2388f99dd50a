"""What looks like a directive and is none, and what hardly looks like one and is."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "inc_in_block_comment",
        "an include in a comment is text",
        files={
            "main.c": """
/*
#include "nope.h"
*/
int main(void){return 0;}
""",
        },
    ),
    Case(
        "inc_in_raw_string",
        "an include in a raw string is text",
        files={
            "a.h": """
int evil;
""",
            "main.cpp": r"""
#include <cstring>
const char*s=R"x(
#include "a.h"
)x";
int main(){return std::strcmp(s,"\n#include \"a.h\"\n")?1:0;}
""",
        },
        sources=("main.cpp",),
    ),
    Case(
        "asm_incbin_like",
        "an include in a string is text",
        files={
            "main.c": r"""
const char*s="#include \"nope.h\"";
int main(void){return s[0]==35?0:1;}
""",
        },
    ),
    Case(
        "multi_line_string",
        "an include in a string that goes on behind a splice is text",
        files={
            "main.c": r"""
const char*s="a\
#include \"x\"";
int main(void){return s[0]==97?0:1;}
""",
        },
    ),
    Case(
        "splice_comment",
        "a line comment goes on behind a splice",
        files={
            "a.h": """
int q=0;
""",
            "main.c": r"""
// c \
#include "nope.h"
#include "a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "line_continuation",
        "an include may be spliced",
        files={
            "a.h": """
int q=0;
""",
            "main.c": r"""
#include \
"a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "space_comment_inc",
        "comments may stand before, in and behind an include",
        files={
            "a.h": """
int q=0;
""",
            "main.c": """
 /* x */ # /* y */ include /* z */ "a.h" // t
int main(void){return q;}
""",
        },
    ),
    Case(
        "digraph",
        "%: is a #",
        files={
            "a.h": """
int q=0;
""",
            "main.c": """
%:include "a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "digit_sep",
        "a digit separator opens no character literal",
        files={
            "a.h": """
#pragma once
const int k=1'000'000;
""",
            "main.cpp": """
#include "a.h"
#include "a.h"
int main(void){return k==1000000?0:1;}
""",
        },
        sources=("main.cpp",),
    ),
    Case(
        "crlf",
        "CRLF line ends are line ends, behind a splice too",
        files={
            "a.h": b"#pragma once\r\n#define S(x) \\\r\n (x)\r\n",
            "main.c": b'#include "a.h"\r\nint main(void){return S(0);}\n',
        },
    ),
    Case(
        "bom",
        "a byte order mark in the middle of the output is none",
        files={
            "a.h": b"\xef\xbb\xbf#pragma once\nint q=0;\n",
            "main.c": """
int z;
#include "a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "latin1",
        "bytes that are not UTF-8 are copied",
        files={
            "a.h": b"/* caf\xe9 */\nint q=0;\n",
            "main.c": """
#include "a.h"
int main(void){return q;}
""",
        },
    ),
    Case(
        "no_eol",
        "a header without final line end does not swallow the next line",
        files={
            "a.h": b"int q=0;",
            "main.c": """
#include "a.h"
#define Z 0
int main(void){return q+Z;}
""",
        },
    ),
    Case(
        "no_eol_comment",
        "a header that ends in a comment without line end does not swallow the next line",
        files={
            "a.h": b"int q=0; // end",
            "main.c": """
#include "a.h"
int r=0;
int main(void){return q+r;}
""",
        },
    ),
    Case(
        "stringize_keep",
        "__LINE__ can be made a string",
        files={
            "a.h": """
#define STR(x) #x
#define S2(x) STR(x)
""",
            "main.c": """
#include "a.h"
#include <string.h>
int main(void){return strcmp(S2(__LINE__),STR(3))*0;}
""",
        },
    ),
]
