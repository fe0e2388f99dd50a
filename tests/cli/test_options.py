"""Which options go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = {
    "amalgamate.toml": '[project]\nname = "one"\n[input]\nsources = ["one.c"]\n[variants.loud.defines]\nLOUD = 1\n',
    "one.c": "int one(void) { return 1; }\n",
}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, LIBRARY))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--stdout --check", "--stdout prints the source and nothing else"),
        ("--stdout --diff", "--stdout prints the source and nothing else"),
        ("--stdout --json", "--stdout prints the source and nothing else"),
        ("--stdout -o=a.c", "--stdout prints the source and writes nothing"),
        ("--stdout --depfile=a.d", "--stdout prints the source and writes nothing"),
        ("--stdout --all-variants", "--stdout prints the source of one variant"),
        ("--check --depfile=a.d", "only a build that writes has a depfile"),
        ("--diff --depfile=a.d", "only a build that writes has a depfile"),
        ("--diff --json", "the difference is text; --check has a report"),
        ("--quiet --verbose", "one prints less, the other more"),
        ("--all-variants --variant=loud", "--all-variants includes every variant"),
        ("--all-variants --no-blas", "--all-variants includes every variant"),
        ("--all-variants -o=a.c", "--all-variants builds every output under its own name"),
    ],
)
def test_options_that_exclude_each_other_are_refused(options: str, reason: str) -> None:
    result = run("build", *options.split())
    one, other = (option.split("=")[0] for option in options.split())
    assert (result.exit_code, result.stderr) == (2, f"error: {one} and {other} exclude each other\n  hint: {reason}\n")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("options", "first", "second"),
    [
        (["--no-blas", "--emscripten"], "no-blas", "emscripten"),
        (["--no-blas", "--variant", "loud"], "loud", "no-blas"),
        (["--variant", "loud", "--variant", "low"], "loud", "low"),
    ],
)
def test_one_build_is_of_one_variant(options: list[str], first: str, second: str) -> None:
    result = run("build", *options)
    assert result.exit_code == 2
    assert result.stderr == (
        f'error: "{first}" and "{second}" are two variants\n  hint: build one after the other, or --all-variants\n'
    )


def test_one_variant_may_be_named_twice(library: Path) -> None:
    assert run("build", "--variant", "loud", "--variant", "loud").exit_code == 0
    assert (library / "dist/one-loud.c").exists()
