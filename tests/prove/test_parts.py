"""The parts that proofs are made of: compilers' names, line markers, tokens, matched lines, the follower of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate import loader, pipeline
from amalgamate.config import NATIVE, PLATFORMS
from amalgamate.errors import Location
from amalgamate.prove.compiler import Language, Processes, find
from amalgamate.prove.lines import owners_of_lines
from amalgamate.prove.platforms import macros_of
from amalgamate.prove.replay import Broken, replay
from amalgamate.prove.tokens import Piece, compare, read
from amalgamate.prove.units import added_declarations
from amalgamate.write.map_file import MappedEdit, MappedEmission
from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path


def programs(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)


@pytest.mark.parametrize(
    ("wanted", "pair"),
    [
        ("gcc", ("gcc", "g++")),
        ("g++-12", ("gcc-12", "g++-12")),
        ("clang++", ("clang", "clang++")),
        ("aarch64-linux-gnu-g++", ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++")),
        ("cc", ("cc", "c++")),
        ("emcc", ("emcc", "emcc")),
    ],
)
def test_a_compiler_is_found_for_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, pair: tuple[str, str]
) -> None:
    programs(tmp_path, *pair)
    monkeypatch.setenv("PATH", str(tmp_path))
    (compiler,) = find([wanted], Processes())
    assert compiler.name == wanted
    assert compiler.programs == {
        Language.C: str(tmp_path / pair[0]),
        Language.CXX: str(tmp_path / pair[1]),
    }


def test_defaults_that_are_not_there_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(tmp_path, "clang", "clang++")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [compiler.name for compiler in find([], Processes())] == ["clang"]


def test_every_platform_says_what_it_is() -> None:
    told = {name: macros_of(name, Language.CXX, {"__GNUC__": "12"}) for name in PLATFORMS if name != NATIVE}
    assert {name for name, macros in told.items() if "_WIN32" in macros} == {"windows-msvc", "windows-mingw"}
    assert {name for name, macros in told.items() if "__APPLE__" in macros} == {"macos", "ios"}
    assert {name for name, macros in told.items() if "__linux__" in macros} == {
        "linux-x86_64",
        "linux-aarch64",
        "android",
    }
    assert {name for name, macros in told.items() if "__GNUC__" not in macros} == {"windows-msvc"}
    assert {name for name, macros in told.items() if "__clang__" in macros} == {"macos", "ios", "android", "emscripten"}


MARKED = b"""# 0 "/p/a.c"
# 0 "<built-in>"
# 1 "/usr/include/stdc-predef.h" 1 3 4
# 0 "<command-line>" 2
# 1 "/p/a.c"
int a;
# 1 "/p/h \\"x\\".h" 1
int h;
# 70 "grammar.y"
int y;
# 3 "/p/a.c" 2
# 1 "/usr/include/s.h" 1 3
int s;
# 4 "/p/a.c" 2

