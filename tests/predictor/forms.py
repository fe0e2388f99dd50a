"""The forms in which the predictor runs natively: as it is written, and as the tool ships it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from builds import artefacts

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = artefacts.REPOSITORY
EXAMPLE = artefacts.PREDICTOR

MANY_FILES, BLAS, NO_BLAS = "many-files", "blas", "no-blas"
FORMS = (MANY_FILES, BLAS, NO_BLAS)


def missing_package(form: str) -> str | None:
    """Return the Debian package that the form cannot be built without and that is not there."""
    if shutil.which("g++") is None:
        return "g++"
    if form == BLAS and not artefacts.has_cblas():
        return "libopenblas-dev"
    return None


def library(form: str, folder: Path) -> Path:
    """Return the built library of a form, from `folder` if it is there already.

    Raises:
        AssertionError: a command failed; the message is what it printed.
    """
    if form == MANY_FILES:
        return artefacts.many_files(folder)
    return artefacts.native(folder, "g++", "" if form == BLAS else form)
