"""`amalgamate build`: what to write, print or compare. Decides nothing about the contents."""

from __future__ import annotations

import gc
import os
import shlex
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import guarded, print_bytes, print_diagnostics, refuse, shown
from amalgamate.cli.options import load, of_project
from amalgamate.cli.progress import shown_on_terminal
from amalgamate.errors import Diagnostic, Location, Severity, StaleError
from amalgamate.report import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amalgamate.config import Config
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
@click.option("-o", "output", metavar="FILE", help="Write the source here, its companions beside it.")
@click.option("--stdout", is_flag=True, help="Print the source and write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 5 where an output is out of date.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--depfile", metavar="FILE", help="Also write the inputs as a rule for make or ninja.")
@click.option("--line-directives/--no-line-directives", default=None, help="Add #line for debuggers.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON instead of the summary.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes too.")
def build(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Write a project as one source and one header.

    PATH is a folder with an amalgamate.toml, or that file; by default this folder.
    """
    guarded(path, lambda: _build(path, options), as_json=options["as_json"])


def _build(path: Path, options: Mapping[str, Any]) -> None:
    timed = _bundles(path, options)
    bundles = [bundle for bundle, _ in timed]
    diagnostics = (each for bundle in bundles for each in bundle.diagnostics)
    print_diagnostics(diagnostics, path, is_quiet=options["quiet"], is_verbose=options["verbose"])
    if options["stdout"]:
        _print_source(bundles[0])
        return
    outputs = outputs_of(bundles)
    if options["check"] or options["diff"]:
        _compare(bundles, outputs, options)
        return
    from amalgamate.write import output  # noqa: PLC0415 - needs difflib, which --stdout does not

    if options["depfile"]:
        _add_depfile(outputs, bundles, path, options)
    output.write(outputs, inputs_of(bundles))
    _print_report(timed, options)


def _bundles(path: Path, options: Mapping[str, Any]) -> list[tuple[Bundle, float]]:
    """Build the wanted variants, sharing what was read; each with the seconds it took."""
    from amalgamate import pipeline  # noqa: PLC0415 - keeps --version and --help quick

    configs = load(path, options)
    tree = pipeline.source_tree(configs)
    built: list[tuple[Bundle, float]] = []

    def describe() -> str:
        variant = configs[min(len(built), len(configs) - 1)].variant
        return f"building{f' {variant}' if variant else ''}: {tree.file_count:,} files read"

    with shown_on_terminal(describe, is_wanted=not options["quiet"]), _uncollected():
        for config in configs:
            started = time.perf_counter()
            bundle = pipeline.build(config, tree)
            built.append((bundle, time.perf_counter() - started))
    return built


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the search for cycles of objects: a build makes next to none, and ends soon."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _print_source(bundle: Bundle) -> None:
    if len(bundle.sources) > 1:
        names = " and ".join(f'"{file.name}"' for file in bundle.sources)
        refuse(f"--stdout prints one source, and there are two: {names}", "leave out --stdout, or name --source files")
    print_bytes(bundle.sources[0].data)


def outputs_of(bundles: Sequence[Bundle]) -> dict[Path, bytes]:
    """Return what shall stand where; variants may share a file only if it is the same for both."""
    outputs: dict[Path, bytes] = {}
    for bundle in bundles:
        _refuse_equal_names([file.name for file in bundle.files])
        for file in bundle.files:
            path = bundle.config.output.dir / file.name
            if outputs.setdefault(path, file.data) != file.data:
                refuse(
                    f'variant "{bundle.config.variant}" writes another "{file.name}" than the one before it',
                    "give it another name, or another [output] dir",
                )
    return outputs


def _refuse_equal_names(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            refuse(f'two outputs of one build are called "{name}"', "choose names in [output], or for the source -o")


def inputs_of(bundles: Sequence[Bundle]) -> list[Path]:
    """Return every file that the variants depend on, sorted."""
    if len(bundles) == 1:
        return list(bundles[0].inputs)
    return sorted({each for bundle in bundles for each in bundle.inputs})


def _add_depfile(outputs: dict[Path, bytes], bundles: Sequence[Bundle], path: Path, options: Mapping[str, Any]) -> None:
    """Add the rule for the sources alone: ninja wants no target that its own rule does not name.

    Files are absolute where the command line names PATH or -o so, and else as seen from here: the rule that holds
    the command spells them like this too.
    """
    from amalgamate.write import output  # noqa: PLC0415 - as above

    depfile = Path(os.path.abspath(options["depfile"]))  # noqa: PTH100 - as the outputs: links keep their names
    if depfile in outputs:
        refuse(f'--depfile "{options["depfile"]}" is one of the outputs')
    targets = [bundle.config.output.dir / source.name for bundle in bundles for source in bundle.sources]
    inputs = _spelt_like(path, inputs_of(bundles))
    outputs[depfile] = output.depfile(_spelt_like(options["output"] or path, targets), inputs)


def _spelt_like(given: str | Path, paths: Sequence[Path]) -> list[Path]:
    return list(paths) if Path(given).is_absolute() else [Path(os.path.relpath(path)) for path in paths]


def _compare(bundles: Sequence[Bundle], outputs: Mapping[Path, bytes], options: Mapping[str, Any]) -> None:
    from amalgamate.write import output  # noqa: PLC0415 - as above

    files = {bundle.config.output.dir / file.name: (bundle.config, file) for bundle in bundles for file in bundle.files}
    stale = output.stale(outputs)
    if options["diff"]:
        maps = {path for path, (_, file) in files.items() if file.role == "map"}
        click.echo(output.diff(outputs, maps), nl=False)
    if stale and options["check"]:
        raise StaleError(*(_out_of_date(path, files[path][0]) for path in stale))
    if options["as_json"]:
        _print_json(bundles)
    elif not stale and not options["quiet"]:
        click.echo(f"{counted(len(outputs), 'output')} up to date")


def _out_of_date(path: Path, config: Config) -> Diagnostic:
    """Say what is wrong with an output, and how it is made again."""
    message = "out of date" if path.exists() else "missing"
    where = "" if config.root == Path.cwd() else f"in {shown(config.root)}, "
    hint = f"{where}run: {shlex.join(config.full_command)}"
    return Diagnostic(Severity.ERROR, message, Location(Path(os.path.relpath(path, config.root)).as_posix()), hint)


def _print_report(bundles: Sequence[tuple[Bundle, float]], options: Mapping[str, Any]) -> None:
    if options["as_json"]:
        _print_json([bundle for bundle, _ in bundles])
        return
    if options["quiet"]:
        return
    from amalgamate import report  # noqa: PLC0415 - keeps --version and --help quick

    told: dict[str, str] = {}
    for bundle, seconds in bundles:
        for amalgam in bundle.amalgams:
            name = shown(bundle.config.output.dir / amalgam.file.name)
            told.setdefault(name, report.summary(name, amalgam, seconds))
    click.echo("\n".join(told.values()))


def _print_json(bundles: Sequence[Bundle]) -> None:
    from amalgamate import report  # noqa: PLC0415 - as above

    click.echo(report.as_json(bundles))
