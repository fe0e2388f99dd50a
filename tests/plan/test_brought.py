"""Names that a using-directive and an earlier unit would both answer for in the one file: refused with both places."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "p"\n[input]\nsources = ["a.cc", "b.cc"]\n[output]\nsource = "p.cc"\n'
MAIN = "int fa(); int fb(); int main() { return fa() * 10 + fb(); }\n"
BOTH = '"using namespace g"'


def results(root: Path, sources: tuple[str, ...]) -> dict[str, int]:
    """Return what the program exits with, by compiler."""
    found = {}
    for compiler in ("g++", "clang++"):
        program = root / compiler.replace("+", "x")
        subprocess.run([compiler, "-std=c++17", *sources, "-o", program], cwd=root, check=True, capture_output=True)
        found[compiler] = subprocess.run([program], check=False).returncode
    return found


def files_of(header: str, first: str, second: str) -> dict[str, str]:
    return {
        "amalgamate.toml": CONFIG,
        "main.cc": MAIN,
        "h.hpp": f"#pragma once\n{header}\n",
        "a.cc": f"{first}\n",
        "b.cc": f'#include "h.hpp"\n{second}\n',
    }


G = "namespace g { %s }"
USE = "using namespace g;\nint fb() { return %s; }"


@pytest.mark.parametrize(
    ("header", "first", "second", "message"),
    [
        pytest.param(
            G % "inline int k(double) { return 4; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            USE % "k(1)",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="function",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; }",
            '#include "h.hpp"\ntemplate <class T> int k(T) { return 3; }\nint fa() { return k(1); }',
            USE % "k(1)",
            f'b.cc:3: error: "k" would be that of a.cc:2 too, beside what {BOTH} brings',
            id="template",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            "#define CALL k(1)\n" + USE % "CALL",
            f'b.cc:2: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="in a macro",
        ),
        pytest.param(
            "namespace g::inline v1 { inline int k(double) { return 4; } }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            USE % "::k(1)",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="inline namespace, found from the global one",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            "namespace al = g;\nint fb() { using namespace al; return k(1); }",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="directive in a block, by an alias",
        ),
        pytest.param(
            G % "inline int k = 4;",
            "int k = 3; int fa() { return k; }",
            USE % "k",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="variable",
        ),
        pytest.param(
            G % "struct k { int v = 4; };",
            '#include "h.hpp"\nstruct k { int w = 3; }; int fa() { return k().w; }',
            USE % "k().v",
            f'b.cc:3: error: "k" would be that of a.cc:2 too, beside what {BOTH} brings',
            id="class",
        ),
        pytest.param(
            G % "enum E { k = 4 };",
            '#include "h.hpp"\nenum F { k = 3 }; int fa() { return k; }',
            USE % "k",
            f'b.cc:3: error: "k" would be that of a.cc:2 too, beside what {BOTH} brings',
            id="enumerator",
        ),
        pytest.param(
            "namespace g::k { inline int v() { return 4; } }",
            "namespace k { int v() { return 3; } }\nint fa() { return k::v(); }",
            USE % "k::v()",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="namespace",
        ),
        pytest.param(
            "namespace q { inline int k(double) { return 4; } }\nnamespace g { using q::k; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            USE % "k(1)",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="using-declaration",
        ),
        pytest.param(
            G % "inline int z() { return 0; }" + "\ninline int k(double) { return 4; }",
            "namespace g { int k(int) { return 3; } }\nint fa() { return g::k(1); }",
            USE % "k(1) + z()",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, which {BOTH} brings in the one file',
            id="added to the namespace",
        ),
        pytest.param(
            G % "inline int k(int) { return 3; }",
            '#include "h.hpp"\nusing namespace g;\nint fa() { return k(1); }',
            "inline int k(double) { return 4; }\nint fb() { return k(1); }\nusing namespace g;\nint z = g::k(k(2.0));",
            f'b.cc:3: error: "k" would be that of h.hpp:2 too, which {BOTH} brings in the one file',
            id="before the unit's own directive",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; }",
            "namespace n { int k(int) { return 3; } }\nint fa() { return n::k(1); }",
            "using namespace g;\nnamespace n { int f() { return k(1); } }\nint fb() { return n::f(); }",
            f'b.cc:3: error: "k" would be that of a.cc:1 too, beside what {BOTH} brings',
            id="hidden by a member of the namespace around",
        ),
        pytest.param(
            "#include <numeric>\n#include <vector>",
            "int iota(int*, int*, int) { return 3; }\nint fa() { return iota(nullptr, nullptr, 0); }",
            "using namespace std;\nint fb() { int a[1]; iota(a, a + 1, 4); return a[0]; }",
            'b.cc:3: error: "iota" would be that of a.cc:1 too, beside what "using namespace std" brings',
            id="of the library",
        ),
    ],
)
def test_a_name_that_would_mean_more_in_the_one_file_is_refused(
    tmp_path: Path, header: str, first: str, second: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        build_tree(tmp_path, files_of(header, first, second))
    assert results(tmp_path, ("main.cc", "a.cc", "b.cc")) == {"g++": 34, "clang++": 34}
    name = "iota" if "iota" in message else "k"
    assert str(error.value) == f'{message}\n  hint: qualify "{name}" there'


def test_a_directive_that_the_configuration_strips_does_not_give_its_names_away(tmp_path: Path) -> None:
    files = files_of(G % "inline int k(double) { return 4; }", "int k(int) { return 3; }", USE % "k(1)")
    files["amalgamate.toml"] += '[isolate]\nusing = "strip"\n'
    with pytest.raises(InputError) as error:
        build_tree(tmp_path, files)
    assert str(error.value) == (
        'b.cc:3: error: "k" would be that of a.cc:1 too, beside what "using namespace g" brings\n'
        '  hint: qualify "k" there'
    )


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        pytest.param(
            G % "inline int k(double) { return 4; }",
            "int k(int, int) { return 3; } int fa() { return k(1, 2); }",
            USE % "k(1)",
            id="function of more parameters",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; } inline int z() { return 0; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            USE % "g::k(1) + z()",
            id="qualified",
        ),
        pytest.param(
            G % "inline int k(double) { return 4; } inline int z() { return 0; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            "using namespace g;\nstruct S { int k = 4; };\nint fb() { int k = z(); return S().k + k; }",
            id="member and local",
        ),
        pytest.param(
            G % "int k(int);",
            '#include "h.hpp"\nnamespace g { int k(int i) { return i; } }\nint fa() { return g::k(3); }',
            USE % "k(4)",
            id="defined by the earlier unit",
        ),
        pytest.param(
            G % "inline int z() { return 0; }",
            "int k(int) { return 3; } int fa() { return k(1); }",
            "int k(int);\n" + USE % "k(1) + 1 + z()",
            id="declared by both",
        ),
        pytest.param(
            G % "inline int z() { return 0; }",
            "static int k(int) { return 3; }\nint fa() { return k(1); }",
            "static int k(double) { return 4; }\n" + USE % "k(1) + z()",
            id="renamed",
        ),
        pytest.param(
            G % "struct k { int v = 4; };",
            "struct k { int w = 3; };\nint fa() { return k().w; }",
            USE % "k().v",
            id="class that is renamed",
        ),
        pytest.param(
            G % "namespace k { const int v = 4; }",
            '#include "h.hpp"\nnamespace g { using namespace k; using namespace g; int w() { return v - 1; } }\n'
            "int fa() { return g::w(); }",
            USE % "g::k::v",
            id="directive in the namespace itself",
        ),
    ],
)
def test_a_name_that_means_the_same_is_not_refused(tmp_path: Path, header: str, first: str, second: str) -> None:
    bundle = build_tree(tmp_path, files_of(header, first, second))
    (tmp_path / "p.cc").write_bytes(bundle.files[0].data)
    expected = {"g++": 34, "clang++": 34}
    assert results(tmp_path, ("main.cc", "a.cc", "b.cc")) == expected
    assert results(tmp_path, ("main.cc", "p.cc")) == expected
