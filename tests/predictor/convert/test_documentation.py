"""What is written about the converters is what they do."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from predictor.convert.conversions_table import EXAMPLE, TABLE, table

if TYPE_CHECKING:
    from pathlib import Path

README = (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_table_of_conversions_is_that_of_the_code() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "run tests/predictor/convert/conversions_table.py"


def test_readme_counts_the_conversions() -> None:
    counts = re.findall(r"^(\d+) (operators|types of layers)", table(), re.MULTILINE)
    said = re.search(r"the (\d+) operators of ONNX and\nthe (\d+) layers of Caffe", README)
    assert said is not None
    assert said.groups() == tuple(count for count, _ in counts)


def test_transcript_in_the_readme_is_what_the_command_says(tmp_path: Path) -> None:
    section = README.partition("## Models from elsewhere")[2].partition("```console\n")[2].partition("```")[0]
    (command,) = re.findall(r"^\$ \S*python (onnx2mx.*)$", section, re.MULTILINE)
    answer = section.partition(f"{command}\n")[2]
    script, model, _, prefix = command.split()
    shown = [sys.executable, script, model, "-o", tmp_path / "image"]
    result = subprocess.run(shown, cwd=EXAMPLE / "tools", capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.replace(str(tmp_path / "image"), prefix) == answer


@pytest.mark.parametrize("script", ["onnx2mx.py", "caffe2mx.py"])
def test_command_runs_from_anywhere(script: str, tmp_path: Path) -> None:
    path = EXAMPLE / "tools" / script
    result = subprocess.run([sys.executable, path, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Examples:" in result.stdout
    assert "Exit status: 0 done, 2 wrong usage, 3" in result.stdout
