"""The build fragments do what they are for: a library in C and C++, built by its own make rules and linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.write import output
from builds import artefacts
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

MIXED = {
    "amalgamate.toml": """extras = ["mixed.mk", "mixed.ver"]
[project]
name = "mixed"
[input]
sources = ["half.c", "other.cc"]
[public]
header = "mixed.h"
exports = ["mixed_*"]
""",
    "mixed.h": '#ifdef __cplusplus\nextern "C"\n#endif\nint mixed_sum(int value);\n',
    "half.c": "int half(int value) { return value / 2; }\n",
    "other.cc": '#include "mixed.h"\nextern "C" int half(int);\nint mixed_sum(int value) { return half(value) + 1; }\n',
}
PROGRAM = """#include "mixed.h"
#include <stdio.h>
int main(void) { printf("%d\\n", mixed_sum(8)); return 0; }
"""
MAKEFILE = """include dist/mixed.mk
program: program.o $(MIXED_OBJECTS)
\t$(CXX) $^ -o $@
program.o: CPPFLAGS := $(MIXED_CPPFLAGS)
libmixed.so: $(MIXED_OBJECTS)
\t$(CXX) -shared -Wl,--version-script=dist/mixed.ver $^ -o $@
"""

pytestmark = pytest.mark.compiler


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    bundle = build_tree(tmp_path, MIXED)
    output.write({bundle.config.output.dir / file.name: file.data for file in bundle.files})
    (tmp_path / "program.c").write_text(PROGRAM)
    (tmp_path / "Makefile").write_text(MAKEFILE)
    return tmp_path


def test_sources_of_two_languages_have_objects_of_two_names(mixed: Path) -> None:
    artefacts.run(["make", "program"], mixed)
    assert artefacts.run([mixed / "program"]) == "5\n"


def test_a_shared_library_shows_the_exports_alone(mixed: Path) -> None:
    artefacts.run(["make", "libmixed.so"], mixed)
    shown = artefacts.run(["nm", "-D", "--defined-only", mixed / "libmixed.so"])
    assert [line.split()[-1] for line in shown.splitlines()] == ["mixed_sum"]
