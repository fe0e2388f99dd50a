"""Predictors in threads of their own share nothing that one of them changes, as the thread sanitizer sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from builds import artefacts
from predictor.core.small_networks import residual_network

CHECK = Path(__file__).with_name("check_threads.cc")
FLAGS = ["-std=c++17", "-O1", "-g1", *artefacts.WARNINGS, "-fsanitize=thread", "-pthread"]


@pytest.mark.compiler
@pytest.mark.slow
def test_predictors_in_threads_do_not_race(shared_folder: Path, tmp_path: Path) -> None:
    artefacts.need("g++")
    source = artefacts.amalgam(shared_folder, "no-blas") / "predictor-no-blas.cc"
    program = tmp_path / "check"
    artefacts.run(["g++", *FLAGS, f"-I{artefacts.PREDICTOR / 'include'}", CHECK, source, "-o", program])
    symbol, params = residual_network()
    (tmp_path / "symbol").write_text(symbol, encoding="utf-8")
    (tmp_path / "params").write_bytes(params)
    # without it, a machine that lays out memory at random keeps the sanitizer from starting
    command = ["setarch", "--addr-no-randomize", program, tmp_path / "symbol", tmp_path / "params"]
    assert artefacts.run([*command, "data", "2", "3", "5", "5"], tmp_path) == "same\n" * 4
