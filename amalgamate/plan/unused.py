"""Finds overrides that nothing in the project answers to: nothing shows them but the whole walk."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.errors import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.config import Config
    from amalgamate.plan.model import Include, Plan


def unused(config: Config, plans: Sequence[Plan]) -> Iterator[Diagnostic]:
    """Yield a warning for each entry of a list without an effect, a note where another variant may need it."""
    yield from _unused_patterns(config, (include for plan in plans for include in plan.includes))
    directives = {f"{using.file.name}: {using.namespace}" for plan in plans for using in plan.usings}
    decided = {"strip_using": config.isolate.strip_using}
    if config.isolate.using is not Using.KEEP:
        decided["keep_using"] = config.isolate.keep_using
    for key, entries in decided.items():
        for entry in entries:
            if entry not in directives:
                message = f'"{entry}" in [isolate] {key} matches no directive at file scope'
                yield Diagnostic(_severity(config), message, config.places.get(entry))


def _unused_patterns(config: Config, includes: Iterable[Include]) -> Iterator[Diagnostic]:
    kept = {include.spelling.strip('<>"') for include in includes if include.target is None}
    for pattern in config.external.headers:
        if not any(fnmatchcase(spelling, pattern) for spelling in kept):
            message = f'"{pattern}" in [external] headers matches no include'
            yield Diagnostic(_severity(config), message, config.places.get(pattern))


def _severity(config: Config) -> Severity:
    return Severity.NOTE if config.variants else Severity.WARNING
