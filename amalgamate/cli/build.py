"""`amalgamate build`: what to write, print or compare. Decides nothing about the contents."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import guarded, print_bytes, print_diagnostics, refuse, shown
from amalgamate.cli.options import load, of_project
from amalgamate.cli.progress import shown_on_terminal
from amalgamate.errors import Diagnostic, Location, Severity, StaleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@click.command(epilog=_EXAMPLES + _EXIT_CODES)
@of_project
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
    guarded(path, lambda: _build(path, options))


def _build(path: Path, options: Mapping[str, Any]) -> None:
    _check_options(options)
    bundles = _bundles(path, options)
    diagnostics = (each for bundle, _ in bundles for each in bundle.diagnostics)
    print_diagnostics(diagnostics, path, is_quiet=options["quiet"], is_verbose=options["verbose"])
    outputs = _outputs([bundle for bundle, _ in bundles])
    if options["stdout"]:
        print_bytes(bundles[0][0].files[0].data)
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
        refuse("--stdout prints the source alone")
    if options["all_variants"] and (options["stdout"] or options["output"]):
        refuse("--all-variants builds every output under its own name", "leave out --stdout and -o")


def _bundles(path: Path, options: Mapping[str, Any]) -> list[tuple[Bundle, float]]:
    """Build the wanted variants, sharing what was read; each with the seconds it took."""
    from amalgamate import pipeline  # noqa: PLC0415 - keeps --version and --help quick
    from amalgamate.read.source import SourceTree  # noqa: PLC0415

    configs = load(path, options)
    tree = SourceTree(configs[0].root)
    built: list[tuple[Bundle, float]] = []

    def describe() -> str:
        variant = configs[min(len(built), len(configs) - 1)].variant
        return f"building{f' {variant}' if variant else ''}: {tree.file_count:,} files read"

    with shown_on_terminal(describe, is_wanted=not options["quiet"]):
        for config in configs:
            started = time.perf_counter()
            bundle = pipeline.build(config, tree)
            built.append((bundle, time.perf_counter() - started))
    return built


def _outputs(bundles: Sequence[Bundle]) -> dict[Path, bytes]:
    """Return what shall stand where; variants may share a file only if it is the same for both."""
    outputs: dict[Path, bytes] = {}
    for bundle in bundles:
        for file in bundle.files:
            path = bundle.config.output.dir / file.name
            if outputs.setdefault(path, file.data) != file.data:
                refuse(
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
                    f"in {shown(makers[each].root)}, run: {shlex.join(makers[each].full_command)}",
                )
                for each in stale
            )
        )
    if not stale and not options["quiet"]:
        click.echo(f"{len(outputs)} outputs are up to date")


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
            name = shown(bundle.config.output.dir / amalgam.file.name)
            click.echo(report.summary(name, amalgam, seconds))
