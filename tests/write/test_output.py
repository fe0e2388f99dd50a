"""Writing: all or nothing, and never over an input."""

from __future__ import annotations

from pathlib import Path

import pytest

from amalgamate.errors import OutputError
from amalgamate.write import output


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


def test_a_read_only_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(OutputError, match="the output is read-only"):
        output.write({path: b"new"})
    assert path.read_bytes() == b"old"


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write the file: File name too long"):
        output.write({tmp_path / "a.c": b"new", tmp_path / ("n" * 300): b"new"})
    assert list(tmp_path.iterdir()) == []


def test_a_failing_rename_brings_the_first_file_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (tmp_path / name for name in ("1.c", "2.c", "3.c"))
    first.write_bytes(b"old")
    rename = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "3.c":
            raise OSError(28, "No space left on device", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="No space left on device"):
        output.write({first: b"new", second: b"new", third: b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["1.c"]
    assert first.read_bytes() == b"old"


def test_an_unchanged_file_keeps_its_time_and_a_changed_one_its_mode(tmp_path: Path) -> None:
    same, changed = tmp_path / "same.c", tmp_path / "changed.c"
    same.write_bytes(b"x")
    changed.write_bytes(b"x")
    changed.chmod(0o640)
    before = same.stat().st_mtime_ns
    output.write({same: b"x", changed: b"y"})
    assert same.stat().st_mtime_ns == before
    assert changed.stat().st_mode & 0o777 == 0o640


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target.c", tmp_path / "link.c"
    target.write_bytes(b"old")
    link.symlink_to(target)
    output.write({link: b"new"})
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
