"""Stage 5: the project's own test, told where the output is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Severity
from amalgamate.prove.model import Finding, failed, passed

if TYPE_CHECKING:
    from amalgamate.config import Config
    from amalgamate.prove.compiler import Processes

_SHOWN = 5
"""Lines of what a failing command printed."""


def check(config: Config, source: str, header: str, processes: Processes) -> Finding:
    """Run the configured command in the folder of the configuration."""
    values = {"source": source, "header": header, "dir": str(config.output.dir), "variant": config.variant}
    words = [_filled(word, values) for word in config.verify.command]
    environment = {f"AMALGAMATE_{name.upper()}": value for name, value in values.items()}
    ran = processes.run(words, config.root, environment)
    if ran.status == 0:
        return passed()
    printed = [*ran.output.decode("utf-8", "replace").splitlines(), *ran.errors.splitlines()]
    message = "\n  | ".join([f'"{shlex.join(config.verify.command)}" exits with {ran.status}', *printed[-_SHOWN:]])
    return failed(Diagnostic(Severity.ERROR, message, config.places.get(config.verify.command[0])))


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word
