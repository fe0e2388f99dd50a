#!/usr/bin/env python3
"""Measures what the documentation tells figures of: the tool, the compiler, the library, its speed beside MXNet's.

Speed is CPU time per forward at batch 1 and one thread, input copied in and output copied out. The libraries take
turns in rounds within one process, so that noise hits them alike; only the ratio of one run counts. MXNet takes part
where `make .venv-oracle/ready` has installed it.
"""

# ruff: noqa: T201 - printing is its purpose

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "predictor"
sys.path[:0] = [str(REPOSITORY / "tests"), str(EXAMPLE / "python"), str(EXAMPLE / "models")]
os.environ["OMP_NUM_THREADS"] = os.environ["PREDICTOR_NUM_THREADS"] = "1"  # read when a library is loaded
os.environ["MXNET_SUBGRAPH_VERBOSE"] = "0"  # or it reports each network on the terminal

from mxnet_files import params_bytes  # noqa: E402 - the path is set above
from mxpredict import Library, Predictor  # noqa: E402

from builds import artefacts  # noqa: E402
from predictor.references.network import load_network, relative_error  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mxpredict import FloatArray

NETWORKS = ["squeezenet1.1", "mobilenet1.0", "mobilenetv2_1.0", "resnet18_v1", "resnet50_v1", "inception-bn"]
ROUNDS = 7
ROUND_SECONDS = 0.15


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


def measure_compiler(source: Path, folder: Path) -> Path:
    """Print what compiling the one file takes and how large the library is; return the library."""
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(source, alone)
    cost = cost_of(["g++", *artefacts.SHARED, source.name, "-o", "libpredictor.so"], alone)
    library = alone / "libpredictor.so"
    print(f"compiler  {cost.user_seconds:.0f} s user, {cost.peak_megabytes:,.0f} MB at most")
    print(f"library   {library.stat().st_size / 1000:,.0f} KB stripped")
    return library


def milliseconds(predictor: Predictor, count: int) -> float:
    """Return the CPU time of one forward, the mean of `count`."""
    begin = time.process_time()
    for _ in range(count):
        predictor.forward()
        predictor.output()
    return (time.process_time() - begin) / count * 1000


def resident_megabytes() -> float:
    """Return the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_start(predictor: Callable[[], Predictor], data: FloatArray, weights: float) -> tuple[Predictor, str]:
    """Create a predictor and run it once; return it with what that took, in time and in memory beyond the weights."""
    before, begin = resident_megabytes(), time.perf_counter()
    made = predictor()
    made.set_input("data", data)
    made.forward()
    seconds = time.perf_counter() - begin
    return made, f"{seconds * 1000:7.0f}  {resident_megabytes() - before - weights:7.1f}"


def measure_network(name: str, ours: Library, mxnet: Library | None) -> float | None:
    """Print the time of one network; return the ratio to MXNet's, or nothing without MXNet."""
    network = load_network(name)
    case = network.cases[0]
    data, params = network.input(case.shape), params_bytes(network.arrays())
    symbol = network.symbol.encode()
    starts = [
        measure_start(
            lambda library=library: Predictor(library, symbol, params, {"data": case.shape}), data, len(params) / 1e6
        )
        for library in ([ours] if mxnet is None else [ours, mxnet])
    ]
    predictors = [predictor for predictor, _ in starts]
    counts = [max(1, round(ROUND_SECONDS * 1000 / max(milliseconds(each, 2), 1e-3))) for each in predictors]
    rounds = [[milliseconds(*each) for each in zip(predictors, counts, strict=True)] for _ in range(ROUNDS)]
    error = relative_error(predictors[0].output(), case.output)
    for predictor in predictors:
        predictor.close()
    times = "".join(f"  {statistics.median(column):9.1f}" for column in zip(*rounds, strict=True))
    ratio = None if mxnet is None else statistics.median(row[0] / row[1] for row in rounds)
    print(
        f"{name:16}{times}{'' if ratio is None else f'  {ratio:5.2f}'}  error {error:.0e}  {starts[0][1]}", flush=True
    )
    return ratio


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as name:
        library = Library(measure_compiler(measure_tool(Path(name)), Path(name)))
        found = sorted((REPOSITORY / ".venv-oracle").glob("lib/python3*/site-packages/mxnet/libmxnet.so"))
        mxnet = Library(found[0]) if found else None
        print(f"\n{'CPU ms/forward':16}  predictor{'      mxnet  ratio' if mxnet else ''}  {'':13}  load ms  MB more")
        ratios = [measure_network(network, library, mxnet) for network in NETWORKS]
        known = [ratio for ratio in ratios if ratio is not None]
        if known:
            print(f"{'geometric mean':38}  {statistics.geometric_mean(known):5.2f}")


if __name__ == "__main__":
    main()
