"""What a unit asks of namespaces and of system headers, and the next one does not."""

from __future__ import annotations

from conformance.case import Case

_LIB = "#pragma once\nnamespace lib{inline int two(int x){return 2*x;}}\nint two(double);\n"

_NESTED = "#pragma once\nnamespace g::d{inline int v(){return 7;}}namespace g::inline v3{inline int w(){return 8;}}\n"

CASES = [
    Case(
        "namespace_that_a_nested_definition_declares",
        "`namespace g::d {}` makes d a member of g: a directive that brings it is not stripped",
        files={
            "h.h": _NESTED,
            "a.cpp": '#include "h.h"\nint fa(){return g::d::v();}\n',
            "main.cpp": '#include "h.h"\nusing namespace g;\nnamespace al=d;\nint fa();\n'
            "int main(){return fa()==7&&d::v()==7&&al::v()==7&&v3::w()==8?0:1;}\n",
        },
        sources=("a.cpp", "main.cpp"),
    ),
    Case(
        "directives_that_two_units_keep",
        "a directive that one unit keeps may not reach another that keeps a different one",
        files={
            "lib.h": _LIB,
            "a.cpp": '#include "lib.h"\nusing namespace lib;\nint fa(){return two(1);}\n',
            "main.cpp": '#include "lib.h"\n#include <string>\nusing namespace std;\nint two(double){return -1;}\n'
            "int fa();\nint main(){string s;return fa()==2&&two(1)==-1?(int)s.size():1;}\n",
        },
        sources=("a.cpp", "main.cpp"),
        refusal='main.cpp:6: error: "two" would be that of lib.h:2 too, which "using namespace lib" brings '
        'in the one file\n  hint: qualify "two" there',
    ),
    Case(
        "directives_that_two_units_share",
        "two units that keep the same directive stand behind those that keep none",
        files={
            "a.cpp": '#include <string>\nusing namespace std;\nint fa(){return string("x").size();}\n',
            "b.cpp": "template<class T> T move(T x){return x;}\nstruct S{};\nint fb(){return move(1);}\n",
            "main.cpp": "#include <string>\nusing namespace std;\nint fa();\nint fb();\n"
            'int main(){return string("ab").size()==(unsigned)(fa()+fb())?0:1;}\n',
        },
        sources=("a.cpp", "b.cpp", "main.cpp"),
    ),
    Case(
        "directive_of_a_header_that_one_unit_includes",
        "a directive that a header brings reaches the units that include it, and no other",
        files={
            "h.h": "#pragma once\n#include <algorithm>\nusing namespace std;\n",
            "a.cpp": '#include "h.h"\nint fa(){return max(1,2);}\n',
            "main.cpp": "#include <utility>\nint fa();\nint move(const int&){return 3;}\n"
            "int main(){return fa()==2&&move(4)==3?0:1;}\n",
        },
        sources=("a.cpp", "main.cpp"),
    ),
    Case(
        "gnu_function_of_the_same_name",
        "a feature-test macro of one unit may not turn another's function into a different one",
        files={
            "a.c": '#define _GNU_SOURCE\n#include <string.h>\nint fa(void){return memmem("ab",2,"b",1)==0;}\n',
            "main.c": "#include <string.h>\nint fa(void);\n"
            "int main(void){char text[64];return strerror_r(2,text,sizeof text)!=0||fa();}\n",
        },
        sources=("a.c", "main.c"),
        refusal='main.c: error: "strerror_r" would be the GNU function of this name: a.c:1:1 asks for "_GNU_SOURCE"\n'
        '  hint: fix "_GNU_SOURCE" in [defines], and write for the GNU function',
    ),
    Case(
        "checks_that_a_unit_asks_of_the_library",
        "a switch of the C++ library counts although an earlier unit has read its headers",
        files={
            "a.cpp": "#include <vector>\nint fa(){return 0;}\n",
            "main.cpp": "#define _GLIBCXX_ASSERTIONS 1\n#include <vector>\n#include <csignal>\n#include <cstdlib>\n"
            "int fa();\nint main(){std::signal(SIGABRT,[](int){std::_Exit(0);});std::vector<int> v(1);v.reserve(9);"
            "volatile int i=3;return v[i]+fa()+1;}\n",
        },
        sources=("a.cpp", "main.cpp"),
    ),
]
