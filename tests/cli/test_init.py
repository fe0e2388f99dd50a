"""`amalgamate init`: what it writes for folders of many kinds, and that a build takes it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate import loader, pipeline
from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.config import Config
    from amalgamate.plan.model import Plan

GOLDEN = Path(__file__).parents[1] / "golden"
CMAKE = Path(sys.executable).with_name("cmake")

LIBRARY = {
    "LICENSE": "Free.\n",
    "include/day/day.h": '#ifndef DAY_H\n#define DAY_H\n#include "day/types.h"\nday_t day(void);\n#endif\n',
    "include/day/types.h": "#ifndef TYPES_H\n#define TYPES_H\ntypedef int day_t;\n#endif\n",
    "src/day.c": '#include "day/day.h"\n#include "detail/sun.h"\n#include <zlib.h>\nday_t day(void) { return SUN; }\n',
    "src/detail/sun.h": "#pragma once\n#define SUN 1\n",
    "src/tool.c": '#include "day/day.h"\nint main(void) { return day(); }\n',
    "src/win32/clock.c": "#include <windows.h>\nint clock_now;\n",
    "src/sun_test.c": "int sun_test;\n",
    "src/moon_test.c": "int moon_test;\n",
    "tests/day.c": "int tested;\n",
    "examples/greet.c": "int main(void) { return 0; }\n",
}
LIBRARY_TEXT = """\
# What amalgamate makes one file of. Made by `amalgamate init`, to be changed by hand.

[project]
# the name of this folder; the outputs are called so
name = "day"
# their texts go to the top of the outputs
license_files = ["LICENSE"]

[input]
# C, by what stands in the folder: 1 to compile
sources = ["src/*.c"]
# where #include looks
include_dirs = ["include"]

[files]
# found by the patterns above, but not a part of the library
exclude = [
  "**/*_test.c",  # 2 of them
  "src/tool.c",   # a program
]

[public]
# becomes one header beside the source: called as the project, or what includes the others
header = "include/day/day.h"

