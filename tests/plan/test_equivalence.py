"""Whole builds of random projects: the real preprocessor reads the same in the many files and in the one."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from amalgamate.errors import InputError, Severity
from plan.random_projects import UNITS, entangled_units, modest_units, single_units
from support import build_tree, write_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    Files = dict[str, str]

OPTION_SETS = ((), ("-DP",), ("-DQ=2", "-DR"), ("-DP=0", "-DQ=1", "-DR=3"))
CONFIG = '[project]\nname = "p"\n[input]\nsources = ["*.c"]\ninclude_dirs = ["."]\n'
PACKING = re.compile(r"#pragma pack\((?:(push|pop)\b)?,? ?(\d*)\)")


def preprocessed(folder: Path, names: Sequence[str], options: Iterable[str] = ()) -> list[list[str]]:
    """Return the lines that the compiler sees of each file, each line with the packing that holds there."""
    for number, name in enumerate(names):
        (folder / f".{number}.c").write_text(f'BEGIN\n#include "{name}"\n')
    command = ["gcc", "-xc", "-E", "-P", "-w", "-I.", *options, *(f".{number}.c" for number in range(len(names)))]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return [list(_with_packing(text.splitlines())) for text in done.stdout.split("BEGIN\n")[1:]]


def _with_packing(lines: Iterable[str]) -> Iterable[str]:
    now, saved = "", list[str]()
    for line in map(str.strip, lines):
        if match := PACKING.fullmatch(line):
            what, number = match.groups()
            if what == "push":
                saved.append(now)
            now = (saved.pop() if saved else now) if what == "pop" else number or (now if what == "push" else "")
        elif line and not line.startswith("#pragma"):
            yield f"{line} /* packed {now or 'as usual'} */"


def assert_reads_alike(merged: list[str], alone: list[list[str]]) -> None:
    """Check that the one file is all units in a row, but for lines of headers that stand above already."""
    expected = [line for lines in alone for line in lines]
    place = 0
    above: set[str] = set()
    for line in expected:
        if place < len(merged) and merged[place] == line:
            place += 1
            above.add(line)
        else:
            assert line in above, f"{line!r} is missing before {merged[place : place + 1]}"
            assert line.startswith("h"), f"{line!r} of a unit is missing"
    assert place == len(merged), f"{merged[place]!r} is in no unit"


def refusals(
    check: SearchStrategy[Files],
    folders: pytest.TempPathFactory,
    compare: Callable[[Path, Files], None],
    *,
    may_warn: bool = False,
) -> tuple[int, int]:
    """Build random projects and compare them; return how many were built and how many refused.

    With `may_warn` a build that warns, as it does where a macro is not what it would be in a unit alone, is compared
    no more than one that is refused: what must not be is a silent difference.
    """
    counts = [0, 0]

    @given(files=check)
    def one(files: Files) -> None:
        folder = folders.mktemp("project")
        try:
            bundle = build_tree(folder, {"amalgamate.toml": CONFIG, **files})
        except InputError:
            counts[1] += 1
            return
        counts[0] += 1
        if may_warn and any(each.severity is Severity.WARNING for each in bundle.diagnostics):
            return
        write_tree(folder, {"alone/p.c": bundle.files[0].data})
        compare(folder, files)

    one()
    return counts[0], counts[1]


@pytest.mark.compiler
def test_one_unit_reads_the_same_in_one_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    def compare(folder: Path, _files: Files) -> None:
        for options in OPTION_SETS:
            merged, many = preprocessed(folder, ("alone/p.c", "main.c"), options)
            assert merged == many

    built, refused = refusals(single_units(), tmp_path_factory, compare)
    assert built > refused


def compare_units(folder: Path, _files: Files) -> None:
    for options in OPTION_SETS:
        merged, *alone = preprocessed(folder, ("alone/p.c", *UNITS), options)
        assert_reads_alike(merged, alone)


@pytest.mark.compiler
@pytest.mark.parametrize("projects", [modest_units, entangled_units])
def test_units_read_in_one_file_what_each_reads_alone(
    projects: Callable[[], SearchStrategy[Files]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A header that two units share stands once or more, with every line that either reads, in that order."""
    built, refused = refusals(projects(), tmp_path_factory, compare_units, may_warn=True)
    assert built > refused / 4


@pytest.mark.compiler
def test_amalgamating_the_output_changes_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Read as one unit the output shows more conditions to be known; once these are gone, not a byte changes."""
    quiet = CONFIG + '[output]\ncomments = "none"\n'

    def compare(folder: Path, files: Files) -> None:
        texts_of = [without_banner(build_tree(folder, {"amalgamate.toml": quiet, **files}).files[0].data)]
        for number in range(2):
            again = build_tree(folder / str(number), {"amalgamate.toml": quiet, "p.c": texts_of[-1]})
            texts_of.append(without_banner(again.files[0].data))
        assert texts_of[2] == texts_of[1]
        write_tree(folder, {"first.txt": texts_of[0], "second.txt": texts_of[1]})
        for options in OPTION_SETS:
            first, second = preprocessed(folder, ("first.txt", "second.txt"), options)
            assert first == second

    built, refused = refusals(modest_units(), tmp_path_factory, compare)
    assert built > refused


def without_banner(data: bytes) -> bytes:
    return data.split(b" */\n", 1)[-1]


def test_the_order_in_which_a_folder_is_listed_does_not_matter(tmp_path_factory: pytest.TempPathFactory) -> None:
    real = os.listdir

    def compare(folder: Path, _files: Files) -> None:
        first = build_tree(folder, {})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "listdir", lambda path=".": sorted(real(path), reverse=True))
            again = build_tree(folder, {})
        assert [file.data for file in again.files] == [file.data for file in first.files]

    built, refused = refusals(entangled_units(), tmp_path_factory, compare)
    assert built > refused / 4
