"""Damaged files give errors, never a crash: every file cut off anywhere, every byte changed, under sanitizers."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from predictor import forms
from predictor.core.capi import CApi, CApiError
from predictor.core.small_networks import DATA, PARAMS, classifier

if TYPE_CHECKING:
    from pathlib import Path

CHECK = forms.REPOSITORY / "tests" / "predictor" / "core" / "check_untrusted.cc"
SANITIZED = ["-std=c++17", "-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-pthread"]


@pytest.fixture(scope="module")
def check_program(shared_folder: Path) -> Path:
    """Return the check, compiled together with the one file, all of it with sanitizers."""
    artefacts.need("g++")
    source = artefacts.amalgam(shared_folder, "no-blas") / "predictor-no-blas.cc"
    include = f"-I{forms.EXAMPLE / 'include'}"
    return artefacts.once(
        shared_folder / "check-untrusted",
        lambda made: _discard(artefacts.run(["g++", *SANITIZED, include, CHECK, source, "-o", made])),
    )


def _discard(_: str) -> None:
    """Take what a command printed that was only to succeed."""


@pytest.mark.compiler
@pytest.mark.slow
def test_damaged_files_are_refused_without_harm(check_program: Path, tmp_path: Path) -> None:
    symbol, params = tmp_path / "symbol.json", tmp_path / "params"
    symbol.write_text("".join(line.strip() for line in classifier().splitlines()), encoding="utf-8")
    params.write_bytes(PARAMS)
    command = [check_program, symbol, params, "data", *map(str, DATA["data"])]
    environment = {"ASAN_OPTIONS": "max_allocation_size_mb=64:detect_leaks=1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "cut: 0 made\nchanged: some made, some refused\n"


MALFORMED = {
    "": "symbol, line 1: ",
    "[]": "symbol, line 1: ",
    "{": "symbol, line 1: ",
    '{"nodes": []}': "'arg_nodes' is missing",
    '{"nodes": [], "arg_nodes": [], "heads": []}': "symbol: there are no heads",
    '{"nodes": [], "arg_nodes": [], "heads": [[0, 0]]}': "refers to node 0, but there are 0",
    '{"nodes": [], "arg_nodes": [], "heads": [], "more": 1}': "unknown field 'more'",
    "[" * 1000: "symbol, line 1: ",
    '{"nodes": ' + "[" * 1000: "symbol, line 1: ",
}


@pytest.mark.compiler
@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_symbol_says_what_is_wrong(api: CApi, text: str) -> None:
    with pytest.raises(CApiError) as error:
        api.create(text, PARAMS, DATA)
    assert MALFORMED[text] in str(error.value)


@pytest.mark.compiler
@pytest.mark.parametrize("params", [b"", b"\0" * 24, b"\x12\x01" + b"\xff" * 40, PARAMS[:-1]])
def test_malformed_parameters_are_an_error_and_allocate_nothing_huge(api: CApi, params: bytes) -> None:
    with pytest.raises(CApiError, match=r"^MXPredCreate: \S"):
        api.create(classifier(), params, DATA)
