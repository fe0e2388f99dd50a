"""Which file an include names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.read.resolve import External, Found, Missing, Resolver
from amalgamate.read.source import SourceTree
from amalgamate.read.system_headers import is_idempotent, is_system_header
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"main.c": "", "beside.h": "", "a/x.h": "", "b/x.h": "", "b/Only.h": "", "b/folder/y.h": ""}


def resolved(root: Path, header: bytes, next_after: int | None = None) -> str | External | Missing:
    """Resolve from `main.c` with the include directories a and b."""
    tree = SourceTree(write_tree(root, FILES))
    resolver = Resolver(tree, [root / "a", root / "b"], ["cuda*.h"])
    answer = resolver.resolve(header, tree.read(root / "main.c"), next_after)
    return answer.file.name if isinstance(answer, Found) else answer


def test_quotes_look_beside_the_includer_first(tmp_path: Path) -> None:
    assert resolved(tmp_path, b'"beside.h"') == "beside.h"
    assert resolved(tmp_path, b"<beside.h>") == External(b"<beside.h>")


def test_include_directories_are_searched_in_order(tmp_path: Path) -> None:
    assert resolved(tmp_path, b"<x.h>") == "a/x.h"
    assert resolved(tmp_path, b"<x.h>", next_after=0) == "b/x.h"
    assert resolved(tmp_path, b"<x.h>", next_after=1) == External(b"<x.h>")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert resolved(tmp_path, b"<folder>") == External(b"<folder>")


def test_letter_case_counts_and_is_hinted_at(tmp_path: Path) -> None:
    assert resolved(tmp_path, b'"only.h"') == Missing(("Only.h",))


def test_listed_and_system_headers_are_external(tmp_path: Path) -> None:
    assert resolved(tmp_path, b'"cuda_runtime.h"') == External(b'"cuda_runtime.h"')
    assert resolved(tmp_path, b'"pthread.h"') == External(b'"pthread.h"')


def test_which_headers_are_the_systems_and_may_be_read_once() -> None:
    assert [is_system_header(name) for name in ("stdio.h", "sys/types.h", "mine.h")] == [True, True, False]
    assert [is_idempotent(name) for name in ("vector", "assert.h", "stddef.h", "mine.h")] == [True, False, False, False]
