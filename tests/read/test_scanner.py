"""Directives are found where the preprocessor finds them, and nowhere else."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from amalgamate.read.scanner import Directive, Kind, scan


def found(text: str) -> list[tuple[str, int, str]]:
    """Return kind, line and argument of each directive."""
    return [
        (directive.kind.value.decode(), directive.line, directive.argument.decode())
        for directive in scan(text.encode())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('#include "a.h"\n', [("include", 1, '"a.h"')]),
        ('#include "a.h"', [("include", 1, '"a.h"')]),
        ("#include <a//b.h> // c\n", [("include", 1, "<a//b.h>")]),
        ("#include<a.h>/*x*/\n", [("include", 1, "<a.h>")]),
        ("# /* x */ define /* y\n */ A /* z */ 1 // t\nint x;\n", [("define", 1, "A   1")]),
        ("\n/* one\n two */ #if A\n#endif\n", [("if", 3, "A"), ("endif", 4, "")]),
        ("#inc\\\nlude \\\n <x>\n#else\n", [("include", 1, "<x>"), ("else", 4, "")]),
        ("%:define X\n", [("define", 1, "X")]),
        ("??=define X\n", []),
        ("int a; # define X\n", []),
        ("## define X\n", []),
        ("#\\\n# define X\n", []),
        ("#\n#!x\n#line 3\n", [("", 1, ""), ("", 2, "!x"), ("", 3, "line 3")]),
        ("#define A 'x' \"//\" // c\n", [("define", 1, "A 'x' \"//\"")]),
        ("#define A \\\n 1\n", [("define", 1, "A  1")]),
        ("#define A /* \\\n */ 1\n", [("define", 1, "A   1")]),
        ("#elifdef A\n#elifndef B\n", [("elifdef", 1, "A"), ("elifndef", 2, "B")]),
        ("#includes <x>\n", [("", 1, "includes <x>")]),
        ('R"(\n#if\n)"\n#endif\n', [("endif", 4, "")]),
        ('uR"x(\n#if\n)y"\n)x"\n#endif\n', [("endif", 5, "")]),
        ('aR"(\n#if 1\n)"\n', [("if", 2, "1")]),
        ("don't\n#if 1\n", [("if", 2, "1")]),
        ("int x = 1'000; // '\n#if 1\n", [("if", 2, "1")]),
        ("x = 0xa'b'c;\n#if 1\n'\n#endif\n", [("if", 2, "1"), ("endif", 4, "")]),
        ("// c \\\n#if 1\n#endif\n", [("endif", 3, "")]),
        ("// c \\ \n#if 1\n#endif\n", [("endif", 3, "")]),
        ('"\\\n#if 1\n"\n#endif\n', [("endif", 4, "")]),
        ('"\\\\\n/*"\n#if 1\n#endif\n', [("if", 3, "1"), ("endif", 4, "")]),
        ("'\\'' '\"'\n#if 1\n", [("if", 2, "1")]),
        ("/* never closed\n#if 1\n", []),
        ("", []),
    ],
)
def test_directives(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert found(text) == expected


def test_spans_begin_at_the_hash_and_end_before_the_line_end() -> None:
    data = b"int x;\n  #define A \\\n 1 // c\nint y;\n"
    (directive,) = scan(data)
    assert directive == Directive(Kind.DEFINE, 9, 28, 2, b"A  1")
    assert data[directive.start : directive.end] == b"#define A \\\n 1 // c"


def test_a_long_file_without_directives_behind_the_first_is_read_in_linear_time() -> None:
    assert len(list(scan(b"#if 1\n" + b"int x; /* ' */ char c = '\"';\n" * 200_000))) == 1


pieces = st.sampled_from(
    [
        "#define M{n} ", "#undef M{n} ", "# define M{n} ", "/* c */ #define M{n} ", "%:define M{n} ",
        "/*", "*/", "//", "\\", '"', "'", "\\\n", " ", "\n", "\n", "\n", "x", "/", "*", '\\"',
        'R"(', ')"', 'u8R"d(', ')d"', "1'0", "0x1'f", "L'a'", '"s"',
    ]
)  # fmt: skip


@pytest.mark.compiler
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink would take minutes of compiler runs
    suppress_health_check=list(HealthCheck),
)
@given(rows=st.lists(st.lists(pieces, min_size=1, max_size=14), min_size=60, max_size=60))
def test_the_compiler_defines_the_same_macros(rows: list[list[str]]) -> None:
    """Each snippet defines macros of its own; what the compiler ends with is what the directives say."""
    for group in range(0, len(rows), 12):
        text = "".join(
            "".join(piece.replace("{n}", f"{group}_{row}_{place}") for place, piece in enumerate(pieces_of))
            + "\n/**/ // */ \n"
            for row, pieces_of in enumerate(rows[group : group + 12])
        )
        expected = defined_by_compiler(text)
        if expected is not None:
            assert defined_by(text) == expected, text


def defined_by(text: str) -> set[str]:
    names: set[str] = set()
    for directive in scan(text.encode()):
        name = directive.argument.decode().split(" ")[0].split("(")[0]
        if directive.kind is Kind.DEFINE:
            names.add(name)
        elif directive.kind is Kind.UNDEF:
            names.discard(name)
    return {name for name in names if name.startswith("M") and name.replace("_", "").isalnum()}


def defined_by_compiler(text: str) -> set[str] | None:
    """Return the macros that are left at the end; None where the text is not valid, such as an open comment."""
    done = subprocess.run(
        ["g++", "-E", "-dM", "-std=c++17", "-x", "c++", "-"], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode or "unterminated" in done.stderr or "missing" in done.stderr:
        return None
    words = (line.split()[1].split("(")[0] for line in done.stdout.splitlines())
    return {word for word in words if word.startswith("M") and word[1:2].isdigit()}
