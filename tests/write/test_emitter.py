"""From a plan to bytes: the exact text, and that every byte is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support import build_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.plan.model import Emission

PLAIN = '[project]\nname = "lib"\n[input]\nsources = ["a.c"]\n[output]\ncomments = "none"\n'


def body(root: Path, files: dict[str, str], config: str = PLAIN) -> str:
    """Build and return the source without its banner."""
    text = build_tree(root, {"amalgamate.toml": config, **files}).files[0].data.decode()
    return text.partition(" */\n")[2]


def test_markers_name_the_files(tmp_path: Path) -> None:
    files = {"a.c": 'int x;\n#include "b.h"\nint y;\n', "b.h": "int b;\n"}
    text = body(tmp_path, files, PLAIN.replace('comments = "none"', 'comments = "markers"'))
    assert text == "/* >>> a.c */\nint x;\n/* >>> b.h */\nint b;\n/* <<< b.h */\nint y;\n/* <<< a.c */\n"


def test_a_file_without_final_line_end_gets_one(tmp_path: Path) -> None:
    assert body(tmp_path, {"a.c": '#include "b.h"\nint y;', "b.h": "int b; // end"}) == "int b; // end\nint y;\n"


def test_a_dropped_include_takes_its_line_along(tmp_path: Path) -> None:
    files = {"a.c": '#include "b.h"\n\n#include "b.h"\nint y;\n', "b.h": "#pragma once\nint b;\n"}
    assert body(tmp_path, files) == "int b;\n\nint y;\n"


def test_a_comment_on_the_line_of_a_dropped_include_stays(tmp_path: Path) -> None:
    files = {"a.c": '#include "b.h"\n/* why */ #include "b.h"\nint y;\n', "b.h": "#pragma once\nint b;\n"}
    assert body(tmp_path, files) == "int b;\n/* why */ \nint y;\n"


def test_line_directives_lead_back_to_the_sources(tmp_path: Path) -> None:
    config = PLAIN + "line_directives = true\n"
    text = body(tmp_path, {"a.c": 'int x;\n#include "b.h"\nint y;\n', "b.h": "int b;\n"}, config)
    assert text == '#line 1 "a.c"\nint x;\n#line 1 "b.h"\nint b;\n#line 3 "a.c"\nint y;\n'


def test_three_hundred_nested_includes_are_written(tmp_path: Path) -> None:
    files = {f"h{i}.h": f'#pragma once\n#include "h{i + 1}.h"\nint v{i};\n' for i in range(300)}
    text = body(tmp_path, {"a.c": '#include "h0.h"\n', "h300.h": "int last;\n", **files})
    assert text.startswith("int last;\nint v299;\n")
    assert text.endswith("int v0;\n")


def test_a_splice_at_the_end_of_a_file_does_not_swallow_the_next_line(tmp_path: Path) -> None:
    assert body(tmp_path, {"a.c": '#include "b.h"\nint y;\n', "b.h": "int b; \\"}) == "int b; \\\n\nint y;\n"
    assert body(tmp_path, {"a.c": '#include "b.h"\nint y;\n', "b.h": "int b; \\\n"}) == "int b; \\\n\nint y;\n"


def test_an_indented_include_leaves_no_blanks_behind(tmp_path: Path) -> None:
    assert body(tmp_path, {"a.c": 'int x;\n  #  include "b.h" \nint y;\n', "b.h": "int b;\n"}) == (
        "int x;\nint b;\nint y;\n"
    )


def test_a_file_that_is_included_behind_a_comment_starts_its_own_line(tmp_path: Path) -> None:
    assert body(tmp_path, {"a.c": '/* why */ #include "b.h"\nint y;\n', "b.h": "int b;\n"}) == (
        "/* why */ \nint b;\nint y;\n"
    )


def test_a_marker_cannot_be_ended_by_the_name_of_a_file(tmp_path: Path) -> None:
    files = {"a.c": '#include "x*/y\u0007.h"\n', "x*/y\u0007.h": "int b;\n"}
    text = body(tmp_path, files, PLAIN.replace('comments = "none"', 'comments = "markers"'))
    assert text == "/* >>> a.c */\n/* >>> x*?y?.h */\nint b;\n/* <<< x*?y?.h */\n/* <<< a.c */\n"


def test_copied_spans_and_edits_make_up_every_file_and_the_whole_output(tmp_path: Path) -> None:
    """Write the plan down a second time, naively, and compare what is not blank."""
    files = {
        "a.c": '#define USE 1\n#if USE\n#include "b.h"\n#else\n#error no\n#endif\n'
        '#include "b.h"\n#ifdef OPEN\nint o;\n#endif\n',
        "b.h": "#pragma once\n#include <stdio.h>\nint b;\n",
    }
    bundle = build_tree(tmp_path, {"amalgamate.toml": PLAIN, **files})

    def naive(emission: Emission) -> bytes:
        text, at = b"", 0
        for edit in emission.edits:
            assert at <= edit.start <= edit.end
            text += emission.file.data[at : edit.start] + edit.text + (naive(edit.child) if edit.child else b"")
            at = edit.end
        return text + emission.file.data[at:]

    expected = b"".join(naive(unit) for unit in bundle.amalgams[0].plan.units)
    written = bundle.files[0].data.partition(b" */\n")[2]
    assert b"int o;" in written
    assert written.split() == expected.split()


def test_a_line_directive_waits_for_the_end_of_a_raw_string_and_of_a_comment(tmp_path: Path) -> None:
    config = PLAIN.replace("a.c", "a.cc") + 'line_directives = true\n[isolate]\nusing = "strip"\n'
    text = 'int y; using\nnamespace n; const char* s = R"(a\nb)"; /* c\nd */ int z;\nint end;\n'
    assert body(tmp_path, {"a.cc": text}, config) == (
        '#line 1 "a.cc"\nint y;  const char* s = R"(a\nb)"; /* c\nd */ int z;\n#line 5 "a.cc"\nint end;\n'
    )
