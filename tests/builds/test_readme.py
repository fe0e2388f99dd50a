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
    return re.sub(r"\d+\.\d\d? s *", "TIME ", text)


def test_configuration_shown_first_is_hellos() -> None:
    assert blocks("toml")[0] == (HELLO / "amalgamate.toml").read_text(encoding="utf-8")


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    """Return a folder with the example, as nobody has built it yet, and the command `amalgamate` beside it."""
    folder = tmp_path / "hello"
    shutil.copytree(HELLO, folder, ignore=shutil.ignore_patterns("dist", "build"))
    tool = tmp_path / "amalgamate"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m amalgamate "$@"\n')
    tool.chmod(0o755)
    return folder


def replayed(transcript: str, folder: Path) -> str:
    """Run the commands of a transcript and return it as it reads now."""
    path = f"PATH={folder.parent}:/usr/local/bin:/usr/bin:/bin"
    commands = re.findall(r"^\$ (.+)$", transcript, flags=re.MULTILINE)
    return "".join(f"$ {command}\n{artefacts.run(['env', path, 'sh', '-c', command], folder)}" for command in commands)


@pytest.mark.compiler
def test_the_transcripts_of_hello_are_what_happens(hello: Path) -> None:
    transcripts = [block for block in blocks("console") if "hello" in block]
    assert transcripts[0].startswith("$ make\n")
    for transcript in transcripts:
        assert without_times(transcript) == without_times(replayed(transcript, hello))


def test_every_option_of_the_command_is_in_its_table() -> None:
    usage = artefacts.run([sys.executable, "-m", "amalgamate", "build", "--help"])
    options = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", usage.split("Examples:")[0].split("Options:")[1]))
    options -= {"--help", "-h", "--no-line-directives", "--quiet", "--verbose"}
    table = README.split("## The command")[1].split("Exit codes")[0]
    assert {option for option in options if not re.search(rf"`{option}\b", table)} == set()


@pytest.mark.compiler
def test_transcript_of_make_is_what_make_does(shared_folder: Path) -> None:
    planned = artefacts.run(["make", "--no-print-directory", "--dry-run", "--always-make", "recognise"])
    library = artefacts.native(shared_folder, "g++")
    pictures = sorted((artefacts.PREDICTOR / "models").glob("digit-*.png"))
    script = artefacts.PREDICTOR / "python" / "recognise.py"
    table = artefacts.run([sys.executable, script, "--library", library, *pictures])
    (transcript,) = [block for block in blocks("console") if "recognise.py" in block]
    commands, shown = transcript.removeprefix("$ make\n").split("image ", maxsplit=1)
    for command in commands.splitlines():
        # the tool's summary tells of the predictor's size on the day that the README was written
        assert command in planned.splitlines() or re.match(r"examples/predictor/dist/\S+: \d+ files?, ", command)
    # another processor's instruction set may round the last of the digits shown otherwise
    assert without_fractions(shown) == without_fractions(table.removeprefix("image "))


def without_fractions(text: str) -> str:
    return re.sub(r"\.\d+%", "", text)


@pytest.mark.compiler
def test_python_example_runs(shared_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(artefacts.PREDICTOR / "models")
    (tmp_path / "dist").symlink_to(artefacts.native(shared_folder, "g++").parent)
    (tmp_path / "python").symlink_to(artefacts.PREDICTOR / "python")
    (code,) = blocks("python")
    (tmp_path / "example.py").write_text(code)
    assert "`PYTHONPATH=python ../../.venv/bin/python example.py`" in README
    command = ["env", "PYTHONPATH=python", sys.executable, "example.py"]
    assert artefacts.run(command, tmp_path).strip() in set("0123456789")


@pytest.mark.emscripten
def test_javascript_example_prints_a_digit_and_what_went_wrong(shared_folder: Path, tmp_path: Path) -> None:
    artefacts.need("emcc", "node", "npm")
    (tmp_path / "models").symlink_to(artefacts.PREDICTOR / "models")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "js").symlink_to(artefacts.npm_package(shared_folder))
    (code,) = blocks("js")
    (tmp_path / "example.js").write_text(code)
    digit, error = artefacts.run(["node", "example.js"], tmp_path).splitlines()
    assert digit in set("0123456789")
    assert error == 'input "data" has the shape [1, 1, 8, 8], that is 64 values, not 1'
