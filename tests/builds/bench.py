#!/usr/bin/env python3
"""Measures what the documentation tells figures of: the tool, the compiler and the size of the library."""

# ruff: noqa: T201 - printing is its purpose

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "predictor"
sys.path.insert(0, str(REPOSITORY / "tests"))

from builds import artefacts  # noqa: E402 - the path is set above

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 7


@dataclass(frozen=True)
class Cost:
    """What a command took, with all processes that it started."""

    user_seconds: float
    peak_megabytes: float


def cost_of(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run a command and return what it took.

    Raises:
        subprocess.CalledProcessError: it failed; what it printed has been shown.
    """
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime, usage.ru_maxrss / 1024)


def measure_tool(folder: Path) -> Path:
    """Print what the tool takes, from start to end; return the one file."""
    source = folder / "predictor-no-blas.cc"
    command = [sys.executable, "-m", "amalgamate", "build", EXAMPLE, "--no-blas", "-o", source]
    seconds = statistics.median(cost_of(command, REPOSITORY).user_seconds for _ in range(ROUNDS))
    report = json.loads(artefacts.run([*command, "--json"]))
    made = report["builds"][0]["amalgams"][0]
    print(f"tool      {seconds:.2f} s user, {made['lines_in']:,} -> {made['lines_out']:,} lines")
    return source


def measure_compiler(source: Path, folder: Path) -> None:
    """Print what compiling the one file takes and how large the library is."""
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(source, alone)
    cost = cost_of(["g++", *artefacts.SHARED, source.name, "-o", "libpredictor.so"], alone)
    library = alone / "libpredictor.so"
    print(f"compiler  {cost.user_seconds:.0f} s user, {cost.peak_megabytes:,.0f} MB at most")
    print(f"library   {library.stat().st_size / 1000:,.0f} KB stripped")


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as name:
        measure_compiler(measure_tool(Path(name)), Path(name))


if __name__ == "__main__":
    main()
