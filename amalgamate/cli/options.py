"""The options that several commands share: which project, which variants, what the command line adds to them."""

from __future__ import annotations

import os
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
    click.option("--variant", metavar="NAME", multiple=True, help="Take this variant of the configuration."),
    click.option("--no-blas", is_flag=True, help="Short for --variant no-blas, where the configuration has one."),
    click.option("--emscripten", is_flag=True, help="Short for --variant emscripten, likewise."),
    click.option("--all-variants", is_flag=True, help="Take the plain output and every variant."),
    click.option("-D", "define", metavar="NAME[=VALUE]", multiple=True, help="Fix a macro, as [defines] does."),
    click.option("-U", "undefine", metavar="NAME", multiple=True, help="Fix a macro as not defined."),
    click.option("-I", "include", metavar="DIR", multiple=True, help="Search this folder before the configured ones."),
    click.option("--source", metavar="FILE", multiple=True, help="A translation unit, instead of the configured ones."),
)

_EXCLUDE_EACH_OTHER = (
    (("stdout",), ("check", "diff", "as_json"), "--stdout prints the source and nothing else"),
    (("stdout",), ("output", "depfile"), "--stdout prints the source and writes nothing"),
    (("stdout",), ("all_variants",), "--stdout prints the source of one variant"),
    (("check", "diff"), ("depfile",), "only a build that writes has a depfile"),
    (("diff",), ("as_json",), "the difference is text; --check has a report"),
    (
        ("fix",),
        ("variant", "no_blas", "emscripten", "define", "undefine", "include", "source", "ignore"),
        "it decides for the configuration as it stands, with all its variants",
    ),
    (("dry_run",), ("diff",), "both write nothing; --diff shows more"),
    (("quiet",), ("verbose",), "one prints less, the other more"),
    (("all_variants",), ("variant", "no_blas", "emscripten"), "--all-variants includes every variant"),
    (("all_variants",), ("output",), "--all-variants builds every output under its own name"),
)
"""Options of which none of the first goes with any of the second, and why; by the names of their parameters."""
_FILES_TO_WRITE = ("output", "depfile")
_ALIASES = {"no_blas": "no-blas", "emscripten": "emscripten"}
"""Flags that are the names of variants."""


def of_project(command: _Command) -> _Command:
    """Give a command the argument PATH and the options that say what to read there."""
    for option in reversed(_PROJECT):
        command = option(command)
    return command


def load(path: Path, options: Mapping[str, Any]) -> list[Config]:
    """Return the configuration of every variant that the options of `of_project` ask for."""
    from amalgamate import loader  # noqa: PLC0415 - keeps --version and --help quick

    _refuse_combinations(options)
    overrides = _overrides(options)
    first = loader.load(path, _variant(options), overrides)
    if not options["all_variants"]:
        return [first]
    return [first if name == first.variant else loader.load(path, name, overrides) for name in ("", *first.variants)]


def _refuse_combinations(options: Mapping[str, Any]) -> None:
    """Refuse options that cannot mean anything, alone or together."""
    spelt = {each.name: each.opts[-1] for each in click.get_current_context().command.params}
    for name in _FILES_TO_WRITE:
        if options.get(name) is not None:
            _refuse_no_file(spelt[name], options[name])
    for these, those, reason in _EXCLUDE_EACH_OTHER:
        for one in these:
            for other in those:
                if options.get(one) and options.get(other):
                    refuse(f"{spelt[one]} and {spelt[other]} exclude each other", reason)


def _refuse_no_file(option: str, text: str) -> None:
    """Refuse what is the name of no file; what stands under a name is judged before it is written."""
    if not text:
        refuse(f"{option} needs the name of a file")
    if text == "-":
        refuse(f'{option} "-" names no file', "print the source with --stdout")
    if not Path(text).name or text.endswith(("/", os.sep, "/.", "/..")):
        refuse(f'{option} "{text}" names a folder', "name the file in it")


def _variant(options: Mapping[str, Any]) -> str:
    """Return the one variant that is asked for, "" for the plain build."""
    wanted = tuple(dict.fromkeys([*options["variant"], *(name for flag, name in _ALIASES.items() if options[flag])]))
    if len(wanted) > 1:
        refuse(f'"{wanted[0]}" and "{wanted[1]}" are two variants', "build one after the other, or --all-variants")
    return wanted[0] if wanted else ""


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
        output=options.get("output") or "",
        line_directives=options.get("line_directives"),
    )
