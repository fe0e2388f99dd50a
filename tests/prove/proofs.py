"""What the tests of proofs share: a small library with something to break, and a run of some stages."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from amalgamate import loader, pipeline
from amalgamate.prove.model import Stage, Status
from amalgamate.prove.verify import Wish, verification
from amalgamate.write import output
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amalgamate.prove.model import Result

LIBRARY = {
    "amalgamate.toml": """
[project]
name = "lib"
[input]
sources = ["src/a.cc", "src/b.cc"]
include_dirs = ["include"]
[public]
header = "include/lib.h"
[defines]
LEVEL = "2"
[isolate]
using = "strip"
[verify]
standards = ["c99", "c++17"]
""",
    "include/lib.h": """#ifndef LIB_H
#define LIB_H
#ifdef __cplusplus
extern "C" {
#endif
int lib_a(int x);
int lib_b(int x);
#ifdef __cplusplus
}
#endif
#endif
""",
    "include/limit.h": """#pragma once
#define LIMIT 8
namespace lib {
inline int limited(int x) { return x > LIMIT ? LIMIT : x; }
struct Size { int width; };
}
""",
    "src/a.cc": """#include "lib.h"
#ifdef WITH_LIMIT
#include "limit.h"
#endif
#define STEP 3
#if LEVEL > 1
static const char *text_a = "level";
#else
static const char *text_a = "";
#endif
int lib_a(int x) {
  return x * STEP + (text_a[0] == 'l');
}
""",
    "src/b.cc": """#include "lib.h"
#include <string>
#include "limit.h"
using namespace lib;
#ifndef STEP
#define STEP 5
#endif
static const std::string text_b = R"(raw "text")";
int lib_b(int x) {
  lib::Size size{lib::limited(x)};
  return size.width * STEP + static_cast<int>(text_b.size());
}
""",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write a project, build it and write its outputs."""
    return write_outputs(write_tree(folder, files))


def write_outputs(folder: Path) -> Path:
    """Build a project and write its outputs."""
    bundle = pipeline.build(loader.load(folder))
    output.write({bundle.config.output.dir / file.name: file.data for file in bundle.files}, bundle.inputs)
    return folder


def change(path: Path, old: str, new: str, count: int = 1) -> None:
    """Edit an output by hand, and let its map have the hash of what it is now."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))
    file = path.with_name(f"{path.name}.map.json")
    mapped = json.loads(file.read_text())
    mapped["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    file.write_text(json.dumps(mapped))


def prove(
    folder: Path,
    stages: Iterable[int] = range(6),
    platforms: tuple[str, ...] = ("native",),
    compilers: tuple[str, ...] = ("gcc",),
) -> list[Result]:
    """Run stages of the proof."""
    wish = Wish(frozenset(map(Stage, stages)), platforms, compilers)
    with verification([loader.load(folder)], wish) as proof:
        return list(proof.results())


def failures(results: Iterable[Result]) -> dict[str, str]:
    """Return the first message of each stage that failed, by the stage's name."""
    found: dict[str, str] = {}
    for result in results:
        if result.finding.status is Status.FAILED:
            found.setdefault(result.stage.name.lower(), str(result.finding.diagnostics[0]))
    return found


def skips(results: Iterable[Result]) -> dict[str, str]:
    """Return why stages were skipped, by the stage's name."""
    return {
        result.stage.name.lower(): result.finding.note for result in results if result.finding.status is Status.SKIPPED
    }
