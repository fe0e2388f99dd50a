"""Every operator gives MXNet's numbers, by all its names, whether its weights are constant or not."""

from __future__ import annotations

import ctypes
import json
import re
import subprocess
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest
from mxnet_files import params_bytes

from predictor import forms
from predictor.core.capi import CApi
from predictor.ops.case import Case, input_name
from predictor.ops.cases import FAMILIES, REFERENCES
from predictor.ops.operators_table import TABLE, table
from predictor.ops.promised import PROMISED

if TYPE_CHECKING:
    from pathlib import Path

Array = npt.NDArray[np.generic]

TOLERANCE = 1e-5
LEAST_CASES = 6
# The types by MXNet's codes.
DTYPES = ("float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", "int16")
OPS = forms.EXAMPLE / "src" / "predictor" / "ops"
CASES = [pytest.param(case, id=case.id) for cases in FAMILIES.values() for case in cases]


def operators() -> list[str]:
    """Return the operators' own names."""
    tables = [(OPS / name).read_text(encoding="utf-8") for name in ("operator_rows.h", "math_rows.h")]
    return [name for table in tables for name in re.findall(r'^    \{"(\w+)",', table, re.MULTILINE)]


def aliases() -> dict[str, str]:
    """Return the operators' own names by their other names."""
    return dict(re.findall(r'\{"(\w+)",\s+"(\w+)"\}', (OPS / "alias_rows.h").read_text(encoding="utf-8")))


def run(library: CApi, case: Case, constants: range, op: str = "") -> list[Array]:
    """Return all outputs. The inputs of these numbers come from the parameter file, the others are set."""
    inputs = case.typed_inputs()
    fixed = [input_name(index) for index in constants]
    kinds = {input_name(index): "aux" if index in case.auxiliary else "arg" for index in constants}
    params = params_bytes({f"{kinds[name]}:{name}": inputs[name].astype(np.float32) for name in fixed})
    shapes = {name: array.shape for name, array in inputs.items() if name not in fixed}
    codes = {name: DTYPES.index(array.dtype.name) for name, array in inputs.items() if name not in fixed}
    handle = library.create_typed(case.symbol(op), params, shapes, codes)
    try:
        for name in shapes:
            data = inputs[name].ctypes.data_as(ctypes.c_void_p)
            library.call("MXPredSetInput", handle, name.encode(), data, inputs[name].size)
        library.forward(handle)
        return [read_output(library, handle, index) for index in range(case.outputs)]
    finally:
        library.call("MXPredFree", handle)


def read_output(library: CApi, handle: ctypes.c_void_p, index: int) -> Array:
    """Return an output in its own type."""
    code = ctypes.c_int(-1)
    library.call("MXPredGetOutputType", handle, index, ctypes.byref(code))
    output = np.empty(library.output_shape(handle, index), DTYPES[code.value])
    library.call("MXPredGetOutput", handle, index, output.ctypes.data_as(ctypes.c_void_p), output.size)
    return output


@cache
def references(family: str) -> dict[str, list[dict[str, Any]]]:
    """Return MXNet's outputs of a family's cases, as they stand in the file."""
    text = (REFERENCES / f"{family}.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def expected(case: Case) -> list[Array]:
    """Return MXNet's outputs."""
    family = next(family for family, cases in FAMILIES.items() if case in cases)
    outputs = references(family)[case.id]
    return [np.array(o["values"], o.get("type", "float32")).reshape(o["shape"]) for o in outputs]


def assert_same(output: Array, answer: Array, what: str) -> None:
    """Compare with MXNet's output, to the tolerance of its largest value and the precision of its type."""
    assert output.shape == answer.shape, what
    assert output.dtype == answer.dtype, what
    assert np.array_equal(np.isfinite(output), np.isfinite(answer)), what
    assert np.array_equal(output[~np.isfinite(output)], answer[~np.isfinite(answer)], equal_nan=True), what
    finite = answer[np.isfinite(answer)].astype(np.float64)
    distance = np.abs(output[np.isfinite(output)].astype(np.float64) - finite)
    tolerance = 1e-3 if answer.dtype == np.float16 else TOLERANCE
    assert distance.max(initial=0) <= tolerance * np.abs(finite).max(initial=0), what


def check(library: CApi, case: Case, constants: range, op: str = "") -> None:
    """Compare all outputs of one run with MXNet's."""
    for output, answer in zip(run(library, case, constants, op), expected(case), strict=True):
        assert_same(output, answer, f"{op}, constant inputs: {list(constants)}")


@pytest.fixture(scope="session")
def library(shipped_library: Path) -> CApi:
    return CApi(shipped_library)


@pytest.mark.compiler
@pytest.mark.parametrize("case", CASES)
def test_operator_gives_mxnets_output(library: CApi, case: Case) -> None:
    check(library, case, range(0))
    if not case.types and len(case.shapes) > 1:
        check(library, case, range(1, len(case.shapes)))


@pytest.mark.compiler
@pytest.mark.usefixtures("instruction_set")
def test_operators_give_mxnets_output_with_each_instruction_set(library_of_all_instruction_sets: Path) -> None:
    library = CApi(library_of_all_instruction_sets)
    for cases in FAMILIES.values():
        for case in cases:
            check(library, case, range(0 if case.types else 1, 0 if case.types else len(case.shapes)))


@pytest.mark.compiler
def test_aliases_are_the_operators_that_they_stand_for(library: CApi) -> None:
    by_op = {case.op: case for cases in FAMILIES.values() for case in cases}
    for name, op in aliases().items():
        check(library, by_op[op], range(0), op=name)
    for name in ("abs", "Embedding", "dot"):
        check(library, by_op[name], range(0), op=f"_sparse_{name}")


def test_every_row_of_the_registry_has_six_cases() -> None:
    tested = Counter(case.op for cases in FAMILIES.values() for case in cases)
    assert {name: tested[name] for name in operators() if tested[name] < LEAST_CASES} == {}


def test_every_name_of_the_promise_is_there() -> None:
    assert sorted(PROMISED - {*operators(), *aliases()}) == []


def test_every_alias_means_an_operator() -> None:
    assert sorted(set(aliases().values()) - set(operators())) == []


def test_table_of_operators_is_current() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()


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


@pytest.mark.oracle
def test_no_alias_of_mxnet_is_missing(oracle_python: Path) -> None:
    script = REFERENCES.parent / "list_names.py"
    result = subprocess.run([oracle_python, script], capture_output=True, text=True, check=True)
    names: dict[str, str] = json.loads(result.stdout)
    own = set(operators())
    others = {alias: name for alias, name in names.items() if name in own and alias != name}
    of_numpy_mode = ("_np_", "_npi_", "_npx_", "_sparse_")
    assert {
        a: name for a, name in others.items() if not a.startswith(of_numpy_mode) and a not in own | aliases().keys()
    } == {}
