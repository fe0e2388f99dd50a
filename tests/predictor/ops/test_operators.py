"""Every operator gives MXNet's numbers, by all its names, whether its weights are constant or not."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxnet_files import params_bytes
from mxpredict import FloatArray, Library, Predictor

from predictor import forms
from predictor.ops.cases import FAMILIES, REFERENCES, Case, input_name

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCE = 1e-5
OPS = forms.EXAMPLE / "src" / "predictor" / "ops"
CASES = [pytest.param(case, id=case.id) for cases in FAMILIES.values() for case in cases]


def registry() -> dict[str, str]:
    """Return what parses each operator, by its name: the rest of its row in registry.cc."""
    rows = re.findall(r'\{"(\w+)", ([^}]+)\}', (OPS / "registry.cc").read_text(encoding="utf-8"))
    assert rows
    return {name: " ".join(row.split()) for name, row in rows}


def run(library: Library, case: Case, constants: range, op: str = "") -> list[FloatArray]:
    """Return all outputs. The inputs of these numbers come from the parameter file, the others are set."""
    inputs = case.inputs()
    fixed = [input_name(index) for index in constants]
    kinds = {input_name(index): "aux" if index in case.auxiliary else "arg" for index in constants}
    params = params_bytes({f"{kinds[name]}:{name}": inputs[name] for name in fixed})
    shapes = {name: array.shape for name, array in inputs.items() if name not in fixed}
    with Predictor(library, case.symbol(op).encode(), params, shapes) as predictor:
        for name in shapes:
            predictor.set_input(name, inputs[name])
        predictor.forward()
        return [predictor.output(index) for index in range(len(expected(case)))]


def expected(case: Case) -> list[FloatArray]:
    """Return MXNet's outputs."""
    family = next(family for family, cases in FAMILIES.items() if case in cases)
    outputs = json.loads((REFERENCES / f"{family}.json").read_text(encoding="utf-8"))[case.id]
    return [np.array(output["values"], np.float32).reshape(output["shape"]) for output in outputs]


def assert_same(output: FloatArray, answer: FloatArray, what: str) -> None:
    """Compare with MXNet's output, to the tolerance of its largest value."""
    assert output.shape == answer.shape, what
    assert np.abs(output - answer).max() <= TOLERANCE * np.abs(answer).max(), what


@pytest.fixture(scope="session")
def library(shipped_library: Path) -> Library:
    return Library(shipped_library)


@pytest.mark.compiler
@pytest.mark.parametrize("case", CASES)
def test_operator_gives_mxnets_output(library: Library, case: Case) -> None:
    for constants in {range(1, len(case.shapes)), range(0)}:
        outputs = run(library, case, constants)
        for output, answer in zip(outputs, expected(case), strict=True):
            assert_same(output, answer, f"constant inputs: {list(constants)}")


@pytest.mark.compiler
@pytest.mark.parametrize("instruction_set", ["plain", "sse2", "avx2", "avx512"])
def test_operators_give_mxnets_output_with_each_instruction_set(
    library: Library, instruction_set: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREDICTOR_ISA", instruction_set)
    for cases in FAMILIES.values():
        for case in cases:
            output = run(library, case, range(1, len(case.shapes)))[0]
            assert_same(output, expected(case)[0], case.id)


@pytest.mark.compiler
def test_aliases_are_the_operators_that_they_stand_for(library: Library) -> None:
    rows = registry()
    by_row = {rows[case.op]: case for cases in FAMILIES.values() for case in cases}
    for name, row in rows.items():
        case = by_row[row]
        if name != case.op:
            outputs = run(library, case, range(0), op=name)
            assert_same(outputs[0], expected(case)[0], name)


def test_every_row_of_the_registry_has_a_case() -> None:
    rows = registry()
    tested = {rows[case.op] for cases in FAMILIES.values() for case in cases}
    assert sorted(name for name, row in rows.items() if row not in tested) == []


def test_every_family_is_a_source_file() -> None:
    assert sorted(family for family in FAMILIES if not (OPS / f"{family}.cc").exists()) == []


def test_no_two_cases_are_the_same() -> None:
    names = [case.id for cases in FAMILIES.values() for case in cases]
    assert len(names) == len(set(names))


@pytest.mark.oracle
def test_mxnet_still_gives_the_committed_outputs(oracle_python: Path) -> None:
    script = REFERENCES.parent / "make_references.py"
    result = subprocess.run([oracle_python, script, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
