"""`amalgamate graph`: draws what the outputs are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.console import guarded
from amalgamate.cli.options import load, of_project
from amalgamate.cli.progress import shown_on_terminal

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLES = """
\b
Examples:
  amalgamate graph                        the tree of includes of each output, as text
  amalgamate graph --format html -o graph.html
  amalgamate graph --format dot | dot -Tsvg -o graph.svg

\b
Exit codes: 0 ok, 2 usage or configuration, 3 input, 4 include cycle where
the configuration forbids it.
"""


@click.command(epilog=_EXAMPLES)
@of_project
@click.option("--format", "form", type=click.Choice(["text", "dot", "json", "html"]), default="text", show_default=True)
@click.option("-o", "output", metavar="FILE", help="Write to this file instead of the standard output.")
def graph(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Draw what the outputs are made of.

    Shows which files they hold, in which order and how large, cycles, what was dropped and why, what is not used.
    """
    guarded(path, lambda: _graph(path, options))


def _graph(path: Path, options: Mapping[str, Any]) -> None:
    from amalgamate import pictures, pipeline  # noqa: PLC0415 - keeps --help quick
    from amalgamate.write import output  # noqa: PLC0415

    configs = load(path, {**options, "output": None})
    tree = pipeline.source_tree(configs)
    amalgams: list[pipeline.Amalgam] = []
    with shown_on_terminal(lambda: f"reading: {tree.file_count:,} files"):
        headers = {name for config in configs for name in pipeline.headers_of(config, tree)}
        for config in configs:
            amalgams += pipeline.build(config, tree).amalgams
        drawing = pictures.draw(configs[0].project.name, amalgams, headers)
    forms = {
        "text": pictures.as_text,
        "dot": pictures.as_dot,
        "json": pictures.as_json,
        "html": pictures.as_html,
    }
    text = forms[options["form"]](drawing)
    if options["output"]:
        output.write({Path(options["output"]): text.encode()}, [file.path for file in tree.files()])
    else:
        click.echo(text, nl=False)
