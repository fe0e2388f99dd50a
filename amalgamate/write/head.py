"""The tool's own text at the ends of an output: banner, settled macros, include guard.

Every output has them, so they are put together here in plain Python: nobody waits for a template engine. Everything is
UTF-8 with LF line ends, and nothing in it depends on the time, the machine or the current directory.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from amalgamate import __version__
from amalgamate.generated import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amalgamate.config import Config
    from amalgamate.plan.model import PreludeMacro


class BannerFacts(NamedTuple):
    """What the banner of one output tells."""

    what: str
    """Such as "the library in one file"."""
    file_count: int
    spdx: str
    licences: tuple[tuple[str, str], ...]
    """Name and text of each licence file."""


def banner(config: Config, facts: BannerFacts) -> bytes:
    """Return the comment at the top of an output."""
    lines = (f" * {line}\n" if line else " *\n" for line in _banner_lines(config, facts))
    return "".join(["/*\n", *lines, " */\n"]).encode()


def _banner_lines(config: Config, facts: BannerFacts) -> Iterator[str]:
    version = f" {config.project.version}" if config.project.version else ""
    variant = f', variant "{config.variant}"' if config.variant else ""
    yield f"{_in_comment(config.project.name + version + variant)}: {facts.what}"
    yield ""
    yield f"{MARK} {__version__} from {facts.file_count} files: do not edit."
    yield "Edit the sources, then run in the folder of the project:"
    yield ""
    yield f"  {_in_comment(shlex.join(config.full_command))}"
    if facts.spdx:
        yield ""
        yield f"SPDX-License-Identifier: {facts.spdx}"
    for name, text in facts.licences:
        yield ""
        yield f"{_in_comment(name)}:"
        yield ""
        for line in map(str.rstrip, text.strip("\n").splitlines()):
            yield f"  {_in_comment(line)}" if line else ""


def prelude(macros: Sequence[PreludeMacro], *, markers: bool) -> bytes:
    """Return the definitions of the macros that are settled before the first line of the library."""
    if not macros:
        return b""
    lines = ["/* Settled by the configuration of the amalgamation. */"] if markers else []
    for macro in macros:
        lines += _settling(macro)
    return "".join(f"{line}\n" for line in lines).encode()


def _settling(macro: PreludeMacro) -> list[str]:
    if macro.body is None:
        lines = [f"#undef {macro.name}"]
    else:
        lines = [f"#define {macro.name} {macro.body}" if macro.body else f"#define {macro.name}"]
        if macro.yields:
            lines = [f"#ifndef {macro.name}", *lines, "#endif"]
    return [f"#if {macro.condition}", *lines, "#endif"] if macro.condition else lines


def guard(file_name: str) -> tuple[bytes, bytes]:
    """Return the begin and the end of the include guard of an output header."""
    name = "AMALGAMATED_" + re.sub(r"\W", "_", file_name, flags=re.ASCII).upper()
    return f"#ifndef {name}\n#define {name}\n".encode(), f"#endif /* {name} */\n".encode()


def _in_comment(text: str) -> str:
    """Return `text` so that it can stand in a block comment."""
    return text.replace("*/", "* /").replace("/*", "/ *")
