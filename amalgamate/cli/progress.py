"""A line on the terminal that says what takes so long; nothing where the work is quick or nobody watches."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 1.0
"""Seconds without a word: most work is done by then."""
_INTERVAL = 0.2
_ERASE = "\r\x1b[K"


@contextmanager
def shown_on_terminal(describe: Callable[[], str], *, is_wanted: bool = True) -> Iterator[None]:
    """While the body runs, keep one line of the terminal's error stream showing `describe()` and the seconds.

    `describe` is called from another thread; it may only look.
    """
    if not is_wanted or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(describe, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def erase_progress() -> None:
    """Clear the line, because something else is to be printed on the terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(_ERASE)
        sys.stderr.flush()


def _watch(describe: Callable[[], str], done: threading.Event) -> None:
    started = time.perf_counter()
    if done.wait(_PATIENCE):
        return
    while not done.wait(_INTERVAL):
        sys.stderr.write(f"{_ERASE}{describe()}, {time.perf_counter() - started:.0f} s")
        sys.stderr.flush()
    sys.stderr.write(_ERASE)
    sys.stderr.flush()
