"""The check of the order: a topological order of the include graph wherever that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.plan import graph
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "lib"\n[input]\nsources = ["a.c", "b.c"]\n'


def test_files_complete_after_all_they_include(tmp_path: Path) -> None:
    files = {
        "a.c": '#include "x.h"\n',
        "b.c": '#include "y.h"\n#include "x.h"\n',
        "x.h": '#pragma once\n#include "y.h"\n',
        "y.h": "#pragma once\n",
    }
    plan = build_tree(tmp_path, {"amalgamate.toml": CONFIG, **files}).amalgams[0].plan
    assert [file.name for file in plan.completed] == ["y.h", "x.h", "a.c", "b.c"]
    assert graph.first_out_of_order(graph.include_graph(plan), plan.completed) is None


def test_an_order_that_is_not_topological_is_found(tmp_path: Path) -> None:
    files = {"a.c": '#include "x.h"\n', "b.c": "", "x.h": "#pragma once\n"}
    plan = build_tree(tmp_path, {"amalgamate.toml": CONFIG, **files}).amalgams[0].plan
    backwards = tuple(reversed(plan.completed))
    assert graph.first_out_of_order(graph.include_graph(plan), backwards) == ("a.c", "x.h")


def test_a_cycle_has_no_order_inside_but_one_outside(tmp_path: Path) -> None:
    files = {
        "a.c": '#include "x.h"\n',
        "b.c": "",
        "x.h": '#pragma once\n#include "y.h"\n',
        "y.h": '#pragma once\n#include "x.h"\n#include "z.h"\n',
        "z.h": "#pragma once\n",
    }
    plan = build_tree(tmp_path, {"amalgamate.toml": CONFIG, **files}).amalgams[0].plan
    includes = graph.include_graph(plan)
    assert graph.first_out_of_order(includes, plan.completed) is None
    assert graph.cycles(includes) == [["x.h", "y.h"]]
