"""From a configuration to a bundle: what outputs there are, and what is said about them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.pipeline import Role
from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path

API = "#ifndef API_H\n#define API_H\nstruct options { int a;\n#if WITH_B\nint b;\n#endif\n};\n#endif\n"


def test_a_bundle_holds_sources_then_the_header_then_maps_then_extras(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[project]\nname = "lib"\n[input]\nsources = ["a.cc", "b.c"]\n'
        '[public]\nheader = "api.h"\n[variants.x]\nextras = ["lib.mk"]\n',
        "a.cc": '#include "api.h"\n',
        "b.c": "int b;\n",
        "api.h": "#pragma once\nint b;\n",
    }
    bundle = build_tree(tmp_path, files, "x")
    assert [(file.name, file.role) for file in bundle.files] == [
        ("lib-x.c", Role.SOURCE),
        ("lib-x.cc", Role.SOURCE),
        ("api.h", Role.HEADER),
        ("lib-x.c.map.json", Role.MAP),
        ("lib-x.cc.map.json", Role.MAP),
        ("lib.mk", Role.EXTRA),
    ]


def test_a_header_that_reads_a_fixed_macro_is_warned_of(tmp_path: Path) -> None:
    files = {
        "amalgamate.toml": '[input]\nsources = ["a.cc"]\n[public]\nheader = "api.h"\n'
        '[defines]\nWITH_B = "1"\nOTHER = "1"\n',
        "a.cc": '#include "api.h"\nint x = OTHER;\n',
        "api.h": API,
    }
    (warning,) = build_tree(tmp_path, files).diagnostics
    assert str(warning) == (
        'api.h:4: warning: the C header depends on "WITH_B", which the configuration fixes for the source alone\n'
        "  hint: compile what includes the header with -DWITH_B=1, or take the macro out of the header"
    )


def test_where_a_project_stands_does_not_show_in_what_it_includes_from_elsewhere(tmp_path: Path) -> None:
    write_tree(tmp_path / "elsewhere", {"x/y.h": "#pragma once\nint y;\n", "inner.h": '#include "x/y.h"\n'})
    files = {
        "amalgamate.toml": f"""[project]\nname = "p"\n[input]\nsources = ["a.c"]
include_dirs = ["include", "{tmp_path / "elsewhere"}", "../beside"]\n""",
        "a.c": '#include "own.h"\n#include "x/y.h"\n#include "inner.h"\n#include "near.h"\n',
        "include/own.h": "int own;\n",
        "../beside/near.h": "int near;\n",
    }
    bundles = [build_tree(tmp_path / folder, files) for folder in ("here", "far/away/from/there")]
    assert [file.data for file in bundles[0].files] == [file.data for file in bundles[1].files]
    assert bundles[0].files[0].data.partition(b" */\n")[2] == (
        b"/* >>> a.c */\n/* >>> include/own.h */\nint own;\n/* <<< include/own.h */\n"
        b"/* >>> <x/y.h> */\nint y;\n/* <<< <x/y.h> */\n/* >>> <inner.h> */\n/* <<< <inner.h> */\n"
        b"/* >>> ../beside/near.h */\nint near;\n/* <<< ../beside/near.h */\n/* <<< a.c */\n"
    )
