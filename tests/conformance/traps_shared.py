"""Headers that several units share, as real libraries write them: one copy serves all units."""

from __future__ import annotations

from conformance.case import Case

_EXPORT = """
#ifndef CONFIG_H
#define CONFIG_H
#if defined(SHARED)
#define API extern
#endif
#ifndef API
#define API
#endif
#endif
"""

CASES = [
    Case(
        "header_under_a_condition_behind_a_system_header",
        "conditions around an include hold wherever its copy is read, whatever a system header stands in between",
        files={
            "config.h": _EXPORT,
            "value.h": """
#ifndef VALUE_H
#define VALUE_H
#ifndef ONE_FILE
#include "config.h"
#endif
API int value(void);
#endif
""",
            "more.h": """
#ifndef MORE_H
#define MORE_H
#include <stdlib.h>
#ifndef ONE_FILE
#include "config.h"
#endif
#endif
""",
            "a.c": '#ifndef ONE_FILE\n#include "value.h"\n#endif\nint value(void){return 7;}\n',
            "main.c": """
#ifndef ONE_FILE
#include "more.h"
#include "value.h"
#endif
int main(void){return value()-7;}
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DSHARED",)),
    ),
    Case(
        "name_that_only_one_unit_undefines",
        "a name that the library never defines may be undefined in one unit before a shared header",
        files={
            "text.h": "#pragma once\nint join(void);\n",
            "a.c": '#include "text.h"\nint join(void){return 5;}\n',
            "main.c": '#ifdef _WIN32\n#undef join\n#endif\n#include "text.h"\nint main(void){return join()-5;}\n',
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "word_that_is_a_macro_for_other_compilers",
        "a shared header may use a word that another header makes a macro where an open condition holds",
        files={
            "words.h": "#pragma once\n#ifdef _MSC_VER\n#define inline __inline\n#endif\n",
            "text.h": "#pragma once\nstatic inline int five(void){return 5;}\n",
            "a.c": '#include "words.h"\n#include "text.h"\nint six(void){return five()+1;}\n',
            "main.c": '#include "text.h"\nint six(void);\nint main(void){return six()-five()-1;}\n',
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "part_that_only_one_unit_needs",
        "what a header has for those who ask stands in the unit that asks, with its system headers",
        files={
            "deps.h": """
#ifndef DEPS_COMMON
#define DEPS_COMMON
#include <stddef.h>
#endif
#ifdef DEPS_NEED_TEXT
#ifndef DEPS_TEXT
#define DEPS_TEXT
#include <string.h>
#define length(s) strlen(s)
#endif
#endif
""",
            "tool.h": """
#ifndef TOOL_H
#define TOOL_H
#include "deps.h"
static inline size_t tool(void){return sizeof(char);}
#endif
""",
            "a.c": '#include "tool.h"\nint fa(void){return (int)tool();}\n',
            "main.c": """
#define DEPS_NEED_TEXT
#include "tool.h"
int fa(void);
int main(void){return (int)length("abcd")-3-fa()*(int)tool();}
""",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "macro_that_a_header_read_in_parts_brings",
        "a macro that a shared header brings is the same in its text, though one unit had it before",
        files={
            "hash.h": """
#ifndef NAMESPACE
#define NAMESPACE lib_
#endif
#if defined(HASH_INLINE) && !defined(HASH_INLINE_DONE)
#define HASH_INLINE_DONE
#undef NAMESPACE
#define NAMESPACE inline_
#endif
#ifndef HASH_H
#define HASH_H
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define hash JOIN(NAMESPACE, hash)
int hash(void);
#endif
""",
            "inner.h": """
#ifndef INNER_H
#define INNER_H
#include "hash.h"
static inline int twice(void){return 2*hash();}
#endif
""",
            "a.c": '#include "inner.h"\nint hash(void){return 4;}\nint fa(void){return twice();}\n',
            "main.c": '#include "hash.h"\n#include "inner.h"\nint fa(void);\nint main(void){return fa()+twice()-16;}\n',
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "header_listed_under_once",
        "a header that reads differently in two units stands once where the configuration says that one copy will do",
        files={
            "h.h": "#pragma once\n#ifdef MORE\nint more(void);\n#endif\nint less(void);\n",
            "a.c": '#define MORE\n#include "h.h"\nint more(void){return 3;}\nint less(void){return more()-1;}\n',
            "main.c": '#undef MORE\n#include "h.h"\nint main(void){return less()-2;}\n',
        },
        sources=("a.c", "main.c"),
        config='[files]\nonce = ["h.h"]\n',
    ),
    Case(
        "unit_that_an_open_condition_holds_whole",
        "what headers make inside of a unit's open condition is the same there; behind it nobody asks",
        files={
            "kind.h": "#pragma once\n#ifdef FAST\n#define KIND 1\n#else\n#define KIND 2\n#endif\n",
            "a.c": '#include "kind.h"\nint a(void){return KIND;}\n',
            "main.c": """
#ifndef WITHOUT
#include "kind.h"
int a(void);
int main(void){return a()-KIND;}
#else
int main(void){return 0;}
#endif
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DFAST",), ("-DWITHOUT",)),
    ),
    Case(
        "name_behind_an_open_condition_that_a_header_makes_a_macro",
        "behind a unit's open condition a name is none of the macros that a header makes inside of it",
        files={
            "kind.h": "#pragma once\n#ifdef FAST\n#define KIND 1\n#else\n#define KIND 2\n#endif\n",
            "a.c": '#include "kind.h"\nint a(void){return KIND;}\n',
            "main.c": '#ifdef WITH\n#include "kind.h"\n#endif\nint a(void);\n'
            "int main(void){int KIND = 2; return a()-KIND;}\n",
        },
        sources=("a.c", "main.c"),
        refusal='main.c:5: error: "KIND" is not what it would be in this unit alone: kind.h:5 changes it\n'
        '  hint: fix "KIND" for all units in [defines], or give it another name in one of them',
    ),
    Case(
        "part_that_is_read_once_and_only_if_asked_for",
        "a part of a header that the unit asks for and nobody has read yet is read, whatever else is open",
        files={
            "tables.h": """
#ifndef TABLES_H
#define TABLES_H
int tables(void);
#endif
#if defined(TABLES_STATIC) && !defined(TABLES_STATIC_H)
#define TABLES_STATIC_H
#define TABLE_LOG 12
#if TABLE_LOG > 15
#error "too large"
#endif
static inline int table_log(void){return TABLE_LOG;}
#endif
""",
            "inner.h": '#pragma once\n#define TABLES_STATIC\n#include "tables.h"\n',
            "a.c": '#ifdef WITH\n#include "inner.h"\n#endif\n#include "tables.h"\nint tables(void){return 1;}\n',
            "main.c": """
#include "tables.h"
#include "inner.h"
int main(void){return table_log()-TABLE_LOG-tables()+1;}
""",
        },
        sources=("a.c", "main.c"),
        options=((), ("-DWITH",)),
    ),
    Case(
        "comment_that_names_a_macro_of_a_part",
        "a comment behind a branch uses no macro that the branch may have made",
        files={
            "base.h": """
#ifndef BASE_H
#define BASE_H
int base(void);
#endif
#ifdef BASE_STATIC
#ifndef BASE_STATIC_H
#define BASE_STATIC_H
#ifdef SHOWN
#define BASE_API extern
#else
#define BASE_API
#endif
BASE_API int more(void);
#endif
#endif
""",
            "high.h": """
#ifndef HIGH_H
#define HIGH_H
#include "base.h"
#define BASE_STATIC /* BASE_API */
#include "base.h"
BASE_API int high(void);
#endif
""",
            "a.c": '#define BASE_STATIC\n#include "base.h"\nint base(void){return 1;}\nint more(void){return 2;}\n',
            "main.c": '#include "high.h"\nint high(void){return more();}\nint main(void){return high()-2*base();}\n',
        },
        sources=("a.c", "main.c"),
        options=((), ("-DSHOWN",)),
    ),
]
