"""Collects the licence tags of the inputs into one SPDX expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.read.source import SourceFile

_MARK = b"SPDX-License-Identifier:"
_EXPRESSION = re.compile(rb"[ \t]*([A-Za-z0-9.()+ \t:-]+)")


def spdx_expression(files: Iterable[SourceFile]) -> str:
    """Return the distinct expressions of all tags, sorted and joined by AND; empty where no file has one."""
    found = {expression for file in files for expression in _expressions(file.data)}
    if len(found) == 1:
        return found.pop()
    return " AND ".join(f"({text})" if " OR " in text else text for text in sorted(found))


def _expressions(data: bytes) -> Iterable[str]:
    at = data.find(_MARK)
    while at >= 0:
        match = _EXPRESSION.match(data, at + len(_MARK))
        if match and (text := " ".join(match[1].decode("ascii").split())):
            yield text
        at = data.find(_MARK, at + 1)
