"""The first example builds and greets, from its many files and from the one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from builds import artefacts

HELLO = artefacts.REPOSITORY / "examples" / "hello"
GREETINGS = """\
03:00  Still up, Grace?
08:00  Good morning, Grace!
13:00  Good afternoon, Grace!
18:00  Good evening, Grace!
23:00  Good night, Grace!
"""
EDGES = r"""
#include <assert.h>
#include <string.h>
#include "hello.h"
int main(void) {
  char text[6] = "as it";
  assert(hello_greet("Ada", -1, text, sizeof text) == -1);
  assert(hello_greet("Ada", 24, text, sizeof text) == -1);
  assert(hello_greet(NULL, 9, text, sizeof text) == -1);
  assert(strcmp(text, "as it") == 0);
  assert(hello_greet("Ada", 9, text, sizeof text) == 18);
  assert(strcmp(text, "Good ") == 0);
  return 0;
}
"""

pytestmark = pytest.mark.compiler


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    """Return a copy of the example, as nobody has built it yet."""
    ignore = shutil.ignore_patterns("dist", "build")
    return Path(shutil.copytree(HELLO, tmp_path / "hello", ignore=ignore))


def make(folder: Path, target: str) -> str:
    tool = f"AMALGAMATE={sys.executable} -m amalgamate"
    return artefacts.run(["make", "--no-print-directory", target, tool, "NAME=Grace"], folder)


@pytest.mark.parametrize("target", ["one", "many"])
def test_demo_greets_all_day(hello: Path, target: str) -> None:
    assert make(hello, target).endswith(GREETINGS)


def test_one_file_and_its_header_are_the_whole_library(hello: Path, tmp_path: Path) -> None:
    make(hello, "dist/hello.cc")
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("hello.cc", "hello.h"):
        shutil.copy(hello / "dist" / name, alone)
    (alone / "edges.c").write_text(EDGES)
    artefacts.run(["gcc", *artefacts.C99, "-c", "edges.c"], alone)
    artefacts.run(["g++", *artefacts.CXX, "edges.o", "hello.cc", "-o", "edges"], alone)
    artefacts.run([alone / "edges"])


def test_second_make_compiles_nothing(hello: Path) -> None:
    make(hello, "one")
    assert "demo.o" not in make(hello, "one")


def test_configuration_is_as_short_as_the_readme_says() -> None:
    assert len((HELLO / "amalgamate.toml").read_text().splitlines()) == 9
