"""`lint --fix`: compilers decide which using-directives go, the configuration says so, and a build obeys."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.compiler

CONFIG = """# The library.
[project]
name = "lib"  # short

[input]
sources = ["*.cc"]

[verify]
compilers = ["gcc"]  # one is enough here
"""
LIB = "#pragma once\nnamespace lib { inline int twice(int x) { return 2 * x; } }\n"
HARMLESS = {
    "lib.h": LIB,
    "a.cc": '#include "lib.h"\n#define TW(x) tw##x\nusing namespace lib;\n'
    "int TW(o)() { return lib::twice(1); }\nint main() { return two() - 2; }\n",
}
NEEDED = {"lib.h": LIB, "a.cc": '#include "lib.h"\n\nusing namespace lib;\nint a() { return twice(2); }\n'}
REBOUND = {
    "lib.h": LIB,
    "a.cc": '#include "lib.h"\nusing namespace lib;\nint twice(long x) { return -1; }\nint a() { return twice(2); }\n',
}
CANDIDATES = {
    "lib.h": LIB,
    "a.cc": '#include "lib.h"\nusing namespace lib;\nint twice(long);\n'
    "template <class T> int late(T x) { return twice(x); }\n",
}


def project(folder: Path, files: Mapping[str, str], config: str = CONFIG) -> Path:
    return write_tree(folder, {"amalgamate.toml": config, **files})


def fix(*options: str) -> Result:
    return CliRunner().invoke(cli, ["lint", "--fix", *options])


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_nothing_needs_goes_and_the_build_obeys(tmp_path: Path) -> None:
    project(tmp_path, HARMLESS)
    assert "macros of a.cc may paste its names together" in CliRunner().invoke(cli, ["build"]).stderr
    result = fix()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        'a.cc:3: "using namespace lib" goes\n  1 source file compiled without: the same code\nwrote amalgamate.toml\n'
    )
    written = (tmp_path / "amalgamate.toml").read_text()
    assert written == CONFIG + '\n[isolate]\nstrip_using = [\n  "a.cc: lib",\n]\n'
    built = CliRunner().invoke(cli, ["build"])
    assert (built.exit_code, built.stderr) == (0, "")
    assert "using namespace" not in (tmp_path / "dist/lib.cc").read_text()
    subprocess.run(["g++", "-Wall", "-Wextra", "-Werror", "-o", "lib", "dist/lib.cc"], cwd=tmp_path, check=True)
    subprocess.run([tmp_path / "lib"], check=True)


def test_a_second_time_there_is_nothing_to_write(tmp_path: Path) -> None:
    project(tmp_path, HARMLESS)
    fix()
    before = (tmp_path / "amalgamate.toml").stat().st_mtime_ns
    assert fix().stdout.endswith("\namalgamate.toml says so already\n")
    assert (tmp_path / "amalgamate.toml").stat().st_mtime_ns == before


def test_what_does_not_compile_without_stays(tmp_path: Path) -> None:
    project(tmp_path, NEEDED)
    result = fix()
    first, second, last = result.stdout.splitlines()
    assert first == 'a.cc:3: "using namespace lib" stays'
    assert second.startswith("  a.cc:4:18: gcc does not compile it: 'twice' was not declared in this scope")
    assert last == "wrote amalgamate.toml"
    assert 'keep_using = [\n  "a.cc: lib",\n]\n' in (tmp_path / "amalgamate.toml").read_text()
    built = CliRunner().invoke(cli, ["build"])
    assert (built.exit_code, built.stderr) == (0, "")
    assert "\nusing namespace lib;\n" in (tmp_path / "dist/lib.cc").read_text()


def test_a_call_that_would_find_another_overload_is_not_lost(tmp_path: Path) -> None:
    project(tmp_path, REBOUND)
    assert fix().stdout == (
        'a.cc:2: "using namespace lib" stays\n'
        "  a.cc:4:18: `twice` would not mean the same\n"
        "  a.cc:4:18: with it it is `twice` of lib.h:2:28\n"
        "  a.cc:4:18: without it it is `twice` of a.cc:3:5\n"
        "wrote amalgamate.toml\n"
    )
    CliRunner().invoke(cli, ["build"])
    assert "\nusing namespace lib;\n" in (tmp_path / "dist/lib.cc").read_text()


def test_a_call_in_a_template_keeps_its_candidates(tmp_path: Path) -> None:
    project(tmp_path, CANDIDATES)
    assert fix().stdout.splitlines()[:4] == [
        'a.cc:2: "using namespace lib" stays',
        "  a.cc:4:43: `twice` would not mean the same",
        "  a.cc:4:43: with it it is `twice` of lib.h:2:28",
        "  a.cc:4:43: without it it is nothing more",
    ]


def test_without_libclang_the_code_is_compared_and_the_limit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "clang", None)
    project(tmp_path, REBOUND)
    result = fix()
    assert result.stdout == (
        'a.cc:2: "using namespace lib" stays\n  a.cc: gcc makes other code of a.cc without it\nwrote amalgamate.toml\n'
    )
    assert result.stderr == "note: bindings were not compared: libclang is not installed: pip install libclang\n"


def test_a_directive_of_a_header_is_tried_in_every_unit_that_it_reaches(tmp_path: Path) -> None:
    files = {
        "lib.h": LIB,
        "all.h": '#pragma once\n#include "lib.h"\nusing namespace lib;\n',
        "a.cc": '#include "all.h"\nint a() { return lib::twice(1); }\n',
        "b.cc": '#include "all.h"\nusing namespace lib;\nint b() { return twice(2); }\n',
    }
    project(tmp_path, files)
    result = fix()
    assert result.stdout.splitlines()[:1] + result.stdout.splitlines()[2:4] == [
        'all.h:3: "using namespace lib" goes',
        'b.cc:2: "using namespace lib" stays',
        "  b.cc:3:18: gcc does not compile it: 'twice' was not declared in this scope; did you mean 'lib::twice'?",
    ]
    assert result.stdout.splitlines()[1] == "  2 source files compiled without: the same code"
    assert CliRunner().invoke(cli, ["build"]).exit_code == 0
    assert (tmp_path / "dist/lib.cc").read_text().count("using namespace") == 1


def test_what_one_variant_needs_stays_for_all(tmp_path: Path) -> None:
    text = '#include "lib.h"\nusing namespace lib;\n#ifdef FAST\nint a() { return twice(2); }\n#endif\n'
    project(tmp_path, {"lib.h": LIB, "a.cc": text}, CONFIG + '\n[variants.fast]\ndefines = { FAST = "1" }\n')
    result = fix()
    assert 'a.cc:2: "using namespace lib" stays\n  a.cc:4:18: ' in result.stdout
    assert (tmp_path / "amalgamate.toml").read_text().endswith('[isolate]\nkeep_using = [\n  "a.cc: lib",\n]\n')


@pytest.mark.parametrize(
    ("unread", "line"),
    [
        ("#ifdef _WIN32\nint b() { return twice(1); }\n#endif\n", 6),
        ("#ifdef _WIN32\nint b() { return ::twice(1); }\n#endif\n", 6),
        ("int c();\n#define DOUBLED(x) (twice(x))\n", 6),
    ],
)
def test_what_text_may_need_that_is_not_read_here_stays(tmp_path: Path, unread: str, line: int) -> None:
    files = {"lib.h": LIB, "a.cc": f'#include "lib.h"\nusing namespace lib;\nint a();\n\n{unread}'}
    project(tmp_path, files)
    assert fix().stdout.splitlines()[:2] == [
        'a.cc:2: "using namespace lib" stays',
        f"  a.cc:{line}: `twice` may need it, and no compiler here reads that",
    ]


@pytest.mark.parametrize(
    "unread",
    [
        "#ifdef _WIN32\nint b(int once) { return lib::twice(once); }\n#endif\n",
        "#define DOUBLED(twice) (lib::twice(1) + twice)\n",
        "#define ONCE(x) lib::twice(x)\nint one = ONCE(1);\n",
        "// #ifdef twice\n",
    ],
)
def test_what_text_that_is_not_read_here_does_not_need_goes(tmp_path: Path, unread: str) -> None:
    files = {"lib.h": LIB, "a.cc": f'#include "lib.h"\nusing namespace lib;\nint a();\n{unread}'}
    project(tmp_path, files)
    assert fix().stdout.startswith('a.cc:2: "using namespace lib" goes\n')


def test_a_namespace_needs_no_directive_for_itself(tmp_path: Path) -> None:
    inside = "#ifdef _WIN32\nnamespace lib { inline int four() { return twice(2); } }\n#endif\n"
    project(tmp_path, {"lib.h": LIB + inside, "a.cc": '#include "lib.h"\nusing namespace lib;\nint a();\n'})
    assert fix().stdout.startswith('a.cc:2: "using namespace lib" goes\n')


def test_of_a_system_namespace_the_compiler_knows_the_members(tmp_path: Path) -> None:
    text = "#include <string>\nusing namespace std;\nint a();\n#ifdef _WIN32\n{}\n#endif\n"
    project(tmp_path, {"a.cc": text.format("string b();"), "b.cc": text.format("std::string strange();")})
    assert fix().stdout.splitlines()[:3] == [
        'a.cc:2: "using namespace std" stays',
        "  a.cc:5: `string` may need it, and no compiler here reads that",
        'b.cc:2: "using namespace std" goes',
    ]


def test_a_directive_that_is_not_read_here_is_not_decided(tmp_path: Path) -> None:
    text = '#include "lib.h"\n#ifdef _WIN32\nusing namespace lib;\n#endif\nint a();\n'
    project(tmp_path, {"lib.h": LIB, "a.cc": text})
    assert fix().stdout == (
        'a.cc:3: "using namespace lib" is not decided\n  a.cc:3: no compiler here reads it\n'
        "amalgamate.toml says so already\n"
    )


def test_what_does_not_compile_with_it_either_is_not_decided(tmp_path: Path) -> None:
    project(tmp_path, {"lib.h": LIB, "a.cc": '#include "lib.h"\nusing namespace lib;\nint a = nothing;\n'})
    result = fix()
    assert result.stdout.startswith(
        'a.cc:2: "using namespace lib" is not decided\n  a.cc:3:9: gcc does not compile it: '
    )
    assert (tmp_path / "amalgamate.toml").read_text() == CONFIG


def test_where_all_together_cannot_be_built_nothing_is_written(tmp_path: Path) -> None:
    other = "int twice(long x) { return x; }\nint b() { return twice(2); }\n"
    project(tmp_path, {**NEEDED, "b.cc": other})
    result = fix()
    assert result.exit_code == 3
    assert result.stderr == (
        'a.cc:4: error: "twice" would be that of b.cc:1 too, beside what "using namespace lib" brings\n'
        '  hint: qualify "twice" there\n'
    )
    assert (tmp_path / "amalgamate.toml").read_text() == CONFIG


def test_what_a_build_makes_by_its_order_can_be_decided(tmp_path: Path) -> None:
    config = CONFIG.replace('"*.cc"', '"a.cc", "b.cc"')
    header = "#pragma once\nnamespace lib { int twice(double x); }\n"
    needs = '#include "lib.h"\nusing namespace lib;\nstatic int twice(int x) { return x; }\n'
    first = f"{needs}int a() {{ return twice(2.5); }}\n"
    other = '#include "lib.h"\nnamespace lib { int twice(double x) { return x * 2; } }\n'
    project(tmp_path, {"lib.h": header, "a.cc": first, "b.cc": other}, config)
    result = fix()
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, 'a.cc:2: "using namespace lib" stays')
    assert CliRunner().invoke(cli, ["build"]).exit_code == 0


def test_two_directives_that_stay_are_built(tmp_path: Path) -> None:
    other = "#include <string>\nusing namespace std;\nint b(const string& text) { return text.size(); }\n"
    project(tmp_path, {**NEEDED, "b.cc": other})
    assert fix().exit_code == 0
    assert 'keep_using = [\n  "a.cc: lib",\n  "b.cc: std",\n]\n' in (tmp_path / "amalgamate.toml").read_text()
    built = CliRunner().invoke(cli, ["build"])
    assert (built.exit_code, built.stderr) == (0, "")


def test_decisions_about_what_is_gone_go(tmp_path: Path) -> None:
    config = CONFIG + '\n[isolate]\nusing = "auto"  # as by default\nstrip_using = ["a.cc: lib"]\n'
    project(tmp_path, {"a.cc": "int a();\n"}, config)
    result = fix()
    assert (result.stdout, result.stderr) == (
        "wrote amalgamate.toml\n",
        "there is no using-directive at file scope\n",
    )
    assert (tmp_path / "amalgamate.toml").read_text() == config.replace('strip_using = ["a.cc: lib"]\n', "")


def test_a_configuration_that_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, HARMLESS)
    monkeypatch.setattr("amalgamate.prove.decide.prove", lambda _: (tmp_path / "amalgamate.toml").write_text("# new\n"))
    result = fix()
    assert (result.exit_code, result.stderr) == (
        2,
        "error: amalgamate.toml has changed meanwhile, and was not written\n  hint: decide again\n",
    )
    assert (tmp_path / "amalgamate.toml").read_text() == "# new\n"


README = Path(__file__).parents[2] / "README.md"


def test_the_readme_shows_what_is_said(tmp_path: Path) -> None:
    files = {
        "include/shape.h": "#pragma once\nnamespace shape { inline int area(int side) { return side * side; } }\n",
        "src/box.cc": '#include "shape.h"\nusing namespace shape;\nint box() { return shape::area(2); }\n',
        "src/cube.cc": '#include "shape.h"\nusing namespace shape;\nint area(long side) { return -1; }\n'
        "int cube() { return 6 * area(2); }\n",
    }
    sources = 'sources = ["src/*.cc"]\ninclude_dirs = ["include"]'
    project(tmp_path, files, CONFIG.replace('sources = ["*.cc"]', sources))
    assert f"\n```\n$ amalgamate lint --fix\n{fix().stdout}```\n" in README.read_text()


def test_dry_run_and_diff_write_nothing(tmp_path: Path) -> None:
    project(tmp_path, HARMLESS)
    told = 'a.cc:3: "using namespace lib" goes\n  1 source file compiled without: the same code\n'
    assert fix("--dry-run").stdout == told
    assert fix("--diff").stdout == told + (
        "--- amalgamate.toml (on disk)\n+++ amalgamate.toml (built now)\n@@ -7,3 +7,8 @@\n \n [verify]\n"
        ' compilers = ["gcc"]  # one is enough here\n+\n+[isolate]\n+strip_using = [\n+  "a.cc: lib",\n+]\n'
    )
    assert (tmp_path / "amalgamate.toml").read_text() == CONFIG


def test_decisions_for_other_programs(tmp_path: Path) -> None:
    project(tmp_path, REBOUND)
    assert json.loads(fix("--format", "json", "--dry-run").stdout) == {
        "schema": 1,
        "decisions": [
            {
                "place": "a.cc:2",
                "directive": "a.cc: lib",
                "decision": "keep",
                "source_files": 1,
                "reason": "`twice` would not mean the same",
                "reason_place": "a.cc:4:18",
                "quotes": [
                    {"place": "a.cc:4:18", "text": "with it it is `twice` of lib.h:2:28"},
                    {"place": "a.cc:4:18", "text": "without it it is `twice` of a.cc:3:5"},
                ],
            }
        ],
        "limits": [],
    }


def test_a_variant_that_would_hide_the_decisions_is_refused(tmp_path: Path) -> None:
    config = CONFIG + '\n[variants.x.isolate]\nkeep_using = ["b.cc: lib"]\n'
    project(tmp_path, HARMLESS, config)
    result = fix()
    assert result.exit_code == 2
    assert result.stderr == (
        'error: variant "x" has decisions of its own in [variants.x.isolate]\n'
        "  hint: remove them: decisions hold for all variants\n"
    )
    assert (tmp_path / "amalgamate.toml").read_text() == config


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fix", "-D", "X"], "--fix and -D exclude each other"),
        (["--fix", "--format", "sarif"], "--fix does not print sarif"),
        (["--diff"], "--diff goes with --fix"),
    ],
)
def test_options_that_say_nothing_to_it_are_refused(tmp_path: Path, options: list[str], message: str) -> None:
    project(tmp_path, HARMLESS)
    result = CliRunner().invoke(cli, ["lint", *options])
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, f"error: {message}")


def test_decisions_need_a_configuration_to_stand_in(tmp_path: Path) -> None:
    write_tree(tmp_path, HARMLESS)
    result = CliRunner().invoke(cli, ["lint", "--fix"])
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, "amalgamate.toml: error: no such file")
