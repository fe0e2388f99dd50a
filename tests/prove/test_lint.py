"""Each rule is found at its line, and code that keeps the guidelines is clean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from amalgamate.prove.rules import Rule
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CLEAN = {
    "a.cc": '#include "a.h"\n#include <vector>\nnamespace lib {\n'
    "namespace a_detail { static int one() { return 1; } }\n"
    "int a() { return a_detail::one(); }\n}  // namespace lib\n",
    "b.cc": '#include "a.h"\nnamespace lib { int b() { return a(); } }\nint lib_b(void) { return lib::b(); }\n'
    "template <> int lib::twice<char>(char value) { return value; }\nint main() { return lib::b() - 1; }\n",
    "a.h": "#pragma once\nnamespace lib {\nint a();\ntemplate <class T> int twice(T value) { return 2 * value; }\n"
    "template <> int twice<char>(char value);\n}  // namespace lib\n",
    "lib.h": '#ifndef LIB_H\n#define LIB_H\n#ifdef __cplusplus\nextern "C" {\n#endif\nint lib_b(void);\n'
    "#ifdef __cplusplus\n}\n#endif\n#endif\n",
}
SEEDED = {
    "dependency": (
        {"a.h": "#pragma once\n#include <zlib.h>\n"},
        "a.h:2: <zlib.h> is neither a standard header nor listed",
    ),
    "namespace": (
        {"a.h": "#pragma once\nnamespace lib { int a(); }\n\nint stray(int x);\n"},
        'a.h:4: "stray" is global',
    ),
    "using-namespace": (
        {"b.cc": '#include "a.h"\nnamespace lib {}\nusing namespace lib;\n'},
        'b.cc:3: "using namespace lib" at file scope',
    ),
    "include-cycle": (
        {"a.h": '#pragma once\n\n#include "c.h"\n', "c.h": '#pragma once\n#include "a.h"\n'},
        "a.h:3: a.h -> c.h -> a.h",
    ),
    "missing-guard": (
        {"a.h": "namespace lib { struct A; }\n", "a.cc": '#include "a.h"\n#include "a.h"\n'},
        "a.h: the output holds it 3 times",
    ),
    "guard-clash": (
        {
            "a.h": "#ifndef G\n#define G\n#endif\n",
            "c.h": "// second\n#ifndef G\n#define G\n#endif\n",
            "b.cc": '#include "c.h"\n',
        },
        'c.h:2: "G" guards a.h too',
    ),
    "macro-leak": (
        {"a.cc": '#include "a.h"\n#define LIMIT 3\n', "b.cc": '#include "a.h"\n#ifdef LIMIT\n#endif\n'},
        'a.cc:2: "LIMIT" reaches b.cc',
    ),
    "unnamed-namespace": (
        {"a.h": "#pragma once\nnamespace lib {\nnamespace {\nconst int one = 1;\n}\n}\n"},
        "a.h:3: an unnamed namespace in a header",
    ),
    "pragma": (
        {"a.cc": '#include "a.h"\n#pragma pack(1)\n'},
        'a.cc:2: "#pragma pack" is left changed',
    ),
    "ndebug": ({"a.cc": "#define NDEBUG\n"}, "a.cc:1: NDEBUG is defined"),
    "feature-test": ({"a.cc": "\n#define _GNU_SOURCE 1\n"}, 'a.cc:2: "_GNU_SOURCE" is defined'),
    "counter": ({"a.cc": "namespace lib {\nint c = __COUNTER__;\n}\n"}, "a.cc:2: __COUNTER__ is used"),
    "name-clash": (
        {
            "a.cc": "namespace lib {\nstatic int one() { return 1; }\nint a() { return one(); }\n}\n",
            "b.cc": "namespace lib {\nstatic int one() { return 2; }\nint b() { return one(); }\n}\n",
        },
        'a.cc:2: "one" is another\'s too: b.cc:2; in the one file it is "one_a"',
    ),
    "refused": ({"a.cc": '#include "nowhere.h"\n'}, 'a.cc:1: cannot find "nowhere.h"'),
    "different-text": (
        {
            "a.h": "#pragma once\nnamespace lib {\nenum { size = SIZE };\n}\n",
            "a.cc": '#define SIZE 1\n#include "a.h"\n#undef SIZE\n',
            "b.cc": '#include "c.h"\n#include "a.h"\n',
            "c.h": "#pragma once\n#define SIZE 2\n",
        },
        'b.cc:2: "a.h" does not read the same as at a.cc:2:1: "SIZE" is not the same there',
    ),
}


REMEDIES = {"refused": 'add its folder to include_dirs, or "nowhere.h" to headers in [external]'}
"""Where it is the build that says what to do."""


def linted(folder: Path, files: Mapping[str, str], *options: str) -> Result:
    config = '[project]\nname = "lib"\n[input]\nsources = ["*.cc"]\n[public]\nheader = "lib.h"\n[variants.x]\n'
    write_tree(folder, {"amalgamate.toml": config, **CLEAN, **files})
    return CliRunner().invoke(cli, ["lint", str(folder), *options])


def test_code_that_keeps_the_guidelines_is_clean(tmp_path: Path) -> None:
    result = linted(tmp_path, {}, "--all-variants")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "clean\n")


@pytest.mark.parametrize("rule", sorted(rule.identifier for rule in Rule))
def test_a_violation_is_found_at_its_line(tmp_path: Path, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files, expected = SEEDED[rule]
    monkeypatch.chdir(tmp_path)
    result = linted(tmp_path, files)
    assert result.exit_code == 7
    found = [line for line in result.stdout.splitlines() if line.endswith(f"[{rule}]")]
    assert found == [f"{expected} [{rule}]"]
    why = next(each for each in Rule if each.identifier == rule)
    remedy = REMEDIES.get(rule, why.remedy)
    assert f"  why: {why.why}\n  fix: {remedy}\n" in result.stdout


def test_a_directive_that_is_decided_to_go_is_no_finding(tmp_path: Path) -> None:
    files, _ = SEEDED["using-namespace"]
    assert "[using-namespace]" in linted(tmp_path, files).stdout
    with (tmp_path / "amalgamate.toml").open("a") as config:
        config.write('[isolate]\nstrip_using = ["b.cc: lib"]\n')
    assert CliRunner().invoke(cli, ["lint", str(tmp_path)]).exit_code == 0


def test_a_rule_can_be_left_out(tmp_path: Path) -> None:
    files, _ = SEEDED["ndebug"]
    assert linted(tmp_path, files, "--ignore", "ndebug").exit_code == 0
    result = linted(tmp_path, files, "--ignore", "nbebug")
    assert result.exit_code == 2
    assert result.stderr == 'error: there is no rule "nbebug"\n  hint: did you mean "ndebug"?\n'


def test_json_names_rule_reason_and_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = linted(tmp_path, SEEDED["ndebug"][0], "--format", "json")
    assert json.loads(result.stdout)["findings"] == [
        {
            "file": "a.cc",
            "line": 1,
            "rule": "ndebug",
            "message": "NDEBUG is defined",
            "why": Rule.NDEBUG.why,
            "fix": Rule.NDEBUG.remedy,
        }
    ]


def test_sarif_refers_to_rules_that_it_describes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    log = json.loads(linted(tmp_path, SEEDED["ndebug"][0], "--format", "sarif").stdout)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [result["ruleId"] for result in run["results"]] == ["ndebug"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {rule.identifier for rule in Rule}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a.cc"}, "region": {"startLine": 1}}


def test_github_annotates_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = linted(tmp_path, SEEDED["ndebug"][0], "--format", "github")
    assert result.stdout == f"::warning file=a.cc,line=1,title=ndebug::NDEBUG is defined: {Rule.NDEBUG.why}\n"
