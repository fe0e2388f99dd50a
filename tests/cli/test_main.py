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
    listed = result.stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ("biuld", 'no such command "biuld"', 'did you mean "build"?'),
        ("xyz", 'no such command "xyz"', "see amalgamate --help"),
        ("build --stduot", 'no such option "--stduot"', 'did you mean "--stdout"?'),
        ("build a b", "got unexpected extra argument (b)", "see amalgamate build --help"),
        (
            "lint --format xml",
            'invalid value for "--format": "xml" is not one of "text", "json", "sarif", "github"',
            "see amalgamate lint --help",
        ),
    ],
)
def test_a_mistake_is_told_in_the_form_of_all_messages(arguments: str, message: str, hint: str) -> None:
    result = CliRunner().invoke(cli, arguments.split(), prog_name="amalgamate")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n  hint: {hint}\n")


def test_without_a_command_the_commands_are_told() -> None:
    result = CliRunner().invoke(cli, [])
    assert result.exit_code == 2
    assert "\n    amalgamate init      write a first configuration" in result.output
