"""What the values of a configuration must be beyond their types: names that suit, keys that agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.config import PLATFORMS
from amalgamate.layers import is_identifier, known_words, strings_of

if TYPE_CHECKING:
    from amalgamate.config import Config
    from amalgamate.layers import Layer, Problems

_DECISION = re.compile(r"[^\n]+: [^\s:]+(?:::[^\s:]+)*")


def check_names(layer: Layer, problems: Problems) -> None:
    """Report names of files, macros and platforms that cannot be ones."""
    project = layer.get("project", {}).get("name")
    if project and not _is_file_name(project.value):
        problems.error(project.path, f'the name "{project.value}" must suit a file name')
    for key, value in layer.get("output", {}).items():
        if key in {"source", "header"} and not _is_file_name(value.value):
            problems.error(value.path, f'"{value.value}" must be a file name', "set [output] dir")
    for extra in strings_of(layer, "", "extras"):
        if not _is_file_name(extra.value):
            problems.error(extra.path, f'"{extra.value}" must be a file name', text=extra.value)
    for macro in (*strings_of(layer, "platform", "open"), *strings_of(layer, "platform", "undefined")):
        if not is_identifier(macro.value):
            problems.error(macro.path, f'"{macro.value}" is not the name of a macro', text=macro.value)
    for platform in strings_of(layer, "verify", "platforms"):
        if platform.value not in PLATFORMS:
            hint = known_words(platform.value, PLATFORMS)
            problems.error(platform.path, f'unknown platform "{platform.value}"', hint, text=platform.value)


def check_decisions(layer: Layer, problems: Problems) -> None:
    """Report decisions about using-directives that name none, and those that contradict each other."""
    entries = {key: strings_of(layer, "isolate", key) for key in ("strip_using", "keep_using")}
    for entry in (*entries["strip_using"], *entries["keep_using"]):
        if not _DECISION.fullmatch(entry.value):
            hint = 'write "FILE: NAMESPACE", such as "src/a.cc: std"'
            problems.error(entry.path, f'"{entry.value}" names no using-directive', hint, text=entry.value)
    stripped = {entry.value for entry in entries["strip_using"]}
    for entry in entries["keep_using"]:
        if entry.value in stripped:
            problems.error(entry.path, f'"{entry.value}" is in strip_using and in keep_using', text=entry.value)


def check_input(config: Config, layer: Layer, problems: Problems) -> None:
    """Report keys that contradict each other, and that there is nothing to build."""
    if not problems.errors and not config.roots:
        problems.error(("input",), "there is nothing to build", 'list the translation units in [input] "sources"')
    headers = strings_of(layer, "input", "header_only")
    if headers and strings_of(layer, "input", "sources"):
        problems.error(headers[0].path, '"sources" and "header_only" exclude each other')
    for name in strings_of(layer, "platform", "undefined"):
        if name.value in config.defines:
            problems.error(name.path, f'"{name.value}" is both defined and undefined', text=name.value)


def _is_file_name(name: str) -> bool:
    return bool(name) and name not in {".", ".."} and not re.search(r"[/\\\0\n]", name)
