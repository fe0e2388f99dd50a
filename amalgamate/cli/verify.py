"""`amalgamate verify`: which proofs are wanted, and a table of what they found."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import guarded, seen_from_here
from amalgamate.cli.options import load, of_project
from amalgamate.cli.progress import erase_progress, shown_on_terminal
from amalgamate.config import PLATFORMS
from amalgamate.errors import NotEquivalentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from amalgamate.errors import Diagnostic
    from amalgamate.prove.model import Result, Row, Stage
    from amalgamate.prove.verify import Verification, Wish

_EXAMPLES = """
\b
Stages:
  0 conservation  every byte of the inputs and of the output is accounted for
  1 tokens        the compiler reads the same in the one file and in the many
  2 units         so it does for each source file as when it is compiled alone
  3 bindings      every name means the same declaration (needs libclang)
  4 symbols       it compiles, links and loads, with the same symbols
  5 command       the project's own test passes ([verify] command)

\b
Platforms: native (this machine), linux-x86_64, linux-aarch64, windows-msvc, windows-mingw,
macos, ios, android, emscripten, freebsd.

\b
Examples:
  amalgamate verify                          all stages, on all platforms
  amalgamate verify --stage 0 --stage 1      two of them
  amalgamate verify --platform native --compiler clang

\b
Exit codes: 0 ok, 2 usage or configuration, 3 input, 6 not equivalent.
"""
_LAST_STAGE = 5
_CELL = 14
"""Columns of a stage."""


@click.command(epilog=_EXAMPLES)
@of_project
@click.option("-o", "output", metavar="FILE", help="The source was written here.")
@click.option("--line-directives/--no-line-directives", default=None, help="The source has #line.")
@click.option("--stage", type=click.IntRange(0, _LAST_STAGE), multiple=True, help="Run this stage only; repeatable.")
@click.option(
    "--platform",
    type=click.Choice(PLATFORMS),
    metavar="NAME",
    multiple=True,
    help="Read as on this platform; repeatable.",
)
@click.option("--compiler", metavar="NAME", multiple=True, help="Use this compiler; repeatable.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Work on so many at once.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead of the table.")
@click.option("-q", "--quiet", is_flag=True, help="Print differences only.")
def verify(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Prove that the outputs behave as the many files do."""
    guarded(path, lambda: _verify(path, options))


def _verify(path: Path, options: Mapping[str, Any]) -> None:
    from amalgamate.prove.verify import verification  # noqa: PLC0415 - keeps --version and --help quick

    started = time.perf_counter()
    results: list[Result] = []
    configs = load(path, options)
    with _ended_by_a_signal(), verification(configs, _wish(options)) as proof:

        def describe() -> str:
            return f"verifying: {proof.done:,} of {len(proof.tasks):,} checks"

        with shown_on_terminal(describe, is_wanted=not options["quiet"]):
            table = None if options["as_json"] or options["quiet"] else _Table(proof)
            for result in proof.results():
                results.append(result)
                if table is not None:
                    table.add(result)
    if options["as_json"]:
        click.echo(_as_json(results, path))
    elif not options["quiet"]:
        _print_summary(results, time.perf_counter() - started)
    if not options["as_json"]:
        _warn_of_bindings(results)
    problems = _problems(results)
    if problems:
        raise NotEquivalentError(*problems)


def _wish(options: Mapping[str, Any]) -> Wish:
    from amalgamate.prove.model import Stage  # noqa: PLC0415 - as above
    from amalgamate.prove.verify import Wish  # noqa: PLC0415

    stages = frozenset(map(Stage, options["stage"] or range(_LAST_STAGE + 1)))
    return Wish(stages, options["platform"], options["compiler"], options["jobs"])


class _Table:
    """Prints a line for each row as soon as it is complete."""

    def __init__(self, proof: Verification) -> None:
        self.stages = proof.stages
        self._missing = Counter(task.row for task in proof.tasks)
        self._cells: dict[Stage, str] = {}
        self._widths = [max(len(text) for text in texts) for texts in zip(*map(_labels, proof.rows), strict=True)]
        titles = [f"{stage.title:<{_CELL}}" for stage in self.stages]
        self._print(["output", "setting"], titles)

    def add(self, result: Result) -> None:
        """Take a result; results come row by row."""
        self._missing[result.row] -= 1
        status = result.finding.status
        shown = status.upper() if status == "failed" else status
        self._cells[result.stage] = f"{shown} {result.seconds:.1f} s" if status != "skipped" else shown
        if not self._missing[result.row]:
            self._print(_labels(result.row), [f"{self._cells.get(stage, ''):<{_CELL}}" for stage in self.stages])
            self._cells = {}

    def _print(self, labels: Sequence[str], cells: Sequence[str]) -> None:
        padded = [f"{label:<{width}}" for label, width in zip(labels, self._widths, strict=True)]
        erase_progress()
        click.echo("  ".join([*padded, *cells]).rstrip())


def _labels(row: Row) -> tuple[str, str]:
    return row.output, row.setting


def _print_summary(results: Sequence[Result], seconds: float) -> None:
    reasons = {
        f"{result.stage.title}: {result.finding.note}" for result in results if result.finding.status == "skipped"
    }
    for reason in sorted(reasons):
        click.echo(f"skipped: {reason}")
    counts = Counter(result.finding.status for result in results)
    click.echo(", ".join([*(f"{count:,} {status}" for status, count in sorted(counts.items())), f"{seconds:.1f} s"]))


def _warn_of_bindings(results: Sequence[Result]) -> None:
    """Say what no other stage finds: a name that means something else has the same tokens and symbols."""
    if any(result.stage.name == "BINDINGS" and result.finding.status == "skipped" for result in results):
        click.echo(
            "warning: nothing has checked that names mean the same in the one file: 3 bindings was skipped", err=True
        )


def _problems(results: Sequence[Result]) -> list[Diagnostic]:
    """Return each difference once, with the stage and the settings that show it."""
    found: dict[tuple[Stage, Diagnostic], list[str]] = {}
    for result in results:
        for diagnostic in result.finding.diagnostics:
            found.setdefault((result.stage, diagnostic), []).append(result.row.setting)
    return [
        replace(diagnostic, message=f"{stage.name.lower()}{_where(settings)}: {diagnostic.message}")
        for (stage, diagnostic), settings in found.items()
    ]


def _where(settings: Sequence[str]) -> str:
    if not settings[0]:
        return ""
    others = f" and {len(settings) - 1} more" if len(settings) > 1 else ""
    return f" ({settings[0]}{others})"


def _as_json(results: Sequence[Result], path: Path) -> str:
    rows = [
        {
            "stage": result.stage.value,
            "name": result.stage.name.lower(),
            "variant": result.row.variant,
            "output": result.row.output,
            "setting": result.row.setting,
            "status": result.finding.status,
            "note": result.finding.note,
            "seconds": round(result.seconds, 3),
            "differences": [_difference(seen_from_here(each, path)) for each in result.finding.diagnostics],
        }
        for result in results
    ]
    is_ok = all(result.finding.status != "failed" for result in results)
    return json.dumps({"schema": 1, "ok": is_ok, "results": rows}, indent=2)


def _difference(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": str(diagnostic.location or ""),
        "quotes": [{"place": str(quote.place), "text": quote.text} for quote in diagnostic.quotes],
    }


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Let a request to end be an interrupt, so that what was made is removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
