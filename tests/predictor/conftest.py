"""Fixtures of the predictor's tests: the library in every native form, and MXNet's own environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from predictor import forms

if TYPE_CHECKING:
    from pathlib import Path

ORACLE_PYTHON = forms.REPOSITORY / ".venv-oracle" / "bin" / "python"


def build(form: str, folder: Path) -> Path:
    """Return the library of a form, or skip."""
    package = forms.missing_package(form)
    if package is not None:
        pytest.skip(f"{package} is not there: make test installs it")
    return forms.library(form, folder)


@pytest.fixture(scope="session", params=forms.FORMS)
def predictor_library(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """Return the compiled library, in each native form in turn."""
    return build(request.param, shared_folder)


@pytest.fixture(scope="session")
def shipped_library(shared_folder: Path) -> Path:
    """Return the library as it ships: one file, no BLAS."""
    return build(forms.NO_BLAS, shared_folder)


@pytest.fixture(scope="session")
def oracle_python() -> Path:
    """Return the Python interpreter that can import mxnet."""
    if not ORACLE_PYTHON.exists():
        pytest.skip(".venv-oracle is not there: make test installs it")
    return ORACLE_PYTHON
