"""`amalgamate init`: writes a first configuration, from what stands in a folder or what its build has recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amalgamate.cli.console import guarded, refuse, shown
from amalgamate.cli.progress import shown_on_terminal
from amalgamate.config import FILE_NAME

if TYPE_CHECKING:
    from amalgamate.survey.proposal import Proposal

_EXAMPLES = """
\b
Sources, include folders and macros are those of a compile_commands.json in the folder or one
below it, where there is one (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON makes it); else they
are what stands in the folder. Comments in the file say why each key is what it is.

\b
Examples:
  amalgamate init                         write amalgamate.toml here
  amalgamate init ~/zlib --stdout         print it and write nothing
  amalgamate init --commands build/compile_commands.json

\b
Exit codes: 0 ok, 2 usage, or there is an amalgamate.toml already, 3 nothing to build was
found, or the configuration is written and the project does not build with it yet.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--stdout", is_flag=True, help="Print the configuration and write nothing.")
@click.option("--force", is_flag=True, help="Replace the configuration that is there.")
@click.option("--commands", metavar="FILE", type=click.Path(path_type=Path), help="Read this compilation database.")
def init(path: Path, *, stdout: bool, force: bool, commands: Path | None) -> None:
    """Write a first amalgamate.toml from what a folder holds.

    PATH is the folder of a project; by default this folder.
    """
    guarded(path, lambda: _init(path, commands, is_printed=stdout, is_forced=force))


def _init(path: Path, commands: Path | None, *, is_printed: bool, is_forced: bool) -> None:
    from amalgamate.survey import mend, proposal, text  # noqa: PLC0415 - keeps --help quick

    if not path.is_dir():
        refuse(f'"{path}" is no folder', "name the folder of a project")
    file = path / FILE_NAME
    if file.exists() and not is_printed and not is_forced:
        refuse(f'"{shown(file)}" is there already', "replace it with --force, or look first with --stdout")
    root = path.absolute()
    with shown_on_terminal(lambda: "looking at the sources"):
        found, error = mend.mended(root, proposal.propose(root, commands.absolute() if commands else None))
    written = text.text_of(found)
    if is_printed:
        click.echo(written, nl=False)
    else:
        from amalgamate.write import output  # noqa: PLC0415 - needs difflib, which --stdout does not

        output.write({file.absolute(): written.encode()})
        click.echo(f"wrote {shown(file)}: {_summary(found)}")
    if error is not None:
        click.echo("the project does not build with it yet:", err=True)
        raise error
    if not is_printed:
        click.echo(f"next: amalgamate build{'' if path == Path() else f' {path}'}")


def _summary(found: Proposal) -> str:
    from amalgamate.report import counted  # noqa: PLC0415 - keeps --help quick

    if found.header_only:
        parts = [counted(len(found.header_only), "header"), "no sources"]
    else:
        parts = [f"{counted(len(found.units), 'source')} in {' and '.join(found.languages)}"]
    if found.left_out:
        parts.append(f"{len(found.left_out)} left out")
    if found.header and found.is_c_header:
        parts.append(f"header {found.header}")
    return ", ".join(parts)
