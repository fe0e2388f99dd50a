"""Where CI=true, a skipped test fails, unless its reason is one of the few that nobody can mend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"


def outcome(folder: Path, test: str, ci: str = "true") -> tuple[int, str]:
    """Run a test module beside a copy of the hook; return the exit status and what pytest printed."""
    shutil.copy(CONFTEST, folder)
    (folder / "test_it.py").write_text(f"import pytest\n{test}\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", "test_it.py"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environment["CI"] = ci
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_skip_fails_and_names_the_test_and_its_reason(tmp_path: Path) -> None:
    status, text = outcome(tmp_path, "def test_a(): pytest.skip('no emcc here')")
    assert status == 1
    assert "test_it.py::test_a was skipped where CI=true: no emcc here" in text
    assert "1 failed" in text.splitlines()[-1]


@pytest.mark.parametrize("mark", ["skip(reason='no emcc here')", "skipif(True, reason='no emcc here')"])
def test_mark_fails_like_a_call(tmp_path: Path, mark: str) -> None:
    status, text = outcome(tmp_path, f"@pytest.mark.{mark}\ndef test_a(): pass")
    assert status == 1
    assert "was skipped where CI=true: no emcc here" in text


def test_skip_in_a_fixture_fails(tmp_path: Path) -> None:
    fixture = "@pytest.fixture\ndef tool(): pytest.skip('no wine here')\n"
    status, text = outcome(tmp_path, f"{fixture}def test_a(tool): pass")
    assert status == 1
    assert "was skipped where CI=true: no wine here" in text


def test_module_that_skips_itself_fails(tmp_path: Path) -> None:
    status, text = outcome(tmp_path, "pytest.importorskip('no_such_module_at_all')")
    assert status == 2
    assert "test_it.py was skipped where CI=true" in text


@pytest.mark.parametrize(
    "reason", ["no Android NDK: not checked with one", "no macOS here", "this processor has no avx512"]
)
def test_reason_that_nobody_can_mend_is_let_through(tmp_path: Path, reason: str) -> None:
    status, text = outcome(tmp_path, f"def test_a(): pytest.skip({reason!r})")
    assert (status, "1 skipped" in text.splitlines()[-1]) == (0, True)


def test_reason_that_only_mentions_one_of_them_is_not(tmp_path: Path) -> None:
    status, _ = outcome(tmp_path, "def test_a(): pytest.skip('no emcc, as there is no macOS')")
    assert status == 1


def test_expected_failure_is_no_skip(tmp_path: Path) -> None:
    status, text = outcome(tmp_path, "@pytest.mark.xfail\ndef test_a(): assert False")
    assert (status, "1 xfailed" in text.splitlines()[-1]) == (0, True)


@pytest.mark.parametrize("ci", ["", "false"])
def test_elsewhere_a_skip_is_a_skip(tmp_path: Path, ci: str) -> None:
    status, text = outcome(tmp_path, "def test_a(): pytest.skip('no emcc here')", ci)
    assert (status, "1 skipped" in text.splitlines()[-1]) == (0, True)
