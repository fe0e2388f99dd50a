"""What every command says to the terminal: diagnostics, names of files, bytes; and how errors become exit codes."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from amalgamate.errors import AmalgamateError, ConfigError, Diagnostic, ExitCode, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BROKEN_PIPE = 141


def guarded(path: Path, action: Callable[[], None], *, as_json: bool = False) -> None:
    """Run a command: errors that the user can mend become messages and an exit code, bugs their traceback.

    With `as_json` the standard output gets a report of them too.
    """
    try:
        status = _run(path, action, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away; click would call that success
        _give_up_standard_output()
        status = _BROKEN_PIPE
    except OSError as error:
        if error.filename is not None:
            raise  # a bug: only the standard output is written to without a name
        _give_up_standard_output()
        click.echo(f"error: cannot write to the standard output: {error.strerror}", err=True)
        status = ExitCode.USAGE
    if status:
        sys.exit(status)


def _run(path: Path, action: Callable[[], None], *, as_json: bool) -> int:
    try:
        action()
    except AmalgamateError as error:
        print_error(error, path)
        if as_json:
            from amalgamate import report  # noqa: PLC0415 - keeps --version and --help quick

            click.echo(report.as_json(error=error))
        return error.exit_code
    return ExitCode.OK


def print_error(error: AmalgamateError, path: Path) -> None:
    """Print what stops a command in the project at `path`."""
    for diagnostic in error.diagnostics:
        click.echo(str(seen_from_here(diagnostic, path)), err=True)


def _give_up_standard_output() -> None:
    """Lead what is still buffered nowhere, or the interpreter complains at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse(message: str, hint: str = "") -> NoReturn:
    """End the command as a mistake of usage."""
    raise ConfigError(Diagnostic(Severity.ERROR, message, None, hint))


def print_diagnostics(diagnostics: Iterable[Diagnostic], path: Path, *, is_quiet: bool, is_verbose: bool) -> None:
    """Print warnings, with `is_verbose` notes too, with `is_quiet` neither.

    What variants say of one place is printed once, though they reach it by other ways.
    """
    ranks = list(Severity)
    least = Severity.ERROR if is_quiet else Severity.NOTE if is_verbose else Severity.WARNING
    told: dict[tuple[Severity, Location | None, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        told.setdefault((diagnostic.severity, diagnostic.location, diagnostic.message), diagnostic)
    for diagnostic in told.values():
        if ranks.index(diagnostic.severity) >= ranks.index(least):
            click.echo(str(seen_from_here(diagnostic, path)), err=True)


def seen_from_here(diagnostic: Diagnostic, project: Path) -> Diagnostic:
    """Name places as they are called from the current directory, where editors and terminals look for them."""
    root = (project if os.path.isdir(project) else project.parent).absolute()  # noqa: PTH112 - never raises

    def moved(place: Location) -> Location:
        return replace(place, file=Path(os.path.relpath(root / place.file)).as_posix())

    return replace(
        diagnostic,
        location=moved(diagnostic.location) if diagnostic.location and diagnostic.location.file else None,
        included_from=tuple(moved(place) for place in diagnostic.included_from),
        quotes=tuple(replace(quote, place=moved(quote.place)) for quote in diagnostic.quotes),
    )


def print_bytes(data: bytes) -> None:
    """Print bytes as they are."""
    rest = memoryview(data)
    while rest:  # where Python's output is unbuffered, one write may take only a part
        rest = rest[sys.stdout.buffer.write(rest) :]


def shown(path: Path) -> str:
    """Return the path as a user here would type it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
