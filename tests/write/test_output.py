"""Writing: all or nothing, and never over an input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import OutputError
from amalgamate.write import output

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_the_same_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(b"x")
    assert output.write({path: b"x", tmp_path / "b.c": b"y"}) == [tmp_path / "b.c"]


def test_a_bad_target_leaves_the_good_ones_untouched(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.c", tmp_path / "bad.c"
    good.write_bytes(b"old")
    bad.mkdir()
    with pytest.raises(OutputError):
        output.write({good: b"new", bad: b"new"})
    assert good.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.c", "good.c"]


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(b"source")
    with pytest.raises(OutputError):
        output.write({path: b"new"}, [path])
    assert path.read_bytes() == b"source"


def test_a_depfile_escapes_what_make_would_misread(tmp_path: Path) -> None:
    rule = output.depfile([tmp_path / "o.c"], [tmp_path / "with space.h", tmp_path / "cash$.h"]).decode()
    assert "with\\ space.h" in rule
    assert "cash$$.h" in rule
