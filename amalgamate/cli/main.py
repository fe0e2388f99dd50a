"""The command `amalgamate`: a table of its commands, each loaded when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from amalgamate import __version__

_COMMANDS = ("init", "build", "watch", "verify", "lint", "explain", "graph")
"""Each is the function of the same name in the module of the same name beside this one."""
_INTERRUPTED = 130


class _Commands(click.Group):
    """Imports a command only when it is run or described."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"amalgamate.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="amalgamate")
def cli() -> None:
    """Turn a C or C++ library into one source file and one C header."""


def main() -> None:
    """Run the command line; an interrupt ends it quietly, with the code that shells give it."""
    try:
        cli.main(prog_name="amalgamate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
