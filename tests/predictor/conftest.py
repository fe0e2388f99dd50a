"""Fixtures of the predictor's tests: the library in every native form, and MXNet's own environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from predictor import forms

# what the processor needs for each, as Linux calls it
INSTRUCTION_SETS: dict[str, set[str]] = {
    "plain": set(),
    "sse2": {"sse2"},
    "avx2": {"avx2", "fma"},
    "avx512": {"avx512f"},
}
PROCESSOR = Path("/proc/cpuinfo")
ORACLE_PYTHON = forms.REPOSITORY / ".venv-oracle" / "bin" / "python"


def build(config: pytest.Config, form: str, folder: Path) -> Path:
    """Return the library of a form, or the one that the command line names in its place, or skip."""
    given: Path | None = config.getoption("--predictor-library")
    if given is not None:
        return given.resolve()
    package = forms.missing_package(form)
    if package is not None:
        pytest.skip(f"{package} is not there: make test installs it")
    return forms.library(form, folder)


@pytest.fixture(scope="session", params=forms.FORMS)
def predictor_library(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """Return the compiled library, in each native form in turn."""
    return build(request.config, request.param, shared_folder)


@pytest.fixture(scope="session")
def shipped_library(pytestconfig: pytest.Config, shared_folder: Path) -> Path:
    """Return the library as it ships: one file, no BLAS."""
    return build(pytestconfig, forms.NO_BLAS, shared_folder)


@pytest.fixture(scope="session")
def library_of_all_instruction_sets(pytestconfig: pytest.Config, shared_folder: Path) -> Path:
    """Return the library with the plain kernels too, which the one that ships does without where a better one is."""
    return build(pytestconfig, forms.MANY_FILES, shared_folder)


@pytest.fixture(params=INSTRUCTION_SETS)
def instruction_set(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let predictors use one instruction set."""
    name: str = request.param
    if not INSTRUCTION_SETS[name] <= set(PROCESSOR.read_text(encoding="ascii").split()):
        pytest.skip(f"this processor has no {name}")
    monkeypatch.setenv("PREDICTOR_ISA", name)
    return name


@pytest.fixture(scope="session")
def oracle_python() -> Path:
    """Return the Python interpreter that can import mxnet."""
    if not ORACLE_PYTHON.exists():
        pytest.skip(".venv-oracle is not there: make test installs it")
    return ORACLE_PYTHON
