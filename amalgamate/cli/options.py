"""The options that several commands share: which project, which variants, what the command line adds to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from amalgamate.cli.console import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amalgamate.config import Config, Overrides

_Command = TypeVar("_Command", bound="Callable[..., None]")

_PROJECT = (
    click.argument("path", type=click.Path(path_type=Path), default=Path()),
    click.option("--variant", metavar="NAME", default="", help="Take this variant of the configuration."),
    click.option("--no-blas", "variant", flag_value="no-blas", help="The same as --variant no-blas."),
    click.option("--emscripten", "variant", flag_value="emscripten", help="The same as --variant emscripten."),
    click.option("--all-variants", is_flag=True, help="Take the plain output and every variant."),
    click.option("-D", "define", metavar="NAME[=VALUE]", multiple=True, help="Fix a macro, as [defines] does."),
    click.option("-U", "undefine", metavar="NAME", multiple=True, help="Fix a macro as not defined."),
    click.option("-I", "include", metavar="DIR", multiple=True, help="Search this folder before the configured ones."),
    click.option("--source", metavar="FILE", multiple=True, help="A translation unit, instead of the configured ones."),
)


def of_project(command: _Command) -> _Command:
    """Give a command the argument PATH and the options that say what to read there."""
    for option in reversed(_PROJECT):
        command = option(command)
    return command


def load(path: Path, options: Mapping[str, Any]) -> list[Config]:
    """Return the configuration of every variant that the options of `of_project` ask for."""
    from amalgamate import loader  # noqa: PLC0415 - keeps --version and --help quick

    if options["all_variants"] and options["variant"]:
        refuse("--all-variants includes every variant", "leave out --variant")
    overrides = _overrides(options)
    first = loader.load(path, options["variant"], overrides)
    if not options["all_variants"]:
        return [first]
    return [first if name == first.variant else loader.load(path, name, overrides) for name in ("", *first.variants)]


def _overrides(options: Mapping[str, Any]) -> Overrides:
    from amalgamate.config import Overrides  # noqa: PLC0415 - keeps --version and --help quick

    defines = {}
    for text in options["define"]:
        name, has_value, value = text.partition("=")
        defines[name] = value if has_value else "1"
    return Overrides(
        sources=options["source"],
        include_dirs=options["include"],
        defines=defines,
        undefined=options["undefine"],
        output=options.get("output", ""),
        line_directives=options.get("line_directives"),
    )
