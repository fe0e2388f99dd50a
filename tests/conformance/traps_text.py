"""More conditions, macros and spellings that must mean the same in one file."""

from __future__ import annotations

from conformance.case import Case

CASES = [
    Case(
        "elif_of_a_decided_chain",
        "an #elif behind a decided #if becomes an #if",
        files={
            "main.c": """
#define MODE 2
#if MODE == 1
#error never
#elif defined(OPEN) && MODE == 2
int q=1;
#elif MODE == 2
int q=0;
#else
#error never
#endif
int main(void){return q-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=0",), ("-DOPEN", "-DEXPECTED=1")),
    ),
    Case(
        "ifdef_of_a_macro_defined_on_one_path",
        "a macro that one open branch defines stays open behind it",
        files={
            "main.c": """
#ifdef OPEN
#define FOUND 1
#endif
#ifdef FOUND
int q=1;
#else
int q=0;
#endif
int main(void){return q-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=0",), ("-DOPEN", "-DEXPECTED=1")),
    ),
    Case(
        "redefined_on_one_path",
        "a macro with another value on one path has no known value behind it",
        files={
            "main.c": """
#define LEVEL 1
#ifdef OPEN
#undef LEVEL
#define LEVEL 2
#endif
#if LEVEL > 1
int q=1;
#else
int q=0;
#endif
int main(void){return q-EXPECTED;}
""",
        },
        options=(("-DEXPECTED=0",), ("-DOPEN", "-DEXPECTED=1")),
    ),
    Case(
        "system_header_defines_a_macro",
        "a macro that a system header may define is open behind it",
        files={
            "main.c": """
#undef INT_MAX
#include <limits.h>
#ifdef INT_MAX
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "system_header_redefines_a_macro",
        "a macro that the unit defines and a system header replaces has the header's value",
        files={
            "main.c": """
#define NULL 5
#include <stddef.h>
#if defined(NULL)
int q=0;
#endif
int main(void){return q+(NULL!=0);}
""",
        },
    ),
    Case(
        "macro_pops",
        "a macro that #pragma pop_macro brings back has its old value",
        files={
            "main.c": """
#define N 1
#pragma push_macro("N")
#undef N
#define N 2
#pragma pop_macro("N")
#if N == 1
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "macro_pops_in_header",
        "a header that pushes and pops a macro leaves it as it was, in each unit",
        files={
            "h.h": """
#pragma once
#pragma push_macro("min")
#undef min
static int min(int a,int b){return a<b?a:b;}
static int use(void){return min(1,2);}
#pragma pop_macro("min")
""",
            "a.c": """
#include "h.h"
int fa(void){return use();}
""",
            "main.c": """
#include "h.h"
int fa(void);
int main(void){return fa()-use();}
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-Dmin(a,b)=0",)),
    ),
    Case(
        "macro_of_macros_in_condition",
        "a condition follows macros through macros",
        files={
            "main.c": """
#define MAJOR 3
#define MINOR 4
#define VERSION (MAJOR*100+MINOR)
#define AT_LEAST(a,b) (VERSION >= ((a)*100+(b)))
#if AT_LEAST(3,4) && !AT_LEAST(3,5)
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "macro_with_a_lazy_body",
        "a macro's body is expanded where it is used, not where it is defined",
        files={
            "main.c": """
#define VALUE OTHER
#define OTHER 1
#if VALUE == 1
#undef OTHER
#define OTHER 2
#endif
#if VALUE == 2
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "macro_with_a_bare_sum",
        "a macro that is a sum without parentheses groups as text does",
        files={
            "main.c": """
#define SUM 1 + 2
#if SUM * 2 == 5
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "defined_made_by_a_macro",
        "defined may come out of a macro",
        files={
            "main.c": """
#define YES 1
#define HAS_YES defined(YES)
#define HAS_NO (defined NO_SUCH_NAME)
#if HAS_YES && !HAS_NO
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "unsigned_condition",
        "a negative number compared with an unsigned one is large",
        files={
            "main.c": """
#if -1 > 0u && -1 >> 1 == -1 && 0x8000000000000000 > 0 && (2 || 1/0)
int q=0;
#else
int q=1;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "pasted_include",
        "a computed include may be made of two macros",
        files={
            "sub/a.h": """
int q=0;
""",
            "main.c": """
#define STR_(x) #x
#define STR(x) STR_(x)
#define DIR sub
#define FILE_IN(d, f) STR(d/f.h)
#include FILE_IN(DIR, a)
int main(void){return q;}
""",
        },
    ),
    Case(
        "computed_include_twice",
        "a computed include names another file where its macro has changed",
        files={
            "a.h": """
int a=1;
""",
            "b.h": """
int b=2;
""",
            "main.c": """
#define HEADER "a.h"
#include HEADER
#undef HEADER
#define HEADER "b.h"
#include HEADER
int main(void){return a+b-3;}
""",
        },
    ),
    Case(
        "computed_include_by_branch",
        "a computed include whose macro differs by branch is refused with its place",
        files={
            "a.h": """
int q=0;
""",
            "b.h": """
int q=0;
""",
            "main.c": """
#ifdef OPEN
#define HEADER "a.h"
#else
#define HEADER "b.h"
#endif
#include HEADER
int main(void){return q;}
""",
        },
        options=((), ("-DOPEN",)),
        refusal='main.c:6:1: error: cannot tell which file "#include HEADER" names\n'
        "  hint: fix its macro in [defines], so that it names one file",
    ),
    Case(
        "spliced_directive_names",
        "a splice may stand anywhere in a directive",
        files={
            "h.h": """
int q=0;
""",
            "main.c": r"""
#inc\
lude "h.h"
#def\
ine R\
ET 0
#if\
 RE\
T
#error no
#endif
int main(void){return q+RET;}
""",
        },
    ),
    Case(
        "comment_over_lines_in_directive",
        "a comment that begins in a directive and ends lines below belongs to it",
        files={
            "h.h": """
#pragma once /* over
lines */
int q=0;
""",
            "main.c": """
#include "h.h" /* one
two */
int r=0;
#include "h.h" /* three
four */
int s=0;
#if 1 /* five
six */
int t=0;
#endif /* seven
eight */
int main(void){return q+r+s+t;}
""",
        },
    ),
    Case(
        "apostrophe_in_dead_branch",
        "an apostrophe in a branch never taken ends at its line",
        files={
            "main.c": """
#if 0
don't stop "here
#endif
#ifdef NEVER_DEFINED_ANYWHERE
it isn't code
#endif
int main(void){return 0;}
""",
        },
    ),
    Case(
        "raw_string_with_directives",
        "a raw string keeps the lines that look like directives",
        files={
            "main.cpp": r"""
#include <cstring>
#define NAME 1
const char* s = R"(
#if 0
#endif
)" R"--(
#define NAME 2
)" )--";
int main(){return std::strstr(s,"#if 0")&&std::strstr(s,"NAME 2")&&NAME==1?0:1;}
""",
        },
        sources=("main.cpp",),
    ),
    Case(
        "splice_at_the_end_of_a_file",
        "a file that ends in a splice does not take the next line",
        files={
            "h.h": b"#define N 0 \\\n",
            "main.c": """
#include "h.h"
int main(void){return N;}
""",
        },
    ),
    Case(
        "include_last_without_line_end",
        "an include may end the file without a line end",
        files={
            "h.h": b"int main(void){return 0;}",
            "main.c": b'#include "h.h"',
        },
    ),
    Case(
        "error_in_open_branch",
        "an #error in an open branch is left there",
        files={
            "main.c": """
#ifdef WRONG
#error wrong
#endif
int main(void){return 0;}
""",
        },
        must_contain=("#error wrong",),
    ),
    Case(
        "fixed_macro_in_code",
        "a macro that the configuration fixes is there for code as well",
        files={
            "main.c": """
#if LIMIT > 3
int main(void){return LIMIT-4;}
#endif
""",
        },
        config='[defines]\nLIMIT = "4"\n',
        many_options=("-DLIMIT=4",),
    ),
    Case(
        "has_include_of_the_system",
        "__has_include of a header that is no project file is left to the compiler",
        files={
            "main.c": """
#if defined(__has_include)
#if __has_include(<stdio.h>) && !__has_include("no/such/header.h")
int q=0;
#endif
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "has_include_guards_a_missing_file",
        "a missing file that __has_include guards is left to the compiler",
        files={
            "main.c": """
#if __has_include("generated/config.h")
#include "generated/config.h"
#else
int q=0;
#endif
int main(void){return q;}
""",
        },
    ),
    Case(
        "quote_before_include_dirs",
        "a quoted include is looked up beside its own file, not beside the unit",
        files={
            "lib/part.h": """
#include "names.h"
""",
            "lib/names.h": """
#define WHO 0
""",
            "names.h": """
#define WHO 1
""",
            "main.c": """
#include "lib/part.h"
int main(void){return WHO;}
""",
        },
    ),
    Case(
        "project_header_named_like_a_system_header",
        "a project header in an include directory wins over the system's of the same name",
        files={
            "inc/time.h": """
#pragma once
#include_next <time.h>
#define OWN_TIME 0
""",
            "main.c": """
#include <time.h>
int main(void){time_t t=0; return OWN_TIME+(int)t;}
""",
        },
        include_dirs=("inc",),
    ),
    Case(
        "line_and_file",
        "#line counts on as it did",
        files={
            "h.h": """
#pragma once
int q=0;
""",
            "main.c": """
#include "h.h"
#line 100 "named.c"
int line = __LINE__;
int main(void){return line-100+q+(sizeof(__FILE__)!=sizeof("named.c"));}
""",
        },
    ),
    Case(
        "extern_c_around_include",
        "a header inside extern C keeps its linkage",
        files={
            "h.h": """
#ifndef H
#define H
int f(void);
#endif
""",
            "f.cpp": """
extern "C" {
#include "h.h"
}
int f(){return 0;}
""",
            "main.cpp": """
extern "C" {
#include "h.h"
}
int main(){return f();}
""",
        },
        sources=("f.cpp", "main.cpp"),
    ),
    Case(
        "using_kept_for_a_system_namespace",
        "using namespace std stays where its unit needs it, and reaches no other",
        files={
            "a.cpp": """
#include <string>
using namespace std;
string fa(){return string("x");}
""",
            "main.cpp": """
#include <string>
std::string fa();
namespace mine { struct string { int x; }; }
int main(){mine::string s{1}; return fa().size()==(unsigned)s.x?0:1;}
""",
        },
        sources=("a.cpp", "main.cpp"),
    ),
    Case(
        "using_in_a_header",
        "a using-directive in a header counts for the units that include it",
        files={
            "h.h": """
#pragma once
namespace deep { inline int f(){return 0;} }
using namespace deep;
""",
            "a.cpp": """
#include "h.h"
int fa(){return f();}
""",
            "main.cpp": """
#include "h.h"
int fa();
int main(){return fa()+f();}
""",
        },
        sources=("a.cpp", "main.cpp"),
    ),
]
