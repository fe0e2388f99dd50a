"""The command as a whole: every subcommand is told of, and tells of itself."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from amalgamate.cli.main import cli
from amalgamate.config import PLATFORMS

COMMANDS = cli.list_commands(click.Context(cli))
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_and_exit_codes(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert f"\n  Examples:\n    amalgamate {name}" in result.stdout
    assert "\n  Exit codes: 0 " in result.stdout
    assert "\b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readmes_table(name: str) -> None:
    assert f"\n| `amalgamate {name}` | " in README.split("## The command\n")[1].split("###")[0]


def test_verify_tells_of_its_platforms() -> None:
    told = CliRunner().invoke(cli, ["verify", "--help"]).stdout.partition("Platforms: ")[2].partition(".")[0]
    assert tuple(" ".join(told.replace(" (this machine)", "").split()).split(", ")) == PLATFORMS


def test_the_list_of_commands_cuts_no_sentence() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    listed = result.stdout.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)
