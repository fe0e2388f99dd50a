"""Once a predictor has run, running it again neither allocates memory nor throws."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builds import artefacts

if TYPE_CHECKING:
    from predictor.core.capi import CApi

HERE = Path(__file__).parent
FOLDERS = [HERE.parents[1], artefacts.PREDICTOR / "models"]


@pytest.mark.compiler
def test_second_run_of_every_operator_allocates_nothing(api: CApi, tmp_path: Path) -> None:
    """The first run does allocate, which is also how one sees that the counter counts."""
    artefacts.need("gcc")
    counter = tmp_path / "counter.so"
    flags = ["-O2", *artefacts.WARNINGS, "-fPIC", "-shared", "-ldl"]
    artefacts.run(["gcc", HERE / "count_allocations.c", *flags, "-o", counter])
    command = [sys.executable, HERE / "run_cases.py", api.library._name, counter, *FOLDERS]
    environment = {**os.environ, "LD_PRELOAD": str(counter)}
    assert artefacts.run(command, tmp_path, environment) == "True\n"
