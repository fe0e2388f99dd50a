"""What a build tells: the summary line of each output, and the JSON report. Text only; the command line prints it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from amalgamate.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amalgamate.errors import AmalgamateError, Diagnostic
    from amalgamate.pipeline import Amalgam, Bundle


def summary(path: str, amalgam: Amalgam, seconds: float) -> str:
    """Return the one line about an output that was built."""
    figures = amalgam.figures
    parts = [
        counted(figures.files_in, "file"),
        f"{figures.lines_in:,} -> {counted(figures.lines_out, 'line')}",
        f"{counted(figures.includes_dropped, 'include')} dropped",
    ]
    if figures.usings_stripped:
        parts.append(f"{counted(figures.usings_stripped, 'using line')} stripped")
    return f"{path}: {', '.join(parts)}, {seconds:.2f} s"


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, which takes an s from two on."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def as_json(bundles: Sequence[Bundle] = (), error: AmalgamateError | None = None) -> str:
    """Return the report of several variants, with the check of the order of emission, or of what stopped them."""
    report = {
        "schema": 1,
        "exit_code": error.exit_code if error else ExitCode.OK,
        "builds": [_build(bundle) for bundle in bundles],
        "diagnostics": [_diagnostic(each) for each in error.diagnostics] if error else [],
    }
    return json.dumps(report, indent=2, sort_keys=True)


def _build(bundle: Bundle) -> dict[str, object]:
    return {
        "variant": bundle.config.variant,
        "files": [{"name": file.name, "role": file.role, "bytes": len(file.data)} for file in bundle.files],
        "amalgams": [_amalgam(amalgam) for amalgam in bundle.amalgams],
        "diagnostics": [_diagnostic(each) for each in bundle.diagnostics],
    }


def _amalgam(amalgam: Amalgam) -> dict[str, object]:
    from amalgamate.plan import graph  # noqa: PLC0415 - networkx takes 0.2 s to import, and only reports need it

    plan, figures = amalgam.plan, amalgam.figures
    includes = graph.include_graph(plan)
    misplaced = graph.first_out_of_order(includes, plan.completed)
    return {
        "name": amalgam.file.name,
        "files_in": figures.files_in,
        "lines_in": figures.lines_in,
        "lines_out": figures.lines_out,
        "includes_dropped": figures.includes_dropped,
        "usings": [
            {"file": using.file.name, "line": using.line, "namespace": using.namespace, "outcome": using.outcome}
            for using in plan.usings
        ],
        "order": [file.name for file in plan.completed],
        "order_is_topological": misplaced is None,
        "cycles": graph.cycles(includes),
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    place = diagnostic.location
    return {
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "column": place.column if place else 0,
    }
