"""The folders are the pipeline: a module imports only what stands above it, and some libraries have one user."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "amalgamate"
ORDER = [
    "errors", "config", "places", "patterns", "generated", "layers", "checks", "loader",
    "read.scanner", "read.source", "read.system_headers", "read.macros", "read.guards", "read.structure",
    "read.names.namespaces",
    "read.conditions.expand", "read.conditions.condition", "read.conditions.operand", "read.conditions.parser",
    "read.conditions.expr",
    "read.neighbourhood", "read.resolve",
    "read.names.system_names", "read.names.outline", "read.names.guesses", "read.names.decorations",
    "read.names.roles", "read.names.declarators", "read.names.declarations",
    "read.names.classes", "read.names.objects", "read.names.changes", "read.names.uses",
    "plan.model", "plan.findings", "plan.walk.closure",
    "plan.walk.facts", "plan.walk.frame", "plan.walk.pragmas", "plan.walk.conditionals", "plan.walk.held",
    "plan.walk.state", "plan.walk.words", "plan.walk.uses", "plan.walk.leaks", "plan.walk.pops",
    "plan.walk.macro_steps", "plan.walk.lookup", "plan.walk.once", "plan.walk.replay", "plan.walk.emission",
    "plan.walk.walker",
    "plan.isolate",
    "plan.names.openings", "plan.names.texts", "plan.names.shared_state", "plan.names.suspects", "plan.names.usage",
    "plan.names.hazards", "plan.names.scopes", "plan.names.entity", "plan.names.entities", "plan.names.renames",
    "plan.names.parts", "plan.names.brought", "plan.names.usings",
    "plan.planner", "plan.unused", "plan.strangers", "plan.capi", "plan.graph",
    "write.licences", "write.head", "write.emitter", "write.provenance", "write.map_file", "write.render",
    "write.output", "write.settings",
    "pipeline", "report", "pictures",
    "survey.database", "survey.folder", "survey.headers", "survey.proposal", "survey.text", "survey.mend",
    "prove.explain", "prove.compiler", "prove.model", "prove.memo", "prove.data_models", "prove.platforms",
    "prove.tokens", "prove.lines", "prove.replay", "prove.conservation", "prove.mirror", "prove.row",
    "prove.workplace", "prove.sequence", "prove.units", "prove.references", "prove.bindings", "prove.objects",
    "prove.symbols", "prove.command", "prove.verify", "prove.unread", "prove.trial", "prove.decide", "prove.rules",
    "prove.lint", "prove.lint_forms",
    "cli.console", "cli.progress", "cli.options", "cli.build", "cli.explain", "cli.graph", "cli.fix", "cli.lint",
    "cli.init", "cli.watch", "cli.verify", "cli.main",
    "__main__",
]  # fmt: skip
ONLY_USER = {
    "tree_sitter": "read.names.", "tree_sitter_c": "read.names.declarations.",
    "tree_sitter_cpp": "read.names.declarations.",
    "pcpp": "read.conditions.expand.", "networkx": "plan.graph.", "jinja2": "write.render.", "click": "cli.",
    "clang": "prove.references.", "tomlkit": "write.settings.", "watchfiles": "cli.watch.",
}  # fmt: skip


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def test_every_module_has_its_place_in_the_order() -> None:
    assert sorted(module_name(path) for path in MODULES) == sorted(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_modules_above_it(path: Path) -> None:
    own = [name.removeprefix("amalgamate.") for name in imports_of(path) if name.startswith("amalgamate.")]
    below = [name for name in own if name in ORDER and ORDER.index(name) >= ORDER.index(module_name(path))]
    assert below == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_each_library_has_one_user(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports_of(path)}
    name = module_name(path)
    strangers = {library for library in roots & ONLY_USER.keys() if not f"{name}.".startswith(ONLY_USER[library])}
    assert strangers == set()


def test_one_module_starts_processes() -> None:
    assert [module_name(path) for path in MODULES if "subprocess" in imports_of(path)] == ["prove.compiler"]


def test_a_build_starts_no_process() -> None:
    waiting, reached = ["cli.build"], set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        path = PACKAGE.joinpath(*name.split(".")).with_suffix(".py")
        own = {each.removeprefix("amalgamate.") for each in imports_of(path)}
        waiting += (own & set(ORDER)) - reached
    assert "pipeline" in reached
    assert "prove.compiler" not in reached
