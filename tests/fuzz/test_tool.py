"""A few rounds of each fuzzer of the tool, always the same ones: `make fuzz-tool` runs as many as one likes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from fuzz import run_tool

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler

ROUNDS = {"conditions": 2, "lexing": 20, "names": 4, "programs": 1}


@pytest.mark.parametrize("fuzzer", run_tool.FUZZERS)
def test_a_few_rounds_find_nothing(fuzzer: str, tmp_path: Path) -> None:
    artefacts.need("clang")
    for seed in range(ROUNDS[fuzzer]):
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert [str(each) for each in run_tool.FUZZERS[fuzzer](Random(seed), folder)] == []
