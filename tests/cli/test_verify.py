"""`amalgamate verify`: the table, the JSON, the exit code, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from prove.proofs import LIBRARY, change, written

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(written(tmp_path, LIBRARY))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["verify", "--compiler", "gcc", *arguments])


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d s", "0.0 s", text)


def test_the_table_has_a_row_for_each_setting_and_a_column_for_each_stage(library: Path) -> None:
    result = run("--stage", "0", "--stage", "2", "--platform", "native", "--platform", "macos")
    assert result.exit_code == 0
    assert without_times(result.output) == (
        "output  setting              0 conservation  2 units\n"
        "lib.cc                       ok 0.0 s\n"
        "lib.cc  gcc c++17                            ok 0.0 s\n"
        "lib.cc  macos gcc c++17                      ok 0.0 s\n"
        "lib.h                        ok 0.0 s\n"
        "lib.h   gcc c99 c++17                        ok 0.0 s\n"
        "lib.h   macos gcc c99 c++17                  ok 0.0 s\n"
        "6 ok, 0.0 s\n"
    )
    assert library.is_dir()


@pytest.mark.usefixtures("library")
def test_without_libclang_a_warning_says_what_nothing_has_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clang", None)
    result = run("--stage", "0", "--stage", "3", "--platform", "native")
    assert result.exit_code == 0
    assert "skipped: 3 bindings: libclang is not installed: pip install libclang\n" in result.stdout
    assert result.stderr == (
        "warning: nothing has checked that names mean the same in the one file: 3 bindings was skipped\n"
    )


def test_a_difference_is_told_once_with_the_settings_that_show_it(library: Path) -> None:
    change(library / "dist/lib.cc", "x * STEP", "x + STEP")
    result = run("--stage", "1", "--platform", "native", "--platform", "macos", "--platform", "ios")
    assert result.exit_code == 6
    assert without_times(result.stdout).splitlines()[1] == "lib.cc  gcc c++17            FAILED 0.0 s"
    assert result.stderr == (
        "dist/lib.cc:41: error: tokens (gcc c++17 and 2 more): the one file reads `+` where the many files read `*`\n"
        "  dist/lib.cc:41: return x + 3 + (text_a[0] == 'l');\n"
        "  src/a.cc:12: return x * 3 + (text_a[0] == 'l');\n"
    )


def test_json_holds_every_result(library: Path) -> None:
    change(library / "dist/lib.cc", "x * STEP", "x + STEP")
    result = run("--stage", "1", "--platform", "native", "--json")
    assert result.exit_code == 6
    report = json.loads(result.stdout)
    assert (report["schema"], report["ok"]) == (1, False)
    first, second = report["results"]
    assert first.pop("seconds") >= 0
    assert first == {
        "stage": 1,
        "name": "tokens",
        "variant": "",
        "output": "lib.cc",
        "setting": "gcc c++17",
        "status": "failed",
        "note": "",
        "differences": [
            {
                "message": "the one file reads `+` where the many files read `*`",
                "hint": "",
                "place": "dist/lib.cc:41",
                "quotes": [
                    {"place": "dist/lib.cc:41", "text": "return x + 3 + (text_a[0] == 'l');"},
                    {"place": "src/a.cc:12", "text": "return x * 3 + (text_a[0] == 'l');"},
                ],
            }
        ],
    }
    assert (second["output"], second["status"]) == ("lib.h", "ok")


def test_a_compiler_that_is_not_there_is_an_error_of_usage(library: Path) -> None:
    result = CliRunner().invoke(cli, ["verify", "--compiler", "gcc-0"])
    assert result.exit_code == 2
    assert result.stderr == 'error: there is no compiler "gcc-0"\n  hint: install it, or name another\n'
    assert library.is_dir()


# A shell that starts the tests in the background makes them, and what they start, ignore SIGINT.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from amalgamate.cli.main import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_process_and_no_file_behind(library: Path, number: signal.Signals) -> None:
    temporary = library / "temporary"
    temporary.mkdir()
    with (library / "amalgamate.toml").open("a") as stream:
        stream.write('command = ["sh", "-c", "touch started; sleep 60; touch survived"]\n')
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "verify", "--stage", "5", "--stage", "1"],
        cwd=library,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not (library / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    started = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"\n")  # click ends the line that shows ^C
    assert time.monotonic() - started < 10
    assert list(temporary.iterdir()) == []
