"""What the outputs are made of, in every form; the page in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "amalgamate.toml": '[project]\nname = "lib"\n[input]\nsources = ["*.c"]\ninclude_dirs = ["inc"]\n'
    '[variants.small]\ndefines = { SMALL = "1" }\n',
    "a.c": '#include "x.h"\n#include "</script><b>.h"\nint a;\n',
    "b.c": '#include <stdio.h>\n#ifndef SMALL\n#include "more.h"\n#endif\n#include "x.h"\n',
    "inc/x.h": '#pragma once\n#include "y.h"\n',
    "inc/y.h": '#pragma once\n#include "x.h"\n',
    "inc/more.h": "#pragma once\nint more;\n",
    "inc/never.h": "#pragma once\n",
    "</script><b>.h": "#pragma once\n",
}
TEXT = """\
lib.c: 6 files, 28 lines, {bytes} bytes
|-- a.c  3 lines
|   |-- inc/x.h  2 lines
|   |   `-- inc/y.h  2 lines
|   |       `-- inc/x.h (above)
|   `-- </script><b>.h  1 line
`-- b.c  5 lines
    |-- inc/more.h  2 lines  [!defined(SMALL)]
    `-- inc/x.h (above)
cycle: inc/x.h -> inc/y.h -> inc/x.h
not used: inc/never.h
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, FILES))
    return tmp_path


def drawn(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["graph", *arguments])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.usefixtures("project")
def test_text_shows_the_order_what_was_dropped_cycles_and_what_is_not_used() -> None:
    text = drawn()
    assert text == TEXT.format(bytes=text.split(" lines, ")[1].split(" bytes")[0])


@pytest.mark.usefixtures("project")
def test_json_counts_files_and_includes() -> None:
    document = json.loads(drawn("--format", "json", "--variant", "small"))
    (output,) = document["outputs"]
    assert output["name"] == "lib-small.c"
    assert [file["name"] for file in output["files"]] == ["a.c", "b.c", "</script><b>.h", "inc/x.h", "inc/y.h"]
    assert {(each["from"], each["to"]) for each in output["includes"] if each["outcome"] == "dropped"} == {
        ("b.c", "inc/x.h"),
        ("inc/y.h", "inc/x.h"),
    }
    assert [each["to"] for each in output["includes"] if each["external"]] == ["<stdio.h>"]
    assert document["unused"] == ["inc/more.h", "inc/never.h"]


@pytest.mark.usefixtures("project")
def test_dot_is_what_graphviz_reads() -> None:
    if shutil.which("dot") is None:
        pytest.skip("dot is missing: install graphviz")
    text = drawn("--format", "dot")
    done = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert sum(line.startswith("node ") for line in lines) == 6
    assert sum(line.startswith("edge ") for line in lines) == 6
    assert sum(" dashed " in line for line in lines if line.startswith("edge ")) == 2


def test_an_output_file_is_written_whole_and_a_source_is_never_replaced(project: Path) -> None:
    assert drawn("--format", "json", "-o", "graph.json") == ""
    assert json.loads((project / "graph.json").read_text())["schema"] == 1
    result = CliRunner().invoke(cli, ["graph", "-o", "a.c"])
    assert result.exit_code == 2
    assert "the output would replace one of the inputs" in result.stderr


@pytest.mark.browser
def test_the_page_works_in_a_browser_without_a_network(project: Path, browser: Any) -> None:  # noqa: ANN401
    drawn("--format", "html", "--all-variants", "-o", "graph.html")
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((project / "graph.html").as_uri())

    assert page.title() == "lib: include graph"
    assert page.locator("#summary").inner_text().startswith("lib.c: 6 files, ")
    rows = page.locator("#files tbody tr td:first-child")
    assert rows.all_inner_texts()[:2] == ["b.c (translation unit)", "a.c (translation unit)"]
    assert "</script><b>.h" in rows.all_inner_texts()
    assert page.locator("#tree > details").count() == 2
    assert page.locator("#tree .dropped").all_inner_texts() == ["inc/x.h stands above", "inc/x.h stands above"]
    assert page.locator("#tree .where").all_inner_texts() == ["!defined(SMALL)"]
    assert page.locator("#cycles li").all_inner_texts() == ["inc/x.h → inc/y.h → inc/x.h"]
    assert page.locator("#unused li").all_inner_texts() == ["inc/never.h"]

    page.get_by_role("button", name="File").click()
    assert rows.all_inner_texts()[0] == "</script><b>.h"
    page.get_by_label("Find a file").fill("MORE")
    assert rows.all_inner_texts() == ["inc/more.h"]
    assert page.locator("#tree mark").all_inner_texts() == ["inc/more.h"]
    page.get_by_label("Output").select_option("lib-small.c")
    assert rows.all_inner_texts() == []
    page.locator("#tree > details").nth(1).locator("> summary").click()
    assert page.locator("#tree > details").nth(1).get_attribute("open") is None

    assert said == []
    assert [url for url in asked if not url.startswith("file:")] == []
    page.close()
