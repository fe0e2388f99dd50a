"""The command `amalgamate`: a table of its commands, each loaded when it is asked for."""

from __future__ import annotations

import importlib
import os
import re
import sys
from typing import Any

import click

from amalgamate import __version__

_COMMANDS = ("init", "build", "watch", "verify", "lint", "explain", "graph")
"""Each is the function of the same name in the module of the same name beside this one."""
_INTERRUPTED = 130
_EXAMPLES = """
\b
Examples:
  amalgamate init      write a first configuration for the project in this folder
  amalgamate build     write the one source and the one header
  amalgamate verify    prove that they behave as the many files do
"""


class _Commands(click.Group):
    """Imports a command only when it is run or described, and tells of mistakes as the commands themselves do."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"amalgamate.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def main(self, *arguments: Any, **options: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - click's
        """Run the command line and exit; an interrupt ends it quietly, with the code that shells give it."""
        try:
            status = super().main(*arguments, **{**options, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = error.exit_code
        except click.ClickException as error:
            click.echo(_told(error), err=True)
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            status = _INTERRUPTED
        sys.exit(status if isinstance(status, int) else 0)


def _told(error: click.ClickException) -> str:
    """Return click's message in the form of all others."""
    own = isinstance(error, click.NoSuchOption)  # what it formats has its guess in the sentence
    text = re.sub(r"'([^']*)'", r'"\1"', error.message if own else error.format_message()).rstrip(".")
    hint = _hint(error, text) if isinstance(error, click.UsageError) else ""
    return f"error: {text[:1].lower()}{text[1:]}" + (f"\n  hint: {hint}" if hint else "")


def _hint(error: click.UsageError, text: str) -> str:
    """Return what was probably meant, or where to read on."""
    from amalgamate.layers import did_you_mean  # noqa: PLC0415 - only mistakes need it

    context = error.ctx or click.get_current_context(silent=True)
    options = [name for each in (context.command.params if context else ()) for name in each.opts]
    word = re.fullmatch(r'No such (?:command|option) "([^"]*)"', text)
    guess = did_you_mean(word[1], [*_COMMANDS] if "command" in text else options) if word else ""
    return guess or (f"see {context.command_path} --help" if context else "see amalgamate --help")


def _stand_in_for_closed_streams() -> None:
    """Read nothing from, and write nowhere to, what the caller has closed (`>&-`): Python leaves None there."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


@click.group(
    cls=_Commands,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="amalgamate")
def cli() -> None:
    """Turn a C or C++ library into one source file and one C header."""


def main() -> None:
    """Run the command line."""
    _stand_in_for_closed_streams()
    cli.main(prog_name="amalgamate")
