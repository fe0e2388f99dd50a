"""Small projects whose whole outputs are kept: a change of the output shows as a diff, and what is kept compiles.

`amalgamate build tests/golden/CASE --all-variants` writes `CASE/expected` anew.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amalgamate import loader, pipeline
from amalgamate.write.render import template_folder

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/amalgamate.toml"))
PRINTED = {
    ("variants", "palette.cc"): "149 light 0 dark\n",
    ("variants", "palette-plain.cc"): "200 tint 13 shade\n",
    ("variants", "palette-emscripten.cc"): "149 light 0 dark\n",
    ("header-only", "spans.hpp"): "6 3\n",
    ("mixed", "tally.c tally.cc"): "41\n",
}
"""What the program of each case prints, by the outputs that it is compiled with."""
COMPILERS = {
    ".c": ("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror"),
    ".cc": ("g++", "-std=c++17", "-Wall", "-Wextra", "-Werror"),
}


def built(case: str) -> dict[str, bytes]:
    """Build every variant of the case; output file by name."""
    plain = loader.load(HERE / case)
    configs = [loader.load(HERE / case, name) for name in ("", *plain.variants)]
    return {file.name: file.data for config in configs for file in pipeline.build(config).files}


@pytest.mark.parametrize("case", CASES)
def test_the_outputs_are_those_that_are_kept(case: str) -> None:
    kept = {path.name: path.read_bytes() for path in sorted((HERE / case / "expected").iterdir())}
    assert built(case) == kept


@pytest.mark.compiler
@pytest.mark.parametrize(("case", "outputs"), PRINTED)
def test_what_is_kept_compiles_and_does_its_work(case: str, outputs: str, tmp_path: Path) -> None:
    program = next((HERE / "programs").glob(f"{case}.*"))
    expected = HERE / case / "expected"
    sources = [program, *(expected / name for name in outputs.split() if not name.endswith(".hpp"))]
    objects = []
    for source in sources:
        objects.append(tmp_path / f"{source.name}.o")
        command = (*COMPILERS[source.suffix], "-I", expected, "-c", source, "-o", objects[-1])
        subprocess.run(command, check=True, timeout=60)
    subprocess.run(("g++", *objects, "-o", tmp_path / "program"), check=True, timeout=60)
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == PRINTED[case, outputs]


@pytest.mark.compiler
def test_the_kept_make_fragment_builds_a_program(tmp_path: Path) -> None:
    folder = HERE / "variants"
    (tmp_path / "Makefile").write_text(
        f"CXXFLAGS := -std=c++17\nall: program\ninclude {folder}/expected/palette.mk\n"
        f"main.o: {HERE}/programs/variants.cc\n\t$(CXX) $(PALETTE_CPPFLAGS) -c -o $@ $<\n"
        "program: main.o $(PALETTE_OBJECTS)\n\t$(CXX) $^ -o $@\n"
    )
    subprocess.run(["make", "-s"], cwd=tmp_path, check=True, timeout=120)
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == PRINTED["variants", "palette-plain.cc"]


def test_every_shipped_fragment_is_kept_somewhere() -> None:
    kept = {path.name for path in HERE.glob("*/expected/*")}
    shipped = {path.name.removesuffix(".j2") for path in (template_folder() / "extras").glob("*.j2")}
    assert shipped - {name.replace("palette", "library") for name in kept} == set()
