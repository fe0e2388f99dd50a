"""What any file can make of the predictor: a short run of each fuzzer, and what long ones have found before."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from fuzz import corpus, harnesses

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.compiler, pytest.mark.slow]

SECONDS = 20


@pytest.fixture(params=harnesses.HARNESSES)
def harness(request: pytest.FixtureRequest) -> str:
    """Return the name of a harness, if clang can build it."""
    artefacts.need("clang++")
    flags = ["-fsanitize=fuzzer,address,undefined", "-x", "c++", "-", "-o", "/dev/null"]
    source = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }\n'
    done = subprocess.run(["clang++", *flags], input=source, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("clang's libFuzzer is not there: make test installs it")
    name: str = request.param
    return name


def test_no_file_breaks_it(harness: str, shared_folder: Path, tmp_path: Path) -> None:
    """The seed is fixed; how far the run comes in its time is not."""
    program = harnesses.build(shared_folder, harness)
    seeds = tmp_path / "seeds"
    corpus.write(harness, seeds)
    done = harnesses.run(program, tmp_path, [f"-max_total_time={SECONDS}", "-seed=1"], [seeds])
    assert done.returncode == 0, done.stderr[-8000:]
    assert "cov: " in done.stderr


def test_what_broke_it_once_does_so_no_more(harness: str, shared_folder: Path, tmp_path: Path) -> None:
    files = harnesses.findings(harness)
    assert files  # without one, the harness would look for new ones
    done = harnesses.run(harnesses.build(shared_folder, harness), tmp_path, [], files)
    assert done.returncode == 0, done.stderr[-8000:]


def test_every_finding_belongs_to_a_harness() -> None:
    assert {path.name for path in harnesses.FINDINGS.iterdir()} <= set(harnesses.HARNESSES)
