"""Files are read once, whole, and as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import InputError
from amalgamate.read.source import SourceTree
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path


def test_marks_and_line_ends_go_and_are_remembered(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.h": b"\xef\xbb\xbfint caf\xe9;\r\nint y;\r"})
    file = SourceTree(tmp_path).read(tmp_path / "a.h")
    assert (file.data, file.had_byte_order_mark, file.crlf_count, file.line_count) == (
        b"int caf\xe9;\nint y;\r",
        True,
        1,
        2,
    )


def test_spellings_and_links_of_one_file_are_one(tmp_path: Path) -> None:
    write_tree(tmp_path, {"r/a.h": "int x;\n"})
    (tmp_path / "link.h").symlink_to(tmp_path / "r/a.h")
    tree = SourceTree(tmp_path)
    found = [tree.find(str(tmp_path), name) for name in ("r/a.h", "r/../r/./a.h", "link.h")]
    assert found == [tree.read(tmp_path / "r/a.h")] * 3


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^gone\.h: error: no such file$"):
        SourceTree(tmp_path).read(tmp_path / "gone.h")


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.h": "int x;\n"})
    tree = SourceTree(tmp_path)
    tree.read(tmp_path / "a.h")
    tree.check_unchanged()
    write_tree(tmp_path, {"a.h": "int changed;\n"})
    with pytest.raises(InputError) as error:
        tree.check_unchanged()
    assert str(error.value) == ("a.h: error: the file changed while it was being built\n  hint: run the build again")


def test_a_hard_link_is_the_file_itself(tmp_path: Path) -> None:
    write_tree(tmp_path, {"real/h.h": "#pragma once\n", "x/other.h": "\n"})
    (tmp_path / "x/h.h").hardlink_to(tmp_path / "real/h.h")
    tree = SourceTree(tmp_path)
    assert tree.read(tmp_path / "real/h.h") is tree.read(tmp_path / "x/h.h")
    assert [file.name for file in tree.files()] == ["real/h.h"]


def test_links_that_lead_to_each_other_are_followed_to_the_end(tmp_path: Path) -> None:
    write_tree(tmp_path, {"real/a.h": '#include "b.h"\n', "real/b.h": '#include "a.h"\n', "x/c.h": "", "y/a.h": ""})
    (tmp_path / "x/a.h").symlink_to("../real/a.h")
    (tmp_path / "x/b.h").symlink_to("../real/b.h")
    (tmp_path / "y/b.h").symlink_to("../real/b.h")
    tree = SourceTree(tmp_path)
    real, alike, other = (tree.read(tmp_path / name) for name in ("real/b.h", "x/b.h", "y/b.h"))
    assert alike is real
    assert other is not real
    assert other.identity is real
    assert [file.name for file in tree.files()] == ["real/a.h", "real/b.h", "y/a.h", "y/b.h"]
