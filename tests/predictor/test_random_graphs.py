"""Small random networks, which combine operators and attributes as no real network does, give MXNet's numbers."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxnet_files import params_bytes
from mxpredict import Library, Predictor

from predictor.references.network import NETWORKS, relative_error
from predictor.references.random_graphs import RandomGraph, draw_graph

if TYPE_CHECKING:
    from pathlib import Path

    from mxpredict import FloatArray

pytestmark = [pytest.mark.compiler, pytest.mark.oracle]

SEEDS = range(300)
TOLERANCE = 1e-5


def ours(library: Library, graph: RandomGraph) -> FloatArray:
    """Return the library's output."""
    params = params_bytes(graph.arrays)
    with Predictor(library, graph.symbol.encode(), params, {"data": graph.data.shape}) as predictor:
        predictor.set_input("data", graph.data)
        predictor.forward()
        return predictor.output()


def mxnets(python: Path, graphs: dict[str, RandomGraph], folder: Path) -> dict[str, FloatArray]:
    """Return MXNet's outputs, by the graphs' names; one process answers for all."""
    for name, graph in graphs.items():
        (folder / f"{name}-symbol.json").write_text(graph.symbol, encoding="utf-8")
        (folder / f"{name}-0000.params").write_bytes(params_bytes(graph.arrays))
        np.savez(folder / f"{name}-inputs.npz", data=graph.data)
    script = NETWORKS.parent / "oracle.py"
    result = subprocess.run([python, script, folder], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    outputs = {}
    for name in graphs:
        with np.load(folder / f"{name}-outputs.npz") as arrays:
            outputs[name] = arrays["arr_0"]
    return outputs


def test_random_networks_give_mxnets_output(shipped_library: Path, oracle_python: Path, tmp_path: Path) -> None:
    graphs = {f"graph{seed}": draw_graph(seed) for seed in SEEDS}
    expected = mxnets(oracle_python, graphs, tmp_path)
    library = Library(shipped_library)
    errors = {name: relative_error(ours(library, graph), expected[name]) for name, graph in graphs.items()}
    assert {name: error for name, error in errors.items() if error > TOLERANCE} == {}
