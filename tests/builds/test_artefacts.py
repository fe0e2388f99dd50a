"""An artefact is built once, by whoever asks first, and a failure is not tried again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from builds.artefacts import once, run

if TYPE_CHECKING:
    from pathlib import Path


def test_all_who_ask_at_once_get_what_one_has_made(tmp_path: Path) -> None:
    made = []

    def make(unfinished: Path) -> None:
        made.append(unfinished)
        unfinished.write_text("it")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: once(tmp_path / "deep" / "it", make), range(8)))
    assert [path.read_text() for path in found] == ["it"] * 8
    assert len(made) == 1


def test_failure_is_told_to_the_next_without_another_try(tmp_path: Path) -> None:
    tries = []

    def make(_: Path) -> None:
        tries.append(1)
        run(["sh", "-c", "echo it is broken >&2; exit 3"])

    for _ in range(2):
        with pytest.raises(AssertionError, match=r"exit status 3\nit is broken"):
            once(tmp_path / "it", make)
    assert len(tries) == 1
    assert not (tmp_path / "it").exists()
