"""What every command says to the terminal: diagnostics, names of files, bytes; and how errors become exit codes."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from amalgamate.errors import AmalgamateError, ConfigError, Diagnostic, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BROKEN_PIPE = 141


def guarded(path: Path, action: Callable[[], None]) -> None:
    """Run a command: errors that the user can mend become messages and an exit code, bugs their traceback."""
    try:
        action()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away; click would call that success
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        sys.exit(_BROKEN_PIPE)
    except AmalgamateError as error:
        for diagnostic in error.diagnostics:
            click.echo(str(seen_from_here(diagnostic, path)), err=True)
        sys.exit(error.exit_code)


def refuse(message: str, hint: str = "") -> NoReturn:
    """End the command as a mistake of usage."""
    raise ConfigError(Diagnostic(Severity.ERROR, message, None, hint))


def print_diagnostics(diagnostics: Iterable[Diagnostic], path: Path, *, is_quiet: bool, is_verbose: bool) -> None:
    """Print warnings, with `is_verbose` notes too, with `is_quiet` neither; each once."""
    ranks = list(Severity)
    least = Severity.ERROR if is_quiet else Severity.NOTE if is_verbose else Severity.WARNING
    for diagnostic in dict.fromkeys(diagnostics):
        if ranks.index(diagnostic.severity) >= ranks.index(least):
            click.echo(str(seen_from_here(diagnostic, path)), err=True)


def seen_from_here(diagnostic: Diagnostic, project: Path) -> Diagnostic:
    """Name places as they are called from the current directory, where editors and terminals look for them."""
    root = (project if project.is_dir() else project.parent).absolute()

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
