"""What a build may write to, and the rule about its inputs that make and ninja read."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = {
    "amalgamate.toml": '[project]\nname = "one"\n[input]\nsources = ["src/*.c"]\n[public]\nheader = "include/one.h"\n',
    "include/one.h": "int one(void);\n",
    "src/value.h": "#define VALUE 1\n",
    "src/one.c": '#include "../include/one.h"\n#include "value.h"\nint one(void) { return VALUE; }\n',
}
TOOL = f"{sys.executable} -m amalgamate"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_tree(tmp_path / "library", LIBRARY)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.mark.parametrize("option", [[], ["--check"], ["--diff"]])
def test_an_output_that_is_a_pipe_is_refused_and_not_opened(library: Path, option: list[str]) -> None:
    os.mkfifo(library / "pipe")
    result = run("build", "-o", "pipe", *option)
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "pipe: error: the output is not a regular file\n  hint: print the source with --stdout\n",
    )
    assert not (library / "pipe.map.json").exists()


@pytest.mark.parametrize("name", ["one.c", "one.h", "one.c.map.json"])
def test_no_file_of_a_build_may_be_a_socket(library: Path, name: str) -> None:
    (library / "dist").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"dist/{name}")
        result = run("build")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dist/{name}: error: the output is not a regular file\n")


def test_a_depfile_that_is_a_pipe_is_refused_and_not_opened(library: Path) -> None:
    os.mkfifo(library / "pipe")
    result = run("build", "--depfile", "pipe")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, "pipe: error: the output is not a regular file")
    assert not (library / "dist").exists()


@pytest.mark.parametrize("option", ["-o", "--depfile"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "{} needs the name of a file\n"),
        ("-", '{} "-" names no file\n  hint: print the source with --stdout\n'),
        ("nowhere/", '{} "nowhere/" names a folder\n  hint: name the file in it\n'),
    ],
)
def test_what_names_no_file_is_refused(library: Path, option: str, name: str, message: str) -> None:
    result = run("build", option, name)
    assert (result.exit_code, result.stderr) == (2, "error: " + message.format(option))
    assert sorted(path.name for path in library.iterdir()) == ["amalgamate.toml", "include", "src"]


@pytest.mark.usefixtures("library")
def test_source_and_header_of_one_name_are_told_apart() -> None:
    result = run("build", "-o", "other/one.h")
    assert result.exit_code == 2
    assert result.stderr == (
        'error: two outputs of one build are called "one.h"\n  hint: choose names in [output], or for the source -o\n'
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", ["dist/one.c", "src/../dist/./one.c.map.json"])
def test_a_depfile_does_not_replace_an_output(name: str) -> None:
    result = run("build", "--depfile", name)
    assert (result.exit_code, result.stderr) == (2, f'error: --depfile "{name}" is one of the outputs\n')


def test_two_outputs_that_are_one_file_by_a_link_are_refused(library: Path) -> None:
    run("build")
    (library / "one.d").symlink_to("dist/one.h")
    before = (library / "dist/one.h").read_bytes()
    result = run("build", "--depfile", "one.d")
    assert (result.exit_code, result.stderr) == (2, 'one.d: error: the output is the same file as "one.h"\n')
    assert (library / "dist/one.h").read_bytes() == before


def test_a_folder_that_may_not_be_written_is_named_with_its_output(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    result = run("build")
    assert result.exit_code == 2
    assert result.stderr == (
        "dist/one.c: error: cannot write the file: Permission denied\n"
        "  hint: write elsewhere, with -o or dir in [output]\n"
    )
    assert library.is_dir()


def test_a_depfile_names_the_source_and_every_input_as_seen_from_here(library: Path) -> None:
    run("build", "--depfile", "one.d")
    inputs = ["amalgamate.toml", "include/one.h", "src/one.c", "src/value.h"]
    rule = "dist/one.c: \\\n  " + " \\\n  ".join(inputs) + "\n" + "".join(f"\n{name}:\n" for name in inputs)
    assert (library / "one.d").read_text() == rule


def test_a_depfile_names_licences_and_templates_too(library: Path) -> None:
    write_tree(library, {"LICENCE": "Free.\n", "one.rsp.j2": "-O2\n"})
    text = 'extras = ["one.rsp", "one.mk"]\n' + LIBRARY["amalgamate.toml"].replace(
        "\n", '\nlicense_files = ["LICENCE"]\n', 1
    )
    (library / "amalgamate.toml").write_text(text)
    run("build", "--depfile", "one.d")
    rule = (library / "one.d").read_text().split("\n\n")[0]
    assert {"LICENCE", "one.rsp.j2"} <= set(rule.replace("\\", "").split())


def test_a_depfile_keeps_absolute_names_absolute(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (library.parent / "elsewhere").mkdir()
    monkeypatch.chdir(library.parent / "elsewhere")
    run("build", "../library", "-o", f"{library.parent}/out/one.c", "--depfile", "one.d")
    assert (library.parent / "elsewhere/one.d").read_text().splitlines()[:2] == [
        f"{library.parent}/out/one.c: \\",
        "  ../library/amalgamate.toml \\",
    ]
    run("build", str(library), "-o", "one.c", "--depfile", "one.d")
    assert (library.parent / "elsewhere/one.d").read_text().splitlines()[:2] == [
        "one.c: \\",
        f"  {library}/amalgamate.toml \\",
    ]


def test_the_targets_of_a_depfile_are_the_sources_of_all_variants(library: Path) -> None:
    with (library / "amalgamate.toml").open("a") as file:
        file.write('[variants.slow]\ndefines = { SLOW = "1" }\n')
    run("build", "--all-variants", "--depfile", "one.d")
    assert (library / "one.d").read_text().startswith("dist/one.c dist/one-slow.c: \\\n")


MAKEFILE = f"""dist/one.c:
\t{TOOL} build -q --depfile one.d
\techo built
-include one.d
"""


def test_make_builds_again_when_a_header_changes_or_goes(library: Path) -> None:
    (library / "Makefile").write_text(MAKEFILE)
    command = ["make", "--silent", "dist/one.c"]
    assert printed(command) == "built\n"
    assert printed(command) == ""
    touch_later(library / "src/value.h")
    assert printed(command) == "built\n"
    (library / "src/one.c").write_text("int one(void) { return 2; }\n")
    (library / "src/value.h").unlink()
    assert printed(command) == "built\n"


NINJA = f"""rule amalgamate
  command = {TOOL} build -q --depfile $depfile && echo built
  depfile = one.d
build dist/one.c: amalgamate
"""


def test_ninja_builds_again_when_a_header_changes(library: Path) -> None:
    if not any(os.access(f"{folder}/ninja", os.X_OK) for folder in os.environ["PATH"].split(":")):
        pytest.skip("ninja is not there: make test installs it")
    (library / "build.ninja").write_text(NINJA)
    command = ["ninja", "--quiet"]
    assert "built" in printed(command)
    assert "built" not in printed(command)
    touch_later(library / "src/value.h")
    assert "built" in printed(command)


def printed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def touch_later(path: Path) -> None:
    """Change a file as if some seconds had gone by."""
    path.write_text("#define VALUE 3\n")
    later = path.stat().st_mtime + 5
    os.utime(path, (later, later))
