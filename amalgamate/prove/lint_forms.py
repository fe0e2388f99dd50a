"""Findings of `lint` as text for people, JSON, SARIF for code hosts, and commands for GitHub's workflow log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from amalgamate import __version__
from amalgamate.prove.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amalgamate.prove.rules import Violation

_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def as_text(found: Sequence[Violation], name: Callable[[str], str]) -> str:
    """Return a line for each finding, with the reason and the remedy behind the first of each rule."""
    lines = []
    told: set[Rule] = set()
    for each in found:
        place = f"{name(each.location.file)}:{each.location.line}" if each.location.line else name(each.location.file)
        lines.append(f"{place}: {each.message} [{each.rule.identifier}]")
        if each.rule not in told:
            told.add(each.rule)
            lines += [f"  why: {each.rule.why}", f"  fix: {each.remedy}"]
        elif each.hint:
            lines.append(f"  fix: {each.hint}")
    return "".join(f"{line}\n" for line in lines)


def as_json(found: Sequence[Violation], name: Callable[[str], str]) -> str:
    """Return all findings, each with its reason and its remedy."""
    records = [
        {
            "file": name(each.location.file),
            "line": each.location.line,
            "rule": each.rule.identifier,
            "message": each.message,
            "why": each.rule.why,
            "fix": each.remedy,
        }
        for each in found
    ]
    return json.dumps({"schema": 1, "findings": records}, indent=2) + "\n"


def as_sarif(found: Sequence[Violation], name: Callable[[str], str]) -> str:
    """Return a SARIF 2.1.0 log. Source: OASIS, Static Analysis Results Interchange Format."""
    rules = [
        {"id": rule.identifier, "shortDescription": {"text": rule.why}, "help": {"text": rule.remedy}} for rule in Rule
    ]
    results = [
        {
            "ruleId": each.rule.identifier,
            "level": "warning",
            "message": {"text": f"{each.message}: {each.rule.why}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": name(each.location.file)},
                        "region": {"startLine": max(each.location.line, 1)},
                    }
                }
            ],
        }
        for each in found
    ]
    driver = {"name": "amalgamate", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, indent=2) + "\n"


def as_github(found: Sequence[Violation], name: Callable[[str], str]) -> str:
    """Return workflow commands that annotate a change. Source: GitHub, workflow commands for Actions."""
    return "".join(
        f"::warning file={_escaped(name(each.location.file), _PROPERTY_ESCAPES)},line={max(each.location.line, 1)},"
        f"title={_escaped(each.rule.identifier, _PROPERTY_ESCAPES)}"
        f"::{_escaped(f'{each.message}: {each.rule.why}', _ESCAPES)}\n"
        for each in found
    )


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
