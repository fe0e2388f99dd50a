"""What no compiler reads is refused with its place, or told; what compilers pass is passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.pipeline import Bundle


def build(root: Path, text: str, name: str = "a.cc", settings: str = "") -> Bundle:
    return build_tree(root, {"amalgamate.toml": f'[input]\nsources = ["{name}"]\n{settings}', name: text})


def refusal(root: Path, text: str, name: str = "a.cc") -> str:
    with pytest.raises(InputError) as caught:
        build(root, text, name)
    return str(caught.value)


SPLIT = "a backslash ends a line in the middle of what begins or ends a comment, a raw string or a number"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("int a;\n  /* never\nint b;\n", "2:3: error: unterminated comment"),
        ("#if 0\n/* never\n#endif\n", "2:1: error: unterminated comment"),
        ("int a; /*/", "1:8: error: unterminated comment"),
        ("int a; /* one */ /* two *\n", "1:18: error: unterminated comment"),
        ("int a = 1'000; /* one */ /* two\n", "1:26: error: unterminated comment"),
        ('auto a = R"x(\n)y";\n', "1:11: error: unterminated raw string"),
        ('auto a = u8R"(\n', "1:13: error: unterminated raw string"),
        ('auto a = R"(/*)";\nauto b = R"(/*";\n', "2:11: error: unterminated raw string"),
        ("int a; /\\\n* one */", f"1:9: error: {SPLIT}"),
        ("int a; /\\ \n\\\n/ one", f"1:9: error: {SPLIT}"),
        ("int a; /* one *\\\n/", f"1:16: error: {SPLIT}"),
        ('auto a = R\\\n"(/*)";', f"1:11: error: {SPLIT}"),
        ('auto a = xu\\\n8R"(/*)";', f"1:12: error: {SPLIT}"),
        ("int a = 1'\\\n0 - '0';", f"1:11: error: {SPLIT}"),
        ("int a = 1\\\n'0 - '0';", f"1:10: error: {SPLIT}"),
    ],
)
def test_what_never_ends_or_is_split_is_refused_where_it_begins(tmp_path: Path, text: str, place: str) -> None:
    assert refusal(tmp_path, text).splitlines()[0] == f"a.cc:{place}"


@pytest.mark.parametrize(
    "text",
    [
        "int a; // /* never\n",
        'const char *a = "/*";\n',
        "char a = '\"'; /* \" */\n",
        'auto a = R"(/*)"; auto b = R"x(" /* )x";\n',
        "int a; /* one /* two */\n",
        "int a; /**/ /***/\n",
        '#define XR "x"\nauto a = XR"(y";\n',
        "#if 0\ndon't /* worry\n#endif\n",
        "int a = 1'0'0; // /*\n",
        "int a;\0int b;\n",
    ],
)
def test_what_only_looks_unterminated_is_passed(tmp_path: Path, text: str) -> None:
    assert text.encode() in build(tmp_path, text).files[0].data or "#" in text


@pytest.mark.parametrize("text", ["#include\n", '#include "x.h\n', "#include <x.h\n", "#include // x.h\n"])
def test_an_include_that_names_nothing_is_malformed(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text) == (
        'a.cc:1:1: error: malformed #include\n  hint: write #include "FILE" or #include <FILE>'
    )


def test_an_unknown_directive_is_refused_with_a_guess(tmp_path: Path) -> None:
    assert refusal(tmp_path, "int a;\n# inclde <stdio.h>\n") == (
        'a.cc:2:1: error: unknown directive "#inclde"\n  hint: did you mean "#include"?'
    )


def test_an_unknown_directive_under_an_open_condition_is_a_warning(tmp_path: Path) -> None:
    bundle = build(tmp_path, "#ifdef OPEN\n#elsif X\n#endif\n")
    assert [str(each) for each in bundle.diagnostics] == [
        'a.cc:2:1: warning: unknown directive "#elsif"\n  hint: did you mean "#elif"?'
    ]


def test_a_public_header_is_included_from_nowhere(tmp_path: Path) -> None:
    files = {"amalgamate.toml": '[input]\nheader_only = ["a.h"]\n', "a.h": "\n#include\n"}
    with pytest.raises(InputError) as caught:
        build_tree(tmp_path, files)
    assert str(caught.value) == 'a.h:2:1: error: malformed #include\n  hint: write #include "FILE" or #include <FILE>'


def test_known_directives_and_those_in_dead_branches_are_passed(tmp_path: Path) -> None:
    text = '#\n# 3 "b.c"\n#line 4\n#warning x\n#ident "x"\n#sccs "x"\n#assert a(b)\n#unassert a\n#pragma x\n'
    assert build(tmp_path, text + "#if 0\n#inclde x\n#endif\n").diagnostics == ()


def test_a_fixed_macro_that_a_source_defines_otherwise_is_a_warning(tmp_path: Path) -> None:
    text = "#define X 3\n#define SAME 5\n#undef GONE\n#define GONE 1\nint x = X;\n"
    bundle = build(tmp_path, text, settings="[defines]\nX = 4\nSAME = 5\nGONE = 2\n")
    assert "\n".join(map(str, bundle.diagnostics)) == (
        'a.cc:1:1: warning: "X" is fixed by the configuration, and defined otherwise here\n'
        "  hint: guard the definition with #ifndef"
    )
