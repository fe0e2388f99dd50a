"""Which files the patterns of a configuration take: never the tool's own, never fewer than there are."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import ConfigError
from amalgamate.loader import load
from amalgamate.write import output
from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "amalgamate.toml": '[project]\nname = "all"\n[input]\nsources = ["**/*.c"]\n',
    "a.c": "int a;\n",
    "deep/er/b.c": "int b;\n",
    ".hidden/c.c": "int c;\n",
}


def sources(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in load(root).input.sources]


def write_all(root: Path, text: str) -> None:
    bundle = build_tree(root, {**FILES, "amalgamate.toml": text})
    output.write({bundle.config.output.dir / file.name: file.data for file in bundle.files})


def test_two_stars_take_every_folder(tmp_path: Path) -> None:
    write_tree(tmp_path, FILES)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert sources(tmp_path) == [".hidden/c.c", "a.c", "deep/er/b.c"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.c", ["a.c"]),
        ("deep/*/b.c", ["deep/er/b.c"]),
        ("*/er/b.c", ["deep/er/b.c"]),
        ("*/er/../er/?.c", ["deep/er/../er/b.c"]),
        ("link/*.c", ["link/b.c"]),
        ("l*/*.c", ["link/b.c"]),
        ("[!b].c", ["a.c"]),
        ("**/er/*", ["deep/er/b.c"]),
    ],
)
def test_a_wildcard_matches_within_a_name(tmp_path: Path, pattern: str, found: list[str]) -> None:
    write_tree(tmp_path, {**FILES, "amalgamate.toml": f'[input]\nsources = ["{pattern}"]\n'})
    (tmp_path / "link").symlink_to(tmp_path / "deep/er")
    assert sources(tmp_path) == found


def test_an_output_that_lies_among_the_sources_is_no_source(tmp_path: Path) -> None:
    write_all(tmp_path, FILES["amalgamate.toml"] + '[output]\ndir = "."\n')
    config = load(tmp_path)
    assert [path.name for path in config.input.sources] == ["c.c", "a.c", "b.c"]
    assert [str(each) for each in config.diagnostics] == [
        'amalgamate.toml:4: note: "all.c" is left out: amalgamate wrote it'
    ]


def test_an_output_of_an_earlier_configuration_is_no_source(tmp_path: Path) -> None:
    write_all(tmp_path, FILES["amalgamate.toml"] + '[output]\ndir = "old"\ncomments = "none"\n')
    (tmp_path / "amalgamate.toml").write_text(FILES["amalgamate.toml"])
    assert sources(tmp_path) == [".hidden/c.c", "a.c", "deep/er/b.c"]


def test_an_output_of_the_tool_is_a_source_where_it_is_named(tmp_path: Path) -> None:
    write_all(tmp_path, FILES["amalgamate.toml"])
    (tmp_path / "amalgamate.toml").write_text('[input]\nsources = ["dist/all.c"]\n[output]\ndir = "again"\n')
    assert sources(tmp_path) == ["dist/all.c"]


def test_a_folder_among_files_says_how_to_name_its_files(tmp_path: Path) -> None:
    write_tree(tmp_path, {**FILES, "amalgamate.toml": '[input]\nsources = ["deep"]\n'})
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        'amalgamate.toml:2: error: "deep" is a folder\n  hint: name its files: "deep/*.cc", or "deep/**/*.cc"'
    )


LIMITED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Takes from the superuser the right to read everything."""


@pytest.mark.parametrize("folder", ["deep", "deep/er"])
@pytest.mark.parametrize("pattern", ["**/*.c", "deep/er/*.c"])
def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path, folder: str, pattern: str) -> None:
    write_tree(tmp_path, {**FILES, "amalgamate.toml": f'[input]\nsources = ["{pattern}"]\n'})
    (tmp_path / folder).chmod(0)
    try:
        done = subprocess.run(
            [*LIMITED, sys.executable, "-m", "amalgamate", "build"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        (tmp_path / folder).chmod(0o755)
    place = folder if "**" in pattern else pattern
    assert (done.returncode, done.stderr) == (
        3,
        f"{place}: error: cannot be read: Permission denied\n  hint: check its permissions\n",
    )


def test_a_name_that_no_file_system_takes_is_an_error(tmp_path: Path) -> None:
    write_tree(tmp_path, {"amalgamate.toml": f'[input]\nsources = ["{"a" * 300}.c"]\n'})
    done = subprocess.run(
        [sys.executable, "-m", "amalgamate", "build"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, f"{'a' * 300}.c: error: cannot be read: File name too long\n")
