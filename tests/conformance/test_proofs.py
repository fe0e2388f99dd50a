"""`amalgamate verify` passes every case that the tool can do, and finds each that it is known to get wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from conformance.case import toml_list
from conformance.test_conformance import CASES, write_case
from prove.proofs import failures, prove, skips, write_outputs

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.case import Case

MAY_BE_SKIPPED = {
    "has_include_guards_a_missing_file": "bindings",  # lacks a header on purpose
    "include_beside_a_link": "bindings",  # clang knows all links to a file by the first
    "include_level": "tokens",  # is about what a row of files has otherwise
}
BUILT = [case for case in CASES if not case.refusal]


@pytest.mark.compiler
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in BUILT])
def test_verify_tells_what_is_equivalent(case: Case, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for number, options in enumerate(case.options):
        folder = write_case(case, tmp_path / str(number))
        with (folder / "amalgamate.toml").open("a") as config:
            config.write(f"\n[verify]\noptions = {toml_list(options)}\n")
        try:
            write_outputs(folder)
        except InputError as error:
            found["build"] = str(error)
            continue
        results = prove(folder, range(5) if number == 0 or case.fails else (1, 2))
        found |= failures(results)
        assert case.fails or set(skips(results)) <= {MAY_BE_SKIPPED.get(case.name)}
    assert (found != {}) == bool(case.fails), found
