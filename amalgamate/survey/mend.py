"""Builds what a proposal says, and lets it say more where the build refuses a header that one setting would mend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from amalgamate import loader, pipeline
from amalgamate.config import FILE_NAME
from amalgamate.errors import AmalgamateError
from amalgamate.plan.findings import READS_DIFFERENTLY, SAME_GUARD
from amalgamate.survey.text import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.errors import Diagnostic
    from amalgamate.survey.proposal import Proposal

_MOST_TRIES = 8


def mended(root: Path, proposal: Proposal) -> tuple[Proposal, AmalgamateError | None]:
    """Return the proposal with the headers that must stand once, or in each source; and what is still refused."""
    error = _refusal(root, proposal)
    for _ in range(_MOST_TRIES):
        if error is None:
            break
        headers = _headers_of(error, proposal)
        better = None
        for changed in (  # to repeat a header is always right; to hold it once is what else may be
            replace(proposal, repeat=(*proposal.repeat, *headers)),
            replace(proposal, once=(*proposal.once, *headers)),
        ):
            left = _refusal(root, changed) if headers else error
            if left is None or len(left.diagnostics) < len(error.diagnostics):
                better = (changed, left)
                break
        if better is None:
            break
        proposal, error = better
    return proposal, error


def _refusal(root: Path, proposal: Proposal) -> AmalgamateError | None:
    try:
        pipeline.build(loader.parse(text_of(proposal), root / FILE_NAME))
    except AmalgamateError as error:
        return error
    return None


def _headers_of(error: AmalgamateError, proposal: Proposal) -> tuple[str, ...]:
    """Return the headers that the errors are about, which nothing is said of yet."""
    settled = {*proposal.units, *proposal.once, *proposal.repeat, FILE_NAME}
    found = dict.fromkeys(_header_of(each) for each in error.diagnostics)
    return tuple(name for name in found if name and name not in settled)


def _header_of(diagnostic: Diagnostic) -> str:
    if SAME_GUARD in diagnostic.message:
        return ""  # to repeat it would hide the cause
    if READS_DIFFERENTLY in diagnostic.message:
        return diagnostic.message.split('"')[1]
    return diagnostic.location.file if diagnostic.location else ""
