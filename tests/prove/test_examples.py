"""The outputs that ship pass every stage on every platform, with both compilers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = pytest.mark.compiler


def verified(folder: Path, example: str, *options: str) -> dict[str, int]:
    """Build and verify a copy of an example; return how many checks of each stage passed."""
    ignore = shutil.ignore_patterns("dist", "build")
    copy = Path(shutil.copytree(EXAMPLES / example, folder / "examples" / example, ignore=ignore))
    shutil.copy(EXAMPLES.parent / "LICENSE", folder)
    tool = [sys.executable, "-m", "amalgamate"]
    subprocess.run([*tool, "build", "-q", copy, *options], check=True)
    done = subprocess.run([*tool, "verify", "--json", copy, *options], stdout=subprocess.PIPE, check=False)
    results = json.loads(done.stdout)["results"]
    bad = [result for result in results if result["status"] != "ok"]
    assert (done.returncode, bad) == (0, [])
    names = [result["name"] for result in results]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def test_hello_is_proved(tmp_path: Path) -> None:
    passed = verified(tmp_path, "hello")
    assert passed == {"conservation": 2, "tokens": 40, "units": 40, "bindings": 2, "symbols": 4}


@pytest.mark.slow
def test_the_predictor_without_blas_is_proved(tmp_path: Path) -> None:
    passed = verified(tmp_path, "predictor", "--no-blas")
    assert passed == {"conservation": 2, "tokens": 40, "units": 40, "bindings": 2, "symbols": 4}


@pytest.mark.parametrize("project", ["header-only", "mixed"])
def test_a_project_of_each_kind_is_proved(tmp_path: Path, project: str) -> None:
    golden = Path(__file__).parents[1] / "golden" / project
    copy = shutil.copytree(golden, tmp_path / project, ignore=shutil.ignore_patterns("expected"))
    tool = [sys.executable, "-m", "amalgamate"]
    subprocess.run([*tool, "build", "-q", "--all-variants", copy], check=True)
    words = [*tool, "verify", "--json", "--all-variants", "--platform", "native", "--platform", "macos", copy]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    results = json.loads(done.stdout)["results"]
    assert (done.returncode, [result for result in results if result["status"] != "ok"]) == (0, [])
    assert {result["stage"] for result in results} == {0, 1, 2, 3, 4}
