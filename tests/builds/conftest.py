"""Fixtures of the real builds: the predictor in every form that ships, and the pictures that it recognises."""

from __future__ import annotations

import os
import shutil
import struct
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from builds import artefacts
from builds.answers import DIGITS, Answers, native_answers
from builds.artefacts import need

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MODELS = artefacts.PREDICTOR / "models"


@pytest.fixture(scope="session")
def inputs(shared_folder: Path) -> list[Path]:
    """Return the arguments of a client: symbol, parameters and the ten test pictures as floats."""

    def make(unfinished: Path) -> None:
        pixels = b""
        for digit in range(DIGITS):
            with Image.open(MODELS / f"digit-{digit}.png") as picture:
                small = picture.convert("L").resize((8, 8), Image.Resampling.BOX)
                pixels += struct.pack("<64f", *(value / 255 for value in small.tobytes()))
        unfinished.write_bytes(pixels)

    images = artefacts.once(shared_folder / "images.bin", make)
    return [MODELS / "digits-symbol.json", MODELS / "digits-0000.params", images]


@pytest.fixture(scope="session")
def c_header(shared_folder: Path) -> Path:
    """Return the shipped C header, alone in a folder."""

    def make(folder: Path) -> None:
        folder.mkdir()
        shutil.copy(artefacts.amalgam(shared_folder, "no-blas") / "c_predict_api.h", folder)

    return artefacts.once(shared_folder / "header", make) / "c_predict_api.h"


def library_of(form: str, shared: Path) -> Path:
    """Return the native library of a form, or skip."""
    if form == "many files":
        return artefacts.many_files(shared)
    compiler, _, variant = form.partition(" ")
    need(compiler)
    if variant == "blas" and not artefacts.has_cblas():
        pytest.skip("libopenblas-dev is not there: make test installs it")
    return artefacts.native(shared, compiler, "" if variant == "blas" else variant)


@pytest.fixture(scope="session", params=["many files", "g++ no-blas", "clang++ no-blas", "g++ blas"])
def library(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """Return `libpredictor.so` in each native form in turn."""
    return library_of(request.param, shared_folder)


@pytest.fixture(scope="session", params=["g++ no-blas", "clang++ no-blas"])
def shipped_library(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """Return `libpredictor.so` of the one file without BLAS, from each compiler in turn."""
    return library_of(request.param, shared_folder)


@pytest.fixture(scope="session")
def reference(
    shared_folder: Path, c_header: Path, inputs: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    """Return what the one file without BLAS says, compiled by g++; every other form is compared with it."""
    folder = tmp_path_factory.mktemp("reference")
    return native_answers(artefacts.native(shared_folder, "g++"), c_header, inputs, folder)


@pytest.fixture(scope="session")
def wine_environment(shared_folder: Path) -> Mapping[str, str]:
    """Return the environment of wine: a Windows of this test run's own, silent and without a screen."""
    need(artefacts.WINE)
    environment = {
        **os.environ,
        "WINEPREFIX": str(shared_folder / "wine"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",  # it would offer to download these
    }
    environment.pop("DISPLAY", None)

    def make(unfinished: Path) -> None:
        artefacts.run([artefacts.WINE, "wineboot", "--init"], environment=environment)
        unfinished.touch()

    artefacts.once(shared_folder / "wine-is-ready", make)
    return environment
