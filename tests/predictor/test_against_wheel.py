"""The same program prints the same with this library and with MXNet's own, but for a list of differences."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from builds import artefacts

CALLS = Path(__file__).with_name("api_program.py")
FILES = Path(__file__).with_name("files_program.py")
MXNETS_HEADER = ".venv-oracle/lib/python3.*/site-packages/mxnet/include/mxnet/c_predict_api.h"
TOLERANCE = 1e-5

pytestmark = [pytest.mark.compiler, pytest.mark.oracle]

# Where this library is better on purpose: what it prints, and what MXNet does. None: it does not come so far.
DELIBERATE: dict[str, tuple[str | None, str | None]] = {
    # what a predictor has computed stays, whatever another one that was made of it does
    "reshape, old output": (
        "0.08202177 0.1494534 0.2723219 0.4962029 0.3087226 0.26572 0.2287073 0.1968502 (2, 4)",
        "0.3087226 0.26572 0.2287073 0.1968502 0.3087226 0.26572 0.2287073 0.1968502 (2, 4)",
    ),
    # a label follows the data
    "reshape, MXPredReshape {'data': (5, 3)}": ("0", "-1"),
    # MXNet joins the lists
    "files, two of nodes, MXPredCreate": ("-1", "0"),
    "files, two of nodes, shape": (None, "(2, 3)"),
    # a network without outputs
    "files, no heads, MXPredCreate": ("-1", "0"),
    "files, no heads, shape": (None, "-1"),
    # MXNet looks at no attribute of operators that have none
    "files, training key, MXPredCreate": ("-1", "0"),
    "files, training key, shape": (None, "(2, 3)"),
}


# Of the files: MXNet reads version 3 only where it was told to treat shapes as NumPy does.
DELIBERATE_FILES: dict[str, tuple[str | None, str | None]] = {
    "versions, V3, MXPredCreate": ("0", "-1"),
    "versions, V3, forward": ("0", None),
    "versions, V3, output": (
        "0.08202177 0.1494534 0.2723219 0.4962029 0.3087226 0.26572 0.2287073 0.1968502 (2, 4)",
        None,
    ),
    "versions, V3, free": ("0", None),
}


def results(output: str) -> dict[str, str]:
    """Return the results of a program by their labels."""
    pairs = [line.rsplit(": ", 1) for line in output.splitlines()]
    found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    assert len(found) == len(pairs)
    return found


def is_same(one: str | None, other: str | None) -> bool:
    """Return whether two results are the same but for the last digits of their numbers."""
    if one is None or other is None:
        return one is other
    number = r"-?\d+\.?\d*(?:e[-+]?\d+)?"
    if re.sub(number, "#", one) != re.sub(number, "#", other):
        return False
    pairs = zip(re.findall(number, one), re.findall(number, other), strict=True)
    return all(abs(float(a) - float(b)) <= TOLERANCE * max(1, abs(float(b))) for a, b in pairs)


def differences(ours: dict[str, str], theirs: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Return what two programs print differently."""
    labels = [*ours, *(label for label in theirs if label not in ours)]
    both = {label: (ours.get(label), theirs.get(label)) for label in labels}
    return {label: pair for label, pair in both.items() if not is_same(*pair)}


@pytest.mark.slow
@pytest.mark.parametrize(("program", "least", "deliberate"), [(CALLS, 250, DELIBERATE), (FILES, 250, DELIBERATE_FILES)])
def test_same_program_gives_the_same_with_mxnet(
    program: Path,
    least: int,
    deliberate: dict[str, tuple[str | None, str | None]],
    shipped_library: Path,
    oracle_python: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if program == FILES:
        monkeypatch.setenv("MXNET_ENGINE_TYPE", "NaiveEngine")
    ours = results(artefacts.run([sys.executable, program, shipped_library]))
    theirs = results(artefacts.run([oracle_python, program, "--mxnet"]))
    assert len(ours) > least
    different = differences(ours, theirs)
    assert different.keys() == deliberate.keys()
    for label, pair in different.items():
        expected = deliberate[label]
        assert is_same(pair[0], expected[0]), label
        assert is_same(pair[1], expected[1]), label


# The types that the header has of its own, so that both headers can be looked at in one program.
_BOTH = """
#define MXNET_C_PREDICT_API_H_
#include <stdint.h>
#include <stdbool.h>
#include "{ours}"
#undef MXNET_DLL
#undef MXNET_C_PREDICT_API_H_
#define mx_uint mxnet_uint
#define mx_float mxnet_float
#include "{theirs}"
int main(void) {{ return 0; }}
"""


@pytest.mark.parametrize(("compiler", "suffix"), [("gcc", "c"), ("g++", "cc"), ("clang", "c")])
def test_declarations_are_compatible_with_those_of_mxnets_header(
    oracle_python: Path, compiler: str, suffix: str, tmp_path: Path
) -> None:
    """Both in one program: the compiler refuses two declarations of a name that differ in a type."""
    artefacts.need(compiler)
    [theirs] = oracle_python.parents[2].glob(MXNETS_HEADER)
    ours = artefacts.PREDICTOR / "include" / "predictor" / "c_predict_api.h"
    program = tmp_path / f"both.{suffix}"
    program.write_text(_BOTH.format(ours=ours, theirs=theirs), encoding="utf-8")
    artefacts.run([compiler, "-Wall", "-Werror", "-fsyntax-only", program])


def test_a_declaration_that_differs_would_be_found(oracle_python: Path, tmp_path: Path) -> None:
    [theirs] = oracle_python.parents[2].glob(MXNETS_HEADER)
    header = (artefacts.PREDICTOR / "include" / "predictor" / "c_predict_api.h").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.h"
    wrong.write_text(header.replace("int MXPredForward(", "long MXPredForward("), encoding="utf-8")
    program = tmp_path / "both.c"
    program.write_text(_BOTH.format(ours=wrong, theirs=theirs), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"conflicting types for .MXPredForward"):
        artefacts.run(["gcc", "-Wall", "-Werror", "-fsyntax-only", program])
