"""What the values of a configuration must be beyond their types: names that suit, keys that agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.config import COMMAND_PLACEHOLDERS, PLATFORMS
from amalgamate.layers import is_identifier, known_words, strings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.config import Config
    from amalgamate.layers import Layer, Problems, Value

_STANDARD = re.compile(
    r"(?:c|gnu)(?:89|9[09x]|1[178x]|2[36xy])|(?:c|gnu)\+\+(?:98|03|0x|1[147yz]|2[036abc])|iso9899:\d{4,6}"
)
"""What gcc and clang call the standards. Source: their manuals, -std."""
_USUAL_STANDARDS = ("c89", "c99", "c11", "c17", "c23", "c++11", "c++14", "c++17", "c++20", "c++23")
"""Those that a mistake is likely to mean."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_DECISION = re.compile(r"[^\n]+: [^\s:]+(?:::[^\s:]+)*")


def check_names(layer: Layer, problems: Problems) -> None:
    """Report names of files and macros that cannot be ones."""
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


def check_verify(layer: Layer, problems: Problems) -> None:
    """Report what a proof is to be made with and does not know: platforms, standards, placeholders."""
    standards = strings_of(layer, "verify", "standards")
    marked = [word for word in strings_of(layer, "verify", "command") if _PLACEHOLDER.fullmatch(word.value)]
    platforms = strings_of(layer, "verify", "platforms")
    unknown: tuple[tuple[str, Iterable[Value], Iterable[str]], ...] = (
        ("platform", (each for each in platforms if each.value not in PLATFORMS), PLATFORMS),
        ("standard", (each for each in standards if not _STANDARD.fullmatch(each.value)), _USUAL_STANDARDS),
        ("placeholder", (each for each in marked if each.value not in COMMAND_PLACEHOLDERS), COMMAND_PLACEHOLDERS),
    )
    for kind, values, known in unknown:
        for value in values:
            hint = known_words(value.value, known)
            problems.error(value.path, f'unknown {kind} "{value.value}"', hint, text=value.value)


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
