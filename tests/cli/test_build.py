"""The command line, run in process and as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

HELLO = {
    "amalgamate.toml": '[project]\nname = "hello"\n[input]\nsources = ["*.c"]\n'
    '[variants.loud]\ndefines = { LOUD = "1" }\n',
    "greet.h": "#pragma once\nint greet(void);\n",
    "greet.c": '#include "greet.h"\n#include <stdio.h>\nint greet(void) { return 0; }\n',
    "main.c": '#include "greet.h"\n#include <stdio.h>\nint main(void) { return greet(); }\n',
}


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, HELLO))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_build_writes_the_source_and_its_map(hello: Path) -> None:
    result = run("build")
    assert result.exit_code == 0
    assert sorted(path.name for path in (hello / "dist").iterdir()) == ["hello.c", "hello.c.map.json"]
    assert result.output.startswith("dist/hello.c: 3 files, 8 -> ")
    assert "2 includes dropped" in result.output


def test_build_twice_gives_the_same_bytes_and_leaves_the_files_alone(hello: Path) -> None:
    run("build")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (hello / "dist").iterdir()}
    run("build")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (hello / "dist").iterdir()} == before


def test_check_passes_after_a_build(hello: Path) -> None:
    run("build", "--all-variants")
    result = run("build", "--all-variants", "--check")
    assert (result.exit_code, result.output) == (0, "4 outputs up to date\n")
    assert hello.is_dir()


def test_check_names_the_stale_file_and_the_command_that_refreshes_it(hello: Path) -> None:
    run("build", "--variant", "loud")
    (hello / "main.c").write_text("int main(void) { return 1; }\n")
    result = run("build", "--variant", "loud", "--check")
    assert result.exit_code == 5
    assert "dist/hello-loud.c: error: out of date\n  hint: run: amalgamate build --variant loud\n" in result.output


def test_check_says_what_is_missing_and_writes_nothing(hello: Path) -> None:
    result = run("build", "--check")
    assert result.exit_code == 5
    assert "dist/hello.c: error: missing" in result.output
    assert not (hello / "dist").exists()


def test_diff_shows_what_would_change_and_writes_nothing(hello: Path) -> None:
    run("build")
    old = (hello / "dist/hello.c").read_bytes()
    (hello / "main.c").write_text("int main(void) { return 1; }\n")
    result = run("build", "--diff")
    assert "+int main(void) { return 1; }\n" in result.output
    assert (hello / "dist/hello.c").read_bytes() == old


def test_stdout_prints_the_source_alone(hello: Path) -> None:
    result = run("build", "--stdout")
    assert "int main(void)" in result.output
    assert not (hello / "dist").exists()


def test_json_reports_the_order_and_that_it_is_topological(hello: Path) -> None:
    report = json.loads(run("build", "--json").output)
    (amalgam,) = report["builds"][0]["amalgams"]
    assert amalgam["order"] == ["greet.h", "greet.c", "main.c"]
    assert amalgam["order_is_topological"] is True
    assert amalgam["cycles"] == []
    assert hello.is_dir()


def test_a_project_without_a_configuration_is_built_from_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"include/v.h": "#define V 1\n", "a.c": "#include <v.h>\nint a = V;\n"}
    monkeypatch.chdir(write_tree(tmp_path, files))
    result = run("build", "--source", "a.c", "-I", "include", "-o", "one.c")
    assert result.exit_code == 0
    assert "#define V 1\n" in (tmp_path / "one.c").read_text()


def test_an_unknown_variant_says_which_there_are(hello: Path) -> None:
    result = run("build", "--no-blas")
    assert result.exit_code == 2
    assert 'unknown variant "no-blas"' in result.output
    assert '"loud"' in result.output
    assert hello.is_dir()


def test_a_missing_include_shows_the_chain_and_a_near_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.c"]\n',
        "a.c": '\n#include "b.h"\n',
        "b.h": '#pragma once\n#include "shape_.h"\n',
        "shape.h": "",
    }
    monkeypatch.chdir(write_tree(tmp_path, files))
    result = run("build")
    assert result.exit_code == 3
    assert result.output == (
        'b.h:2:1: error: cannot find "shape_.h"\n  included from a.c:2\n  hint: did you mean "shape.h"?\n'
    )
    assert not (tmp_path / "dist").exists()


def test_a_failing_build_leaves_the_old_output(hello: Path) -> None:
    run("build")
    old = (hello / "dist/hello.c").read_bytes()
    (hello / "main.c").write_text("#if 1\n")
    assert run("build").exit_code == 3
    assert (hello / "dist/hello.c").read_bytes() == old


def test_an_output_that_is_a_folder_is_refused(hello: Path) -> None:
    (hello / "dist/hello.c").mkdir(parents=True)
    result = run("build")
    assert result.exit_code == 2
    assert "hello.c" in result.output
    assert not (hello / "dist/hello.c.map.json").exists()


def test_a_cycle_is_an_error_where_the_configuration_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.c"]\ncycles = "error"\n',
        "a.c": '#include "x.h"\n',
        "x.h": '#pragma once\n#include "y.h"\n',
        "y.h": '#pragma once\n#include "x.h"\n',
    }
    monkeypatch.chdir(write_tree(tmp_path, files))
    result = run("build")
    assert result.exit_code == 4
    assert "include cycle: x.h -> y.h -> x.h" in result.output


def test_version_and_help_load_no_library_but_click() -> None:
    code = (
        "import sys\nfrom amalgamate.cli.main import cli\n"
        "try: cli(['--version'])\nexcept SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'jinja2', 'networkx', 'pcpp', 'amalgamate.pipeline'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_plain_build_loads_no_library_but_click(hello: Path) -> None:
    code = (
        "import sys\nfrom amalgamate.cli.main import cli\n"
        "try: cli(['build'])\nexcept SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'jinja2', 'networkx', 'pcpp', 'tree_sitter', 'tomlkit'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=hello)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.name != "posix", reason="the order of a folder is shuffled through posix calls")
def test_the_order_of_folder_listings_does_not_matter(hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("build", "--stdout").output
    listdir, scandir = os.listdir, os.scandir
    monkeypatch.setattr(os, "listdir", lambda path=".": list(reversed(listdir(path))))
    monkeypatch.setattr(os, "scandir", lambda path=".": _Reversed(scandir(path)))
    assert run("build", "--stdout").output == first
    assert hello.is_dir()


class _Reversed:
    """A directory iterator that hands out the entries from the last."""

    def __init__(self, entries: os.ScandirIterator[str]) -> None:  # type: ignore[name-defined]
        self._entries = reversed(list(entries))

    def __iter__(self) -> _Reversed:
        return self

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __enter__(self) -> _Reversed:  # noqa: PYI034 - no subclass is ever made
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_two_variants_may_not_write_one_file_differently(hello: Path) -> None:
    (hello / "amalgamate.toml").write_text(
        HELLO["amalgamate.toml"]
        + 'output.source = "one.c"\n[variants.low]\ndefines = { LOUD = "0" }\noutput.source = "one.c"\n'
    )
    result = run("build", "--all-variants")
    assert result.exit_code == 2
    assert result.stderr == (
        'error: variant "low" writes another "one.c" than the one before it\n'
        "  hint: give it another name, or another [output] dir\n"
    )
    assert not (hello / "dist").exists()


def test_what_variants_share_is_told_once(hello: Path) -> None:
    (hello / "pub.h").write_text("#ifdef OPEN\n#elsif X\n#endif\nint greet(void);\n")
    (hello / "greet.c").write_text('#include "pub.h"\nint greet(void) { return 0; }\n')
    text = HELLO["amalgamate.toml"] + '[variants.low]\ndefines = { LOUD = "0" }\n[public]\nheader = "pub.h"\n'
    (hello / "amalgamate.toml").write_text(text)
    result = run("build", "--all-variants")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "dist/hello.c", "dist/pub.h", "dist/hello-loud.c", "dist/hello-low.c",
    ]  # fmt: skip
    assert result.stderr == (
        'pub.h:2:1: warning: unknown directive "#elsif"\n  included from greet.c:1\n  hint: did you mean "#elif"?\n'
    )


def test_places_are_named_from_the_current_directory(hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (hello / "main.c").write_text('#include "grete.h"\n')
    monkeypatch.chdir(hello.parent)
    assert run("build", hello.name).stderr.startswith(f"{hello.name}/main.c:1:1: error: ")


@pytest.mark.usefixtures("hello")
def test_a_path_that_is_not_there_is_named_as_it_was_given() -> None:
    assert run("build", "helo").stderr == "helo: error: no such file or folder\n"
    assert run("build", "main.cc").stderr == 'main.cc: error: no such file or folder\n  hint: did you mean "main.c"?\n'


def test_an_interrupted_build_ends_with_130_and_no_traceback(hello: Path) -> None:
    script = (
        "import amalgamate.pipeline as p, amalgamate.cli.main as c, sys\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "p.build = stop; sys.argv = ['amalgamate', 'build']; c.main()\n"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=hello, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr.strip()) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error_message(hello: Path) -> None:
    (hello / "main.c").write_text("int x;\n" * 100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "amalgamate", "build", "--stdout"],
        cwd=hello, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_usage_error_exits_with_2() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "amalgamate", "build", "--foo"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr == 'error: no such option "--foo"\n  hint: see amalgamate build --help\n'


def test_a_failed_build_reports_what_stopped_it(hello: Path) -> None:
    (hello / "main.c").write_text('#include "grete.h"\n')
    result = run("build", "--json")
    assert result.exit_code == 3
    assert result.stderr == 'main.c:1:1: error: cannot find "grete.h"\n  hint: did you mean "greet.h" or "greet.c"?\n'
    assert json.loads(result.stdout) == {
        "schema": 1,
        "exit_code": 3,
        "builds": [],
        "diagnostics": [
            {
                "file": "main.c",
                "line": 1,
                "column": 1,
                "severity": "error",
                "message": 'cannot find "grete.h"',
                "hint": 'did you mean "greet.h" or "greet.c"?',
            }
        ],
    }


def test_a_check_reports_what_a_build_does_or_what_is_out_of_date(hello: Path) -> None:
    built = run("build", "--json").stdout
    assert (run("build", "--check", "--json").stdout, json.loads(built)["exit_code"]) == (built, 0)
    (hello / "dist/hello.c").write_text("")
    result = run("build", "--check", "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["exit_code"], report["builds"]) == (5, 5, [])
    assert [(each["file"], each["message"]) for each in report["diagnostics"]] == [("dist/hello.c", "out of date")]


def test_the_command_that_refreshes_an_output_is_run_in_the_projects_folder(
    hello: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hello.parent)
    assert run("build", hello.name, "--check").stderr.splitlines()[:2] == [
        f"{hello.name}/dist/hello.c: error: missing",
        f"  hint: in {hello.name}, run: amalgamate build",
    ]


def test_a_difference_names_files_from_here_and_tells_of_maps_in_a_line(hello: Path) -> None:
    run("build")
    (hello / "main.c").write_text("int main(void) { return 1; }\n")
    text = run("build", "--diff").stdout
    assert text.startswith("--- dist/hello.c (on disk)\n+++ dist/hello.c (built now)\n@@ ")
    assert text.endswith("\ndist/hello.c.map.json changes too\n")


def test_one_of_a_thing_is_told_in_the_singular(hello: Path) -> None:
    (hello / "amalgamate.toml").write_text('[input]\nsources = ["main.c"]\n[output]\nmap = false\nsource = "a.c"\n')
    (hello / "main.c").write_text("#include <math.h>\n#include <math.h>\nint main(void) { return 0; }\n")
    assert run("build").stdout.startswith("dist/a.c: 1 file, 3 -> 12 lines, 1 include dropped, ")
    assert run("build", "--check").stdout == "1 output up to date\n"


def test_two_sources_are_not_printed_as_one(hello: Path) -> None:
    (hello / "more.cc").write_text("int more = 1;\n")
    (hello / "amalgamate.toml").write_text('[project]\nname = "both"\n[input]\nsources = ["greet.c", "more.cc"]\n')
    result = run("build", "--stdout")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        'error: --stdout prints one source, and there are two: "both.c" and "both.cc"\n'
        "  hint: leave out --stdout, or name --source files\n"
    )


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files as shells do")
@pytest.mark.parametrize("options", [["--stdout"], ["--json"], ["--diff"]])
def test_an_output_stream_that_is_full_is_an_error(hello: Path, options: list[str]) -> None:
    script = 'ulimit -f 0 && exec "$@" > printed'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "amalgamate", "build", "--check", *options]
    if "--stdout" in options:
        command.remove("--check")
    if "--json" in options:
        run("build")
    done = subprocess.run(command, cwd=hello, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: cannot write to the standard output: File too large\n")
