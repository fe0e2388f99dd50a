"""`amalgamate explain` on real outputs, and on what real compilers say of them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "amalgamate.toml": '[project]\nname = "lib"\n[input]\nsources = ["src/*.c"]\n[defines]\nON = "1"\n',
    "src/a.c": '#include "b.h"\n#if ON\nint a3(void) { return B; }\n#endif\n#define LOCAL 1\n',
    "src/b.h": '#pragma once\n#ifdef _WIN32\n#include "c.h"\n#endif\n#define B 2\n',
    "src/c.h": "#pragma once\nint c2(void);\n",
    "src/d.c": '#include "b.h"\n#include "c.h"\n#define LOCAL 2\nint d4(void) { return B + LOCAL; }\n',
}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, FILES))
    assert run("build", "-q").exit_code == 0
    return tmp_path


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(cli, list(arguments), input=text)


def line_of(folder: Path, text: str, nth: int = 0) -> int:
    """Return the number of the nth line of the output that is `text`."""
    lines = (folder / "dist/lib.c").read_text().splitlines()
    return [number for number, line in enumerate(lines, 1) if line == text][nth]


def test_a_line_of_the_output_has_a_place_a_chain_and_a_reason(built: Path) -> None:
    line = line_of(built, "#define B 2")
    assert run("explain", f"dist/lib.c:{line}").output == (
        f"dist/lib.c:{line}: src/b.h:5\n"
        "  included from src/a.c:1\n"
        "  stands here because this is the first #include of it that a compiler reaches\n"
        "  serves src/d.c:1 too\n"
    )


def test_a_line_that_a_source_does_not_have_is_refused_as_one_of_an_output_is(built: Path) -> None:
    (built / "src/d.c").write_bytes(FILES["src/d.c"].rstrip().encode())
    assert run("explain", "src/d.c:4").exit_code == 0
    result = run("explain", "src/d.c:5")
    assert (result.exit_code, result.output) == (3, "src/d.c: error: there is no line 5\n  hint: it has 4 lines\n")


def test_a_file_that_stands_twice_says_why(built: Path) -> None:
    first, again = line_of(built, "int c2(void);"), line_of(built, "int c2(void);", 1)
    begin = next(line for line in range(first, 0, -1) if "stands here" in run("explain", f"dist/lib.c:{line}").output)
    assert run("explain", f"dist/lib.c:{first}").output == (
        f"dist/lib.c:{first}: src/c.h:2\n"
        "  included from src/b.h:3\n  included from src/a.c:1\n  only where defined(_WIN32)\n"
        "  stands here because this is the first #include of it that a compiler reaches\n"
    )
    answer = run("explain", f"dist/lib.c:{again}").output
    assert "  included from src/d.c:2\n  stands here again because the one at line " in answer
    assert answer.endswith(" is only there where defined(_WIN32)\n")
    assert begin <= first


def test_the_tools_own_lines_and_additions_are_called_so(built: Path) -> None:
    assert run("explain", "dist/lib.c:1").output == (
        "dist/lib.c:1: the tool's own: banner, settled macros or the guard of the output\n"
    )
    line = line_of(built, '#pragma push_macro("LOCAL")')
    assert run("explain", f"dist/lib.c:{line}").output == (
        f"dist/lib.c:{line}: the tool's own, in src/a.c: end of the unit / the unit changes this macro\n"
    )


def test_a_line_of_a_source_says_where_it_went_or_why_not(built: Path) -> None:
    held, gone = line_of(built, "int a3(void) { return B; }"), line_of(built, "/* >>> src/b.h */")
    assert run("explain", "src/a.c:3", "src/a.c:2", "src/d.c:1").output == (
        f"src/a.c:3: dist/lib.c:{held}\n"
        "src/a.c:2: not in dist/lib.c (resolve): always true\n"
        f"src/d.c:1: not in dist/lib.c (elide): src/b.h stands above, at dist/lib.c:{gone}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("dist/lib.c",), 2, 'error: "dist/lib.c" is no place\n  hint: write FILE:LINE\n'),
        ((), 2, "error: name places as FILE:LINE, or give messages with --stdin\n"),
        (("dist/nope.c:3",), 3, "dist/nope.c: error: no such file\n"),
        (("amalgamate.toml:3",), 3, "amalgamate.toml:3: error: no output holds this place\n"),
    ],
)
@pytest.mark.usefixtures("built")
def test_what_is_no_place_is_refused(arguments: tuple[str, ...], code: int, message: str) -> None:
    result = run("explain", *arguments)
    assert (result.exit_code, result.stderr) == (code, message)


def test_a_line_behind_the_end_is_refused(built: Path) -> None:
    count = (built / "dist/lib.c").read_bytes().count(b"\n")
    result = run("explain", f"dist/lib.c:{count + 1}")
    assert result.stderr == f"dist/lib.c: error: there is no line {count + 1}\n  hint: it has {count} lines\n"
    assert result.exit_code == 3


def test_an_output_that_was_changed_by_hand_is_refused(built: Path) -> None:
    with (built / "dist/lib.c").open("a") as stream:
        stream.write("int more;\n")
    result = run("explain", "dist/lib.c:9")
    assert result.exit_code == 5
    assert result.stderr == "dist/lib.c: error: this is not the file that its map describes\n  hint: build again\n"


@pytest.mark.parametrize("text", ["", "{}", '{"schema": 1, "files": [1]}', "[]"])
def test_a_broken_map_is_an_error(built: Path, text: str) -> None:
    (built / "dist/lib.c.map.json").write_text(text)
    result = run("explain", "dist/lib.c:9")
    assert result.exit_code == 3
    assert result.stderr == "dist/lib.c.map.json: error: this is no map of an output\n  hint: build again\n"


@pytest.mark.compiler
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_compiler_messages_are_rewritten_to_the_original_places(built: Path, compiler: str) -> None:
    (built / "src/d.c").write_text(FILES["src/d.c"] + "int d5(void) { return undeclared; }\n")
    run("build", "-q")
    line = line_of(built, "int d5(void) { return undeclared; }")
    done = subprocess.run(
        [compiler, "-c", "lib.c", "-o", "lib.o"], cwd=built / "dist", capture_output=True, text=True, check=False
    )
    assert f"lib.c:{line}:23: error: " in done.stderr
    assert f"{line} | int d5" in done.stderr or compiler == "clang"
    result = run("explain", "--stdin", text=done.stderr)
    assert result.exit_code == 0
    assert "src/d.c:5:23: error: " in result.output
    assert f"lib.c:{line}" not in result.output
    assert f"{line} | int d5" not in result.output


def test_messages_of_a_windows_compiler_are_rewritten(built: Path) -> None:
    line = line_of(built, "int a3(void) { return B; }")
    text = f"dist/lib.c({line},5): error C2065: 'x'\nC:\\other.c({line}): warning C1\n"
    assert run("explain", "--stdin", text=text).output == text.replace(f"dist/lib.c({line},5)", "src/a.c(3,5)")
