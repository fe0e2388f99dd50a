"""What both commands share: errors with their exit codes, a bar of progress, and what was written."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mxconvert.errors import ConvertError
from mxconvert.files import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mxconvert.network import Files

Item = TypeVar("Item")
Command = TypeVar("Command", bound="Callable[..., None]")

EXIT_INPUT = 3
"""A model that cannot be read or converted; 2 is wrong usage, as click has it."""


@contextmanager
def told_errors(path: Path) -> Iterator[None]:
    """Print what is wrong with a model and exit."""
    try:
        yield
    except ConvertError as error:
        click.echo(f"{path}: error: {error}", err=True)
        if error.hint:
            click.echo(f"  hint: {error.hint}", err=True)
        sys.exit(EXIT_INPUT)


def told_progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Yield the items, with a bar where somebody looks."""
    with click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield from bar


def network_options(model: str, shape_help: str) -> Callable[[Command], Command]:
    """Return a decorator that gives a command what all have that write a network: `-o` and `-s`.

    `model` tells in the help what the outputs are called after, `shape_help` what a shape is needed for.
    """
    output = click.option(
        *("-o", "--output"),
        type=click.Path(path_type=Path),
        metavar="PREFIX",
        help=f"Write PREFIX-symbol.json and PREFIX-0000.params.  [default: {model}]",
    )
    shape = click.option(
        *("-s", "--shape"),
        multiple=True,
        metavar="NAME=SIZES",
        help=f"{shape_help}, as in data=1,3,224,224; may be repeated.",
    )
    return lambda command: output(shape(command))


def shape_option(text: str) -> tuple[str, tuple[int, ...]]:
    """Read `NAME=1,3,224,224`; a name may hold an equals sign.

    Raises:
        click.BadParameter: it reads otherwise.
    """
    name, _, sizes = text.rpartition("=")
    try:
        shape = tuple(int(size) for size in sizes.split(","))
    except ValueError:
        shape = ()
    if not name or not shape or min(shape) < 1:
        raise click.BadParameter(f'"{text}" is not NAME=SIZE,SIZE,...')
    return name, shape


def write_network(prefix: Path, files: Files, shapes: Mapping[str, tuple[int | str | None, ...]]) -> None:
    """Write PREFIX-symbol.json and PREFIX-0000.params and say so."""
    symbol, params = (prefix.with_name(prefix.name + end) for end in ("-symbol.json", "-0000.params"))
    write({symbol: files.symbol.encode(), params: files.params})
    click.echo(f"{symbol}: {files.operators} operators")
    click.echo(f"{params}: {files.arrays} arrays, {len(files.params):,} bytes")
    for name in files.inputs:
        click.echo(f"input {name}: ({', '.join(str(size or '?') for size in shapes[name])})")
