"""Measures the command against public tools on the same trees: user CPU with start-up, and peak memory.

    python tests/bench/measure.py [--rounds N]

The tools run in turn, round after round, so that what else the machine does falls on all of them alike; the figures are
medians, of one round where a run takes long. `cat` is what reading and writing alone costs. A tool that is not
installed has no row, nor has one behind the first input that it does not finish. The byte code of the command is there
before, as pip leaves it for all that it installs.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from trees import write_tree

PACKAGE = Path(__file__).parents[2] / "amalgamate"
TREES = {
    "2 K lines, one unit": {"headers": 16, "units": 1, "lines": 2000},
    "10 K lines, one unit": {"headers": 80, "units": 1, "lines": 10_000},
    "100 K lines, one unit": {"headers": 800, "units": 1, "lines": 100_000},
    "1 M lines, one unit": {"headers": 8000, "units": 1, "lines": 1_000_000},
    "100 K lines, 20 units of 400 headers": {"headers": 400, "units": 20, "lines": 100_000},
    "100 K lines, 20 units that share 10 names": {"headers": 20, "units": 20, "lines": 100_000, "clashes": 10},
}
PASS_THROUGH = ("--passthru-defines", "--passthru-unfound-includes", "--passthru-unknown-exprs", "--passthru-comments")
LIMIT = 20
"""Seconds of CPU after which a run is given up."""
_LONG = 5.0
"""Seconds after which once is enough to know."""


class Cost(NamedTuple):
    """What one run has taken."""

    seconds: float
    megabytes: float


def commands(folder: Path) -> dict[str, list[list[str]]]:
    """Return per tool what it has to run for the tree: most know one unit at a time, and quom only one at all."""
    units = sorted(str(path) for path in folder.glob("src/*.c"))
    files = sorted(str(path) for path in folder.glob("src/*"))
    include, out = f"-I{folder / 'src'}", str(folder / "out")
    scripts = Path(sys.executable).parent
    found = {
        "amalgamate": [[sys.executable, "-m", "amalgamate", "build", "--quiet", str(folder)]],
        "clang -frewrite-includes": [["clang", "-E", "-frewrite-includes", include, unit, "-o", out] for unit in units],
        "pcpp --passthru-*": [[str(scripts / "pcpp"), *PASS_THROUGH, include, "-o", out, unit] for unit in units],
        "quom": [[str(scripts / "quom"), "-I", str(folder / "src"), unit, out] for unit in units[: len(units) == 1]],
        "cat": [["cat", *files]],
    }
    return {tool: runs for tool, runs in found.items() if runs and shutil.which(runs[0][0])}


def cost_of(runs: list[list[str]]) -> Cost | None:
    """Run the commands one after the other; None where one fails."""
    seconds = peak = 0.0
    for command in runs:
        with subprocess.Popen(
            ["prlimit", f"--cpu={LIMIT}", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            return None
        seconds += usage.ru_utime
        peak = max(peak, usage.ru_maxrss / 1024)
    return Cost(seconds, peak)


def measure(name: str, folder: Path, rounds: int, given_up: set[str]) -> None:
    """Print one row per tool but those given up, and add to these."""
    tools = {tool: runs for tool, runs in commands(folder).items() if tool not in given_up}
    costs: dict[str, list[Cost]] = {tool: [] for tool in tools}
    for number in range(rounds):
        for tool, runs in list(tools.items()):
            if number and costs[tool][0].seconds > _LONG:
                continue
            cost = cost_of(runs)
            if cost is None:
                print(f"| {name} | {tool} | none in {LIMIT} s | | |", flush=True)
                given_up.add(tool)
                del tools[tool]
            else:
                costs[tool].append(cost)
    base = statistics.median(cost.seconds for cost in costs["amalgamate"])
    for tool in tools:
        seconds = statistics.median(cost.seconds for cost in costs[tool])
        memory = statistics.median(cost.megabytes for cost in costs[tool])
        print(f"| {name} | {tool} | {seconds:.2f} s | {seconds / base:.2f} | {memory:.0f} MB |", flush=True)


def main() -> None:
    """Write the trees into a temporary folder and measure on each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    compileall.compile_dir(PACKAGE, quiet=1)
    print("| input | tool | user CPU | of amalgamate's | peak memory |")
    print("|---|---|---|---|---|")
    given_up: set[str] = set()
    for name, sizes in TREES.items():
        with tempfile.TemporaryDirectory() as folder:
            measure(name, write_tree(Path(folder), **sizes), options.rounds, given_up)


if __name__ == "__main__":
    main()
