"""An output that somebody has spoilt, from a real build to the message: the stages that notice, and both places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler

LIBRARY = {
    "amalgamate.toml": """[project]
name = "box"
[input]
sources = ["first.cc", "second.cc"]
[isolate]
using = "keep"
""",
    "box.h": """#ifndef BOX_H
#define BOX_H
#define SIZE 4
namespace wide { inline int width(int x) { return x * SIZE; } }
namespace narrow { inline int width(char x) { return x; } }
#pragma pack(push, 2)
struct Box { char tag; int value; };
#pragma pack(pop)
#endif
""",
    "first.cc": """#include "box.h"
static int count;
const char *box_name() { return "first"; }
int box_first(int x) {
  count += x;
  return count + static_cast<int>(sizeof(Box));
}
""",
    "second.cc": """#include "box.h"
int box_narrow() { return narrow::width('a'); }
using namespace wide;
int box_second() { return width('a'); }
""",
}


class Broken(NamedTuple):
    """What somebody did to the output, which stages notice, and the first difference in full."""

    old: str
    new: str
    stages: tuple[str, ...]
    first: str


TEXT = ("conservation", "tokens", "units")
ALL = ("conservation", "symbols", "tokens", "units")
SECOND = """/* >>> second.cc */
int box_narrow() { return narrow::width('a'); }
using namespace wide;
int box_second() { return width('a'); }
/* <<< second.cc */
"""
NOT_THE_SOURCE = "conservation: the output is not the source"
CASES = {
    "a dropped line": Broken(
        "  count += x;\n",
        "",
        TEXT,
        f"dist/box.cc:24: error: {NOT_THE_SOURCE}\n"
        "  dist/box.cc:24: return count + static_cast<int>(sizeof(Box));\n"
        "  first.cc:5: count += x;\n",
    ),
    "a changed macro": Broken(
        "#define SIZE 4",
        "#define SIZE 5",
        TEXT,
        f"dist/box.cc:13: error: {NOT_THE_SOURCE}\n  dist/box.cc:13: #define SIZE 5\n  box.h:3: #define SIZE 4\n",
    ),
    "a missing unit": Broken(
        SECOND,
        "",
        ALL,
        "dist/box.cc:28: error: conservation: the marker of a file is missing\n"
        "  dist/box.cc:28: (end)\n"
        '  second.cc:1: #include "box.h"\n',
    ),
    "a using-directive in another order": Broken(
        "int box_narrow() { return narrow::width('a'); }\nusing namespace wide;\n",
        "using namespace wide;\nint box_narrow() { return narrow::width('a'); }\n",
        TEXT,
        f"dist/box.cc:29: error: {NOT_THE_SOURCE}\n"
        "  dist/box.cc:29: using namespace wide;\n"
        "  second.cc:2: int box_narrow() { return narrow::width('a'); }\n",
    ),
    "a stray #endif": Broken(
        "static int count;\n",
        "static int count;\n#endif\n",
        ALL,
        f"dist/box.cc:22: error: {NOT_THE_SOURCE}\n"
        "  dist/box.cc:22: #endif\n"
        '  first.cc:3: const char *box_name() { return "first"; }\n',
    ),
    "a removed guard": Broken(
        "#ifndef BOX_H\n#define BOX_H\n",
        "",
        ALL,
        f"dist/box.cc:11: error: {NOT_THE_SOURCE}\n  dist/box.cc:11: #define SIZE 4\n  box.h:1: #ifndef BOX_H\n",
    ),
    "a changed string literal": Broken(
        '"first"',
        '"worst"',
        TEXT,
        f"dist/box.cc:22: error: {NOT_THE_SOURCE}\n"
        '  dist/box.cc:22: const char *box_name() { return "worst"; }\n'
        '  first.cc:3: const char *box_name() { return "first"; }\n',
    ),
    "a renamed symbol": Broken(
        "int box_second()",
        "int box_Second()",
        ALL,
        f"dist/box.cc:31: error: {NOT_THE_SOURCE}\n"
        "  dist/box.cc:31: int box_Second() { return width('a'); }\n"
        "  second.cc:4: int box_second() { return width('a'); }\n",
    ),
    "a lost static": Broken(
        "static int count;",
        "int count;",
        ALL,
        f"dist/box.cc:21: error: {NOT_THE_SOURCE}\n  dist/box.cc:21: int count;\n  first.cc:2: static int count;\n",
    ),
    "a changed #pragma pack": Broken(
        "pack(push, 2)",
        "pack(push, 1)",
        TEXT,
        f"dist/box.cc:16: error: {NOT_THE_SOURCE}\n"
        "  dist/box.cc:16: #pragma pack(push, 1)\n"
        "  box.h:6: #pragma pack(push, 2)\n",
    ),
}
HINT = "  hint: run: amalgamate build\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, LIBRARY))
    assert run("build", "-q").exit_code == 0
    assert verified().exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def verified() -> Result:
    stages = [word for stage in (0, 1, 2, 4) for word in ("--stage", str(stage))]
    return run("verify", "-q", "--platform", "native", "--compiler", "gcc", *stages)


def shown_first(errors: str, stage: str) -> str:
    """Return the whole message of a stage."""
    messages = re.split(r"(?m)^(?=\S)", errors)
    return next(message for message in messages if f"error: {stage}" in message)


def noticed_by(errors: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"(?m)^\S+: error: (\w+)", errors)))


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES)
def test_what_somebody_broke_is_told_with_the_stages_and_both_places(library: Path, broken: Broken) -> None:
    output = library / "dist/box.cc"
    text = output.read_text()
    assert text.count(broken.old) == 1
    output.write_text(text.replace(broken.old, broken.new))
    result = verified()
    assert (result.exit_code, result.stdout) == (6, "")
    assert noticed_by(result.stderr) == broken.stages
    assert shown_first(result.stderr, "conservation") == broken.first + HINT


def test_two_units_in_the_other_order_are_told(library: Path) -> None:
    output = library / "dist/box.cc"
    head, first = output.read_text().removesuffix(SECOND).split("/* >>> first.cc */\n")
    output.write_text(f"{head}{SECOND}/* >>> first.cc */\n{first}")
    result = verified()
    assert result.exit_code == 6
    assert noticed_by(result.stderr) == ALL
    assert shown_first(result.stderr, "tokens") == (
        "dist/box.cc:10: error: tokens (gcc): the one file reads `int` where the many files read `namespace`\n"
        "  dist/box.cc:10: int box_narrow() { return narrow::width('a'); }\n"
        "  box.h:4: namespace wide { inline int width(int x) { return x * 4; } }\n"
    )
