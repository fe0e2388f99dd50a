"""Which functions a C header shows."""

from __future__ import annotations

from amalgamate.plan.capi import declared_functions, exported_functions


def names(header: str) -> list[str]:
    return list(declared_functions(header.encode()))


def test_a_function_is_the_name_before_its_parameters() -> None:
    assert names("int f(int a, char b);\nvoid *g(void);\nconst char *h(void (*callback)(int), int n);\n") == [
        "f",
        "g",
        "h",
    ]


def test_linkage_braces_hide_nothing() -> None:
    assert names(
        '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\nint g(void);\n'
    ) == [
        "f",
        "g",
    ]


def test_types_and_macros_are_no_functions() -> None:
    text = "#define CALL(x) f(x)\ntypedef int (*Callback)(int);\nstruct S { int (*member)(int); };\nint f(int);\n"
    assert names(text) == ["f"]


def test_attributes_before_and_behind_are_not_the_name() -> None:
    assert names('__attribute__((visibility("default"))) int f(int*) __attribute__((nonnull(1)));') == ["f"]
    assert names("__declspec(dllexport) int g(int);") == ["g"]


def test_static_and_inline_functions_are_not_shown() -> None:
    assert names("static int f(int a) { return g(a); }\ninline int k(int a) { return a; }\nint h(void);\n") == ["h"]


def test_comments_and_literals_declare_nothing() -> None:
    assert names('/* int a(int); */ // int b(int);\nextern const char *text; /* " */ int c(int);\n') == ["c"]


def test_exports_are_matched_in_the_order_of_the_header() -> None:
    header = b"int MXSecond(void);\nint MXFirst(void);\nint helper(void);\nint MXSecond(void);\n"
    assert exported_functions(header, ["MX*"]) == ("MXSecond", "MXFirst")