int b;
"""


def test_a_reading_knows_the_file_of_each_line_whatever_line_directives_say() -> None:
    reading = read(MARKED, "/p/a.c", lambda path: path.removeprefix("/p/") if path.startswith("/p/") else "")
    assert [(reading.files[run.instance], run.line, run.text) for run in reading.runs] == [
        ("a.c", 1, b"int a;\n"),
        ('h "x".h', 1, b"int h;\n"),
        ('h "x".h', 70, b"int y;\n"),
        ("a.c", 4, b"\nint b;\n"),
    ]


def test_tokens_are_told_apart_and_blanks_are_not() -> None:
    text = b'a+++b; x->*y >>= 1\'000.5e+3 u8R"(a "b" )" L"c\\"d" \'\\\'\' a<=>b\n'
    text += b"#  pragma  omp  for\n#pragma once\n%:%: .5"
    assert Piece("a.c", 1, text).tokens == [
        b"a", b"++", b"+", b"b", b";", b"x", b"->*", b"y", b">>=", b"1'000.5e+3", b'u8R"(a "b" )"', b'L"c\\"d"',
        b"'\\''", b"a", b"<=>", b"b", b"# pragma omp for", b"%:%:", b".5",
    ]  # fmt: skip


def test_the_end_of_a_text_is_a_difference() -> None:
    one, many = [Piece("one.c", 7, b"int a;\n")], [Piece("a.c", 1, b"int a;\nint b;\n")]
    ends = Location("one.c", 8), Location("a.c", 3)
    assert str(compare(one, many, ends)) == (
        "one.c:8: error: the one file reads nothing more where the many files read `int`\n"
        "  one.c:8: (end)\n"
        "  a.c:2: int b;"
    )
    assert compare(many, [Piece("a.c", 1, b"int a;\n"), Piece("b.c", 1, b"int\tb ;")], ends) is None


def words(text: str) -> list[bytes]:
    return [word.encode() for word in text.split()]


@pytest.mark.parametrize(
    ("longer", "shorter", "added"),
    [
        ("int f ( ) ; int f ( ) { }", "int f ( ) ;", "int f ( ) { }"),
        ("int f ( ) ; int f ( ) { }", "int f ( ) { }", "int f ( ) ;"),
        ("struct a { int x ; int y ; } ;", "struct a { int x ; } ;", ""),
        ("int a , b ;", "int a ;", ""),
        ("int a ;", "int a ;", ""),
        ("int a ; int b ; int c ;", "int x ;", ""),
    ],
)
def test_only_complete_declarations_may_stand_besides(longer: str, shorter: str, added: str) -> None:
    assert added_declarations(words(longer), words(shorter)) == words(added)


CONFIG = '[project]\nname = "p"\n[input]\nsources = ["a.c", "b.c"]\n[output]\ncomments = "none"\n'
SOURCES = {"a.c": "int a1;\nint a2;\n", "b.c": "int b1;\nint b2;\n"}


@pytest.mark.parametrize(
    ("old", "new", "owners"),
    [
        (b"", b"", [0, 0, 1, 1]),
        (b"int a2;\n", b"", [0, 1, 1]),
        (b"int b1;\n", b"int b0;\nint b1;\n", [0, 0, 0, 1, 1]),
        (b"int b1;\n", b"long b1;\n", [0, 0, 1, 1]),
        (b"int b2;\n", b"int b2;\nint b3;\n", [0, 0, 1, 1, 1]),
    ],
)
def test_changed_lines_keep_their_neighbours_owner(tmp_path: Path, old: bytes, new: bytes, owners: list[int]) -> None:
    emitted = build_tree(tmp_path, {"amalgamate.toml": CONFIG, **SOURCES}).amalgams[0].emitted
    found = emitted.data.replace(old, new, 1) if old else emitted.data
    first = found[: found.index(b"int ")].count(b"\n") + 1 if b"int a1" in found else 0
    assert owners_of_lines(emitted, found)[first : first + len(owners)] == owners


def followed(folder: Path, output: bytes, *edits: MappedEdit) -> str:
    """Follow an output of one file; return what is wrong, and where."""
    text = {"a.c": '#include "gone.h"\nint a;\nint b;\n', "amalgamate.toml": '[input]\nsources = ["a.c"]\n'}
    config = loader.load(write_tree(folder, {**text, "gone.h": ""}))
    tree = pipeline.SourceTree(config.root)
    source = tree.read(folder / "a.c")
    emission = MappedEmission("a.c", -1, 0, (), 1, output.rstrip().count(b"\n") + 1, edits)
    try:
        replay(output, [emission], {"a.c": source}, has_markers=False, has_line_directives=False, has_tail=False)
    except Broken as broken:
        return f"{broken.reason} at {broken.offset}, {broken.source_offset}"
    return "right"


@pytest.mark.parametrize(
    ("output", "edits", "answer"),
    [
        (b"int a;\nint b;\n", [MappedEdit("elide", 0, 18, 1, 0, "")], "right"),
        (b"int a;\nint b;", [MappedEdit("elide", 0, 18, 1, 0, "")], "the output is not the source at 13, 31"),
        (b"int a;\nint b;\n\n", [MappedEdit("elide", 0, 18, 1, 0, "")], "text that comes from no source at 14, 0"),
        (b"int b;\n", [MappedEdit("elide", 0, 25, 1, 0, "")], "right"),
        (b"int b;\n", [MappedEdit("resolve", 0, 25, 1, 0, "")], 'the map leaves out this text as "resolve" at 0, 0'),
        (b"int b;\n", [MappedEdit("nothing", 0, 18, 1, 0, "")], 'the map leaves out this text as "nothing" at 0, 0'),
        (b"int b;\n", [MappedEdit("elide", 0, 18, 1, 0, ""), MappedEdit("elide", 9, 25, 1, 0, "")],
         "the map leaves out one span twice at 0, 9"),
        (b"int c;\nint a;\nint b;\n", [MappedEdit("elide", 0, 18, 1, 7, "")],
         'no "elide" puts this text into the output at 0, 0'),
        (b"int a;\nint b;\n", [MappedEdit("inline", 0, 18, 1, 0, "")],
         "an include that the map does not follow at 0, 0"),
    ],
)  # fmt: skip
def test_a_map_is_believed_only_where_it_is_right(
    tmp_path: Path, output: bytes, edits: list[MappedEdit], answer: str
) -> None:
    assert followed(tmp_path, output, *edits) == answer
