"""`amalgamate watch`, as a process: it builds again when an input changes, survives errors, and ends when told to."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIBRARY = {
    "amalgamate.toml": '[project]\nname = "one"\n[input]\nsources = ["src/*.c"]\n[output]\nmap = false\n',
    "src/value.h": "#define VALUE 1\n",
    "src/one.c": '#include "value.h"\nint one(void) { return VALUE; }\n',
}
PATIENCE = 60
"""Seconds; a busy machine may take long to start Python."""


class Watching:
    """A watch of a folder, and what it printed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        command = [sys.executable, "-m", "amalgamate", "watch", *options]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        """Return the next line, without the seconds at its end."""
        return self._lines.get(timeout=PATIENCE).rpartition(", ")[0]

    def whole_line(self) -> str:
        return self._lines.get(timeout=PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, list[str]]:
        """Send a signal and return how it ended, with the lines that nobody asked for."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status, list(self._lines.queue)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "one", LIBRARY)


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    watch = Watching(folder)
    assert watch.line() == "wrote dist/one.c"
    yield watch
    watch.close()


def test_a_change_of_a_header_is_built(folder: Path, watching: Watching) -> None:
    (folder / "src/value.h").write_text("#define VALUE 2\n")
    assert watching.line() == "src/value.h changed: wrote dist/one.c"
    assert "#define VALUE 2\n" in (folder / "dist/one.c").read_text()
    assert watching.end() == (0, [])


def test_a_new_source_is_built_where_a_wildcard_finds_it(folder: Path, watching: Watching) -> None:
    (folder / "src/two.c").write_text("int two(void) { return 2; }\n")
    assert watching.line() == "src/two.c changed: wrote dist/one.c"
    assert "int two(void)" in (folder / "dist/one.c").read_text()
    assert watching.end() == (0, [])


def test_a_change_of_the_configuration_is_built(folder: Path, watching: Watching) -> None:
    (folder / "amalgamate.toml").write_text(LIBRARY["amalgamate.toml"].replace('"one"', '"other"'))
    assert watching.line() == "amalgamate.toml changed: wrote dist/other.c"
    assert watching.end() == (0, [])


def test_an_error_is_shown_and_what_mends_it_is_built(folder: Path, watching: Watching) -> None:
    (folder / "src/value.h").unlink()
    assert watching.whole_line() == 'src/one.c:1:1: error: cannot find "value.h"'
    assert watching.whole_line().startswith("  hint: ")
    assert watching.whole_line() == "src/value.h changed: not built, 1 error"
    assert "#define VALUE 1\n" in (folder / "dist/one.c").read_text()
    time.sleep(2.5)  # it looks every second, and says nothing twice
    (folder / "src/value.h").write_text("#define VALUE 3\n")
    assert watching.line() == "src/value.h changed: wrote dist/one.c"
    assert watching.end() == (0, [])


def test_what_is_no_input_is_not_built(folder: Path, watching: Watching) -> None:
    (folder / "notes.txt").write_text("nothing\n")
    time.sleep(1.5)
    assert watching.end(signal.SIGTERM) == (0, [])


def test_a_configuration_that_is_wrong_from_the_start_is_waited_for(folder: Path) -> None:
    (folder / "amalgamate.toml").write_text("[input\n")
    watch = Watching(folder, "--quiet")
    try:
        assert watch.whole_line().startswith("amalgamate.toml:1:7: error: not valid TOML")
        assert watch.whole_line() == "not built, 1 error"
        (folder / "amalgamate.toml").write_text(LIBRARY["amalgamate.toml"])
        ends = time.monotonic() + PATIENCE
        while not (folder / "dist/one.c").exists() and time.monotonic() < ends:
            time.sleep(0.05)
        assert (folder / "dist/one.c").exists()
        assert watch.end() == (0, [])
    finally:
        watch.close()


@pytest.mark.parametrize(
    ("path", "message"), [(".", "amalgamate.toml: error: no such file"), ("x", "x: error: no such file or folder")]
)
def test_a_project_that_is_not_there_is_not_waited_for(tmp_path: Path, path: str, message: str) -> None:
    command = [sys.executable, "-m", "amalgamate", "watch", path]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (result.returncode, result.stdout, result.stderr.splitlines()[0]) == (2, "", message)


def test_without_watchfiles_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = CliRunner().invoke(cli, ["watch", os.fspath(folder)])
    assert (result.exit_code, result.stderr) == (
        2,
        "error: watchfiles is not installed\n  hint: pip install watchfiles\n",
    )
