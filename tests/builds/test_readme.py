"""What the README shows is what happens."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from builds import artefacts

if TYPE_CHECKING:
    from pathlib import Path

README = (artefacts.REPOSITORY / "README.md").read_text(encoding="utf-8")
HELLO = artefacts.REPOSITORY / "examples" / "hello"


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d\d s$", "TIME", text, flags=re.MULTILINE)


def test_configuration_shown_first_is_hellos() -> None:
    assert blocks("toml")[0] == (HELLO / "amalgamate.toml").read_text(encoding="utf-8")


@pytest.mark.compiler
def test_first_transcript_is_what_hello_prints(tmp_path: Path) -> None:
    folder = tmp_path / "hello"
    shutil.copytree(HELLO, folder, ignore=shutil.ignore_patterns("dist", "build"))
    tool = tmp_path / "amalgamate"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m amalgamate "$@"\n')
    tool.chmod(0o755)
    path = f"PATH={tmp_path}:/usr/local/bin:/usr/bin:/bin"
    printed = artefacts.run(["env", path, "make", "--no-print-directory"], folder)
    (transcript,) = [block for block in blocks("console") if "hello" in block]
    assert without_times(transcript) == without_times(f"$ make\n{printed}")


def test_every_option_of_the_command_is_in_its_table() -> None:
    usage = artefacts.run([sys.executable, "-m", "amalgamate", "build", "--help"])
    options = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", usage.split("Examples:")[0].split("Options:")[1]))
    options -= {"--help", "-h", "--no-line-directives", "--quiet", "--verbose"}
    table = README.split("## The command")[1].split("Exit codes")[0]
    assert {option for option in options if not re.search(rf"`{option}\b", table)} == set()
