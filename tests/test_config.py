"""`amalgamate.toml`: what it says, and what it gets told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amalgamate.errors import ConfigError
from amalgamate.loader import load
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.config import Config

FILES = {"src/b.cc": "", "src/a.cc": "", "src/deep/c.cc": "", "include/lib.h": ""}


def config(root: Path, text: str, variant: str = "") -> Config:
    return load(write_tree(root, {**FILES, "amalgamate.toml": text}), variant)


def messages(root: Path, text: str, variant: str = "") -> str:
    with pytest.raises(ConfigError) as caught:
        config(root, text, variant)
    return str(caught.value)


def test_a_pattern_is_sorted_and_the_order_of_patterns_is_kept(tmp_path: Path) -> None:
    found = config(tmp_path, '[input]\nsources = ["src/deep/*.cc", "src/*.cc"]\n').input.sources
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["src/deep/c.cc", "src/a.cc", "src/b.cc"]


def test_a_file_that_two_patterns_find_is_one_unit(tmp_path: Path) -> None:
    found = config(tmp_path, '[input]\nsources = ["src/b.cc", "src/**/*.cc"]\n').input.sources
    assert [path.name for path in found] == ["b.cc", "a.cc", "c.cc"]


def test_the_name_is_the_folders_by_default(tmp_path: Path) -> None:
    assert config(tmp_path, '[input]\nsources = ["src/*.cc"]\n').project.name == tmp_path.name


def test_what_decides_no_directive_or_both_ways_is_refused(tmp_path: Path) -> None:
    text = '[isolate]\nstrip_using = ["src/a.cc", "a.cc: lib"]\nkeep_using = [\n  "a.cc: lib",\n]\n'
    assert messages(tmp_path, '[input]\nsources = ["src/*.cc"]\n' + text) == (
        'amalgamate.toml:4: error: "src/a.cc" names no using-directive\n'
        '  hint: write "FILE: NAMESPACE", such as "src/a.cc: std"\n'
        'amalgamate.toml:6: error: "a.cc: lib" is in strip_using and in keep_using'
    )


def test_an_unknown_key_has_its_line_and_a_guess(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["src/*.cc"]\n\ninclude_dir = ["include"]\n')
    assert text.startswith('amalgamate.toml:4: error: unknown key "include_dir"')
    assert 'did you mean "include_dirs"?' in text


def test_an_unknown_table_has_its_line_and_a_guess(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["src/*.cc"]\n[outptu]\ndir = "x"\n')
    assert "amalgamate.toml:3: error:" in text
    assert 'did you mean "output"?' in text


def test_a_wrong_type_says_what_is_wanted(tmp_path: Path) -> None:
    assert "amalgamate.toml:2: error:" in messages(tmp_path, "[input]\nsources = 7\n")


def test_a_pattern_that_finds_nothing_is_an_error(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["src/*.cpp"]\n')
    assert text.startswith("amalgamate.toml:2: error:")
    assert "src/*.cpp" in text


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["none/*.cc"]\nhalf = 1\n[output]\nmpa = true\n')
    assert [line.split(":")[1] for line in text.splitlines() if ": error:" in line] == ["2", "3", "5"]


def test_malformed_toml_has_its_line(tmp_path: Path) -> None:
    assert messages(tmp_path, "[input]\nsources = [\n").startswith("amalgamate.toml:")


def test_a_variant_extends_the_top_level(tmp_path: Path) -> None:
    text = (
        '[input]\nsources = ["src/a.cc"]\n[defines]\nA = "1"\nB = "1"\n[output]\nsource = "lib.cc"\n'
        '[variants.small]\ndefines = { B = "0" }\n'
    )
    small = config(tmp_path, text, "small")
    assert dict(small.defines) == {"A": "1", "B": "0"}
    assert small.output.source == "lib-small.cc"


def test_an_unknown_variant_is_guessed(tmp_path: Path) -> None:
    text = '[input]\nsources = ["src/a.cc"]\n[variants.small]\n'
    assert 'did you mean "small"?' in messages(tmp_path, text, "smal")


def test_a_missing_configuration_says_how_to_do_without(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name sources with --source"):
        load(tmp_path)


def test_the_tools_of_proof_are_configured(tmp_path: Path) -> None:
    verify = config(
        tmp_path,
        '[input]\nsources = ["src/*.cc"]\n[verify]\ncompilers = ["gcc"]\nstandards = ["c++17"]\nlink = ["-lm"]\n'
        'platforms = ["native"]\n[variants.fast.verify]\ncommand = ["make", "test"]\nplatforms = ["macos"]\n',
        "fast",
    ).verify
    assert (verify.compilers, verify.standards, verify.link) == (("gcc",), ("c++17",), ("-lm",))
    assert (verify.platforms, verify.command) == (("macos",), ("make", "test"))


def test_a_proof_has_standards_and_placeholders_that_there_are(tmp_path: Path) -> None:
    text = (
        '[input]\nsources = ["src/*.cc"]\n[verify]\nstandards = ["gnu++2b", "c++71"]\n'
        'command = ["awk", "{print}", "{ print }", "{source}"]\n'
    )
    assert messages(tmp_path, text) == (
        'amalgamate.toml:4: error: unknown standard "c++71"\n'
        '  hint: did you mean "c++17"?\n'
        'amalgamate.toml:5: error: unknown placeholder "{print}"\n'
        '  hint: did you mean "{variant}"?'
    )


def test_what_nothing_reads_is_an_unknown_table(tmp_path: Path) -> None:
    assert messages(tmp_path, '[input]\nsources = ["src/*.cc"]\n[bindings]\nx = 1\n') == (
        'amalgamate.toml:3: error: unknown table "bindings"\n'
        "  hint: known are project, input, output, public, platform, files, external, isolate, verify, defines, "
        "extras, schema, variants"
    )


def test_a_key_outside_its_table_is_told_where_it_belongs(tmp_path: Path) -> None:
    text = 'sources = ["x.cc"]\n[input]\nsources = ["src/*.cc"]\n[variants.a]\nheader = "x.h"\n'
    assert messages(tmp_path, text) == (
        'amalgamate.toml:1: error: unknown key "sources"\n  hint: "sources" belongs into [input]\n'
        'amalgamate.toml:5: error: unknown key "header"\n'
        '  hint: "header" belongs into [variants.a.output] or [variants.a.public]'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[input]\n[input]\n", "2:7: error: not valid TOML: cannot declare [input] twice"),
        ("[a.b]\n[a.b]\n", "2:5: error: not valid TOML: cannot declare [a.b] twice"),
    ],
)
def test_a_table_that_stands_twice_is_named(tmp_path: Path, text: str, message: str) -> None:
    assert messages(tmp_path, text) == f"amalgamate.toml:{message}"


def test_what_verify_does_not_know_is_told_with_a_guess(tmp_path: Path) -> None:
    text = '[input]\nsources = ["src/*.cc"]\n[verify]\ncompiler = ["gcc"]\nplatforms = ["native", "linux-x86"]\n'
    assert messages(tmp_path, text) == (
        'amalgamate.toml:4: error: unknown key "compiler" in [verify]\n'
        '  hint: did you mean "compilers"?\n'
        'amalgamate.toml:5: error: unknown platform "linux-x86"\n'
        '  hint: did you mean "linux-x86_64"?'
    )


def test_one_public_header_is_taken_and_no_choice_is_made(tmp_path: Path) -> None:
    write_tree(tmp_path, {"include/more.h": ""})
    text = messages(tmp_path, '[input]\nsources = ["src/a.cc"]\n[public]\nheader = "include/*.h"\n')
    assert text == (
        'amalgamate.toml:4: error: "include/*.h" matches 2 headers: include/lib.h, include/more.h\n'
        "  hint: name one; it may include the others"
    )
    assert config(tmp_path, '[input]\nsources = ["src/a.cc"]\n[public]\nheader = "include/l*.h"\n').public.header


def test_a_header_of_the_wrong_type_is_not_missing_too(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["src/a.cc"]\n[public]\nheader = ["include/lib.h"]\n')
    assert text == 'amalgamate.toml:4: error: "header" must be a string\n  hint: it is a list'
    text = messages(tmp_path, '[input]\nsources = ["src/a.cc"]\n[public]\nexports = ["*"]\n')
    assert text == 'amalgamate.toml:3: error: [public] needs a "header"'


def test_an_unknown_key_that_is_like_no_other_is_told_all(tmp_path: Path) -> None:
    assert messages(tmp_path, '[input]\nsources = ["src/a.cc"]\n[public]\nxyzzy = 1\nheader = "include/lib.h"\n') == (
        'amalgamate.toml:4: error: unknown key "xyzzy" in [public]\n  hint: known are header, exports'
    )


def test_a_macro_is_a_string_an_integer_or_a_boolean(tmp_path: Path) -> None:
    text = messages(tmp_path, '[input]\nsources = ["src/a.cc"]\n[defines]\nA = [1]\nB = 1.5\n')
    assert text == (
        'amalgamate.toml:4: error: "A" must be a string, an integer, true or false\n  hint: it is a list\n'
        'amalgamate.toml:5: error: "B" must be a string, an integer, true or false\n  hint: it is 1.5'
    )


@pytest.mark.parametrize("body", ["a\\\\", "a /* b", "/* */ /* \\\\ "])
def test_the_body_of_a_macro_may_not_take_the_next_line_along(tmp_path: Path, body: str) -> None:
    text = messages(tmp_path, f"[input]\nsources = ['src/a.cc']\n[defines]\nX = '{body}'\n".replace("\\\\", "\\"))
    assert text == (
        'amalgamate.toml:4: error: "X" must not take the next line along\n  hint: end its comment or its splice'
    )


@pytest.mark.parametrize("name", ["", "a/b", ".."])
def test_the_name_of_a_project_suits_a_file(tmp_path: Path, name: str) -> None:
    text = messages(tmp_path, f'[project]\nname = "{name}"\n[input]\nsources = ["src/a.cc"]\n')
    assert text == f'amalgamate.toml:2: error: the name "{name}" must suit a file name'


def test_a_source_in_place_of_a_configuration_is_told_from_one(tmp_path: Path) -> None:
    write_tree(tmp_path, {"day.cc": "int day() { return 1; }\n", "latin.c": b'char c[] = "\xe9";\n'})
    for name in ("day.cc", "latin.c"):
        with pytest.raises(ConfigError) as caught:
            load(tmp_path / name)
        assert str(caught.value).endswith("\n  hint: to build one source, name it with --source")
