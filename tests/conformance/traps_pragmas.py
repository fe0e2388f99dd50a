"""What lasts to the end of a translation unit, and must end there in the one file too: pragmas, NDEBUG."""

from __future__ import annotations

from conformance.case import Case

_PACKED_HEADER = """
#pragma once
#pragma pack(1)
struct P { char c; int i; };
"""

CASES = [
    Case(
        "packing_of_a_header_ends_with_the_unit",
        "a header that leaves the packing changed does so for the units that include it",
        files={
            "p.h": _PACKED_HEADER,
            "a.c": '#include "p.h"\nint fa(void){return sizeof(struct P);}\n',
            "main.c": "struct Q { char c; int i; };\nint fa(void);\n"
            "int main(void){return fa()==5&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "packing_that_two_units_get_from_a_header",
        "one copy of a header cannot change the packing of two units",
        files={
            "p.h": _PACKED_HEADER,
            "a.c": '#include "p.h"\nint fa(void){return sizeof(struct P);}\n',
            "main.c": '#include "p.h"\nstruct Q { char c; int i; };\nint fa(void);\n'
            "int main(void){return fa()==5&&sizeof(struct Q)==5?0:1;}\n",
        },
        sources=("a.c", "main.c"),
        refusal='main.c: error: "p.h" leaves "#pragma pack" changed for what follows, here and at a.c:1:1\n'
        "  hint: restore it at the end of the header",
    ),
    Case(
        "packing_that_a_header_restores_is_shared",
        "a header that restores the packing is one copy for all units",
        files={
            "p.h": "#pragma once\n#pragma pack(push, 1)\nstruct P { char c; int i; };\n#pragma pack(pop)\n",
            "a.c": '#include "p.h"\nint fa(void){return sizeof(struct P);}\n',
            "main.c": '#include "p.h"\nstruct Q { char c; int i; };\nint fa(void);\n'
            "int main(void){return fa()==5&&sizeof(struct P)==5&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "packing_by_the_operator",
        "_Pragma changes what the directive changes",
        files={
            "a.c": '_Pragma("pack(1)")\nstruct P { char c; int i; };\nint fa(void){return sizeof(struct P);}\n',
            "main.c": "struct Q { char c; int i; };\nint fa(void);\n"
            "int main(void){return fa()==5&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "packing_by_a_macro",
        "a pragma that a macro holds counts where the macro is used, whichever unit brought its definition",
        files={
            "tight.h": '#pragma once\n#define TIGHT _Pragma("pack(1)")\n#define DENSE TIGHT\n',
            "a.c": '#include "tight.h"\nstruct R { char c; int i; };\nint fa(void){return sizeof(struct R);}\n',
            "b.c": '#include "tight.h"\nDENSE\nstruct P { char c; int i; };\nint fb(void){return sizeof(struct P);}\n',
            "main.c": "struct Q { char c; int i; };\nint fa(void);\nint fb(void);\n"
            "int main(void){return fa()==8&&fb()==5&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "optimisation_of_a_unit",
        "how one unit is optimised is not how the next is",
        files={
            "a.c": '#pragma GCC optimize("fast-math")\ndouble fa(double x){return x+1;}\n',
            "main.c": "double fa(double);\n__attribute__((noinline)) int is_nan(double x){return x!=x;}\n"
            "int main(void){volatile double zero=0;return is_nan(zero/zero)&&fa(1)==2?0:1;}\n",
        },
        sources=("a.c", "main.c"),
        options=((), ("-O2",)),
    ),
    Case(
        "optimisation_that_a_header_asks_for_all_units",
        "a header that every unit includes may set the options of all",
        files={
            "speed.h": '#pragma once\n#ifdef __OPTIMIZE__\n#pragma GCC optimize("Os")\n#endif\n',
            "a.c": '#include "speed.h"\nint fa(void){return 1;}\n',
            "main.c": '#include "speed.h"\nint fa(void);\nint main(void){return fa()-1;}\n',
        },
        sources=("a.c", "main.c"),
        options=((), ("-O2",)),
    ),
    Case(
        "instruction_set_of_a_unit",
        "a unit's target pragma predefines no macro for the next",
        files={
            "a.c": '#ifdef __x86_64__\n#pragma GCC target("avx2")\n#endif\nint fa(void){return 1;}\n',
            "main.c": "int fa(void);\n#ifdef __AVX2__\nint has=1;\n#else\nint has=0;\n#endif\n"
            "int main(void){return fa()==1&&has==0?0:1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "poisoned_names",
        "a name that one unit poisons is free in the next",
        files={
            "a.c": "#include <stdlib.h>\n#pragma GCC poison atoi\nint fa(void){return 1;}\n",
            "main.c": '#include <stdlib.h>\nint fa(void);\nint main(void){return atoi("1")-fa();}\n',
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "warnings_that_one_unit_makes_errors",
        "diagnostic pragmas end with their unit",
        files={
            "a.c": '#pragma GCC diagnostic error "-Wunused-variable"\nint fa(void){return 0;}\n',
            "main.c": "int fa(void);\nint main(void){int unused;return fa();}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "visibility_that_is_never_popped",
        "symbols of the next unit are shown as they were",
        files={
            "a.c": "#pragma GCC visibility push(hidden)\nint fa(void){return 0;}\n",
            "main.c": "int fa(void);\n#pragma GCC visibility push(default)\n"
            "int shown(void){return 0;}\n#pragma GCC visibility pop\nint main(void){return fa()+shown();}\n",
        },
        sources=("a.c", "main.c"),
        must_contain=("#pragma GCC visibility pop\n#endif\n",),
    ),
    Case(
        "assertions_that_a_header_switches_off",
        "NDEBUG of a header that a unit does not include does not reach its assertions",
        files={
            "config.h": "#ifndef CONFIG_H\n#define CONFIG_H\n#define NDEBUG 1\n#endif\n",
            "a.c": '#include "config.h"\n#include <assert.h>\nint fa(int x){assert(x);return x;}\n',
            "main.c": "#include <assert.h>\n#include <signal.h>\n#include <stdlib.h>\nint fa(int);\n"
            "static void caught(int number){(void)number;_Exit(0);}\n"
            "int main(void){signal(SIGABRT,caught);assert(fa(0));return 1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "packing_that_a_unit_restores_without_having_saved_it",
        "a pop without its push changes nothing, in the unit and behind it",
        files={
            "a.c": "#pragma pack(1)\n#pragma pack(pop)\nstruct P { char c; int i; };\n#pragma pack(pop)\n"
            "int fa(void){return sizeof(struct P);}\n",
            "b.c": '#pragma pack(2)\nstruct R { char c; int i; };\n_Pragma("pack(pop)")\n'
            "int fb(void){return sizeof(struct R);}\n",
            "main.c": "struct Q { char c; int i; };\nint fa(void), fb(void);\n"
            "int main(void){return fa()==5&&fb()==6&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "b.c", "main.c"),
    ),
    Case(
        "packing_that_a_macro_saves",
        "a pop stays where a macro may have been its push",
        files={
            "a.c": '#define BEGIN _Pragma("pack(push, 1)")\nBEGIN\nstruct P { char c; int i; };\n#pragma pack(pop)\n'
            "struct R { char c; int i; };\nint fa(void){return sizeof(struct P)+sizeof(struct R);}\n",
            "main.c": "struct Q { char c; int i; };\nint fa(void);\n"
            "int main(void){return fa()==13&&sizeof(struct Q)==8?0:1;}\n",
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "byte_order_that_a_unit_changes",
        "the byte order of a unit's structs ends with the unit",
        files={
            "a.c": "#pragma scalar_storage_order big-endian\nstruct P { int v; };\n"
            "int fa(void){struct P p={1};return ((unsigned char*)&p)[3];}\n",
            "main.c": "struct Q { int v; };\nint fa(void);\n"
            "int main(void){struct Q q={1};return fa()==1&&*(unsigned char*)&q==1?0:1;}\n",
        },
        sources=("a.c", "main.c"),
        must_contain=("#pragma scalar_storage_order default",),
    ),
    Case(
        "layout_and_sections_that_a_unit_changes",
        "a unit's layout of Microsoft's and its sections end with the unit, for the compilers that know them",
        files={
            "a.c": '#pragma ms_struct on\n#pragma clang section bss=".mine"\nint fa(void){return 0;}\n',
            "main.c": "int fa(void);\nint main(void){return fa();}\n",
        },
        sources=("a.c", "main.c"),
        must_contain=(
            "#pragma ms_struct reset\n",
            '#pragma clang section bss="" data="" rodata="" text=""\n',
        ),
    ),
    Case(
        "name_that_a_unit_gives_its_file",
        "a unit that is generated names its grammar, and the next one is called by its own name",
        files={
            "a.c": '#include <string.h>\n#line 6 "foo.y"\n'
            'int fa(void){return strcmp(__FILE__,"foo.y")||__LINE__!=6;}\n',
            "main.c": '#include <string.h>\nint fa(void);\nint main(void){return fa()||strcmp(__FILE__,"main.c");}\n',
        },
        sources=("a.c", "main.c"),
    ),
    Case(
        "symbol_that_a_unit_redefines",
        "a unit that calls a function by another symbol would do so for the next unit",
        files={
            "a.c": "#pragma redefine_extname one two\nint one(void);\nint fa(void){return one();}\n",
            "main.c": "int fa(void);\nint one(void){return 1;}\nint two(void){return 2;}\n"
            "int main(void){return fa()==2&&one()==1?0:1;}\n",
        },
        sources=("a.c", "main.c"),
        refusal='a.c:1: error: "#pragma redefine_extname" would reach "one" in main.c too\n'
        "  hint: say the symbol where the function is declared, by __asm__",
    ),
]
