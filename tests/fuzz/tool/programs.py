"""Random projects: the compiler reads in the one file what it reads in the many, whatever is defined.

Beyond what the tests draw, files have other line ends and byte order marks, and the configuration fixes macros or
leaves them open.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from hypothesis import Phase, given, seed, settings

from amalgamate.errors import AmalgamateError, Severity
from fuzz.tool.compare import Finding
from plan.random_projects import UNITS, entangled_units, modest_units
from plan.test_equivalence import CONFIG, OPTION_SETS, assert_reads_alike, preprocessed
from support import build_tree, write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from random import Random

_PROJECTS = 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def try_once(random: Random, folder: Path) -> list[Finding]:
    """Draw a few projects, build and compare each."""
    findings = []
    strategy = random.choice((modest_units, entangled_units))

    @seed(random.getrandbits(32))
    @settings(
        settings.get_profile("few"), max_examples=_PROJECTS, derandomize=False, database=None, phases=[Phase.generate]
    )
    @given(files=strategy())
    def one(files: dict[str, str]) -> None:
        what = _compare(random, folder / "project", files)
        if what:
            findings.append(Finding(what, files))

    one()
    return findings


def _compare(random: Random, folder: Path, files: Mapping[str, str]) -> str:
    """Return what the one file reads otherwise; empty for nothing, and for a project that is refused."""
    shutil.rmtree(folder, ignore_errors=True)
    config, fixed = _configuration(random)
    written = {name: _written(random, text) for name, text in files.items()}
    try:
        bundle = build_tree(folder, {"amalgamate.toml": CONFIG + config, **written})
    except AmalgamateError:
        return ""
    if any(each.severity is Severity.WARNING for each in bundle.diagnostics):
        return ""  # told
    write_tree(folder, {"alone/p.c": bundle.files[0].data})
    for options in OPTION_SETS:
        free = [each for each in options if not fixed or not each.startswith(fixed[0][:3])]
        (merged,) = preprocessed(folder, ("alone/p.c",), free)
        alone = preprocessed(folder, UNITS, (*free, *fixed))
        try:
            assert_reads_alike(merged, alone)
        except AssertionError as error:
            return f"{config!r} {' '.join(free)}: {str(error).splitlines()[0]}"
    return ""


def _configuration(random: Random) -> tuple[str, tuple[str, ...]]:
    """Return more of the configuration, and the options that say the same of the many files."""
    what = random.random()
    name = random.choice(("P", "Q", "R"))
    if what < 0.2:
        return f'[defines]\n{name} = "1"\n', (f"-D{name}=1",)
    if what < 0.3:
        return f'[platform]\nundefined = ["{name}"]\n', (f"-U{name}",)
    if what < 0.4:
        return '[platform]\nopen = ["A", "D1"]\n', ()
    return "", ()


def _written(random: Random, text: str) -> bytes:
    data = text.encode()
    if random.random() < 0.1:
        data = data.replace(b"\n", b"\r\n")
    return _BYTE_ORDER_MARK + data if random.random() < 0.05 else data
