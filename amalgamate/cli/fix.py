"""`amalgamate lint --fix`: prints what is decided about using-directives, and writes it into the configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import refuse, seen_from_here, shown
from amalgamate.cli.options import load
from amalgamate.cli.progress import shown_on_terminal
from amalgamate.config import Using
from amalgamate.report import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from amalgamate.config import Config
    from amalgamate.prove.decide import Decided, Decision

_SAYS = {Using.STRIP: "goes", Using.KEEP: "stays", None: "is not decided"}


def fix(path: Path, options: Mapping[str, Any]) -> None:
    """Decide, say why, prove all of it together, and only then write."""
    from amalgamate.prove import decide  # noqa: PLC0415 - keeps --help quick

    configs = load(path, {**options, "all_variants": True})
    file = configs[0].file
    if file is None:
        refuse("there is no amalgamate.toml to write decisions into", "write one: amalgamate init")
    trying = [""]
    with shown_on_terminal(lambda: f"trying: {trying[-1]}"):
        decided = decide.decide(configs, trying.append)
    _print(decided, path, as_json=options["form"] == "json")
    old = file.read_bytes().decode()
    new = _with(old, decided)
    if not decided.decisions and new == old:
        return
    with shown_on_terminal(lambda: "proving: all together"):
        decide.prove(_parsed(new, file, configs))
    _write(file, old, new, options)


def _print(decided: Decided, path: Path, *, as_json: bool) -> None:
    if as_json:
        records = [_record(decision, path) for decision in decided.decisions]
        click.echo(json.dumps({"schema": 1, "decisions": records, "limits": decided.limits}, indent=2))
        return
    for decision in decided.decisions:
        click.echo(_told(decision, path))
    if not decided.decisions:
        click.echo("there is no using-directive at file scope", err=True)
    for limit in decided.limits:
        click.echo(f"note: {limit}", err=True)


def _told(decision: Decision, path: Path) -> str:
    directive = decision.directive
    lines = [f'{_place(decision, path)}: "using namespace {directive.namespace}" {_SAYS[decision.verdict]}']
    if decision.reason is None:
        lines.append(f"  {counted(decision.unit_count, 'source file')} compiled without: the same code")
        return "\n".join(lines)
    reason = seen_from_here(decision.reason, path)
    lines.append(f"  {reason.location}: {reason.message}")
    return "\n".join([*lines, *(f"  {quote}" for quote in reason.quotes)])


def _place(decision: Decision, path: Path) -> str:
    from amalgamate.errors import Diagnostic, Location, Severity  # noqa: PLC0415 - keeps --help quick

    directive = decision.directive
    place = Location(directive.file.name, directive.line)
    return str(seen_from_here(Diagnostic(Severity.NOTE, "", place), path).location)


def _record(decision: Decision, path: Path) -> dict[str, object]:
    reason = seen_from_here(decision.reason, path) if decision.reason else None
    return {
        "place": _place(decision, path),
        "directive": decision.directive.entry,
        "decision": decision.verdict,
        "source_files": decision.unit_count,
        "reason": reason.message if reason else "",
        "reason_place": str(reason.location) if reason else "",
        "quotes": [{"place": str(quote.place), "text": quote.text} for quote in reason.quotes] if reason else [],
    }


def _with(text: str, decided: Decided) -> str:
    from amalgamate.write.settings import with_lists  # noqa: PLC0415 - needs tomlkit, which nothing else does

    lists = {"strip_using": decided.entries(Using.STRIP), "keep_using": decided.entries(Using.KEEP)}
    return with_lists(text, "isolate", lists)


def _parsed(text: str, file: Path, configs: Sequence[Config]) -> list[Config]:
    """Return every variant as the new text has it; a variant must not hide the decisions."""
    from amalgamate import loader  # noqa: PLC0415 - keeps --help quick

    parsed = [loader.parse(text, file, config.variant) for config in configs]
    plain = parsed[0].isolate
    for config in parsed:
        if (config.isolate.strip_using, config.isolate.keep_using) != (plain.strip_using, plain.keep_using):
            refuse(
                f'variant "{config.variant}" has decisions of its own in [variants.{config.variant}.isolate]',
                "remove them: decisions hold for all variants",
            )
    return parsed


def _write(file: Path, old: str, new: str, options: Mapping[str, Any]) -> None:
    from amalgamate.write import output  # noqa: PLC0415 - needs difflib, which nothing else here does

    outputs = {file: new.encode()}
    is_text = options["form"] == "text"
    if options["diff"]:
        click.echo(output.diff(outputs), nl=False)
    elif options["dry_run"]:
        return
    elif old == new:
        click.echo(f"{shown(file)} says so already", err=not is_text)
    elif file.read_bytes().decode() != old:
        refuse(f"{shown(file)} has changed meanwhile, and was not written", "decide again")
    else:
        output.write(outputs)
        click.echo(f"wrote {shown(file)}", err=not is_text)
