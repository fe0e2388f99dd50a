"""File-local names whose declarations are hard to see: behind defaults, attributes and macros."""

from __future__ import annotations

from conformance.traps_names import cpp

NINE = "#pragma once\nconst int n = 9;\nstruct Item { char bytes[9]; };\n"

DEFAULTS = [
    cpp(
        "default_argument_of_a_template",
        "a default argument of a template means the unit's own constant, whatever a header has",
        '#include "h.h"\nnamespace q {\nstatic const int n = 3;\ntemplate <int N = n> int f() { return N; }\n}\n'
        "int fa() { return q::f(); }\n",
        '#include "h.h"\nint fa();\nnamespace q {\nstatic const int n = 4;\n}\n'
        "int main() { return fa() + q::n - 7; }\n",
        contains=("template <int N = n_a> int f()",),
        h=NINE,
    ),
    cpp(
        "default_type_of_a_template",
        "a default type of a template means the unit's own type, whatever a header has",
        '#include "h.h"\nnamespace q {\nstruct Item { char bytes[3]; };\n'
        "template <class> struct Box {};\n"
        "template <template <class> class, class T = Item> unsigned f() { return sizeof(T); }\n}\n"
        "int fa() { return static_cast<int>(q::f<q::Box>()); }\n",
        '#include "h.h"\nint fa();\nnamespace q {\nstruct Item { char bytes[4]; };\n}\n'
        "int main() { return fa() + static_cast<int>(sizeof(q::Item)) - 7; }\n",
        contains=("class T = Item_a> unsigned f()",),
        h=NINE,
    ),
]
CASES = DEFAULTS
