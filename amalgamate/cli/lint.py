"""`amalgamate lint`: prints what makes a project hard to merge."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import guarded, refuse
from amalgamate.cli.options import load, of_project
from amalgamate.cli.progress import shown_on_terminal
from amalgamate.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLES = """
\b
The guidelines: few dependencies, everything in a namespace, no "using namespace" at file
scope, no cyclic includes. Other rules name hazards that a build repairs or refuses.

\b
Examples:
  amalgamate lint --all-variants          findings in any variant
  amalgamate lint --format sarif > lint.sarif
  amalgamate lint --ignore name-clash     without a rule; repeatable
  amalgamate lint --fix --diff            what compilers say of each "using namespace"

\b
Exit codes: 0 clean or decided, 2 usage or configuration, 3 input, 6 not equivalent with
all decisions together (nothing is written), 7 findings.
"""


@click.command(epilog=_EXAMPLES)
@of_project
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@click.option("--fix", is_flag=True, help='Decide which "using namespace" can go, and write it down.')
@click.option("--dry-run", is_flag=True, help="With --fix: print the decisions, write nothing.")
@click.option("--diff", is_flag=True, help="With --fix: print what would change in the configuration, write nothing.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Leave this rule out; repeatable.")
def lint(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Find what makes a project hard to merge."""
    guarded(path, lambda: _lint(path, options))


def _lint(path: Path, options: Mapping[str, Any]) -> None:
    if options["fix"]:
        from amalgamate.cli.fix import fix  # noqa: PLC0415 - keeps --help quick

        if options["form"] not in ("text", "json"):
            refuse(f"--fix does not print {options['form']}", "it finds nothing, it decides: text and json")
        fix(path, options)
        return
    for name, option in (("dry_run", "--dry-run"), ("diff", "--diff")):
        if options[name]:
            refuse(f"{option} goes with --fix", "without it nothing is written")
    _find(path, options)


def _find(path: Path, options: Mapping[str, Any]) -> None:
    from amalgamate import pipeline  # noqa: PLC0415
    from amalgamate.layers import known_words  # noqa: PLC0415
    from amalgamate.prove import lint_forms  # noqa: PLC0415 - keeps --help quick
    from amalgamate.prove.lint import lint as linted  # noqa: PLC0415
    from amalgamate.prove.rules import Rule  # noqa: PLC0415

    known = {rule.identifier for rule in Rule}
    for name in options["ignore"]:
        if name not in known:
            refuse(f'there is no rule "{name}"', known_words(name, sorted(known)))
    configs = load(path, options)
    tree = pipeline.source_tree(configs)
    with shown_on_terminal(lambda: f"reading: {tree.file_count:,} files"):
        found = [each for each in linted(configs, tree) if each.rule.identifier not in options["ignore"]]
    forms = {
        "text": lint_forms.as_text,
        "json": lint_forms.as_json,
        "sarif": lint_forms.as_sarif,
        "github": lint_forms.as_github,
    }
    text = forms[options["form"]](found, lambda name: Path(os.path.relpath(tree.root / name)).as_posix())
    click.echo(text, nl=False)
    if options["form"] == "text":
        click.echo(f"{len(found):,} finding{'' if len(found) == 1 else 's'}" if found else "clean", err=not found)
    if found:
        sys.exit(ExitCode.LINT)
