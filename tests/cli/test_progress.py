"""The progress line: shown on a terminal when work takes longer than a second, and gone when it ends."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

SCRIPT = """
import time
from amalgamate.cli.progress import shown_on_terminal
with shown_on_terminal(lambda: "working: 3 files", is_wanted={is_wanted}):
    time.sleep({seconds})
print("done")
"""


def seen_on_terminal(seconds: float, *, is_wanted: bool = True) -> str:
    """Run the script with a terminal as its error stream and return what that terminal got."""
    ours, theirs = pty.openpty()
    script = SCRIPT.format(seconds=seconds, is_wanted=is_wanted)
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    assert done.stdout == b"done\n"
    os.set_blocking(ours, False)
    try:
        return os.read(ours, 10_000).decode()
    except (BlockingIOError, OSError):  # Linux says EIO where nothing was written
        return ""
    finally:
        os.close(ours)


def test_long_work_shows_one_line_that_is_erased_at_the_end() -> None:
    text = seen_on_terminal(2.2)
    assert re.search(r"\r\x1b\[Kworking: 3 files, [12] s", text)
    assert text.endswith("\r\x1b[K")


def test_short_work_shows_nothing() -> None:
    assert seen_on_terminal(0.1) == ""


def test_quiet_work_shows_nothing() -> None:
    assert seen_on_terminal(1.5, is_wanted=False) == ""


def test_without_a_terminal_nothing_is_shown() -> None:
    script = SCRIPT.format(seconds=1.5, is_wanted=True)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"done\n", b"")
