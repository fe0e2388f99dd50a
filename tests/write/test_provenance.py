"""The map leads from every line of the output back to a source."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from amalgamate.errors import Location
from amalgamate.write.provenance import origin_of
from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.pipeline import Bundle

FILES = {
    "amalgamate.toml": '[project]\nname = "lib"\n[input]\nsources = ["a.c", "z.c"]\n[defines]\nON = "1"\n',
    "a.c": 'int a1;\n#include "b.h"\nint a3;\n#if ON\nint a5;\n#endif\nint a7;\n#include "b.h"\nint a9;\n',
    "b.h": '#pragma once\n#include "c.h"\nint b3;\n',
    "c.h": "#pragma once\r\nint c2;\r\nint c3;",
    "z.c": '#include "b.h"\nint z2;\n',
}


def origins(bundle: Bundle) -> dict[str, str]:
    """Return where each declaration comes from, asked line by line."""
    emitted = bundle.amalgams[0].emitted
    found = {}
    for number, line in enumerate(emitted.data.decode().splitlines(), 1):
        origin = origin_of(emitted, number)
        if line.startswith("int "):
            assert origin is not None
            found[line] = " < ".join(map(str, (origin.location, *origin.included_from)))
        elif line.startswith(("/*", " *")):
            assert origin is None, line
    return found


def test_every_line_knows_its_file_its_line_and_how_it_was_reached(tmp_path: Path) -> None:
    assert origins(build_tree(tmp_path, FILES)) == {
        "int a1;": "a.c:1",
        "int c2;": "c.h:2 < b.h:2 < a.c:2",
        "int c3;": "c.h:3 < b.h:2 < a.c:2",
        "int b3;": "b.h:3 < a.c:2",
        "int a3;": "a.c:3",
        "int a5;": "a.c:5",
        "int a7;": "a.c:7",
        "int a9;": "a.c:9",
        "int z2;": "z.c:2",
    }


def test_there_is_nothing_before_and_behind_the_output(tmp_path: Path) -> None:
    emitted = build_tree(tmp_path, FILES).amalgams[0].emitted
    assert origin_of(emitted, 0) is None
    assert origin_of(emitted, emitted.line_count + 1) is None
    assert origin_of(emitted, 1) is None  # the banner


def test_the_written_map_answers_as_the_query_does(tmp_path: Path) -> None:
    bundle = build_tree(tmp_path, FILES)
    emitted = bundle.amalgams[0].emitted
    written = json.loads(next(file.data for file in bundle.files if file.role == "map"))
    assert written["sha256"] == hashlib.sha256(emitted.data).hexdigest()
    for number in range(1, emitted.line_count + 1):
        line, emission, source_line = [row for row in written["lines"] if row[0] <= number][-1]
        origin = origin_of(emitted, number)
        assert (origin is None) == (emission == -1)
        if origin is not None:
            name = written["files"][written["emissions"][emission]["file"]][0]
            assert origin.location == Location(name, source_line + number - line)


def test_the_map_tells_what_was_normalised(tmp_path: Path) -> None:
    bundle = build_tree(tmp_path, FILES)
    written = json.loads(next(file.data for file in bundle.files if file.role == "map"))
    assert [(name, lines, marks) for name, _, lines, marks in written["files"]] == [
        ("a.c", 9, []),
        ("b.h", 3, []),
        ("c.h", 3, ["crlf:2"]),
        ("z.c", 2, []),
    ]


def test_lines_that_keep_units_apart_and_guards_that_are_made_are_the_tools_own(tmp_path: Path) -> None:
    files = {
        "a.c": '#define N 1\n#ifdef P\n#include "h.h"\n#endif\n#ifdef Q\n#include "h.h"\n#endif\nint a = N;\n',
        "b.c": "int b;\n",
        "h.h": "#pragma once\nint h;\n",
    }
    config = '[project]\nname = "lib"\n[input]\nsources = ["a.c", "b.c"]\n[output]\ncomments = "none"\n'
    made = build_tree(tmp_path, {"amalgamate.toml": config, **files}).amalgams[0].emitted
    lines = made.data.decode().splitlines()
    first = lines.index('#pragma push_macro("N")')
    origins = [(lines[line - 1], origin_of(made, line)) for line in range(first + 1, len(lines) + 1)]
    assert [(text, str(origin.location) if origin else "") for text, origin in origins] == [
        ('#pragma push_macro("N")', ""),
        ("#define N 1", "a.c:1"),
        ("#ifdef P", "a.c:2"),
        ("#ifndef AMALGAMATE_ONCE_H_H", ""),
        ("#define AMALGAMATE_ONCE_H_H", ""),
        ("int h;", "h.h:2"),
        ("#endif", ""),
        ("#endif", "a.c:4"),
        ("#ifdef Q", "a.c:5"),
        ("#ifndef AMALGAMATE_ONCE_H_H", ""),
        ("#define AMALGAMATE_ONCE_H_H", ""),
        ("int h;", "h.h:2"),
        ("#endif", ""),
        ("#endif", "a.c:7"),
        ("int a = N;", "a.c:8"),
        ('#pragma pop_macro("N")', ""),
        ("int b;", "b.c:1"),
    ]
