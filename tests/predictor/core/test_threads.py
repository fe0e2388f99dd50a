"""Threads share nothing that one of them changes, be they the caller's or those of the kernels.

The thread sanitizer sees what they share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from predictor import forms
from predictor.core.small_networks import residual_network

if TYPE_CHECKING:
    from pathlib import Path

TESTS = forms.REPOSITORY / "tests" / "predictor"
SOURCE = artefacts.PREDICTOR / "src"
FLAGS = ["-std=c++17", "-O1", "-g1", *artefacts.WARNINGS, "-fsanitize=thread", "-pthread"]
# without it, a machine that lays out memory at random keeps the sanitizer from starting
RUN = ["setarch", "--addr-no-randomize"]

pytestmark = [pytest.mark.compiler, pytest.mark.slow]


def test_predictors_in_threads_do_not_race(shared_folder: Path, tmp_path: Path) -> None:
    artefacts.need("g++")
    source = artefacts.amalgam(shared_folder, "no-blas") / "predictor-no-blas.cc"
    program = tmp_path / "check"
    check = TESTS / "core" / "check_threads.cc"
    artefacts.run(["g++", *FLAGS, f"-I{artefacts.PREDICTOR / 'include'}", check, source, "-o", program])
    symbol, params = residual_network()
    (tmp_path / "symbol").write_text(symbol, encoding="utf-8")
    (tmp_path / "params").write_bytes(params)
    command = [*RUN, program, tmp_path / "symbol", tmp_path / "params"]
    assert artefacts.run([*command, "data", "2", "3", "5", "5"], tmp_path) == "same\n" * 4


def test_threads_of_the_kernels_do_not_race(tmp_path: Path) -> None:
    artefacts.need("g++")
    sources = sorted(path for folder in ("base", "kernels") for path in (SOURCE / "predictor" / folder).glob("*.cc"))
    program = tmp_path / "check"
    check = TESTS / "kernels" / "check_threads.cc"
    flags = [*FLAGS, "-DPREDICTOR_USE_BLAS=0", "-DPREDICTOR_KEEP_PLAIN", f"-I{SOURCE}"]
    artefacts.run(["g++", *flags, check, *sources, "-o", program])
    assert artefacts.run([*RUN, program, "plain"]).endswith(" checks, 0 failures\n")
