"""Finds patterns of `[external]` that no include matches: nothing shows them but the whole walk."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amalgamate.config import Config
    from amalgamate.plan.model import Include


def unused_patterns(config: Config, includes: Iterable[Include]) -> Iterator[Diagnostic]:
    """Yield a note for each pattern without an effect; another variant may need it."""
    kept = {include.spelling.strip('<>"') for include in includes if include.target is None}
    for pattern in config.external.headers:
        if not any(fnmatchcase(spelling, pattern) for spelling in kept):
            message = f'"{pattern}" in [external] headers matches no include'
            yield Diagnostic(Severity.NOTE, message, config.places.get(pattern))
