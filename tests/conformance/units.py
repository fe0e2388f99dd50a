"""Translation units that share one file and must not notice."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "static_clash",
        "two units may have static functions of one name",
        files={
            "a.c": """
static int h(void){return 1;}
int fa(void){return h();}
""",
            "b.c": """
static int h(void){return -1;}
int fb(void){return h();}
""",
            "main.c": """
int fa(void),fb(void);
int main(void){return fa()+fb();}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "anon_ns_clash",
        "two units may have functions of one name in anonymous namespaces",
        files={
            "a.cpp": """
namespace{int h(){return 1;}}
int fa(){return h();}
""",
            "b.cpp": """
namespace{int h(){return -1;}}
int fb(){return h();}
""",
            "main.cpp": """
int fa();int fb();
int main(void){return fa()+fb();}
""",
        },
        sources=("a.cpp", "b.cpp", "main.cpp"),
    ),
    Case(
        "macro_leak",
        "a macro of one unit is unknown to the next",
        files={
            "a.c": """
#define N 3
int fa(void){return N;}
""",
            "b.c": """
#ifndef N
#define N 5
#endif
int fb(void){return N;}
""",
            "main.c": """
int fa(void),fb(void);
int main(void){return fa()+fb()-8;}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "using_ns_leak",
        "a using-directive of one unit does not reach the next",
        files={
            "a.cpp": """
namespace P{struct T{};}
using namespace P;
""",
            "b.cpp": """
namespace Q{struct T{int x;};}
using namespace Q;
int fb(){T t={0};return t.x;}
""",
            "main.cpp": """
int fb();
int main(void){return fb();}
""",
        },
        sources=("a.cpp", "b.cpp", "main.cpp"),
    ),
    Case(
        "feature_macro_order",
        "a feature-test macro of a later unit counts before the first system header",
        files={
            "a.c": """
#include <string.h>
int fa(void){return 0;}
""",
            "b.c": """
#define _GNU_SOURCE
#include <string.h>
int fb(void){return memmem("ab",2,"b",1)==0;}
""",
            "main.c": """
int fa(void),fb(void);
int main(void){return fa()+fb();}
""",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
]
