"""What predictors have used is given back when they are freed, and when they cannot be made, as valgrind sees it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from predictor.core.small_networks import residual_network

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK = Path(__file__).with_name("check_leaks.c")
VALGRIND = ["valgrind", "--leak-check=full", "--show-leak-kinds=all", "--errors-for-leak-kinds=all"]

pytestmark = pytest.mark.compiler


def watched(command: Sequence[str | Path]) -> str:
    """Run a command under valgrind and return what that says at its end."""
    # valgrind 3 does not know AVX-512
    environment = {**os.environ, "PREDICTOR_ISA": "sse2"}
    done = subprocess.run([*VALGRIND, *command], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return re.sub(r"^==\d+== ", "", done.stderr, flags=re.MULTILINE)


def test_making_running_and_freeing_loses_nothing(shipped_library: Path, tmp_path: Path) -> None:
    artefacts.need("gcc", "valgrind")
    symbol, params = residual_network()
    (tmp_path / "symbol").write_text(symbol, encoding="utf-8")
    (tmp_path / "params").write_bytes(params)
    program = tmp_path / "check"
    include = f"-I{artefacts.PREDICTOR / 'include'}"
    artefacts.run(["gcc", *artefacts.C99, include, CHECK, shipped_library, "-o", program])
    said = watched([program, tmp_path / "symbol", tmp_path / "params"])
    assert "All heap blocks were freed -- no leaks are possible" in said
    assert "ERROR SUMMARY: 0 errors from 0 contexts" in said


def test_valgrind_sees_what_is_lost(tmp_path: Path) -> None:
    """Or the test above could not fail."""
    artefacts.need("gcc", "valgrind")
    source, program = tmp_path / "lost.c", tmp_path / "lost"
    source.write_text("#include <stdlib.h>\nint main(void) { return malloc(7) == NULL; }\n", encoding="utf-8")
    artefacts.run(["gcc", "-std=c99", source, "-o", program])
    assert "definitely lost: 7 bytes in 1 blocks" in watched([program])
