"""The command line: options in, exit code out. Prints everything that is printed, and decides nothing."""

from __future__ import annotations

import os
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from amalgamate import __version__
from amalgamate.errors import AmalgamateError, ConfigError, Diagnostic, Location, Severity, StaleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from amalgamate.config import Overrides
    from amalgamate.pipeline import Bundle

_EXAMPLES = """
\b
Examples:
  amalgamate build                        build the project in this folder
  amalgamate build lib --no-blas          its variant "no-blas"
  amalgamate build --all-variants --check exit with 5 where an output is out of date
  amalgamate build --source a.cc --source b.cc -I include -o one.cc
  amalgamate build --stdout | g++ -x c++ -c -o one.o -
"""
_EXIT_CODES = """
\b
Exit codes: 0 ok, 2 usage or configuration, 3 input (missing include, malformed
source), 4 include cycle where the configuration forbids it, 5 out of date.
"""


_INTERRUPTED = 130
_BROKEN_PIPE = 141


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="amalgamate")
def cli() -> None:
    """Turn a C or C++ library into one source file and one C header."""


@cli.command(epilog=_EXAMPLES + _EXIT_CODES)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--variant", metavar="NAME", default="", help="Build this variant of the configuration.")
@click.option("--no-blas", "variant", flag_value="no-blas", help="The same as --variant no-blas.")
@click.option("--emscripten", "variant", flag_value="emscripten", help="The same as --variant emscripten.")
@click.option("--all-variants", is_flag=True, help="Build the plain output and every variant.")
@click.option("-D", "define", metavar="NAME[=VALUE]", multiple=True, help="Fix a macro, as [defines] does.")
@click.option("-U", "undefine", metavar="NAME", multiple=True, help="Fix a macro as not defined.")
@click.option("-I", "include", metavar="DIR", multiple=True, help="Search this folder before the configured ones.")
@click.option("--source", metavar="FILE", multiple=True, help="A translation unit, instead of the configured ones.")
@click.option("-o", "output", metavar="FILE", default="", help="Write the source here, its companions beside it.")
@click.option("--stdout", is_flag=True, help="Print the source and write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 5 where an output is out of date.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--depfile", metavar="FILE", default="", help="Also write the inputs as a rule for make or ninja.")
@click.option("--line-directives/--no-line-directives", default=None, help="Add #line for debuggers.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON instead of the summary.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes too.")
def build(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Amalgamate the project at PATH: a folder with an amalgamate.toml, or that file."""
    _guarded(path, lambda: _build(path, options))


def main() -> None:
    """Run the command line; an interrupt ends it quietly, with the code that shells give it."""
    try:
        cli.main(prog_name="amalgamate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)


def _guarded(path: Path, action: Callable[[], None]) -> None:
    """Run a command: errors that the user can mend become messages and an exit code, bugs their traceback."""
    try:
        action()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away; click would call that success
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        sys.exit(_BROKEN_PIPE)
    except AmalgamateError as error:
        for diagnostic in error.diagnostics:
            click.echo(str(_seen_from_here(diagnostic, path)), err=True)
        sys.exit(error.exit_code)


def _build(path: Path, options: Mapping[str, Any]) -> None:
    _check_options(options)
    bundles = _bundles(path, options)
    least = Severity.ERROR if options["quiet"] else Severity.NOTE if options["verbose"] else Severity.WARNING
    _print_diagnostics(bundles, least, path)
    outputs = _outputs([bundle for bundle, _ in bundles])
    if options["stdout"]:
        _print_bytes(bundles[0][0].files[0].data)
        return
    from amalgamate.write import output  # noqa: PLC0415 - needs difflib, which --stdout does not

    if options["check"] or options["diff"]:
        _compare(bundles, outputs, options)
        return
    inputs = sorted({each for bundle, _ in bundles for each in bundle.inputs})
    if options["depfile"]:
        outputs[Path(options["depfile"])] = output.depfile(sorted(outputs), inputs)
    output.write(outputs, inputs)
    _print_report(bundles, options)


def _check_options(options: Mapping[str, Any]) -> None:
    modes = [name for name in ("stdout", "check", "diff") if options[name]]
    if "stdout" in modes and (len(modes) > 1 or options["as_json"]):
        _refuse("--stdout prints the source alone")
    if options["all_variants"] and (options["variant"] or options["stdout"] or options["output"]):
        _refuse("--all-variants builds every output under its own name", "leave out --variant, --stdout and -o")


def _refuse(message: str, hint: str = "") -> NoReturn:
    raise ConfigError(Diagnostic(Severity.ERROR, message, None, hint))


def _bundles(path: Path, options: Mapping[str, Any]) -> list[tuple[Bundle, float]]:
    """Build the wanted variants, sharing what was read; each with the seconds it took."""
    from amalgamate import loader, pipeline  # noqa: PLC0415 - keeps --version and --help quick
    from amalgamate.read.source import SourceTree  # noqa: PLC0415

    overrides = _overrides(options)
    first = loader.load(path, options["variant"], overrides)
    variants = ["", *first.variants] if options["all_variants"] else [options["variant"]]
    tree = SourceTree(first.root)
    built = []
    for variant in variants:
        started = time.perf_counter()
        config = first if variant == options["variant"] else loader.load(path, variant, overrides)
        bundle = pipeline.build(config, tree)
        built.append((bundle, time.perf_counter() - started))
    return built


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
        output=options["output"],
        line_directives=options["line_directives"],
    )


def _outputs(bundles: Sequence[Bundle]) -> dict[Path, bytes]:
    """Return what shall stand where; variants may share a file only if it is the same for both."""
    outputs: dict[Path, bytes] = {}
    for bundle in bundles:
        for file in bundle.files:
            path = bundle.config.output.dir / file.name
            if outputs.setdefault(path, file.data) != file.data:
                _refuse(
                    f'variant "{bundle.config.variant}" writes another "{file.name}" than the one before it',
                    "give it another name, or another [output] dir",
                )
    return outputs


def _compare(
    bundles: Sequence[tuple[Bundle, float]], outputs: Mapping[Path, bytes], options: Mapping[str, Any]
) -> None:
    from amalgamate.write import output  # noqa: PLC0415 - as above

    stale = output.stale(outputs)
    if options["diff"]:
        click.echo(output.diff(outputs), nl=False)
    if stale and options["check"]:
        makers = {bundle.config.output.dir / file.name: bundle.config for bundle, _ in bundles for file in bundle.files}
        raise StaleError(
            *(
                Diagnostic(
                    Severity.ERROR,
                    "out of date" if each.exists() else "missing",
                    Location(str(each)),
                    f"in {_shown(makers[each].root)}, run: {shlex.join(makers[each].full_command)}",
                )
                for each in stale
            )
        )
    if not stale and not options["quiet"]:
        click.echo(f"{len(outputs)} outputs are up to date")


def _print_diagnostics(bundles: Sequence[tuple[Bundle, float]], least: Severity, path: Path) -> None:
    ranks = list(Severity)
    for diagnostic in dict.fromkeys(each for bundle, _ in bundles for each in bundle.diagnostics):
        if ranks.index(diagnostic.severity) >= ranks.index(least):
            click.echo(str(_seen_from_here(diagnostic, path)), err=True)


def _print_report(bundles: Sequence[tuple[Bundle, float]], options: Mapping[str, Any]) -> None:
    if options["as_json"]:
        from amalgamate import report  # noqa: PLC0415 - keeps --version and --help quick

        click.echo(report.as_json([bundle for bundle, _ in bundles]))
        return
    if options["quiet"]:
        return
    from amalgamate import report  # noqa: PLC0415

    for bundle, seconds in bundles:
        for amalgam in bundle.amalgams:
            name = _shown(bundle.config.output.dir / amalgam.file.name)
            click.echo(report.summary(name, amalgam, seconds))


def _seen_from_here(diagnostic: Diagnostic, project: Path) -> Diagnostic:
    """Name places as they are called from the current directory, where editors and terminals look for them."""
    root = (project if project.is_dir() else project.parent).absolute()

    def moved(place: Location) -> Location:
        return replace(place, file=Path(os.path.relpath(root / place.file)).as_posix())

    return replace(
        diagnostic,
        location=moved(diagnostic.location) if diagnostic.location and diagnostic.location.file else None,
        included_from=tuple(moved(place) for place in diagnostic.included_from),
    )


def _print_bytes(data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # where Python's output is unbuffered, one write may take only a part
        rest = rest[sys.stdout.buffer.write(rest) :]


def _shown(path: Path) -> str:
    """Return the path as a user here would type it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
