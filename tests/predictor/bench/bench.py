#!/usr/bin/env python3
"""Run the predictor beside MXNet, ONNX Runtime and OpenVINO: `bench.py LIBRARY ORACLE_PYTHON [NETWORK ...]`.

Batch 1, the same weights and input for all. One process for each library holds one loaded network; they take turns in
rounds, so that noise hits them alike. A ratio is the median over the rounds of a library's time and MXNet's in the
same round: CPU time with one thread, wall time with more. Only ratios of one run can be compared. MXNet is that of the
wheel, with oneDNN and its operators joined; peers that are not installed are left out.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLE = REPOSITORY / "examples" / "predictor"
# the processes that are started look there too
sys.path[:0] = [str(REPOSITORY / "tests"), str(EXAMPLE / "python"), str(EXAMPLE / "models")]

from predictor.bench.chart import bars  # noqa: E402 - the path is set above
from predictor.bench.contestants import Job, Start, serve  # noqa: E402
from predictor.bench.layers import layers_of, table  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

FOLDER = REPOSITORY / "build" / "bench"
NETWORKS = ("squeezenet1.1", "mobilenet1.0", "mobilenetv2_1.0", "resnet18_v1", "resnet50_v1", "inception-bn")
OURS, MXNET = "predictor", "MXNet"
ROUNDS = 9
ROUND_MILLISECONDS = 200
TOLERANCE = 3e-5


class Measured(NamedTuple):
    """What a library did with a network."""

    start: Start
    rounds: list[float]


def export(name: str, oracle: Path) -> str:
    """Write the files of a network where they are not there yet; return their path without its end."""
    files = FOLDER / name
    if not Path(f"{files}.npz").exists():
        script = Path(__file__).with_name("export_reference.py")
        subprocess.run([oracle, script, name, FOLDER], check=True, stderr=subprocess.DEVNULL)
    return str(files)


def contestants(library: Path, oracle: Path) -> dict[str, tuple[str, Path | None]]:
    """Return kind and library of each that is there, ours and MXNet's first."""
    mxnet = next((oracle.parents[1]).glob("lib/python3*/site-packages/mxnet/libmxnet.so"))
    found: dict[str, tuple[str, Path | None]] = {OURS: ("predictor", library), MXNET: ("predictor", mxnet)}
    for name, module in (("ONNX Runtime", "onnxruntime"), ("OpenVINO", "openvino")):
        if importlib.util.find_spec(module) is not None:
            found[name] = (module, None)
    return found


def measure(jobs: Mapping[str, Job]) -> dict[str, Measured]:
    """Start all processes, one after the other, and let them take turns.

    Raises:
        EOFError: one of them failed; it has said why.
    """
    context = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    results: dict[str, Measured] = {}
    for name, job in jobs.items():
        pipes[name], theirs = context.Pipe()
        context.Process(target=serve, args=(theirs, job), daemon=True).start()
        theirs.close()
        results[name] = Measured(pipes[name].recv(), [])
    counts = {name: max(1, round(ROUND_MILLISECONDS / asked(pipe, 2))) for name, pipe in pipes.items()}
    order = list(pipes)
    for _ in range(ROUNDS):
        for name in order:
            results[name].rounds.append(asked(pipes[name], counts[name]))
        order = order[1:] + order[:1]
    for pipe in pipes.values():
        pipe.send(0)
    return results


def asked(pipe: Connection, count: int) -> float:
    """Return the milliseconds of one of `count` forwards."""
    pipe.send(count)
    milliseconds: float = pipe.recv()
    return milliseconds


def ratio(one: Measured, other: Measured) -> float:
    """Return how much longer one takes than the other."""
    return statistics.median(a / b for a, b in zip(one.rounds, other.rounds, strict=True))


def line(name: str, measured: Measured, to_mxnet: float) -> str:
    """Return what is told of a library and a network."""
    start = measured.start
    verdict = "" if start.error <= TOLERANCE else " WRONG"
    return (
        f"  {name:12} {statistics.median(measured.rounds):7.2f} {to_mxnet:9.2f} {start.load:8.0f} {start.first:9.1f} "
        f"{start.megabytes:8.1f} {start.error:8.0e}{verdict}"
    )


def compare(names: list[str], library: Path, oracle: Path, threads: int) -> dict[str, dict[str, float]]:
    """Print a line for each network and library; return the ratios to MXNet by network and library."""
    os.environ["OMP_NUM_THREADS"] = os.environ["PREDICTOR_NUM_THREADS"] = str(threads)
    os.environ["MXNET_SUBGRAPH_VERBOSE"] = "0"  # or it reports each network on the terminal
    ratios: dict[str, dict[str, float]] = {}
    print(f"\n{threads} thread{'s' * (threads > 1)}       ms  to MXNet  load ms  first ms  MB more    error")
    for name in names:
        files = export(name, oracle)
        libraries = contestants(library, oracle)
        results = measure({key: Job(kind, path, files, threads) for key, (kind, path) in libraries.items()})
        ratios[name] = {key: ratio(each, results[MXNET]) for key, each in results.items()}
        print(name)
        for key, each in results.items():
            print(line(key, each, ratios[name][key]), flush=True)
    return ratios


def means(ratios: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the geometric mean of each library over the networks."""
    libraries = next(iter(ratios.values()))
    return {key: statistics.geometric_mean(row[key] for row in ratios.values()) for key in libraries}


def markdown(ratios: Mapping[str, Mapping[str, float]]) -> str:
    """Return the ratios as a table, a row for each library."""
    mean = means(ratios)
    lines = ["| | " + " | ".join([*ratios, "geometric mean"]) + " |", "|---|" + "--:|" * (len(ratios) + 1)]
    for key in mean:
        cells = [f"{row[key]:.2f}" for row in ratios.values()]
        lines.append(f"| {key} | {' | '.join([*cells, f'{mean[key]:.2f}'])} |")
    return "\n".join(lines)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("oracle", type=Path)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", default=list(NETWORKS))
    parser.add_argument("-t", "--threads", type=int, action="append", help="default: 1; may be repeated")
    parser.add_argument("--layers", action="store_true", help="print what each operator of our networks takes instead")
    parser.add_argument("--svg", type=Path, help="draw the ratios with one thread here")
    options = parser.parse_intermixed_args()
    library, oracle = options.library.resolve(), options.oracle.absolute()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if options.layers:
        os.environ["PREDICTOR_NUM_THREADS"] = "1"
        for name in options.networks:
            print(f"{name}\n{table(layers_of(library, export(name, oracle)))}\n")
        return
    for threads in options.threads or [1]:
        ratios = compare(options.networks, library, oracle, threads)
        print(f"\n{markdown(ratios)}", flush=True)
        if options.svg and threads == 1:
            title = "CPU time of one forward, MXNet with oneDNN = 1: less is better"
            chart = bars(title, {**ratios, "geometric mean": means(ratios)})
            options.svg.write_text(chart, encoding="utf-8")


if __name__ == "__main__":
    main()