[external]
# neither the project's nor a system's: they stay #included
headers = [
  "zlib.h",  # in src/day.c
]
"""


def init(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["init", *map(str, arguments)])


def made(folder: Path, files: Mapping[str, str]) -> str:
    """Write the files, let a configuration be made, build with it, and return it."""
    write_tree(folder, files)
    result = init(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert CliRunner().invoke(cli, ["build", str(folder)]).exit_code == 0
    return (folder / "amalgamate.toml").read_text()


def units(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in loader.load(folder).roots]


def test_a_library_in_the_usual_folders(tmp_path: Path) -> None:
    assert made(tmp_path / "day", LIBRARY) == LIBRARY_TEXT
    assert units(tmp_path / "day") == ["src/day.c"]


def test_what_is_written_and_what_comes_next_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_tree(tmp_path / "day", LIBRARY))
    assert init().stdout == (
        "wrote amalgamate.toml: 1 source in C, 4 left out, header include/day/day.h\nnext: amalgamate build\n"
    )


def test_stdout_shows_it_and_writes_nothing(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "day", LIBRARY)
    assert init(folder, "--stdout").stdout == LIBRARY_TEXT
    assert not (folder / "amalgamate.toml").exists()


def test_a_configuration_that_is_there_is_replaced_by_force_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_tree(tmp_path / "day", {**LIBRARY, "amalgamate.toml": "# mine\n"}))
    result = init()
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        'error: "amalgamate.toml" is there already\n  hint: replace it with --force, or look first with --stdout\n',
    )
    assert Path("amalgamate.toml").read_text() == "# mine\n"
    assert init("--force").exit_code == 0
    assert Path("amalgamate.toml").read_text() == LIBRARY_TEXT


def test_sources_beside_the_configuration_and_a_header_of_its_name(tmp_path: Path) -> None:
    files = {
        "vec.h": "#ifndef VEC_H\n#define VEC_H\nint vec(void);\n#endif\n",
        "vec.c": '#include "vec.h"\nint vec(void) { return 1; }\n#ifdef DEMO\nint main(void) { return 0; }\n#endif\n',
        "all.c": '#include "vec.c"\n#include "more.c"\n',
        "more.c": '#include "table.c"\nint more = TABLE;\n',
        "table.c": "#define TABLE 1\n",
        "contrib/other.c": "int other;\n",
    }
    text = made(tmp_path / "libvec-1.2.3", files)
    assert 'name = "libvec"\n' in text
    assert 'header = "vec.h"\n' in text
    assert '  "all.c",    # includes the other sources\n  "table.c",  # included by another source\n' in text
    assert units(tmp_path / "libvec-1.2.3") == ["more.c", "vec.c"]


def test_a_project_that_is_one_program_keeps_its_main(tmp_path: Path) -> None:
    files = {"src/main.cc": '#include "part.h"\nint main() { return part(); }\n', "src/part.h": "int part();\n"}
    text = made(tmp_path / "game", {**files, "src/part.cc": '#include "part.h"\nint part() { return 0; }\n'})
    assert "# C++, by what stands in the folder: 2 to compile\n" in text
    assert "[files]" not in text
    assert '\n# [public]\n# header = "..."\n' in text


def test_a_library_of_headers(tmp_path: Path) -> None:
    files = {
        "include/all/one.hpp": '#pragma once\n#include "two.hpp"\nnamespace all { struct One {}; }\n',
        "include/all/two.hpp": "#pragma once\nnamespace all { struct Two {}; }\n",
        "include/all/three.hpp": "#pragma once\nnamespace all { struct Three {}; }\n",
        "test/all_test.cpp": "int main() {}\n",
    }
    text = made(tmp_path / "every", files)
    assert 'header_only = [\n  "include/all/one.hpp",\n  "include/all/three.hpp",\n]\n' in text
    assert "sources = " not in text
    assert {path.name for path in (tmp_path / "every/dist").iterdir()} == {"every.hpp", "every.hpp.map.json"}


def test_c_and_cxx_give_two_outputs(tmp_path: Path) -> None:
    text = made(tmp_path / "both", {"lib/a.c": "int a;\n", "lib/b.cc": "int b;\n"})
    assert "# C and C++, by what stands in the folder: 2 to compile\n" in text
    assert "# two languages give two outputs, because no compiler reads both in one file\n" in text
    assert {path.name for path in (tmp_path / "both/dist").iterdir()} >= {"both.c", "both.cc"}


def test_of_headers_for_users_the_one_in_c_is_public(tmp_path: Path) -> None:
    files = {
        "include/db/db.h": "#pragma once\nnamespace db { class Database; }\n",
        "include/db/c.h": '#pragma once\n#ifdef __cplusplus\nextern "C" {\n#endif\nint db_open(void);\n'
        "#ifdef __cplusplus\n}\n#endif\n",
        "src/db.cc": '#include "db/db.h"\n#include "db/c.h"\nint db_open(void) { return 0; }\n',
    }
    assert 'header = "include/db/c.h"\n' in made(tmp_path / "db", files)


def test_a_header_in_cxx_is_named_in_a_comment(tmp_path: Path) -> None:
    files = {"xml.h": "#pragma once\nnamespace xml { int parse(); }\n", "xml.cpp": '#include "xml.h"\n'}
    assert made(tmp_path / "xml", files).endswith(
        "\n# The public header is in C++; [public] is for one that C programs can include, too:\n"
        '# [public]\n# header = "xml.h"\n'
    )


def test_a_header_that_one_copy_cannot_serve_is_settled(tmp_path: Path) -> None:
    files = {
        "sized.h": "#pragma once\nstatic int size(void) { return SIZE; }\n",
        "a.c": '#define SIZE 1\n#include "sized.h"\nint a(void) { return size(); }\n',
        "b.c": '#define SIZE 2\n#include "sized.h"\nint b(void) { return size(); }\n',
    }
    assert (
        made(tmp_path / "sizes", files)
        .partition("[files]\n")[2]
        .startswith(
            "# they stand in every source: they do not read the same in all; see what `amalgamate verify` says\n"
            'repeat = ["sized.h"]\n'
        )
    )


def test_a_header_that_the_projects_own_build_makes_is_told_with_what_it_is_made_of(tmp_path: Path) -> None:
    files = {
        "src/a.c": '#include "a_config.h"\n#include <lib/version.h>\n#include <zlib.h>\nint a;\n',
        "src/a_config.h.in": "#define A @A@\n",
        "cmake/a_config.h.cmake": "",
        "cmake/version.h.in.cmake": "",
        "android/a_config.h": "#define A 1\n",
    }
    assert made(tmp_path / "made", files).partition("[external]\n")[2] == (
        "# neither the project's nor a system's: they stay #included\n"
        "# what is made of something comes with the project's own build: run that, then `init --force`\n"
        "headers = [\n"
        '  "a_config.h",     # in src/a.c, made of src/a_config.h.in\n'
        '  "lib/version.h",  # in src/a.c, made of cmake/version.h.in.cmake\n'
        '  "zlib.h",         # in src/a.c\n'
        "]\n"
    )


def test_the_only_header_beside_the_sources_is_the_public_one(tmp_path: Path) -> None:
    files = {
        "ini.h": '#ifdef __cplusplus\nextern "C" {\n#endif\nint ini(void);\n#ifdef __cplusplus\n}\n#endif\n',
        "ini.c": '#include "ini.h"\nint ini(void) { return 1; }\n',
        "cpp/reader.h": "class Reader {};\n",
    }
    assert 'header = "ini.h"\n' in made(tmp_path / "inih", files)


def test_what_the_build_still_refuses_is_told_and_the_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_tree(tmp_path / "bad", {"a.c": "#ifdef A\nint a;\n"}))
    result = init()
    assert result.exit_code == 3
    assert result.stderr == (
        "the project does not build with it yet:\n"
        "a.c:1:1: error: unterminated conditional directive\n  hint: add the missing #endif\n"
    )
    assert Path("amalgamate.toml").is_file()


def test_a_folder_without_sources_is_refused(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "prose", {"README.md": "hello\n"})
    result = init(folder)
    assert (result.exit_code, result.stderr) == (
        3,
        'error: there is no C or C++ source in "prose"\n  hint: name the folder of a project\n',
    )
    assert not (folder / "amalgamate.toml").exists()


def test_what_the_tool_wrote_is_no_source(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "old", {"a.c": "int a;\n"})
    CliRunner().invoke(cli, ["build", str(folder), "--source", str(folder / "a.c"), "-o", str(folder / "old.c")])
    assert init(folder).exit_code == 0
    assert units(folder) == ["a.c"]


@pytest.mark.parametrize("name", ["header-only", "mixed", "variants"])
def test_golden_projects_are_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(GOLDEN / name, folder, ignore=shutil.ignore_patterns("expected", "amalgamate.toml"))
    assert init(folder).exit_code == 0
    found, wanted = loader.load(folder), loader.load(GOLDEN / name)
    assert [path.name for path in found.roots] == [path.name for path in wanted.roots]
    names = [{file.name for file in plan.completed} for plan in map(plan_of, (found, wanted))]
    assert names[0] == names[1]


def plan_of(config: Config) -> Plan:
    return pipeline.build(config).amalgams[0].plan


def database(folder: Path, *entries: tuple[str, str]) -> str:
    """Return a database as cmake writes it."""
    return json.dumps(
        [
            {
                "directory": str(folder / "build"),
                "command": f"/usr/bin/c++ {options} -o CMakeFiles/x.dir/{name}.o -c {folder / name}",
                "file": str(folder / name),
                "output": f"CMakeFiles/x.dir/{name}.o",
            }
            for name, options in entries
        ]
    )


def test_a_compilation_database_says_what_is_compiled_and_how(tmp_path: Path) -> None:
    folder = tmp_path / "day"
    common = f"-DFAST -D LIMIT=3 -DNDEBUG -Dday_EXPORTS -I{folder}/include -I {folder}/build/made -isystem /usr/include"
    files = {
        "include/day.h": "#pragma once\nint day(int);\n",
        "build/made/version.h": "#define VERSION 1\n",
        "src/b.cc": '#include "day.h"\n#include "version.h"\nint day(int) { return VERSION; }\n',
        "src/a.cc": '#include "day.h"\nint night = LIMIT;\n',
        "src/unused.cc": "int unused;\n",
        "src/tool.cc": "int main() {}\n",
        "test/t.cc": "int t;\n",
        "api_test/t.cc": "int api;\n",
        "perf/p.cc": "int p;\n",
        "build/compile_commands.json": database(
            folder,
            ("src/b.cc", f"{common} -std=c++17 -DONE"),
            ("src/a.cc", f"{common} -std=c++17"),
            ("src/tool.cc", "-std=c++17"),
            ("test/t.cc", "-std=c++17"),
            ("api_test/t.cc", "-std=c++17"),
            ("perf/p.cc", "-std=c++17"),
        ),
    }
    assert made(folder, files).partition("[input]\n")[2] == (
        "# C++, by build/compile_commands.json: 2 to compile\n"
        'sources = [\n  "src/b.cc",\n  "src/a.cc",\n]\n'
        '# where #include looks\ninclude_dirs = [\n  "include",\n  "build/made",\n]\n'
        "\n# not a source of the library: src/tool.cc, a program\n"
        "\n[public]\n# becomes one header beside the source: called as the project, or what includes the others\n"
        'header = "include/day.h"\n'
        "\n[defines]\n# every source is compiled with these, by build/compile_commands.json\n"
        'FAST = "1"\nLIMIT = "3"\n# only some sources are compiled with these: ONE\n'
        '\n[verify]\n# as in build/compile_commands.json\nstandards = ["c++17"]\n'
    )


@pytest.mark.compiler
def test_what_cmake_itself_records_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "tally"
    files = {
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.15)\nproject(tally CXX)\nset(CMAKE_CXX_STANDARD 17)\n"
        "add_library(tally SHARED src/tally.cc src/count.cc)\ntarget_include_directories(tally PRIVATE include)\n"
        'target_compile_definitions(tally PRIVATE GREETING="hi there")\n',
        "include/tally.h": '#pragma once\n#ifdef __cplusplus\nextern "C"\n#endif\nint tally(void);\n',
        "src/tally.cc": '#include "tally.h"\nint tally() { return sizeof GREETING; }\n',
        "src/count.cc": "namespace tally_detail { int count; }\n",
    }
    write_tree(folder, files)
    command = [CMAKE, "-S", folder, "-B", folder / "build", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
    subprocess.run(command, check=True, capture_output=True)
    text = made(folder, {})
    assert 'sources = [\n  "src/tally.cc",\n  "src/count.cc",\n]\n' in text
    assert 'GREETING = "\\"hi there\\""\n' in text
    assert "tally_EXPORTS" not in text
    config = loader.load(folder)
    assert config.verify.standards == ("gnu++17",)
    subprocess.run(["g++", "-std=c++17", "-Wall", "-Werror", "-c", "tally.cc"], cwd=folder / "dist", check=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "compile_commands.json:1:2: error: not valid JSON: Expecting value"),
        ('{"a": 1}', "compile_commands.json: error: this is no compilation database"),
        ("[]", "compile_commands.json: error: it names no source of this project"),
    ],
)
def test_a_database_that_says_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(write_tree(tmp_path, {"a.c": "int a;\n", "compile_commands.json": text}))
    result = init()
    assert (result.exit_code, result.stderr.splitlines()[0]) == (3, message)
