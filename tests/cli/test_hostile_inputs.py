"""Inputs that are strange or huge, and builds that are stopped: a clear message or a right output, never half."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from amalgamate.cli.main import cli
from support import write_tree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[project]\nname = "one"\n[input]\nsources = ["a.c"]\n'
BUILD = [sys.executable, "-m", "amalgamate", "build", "-q"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_tree(tmp_path, {"amalgamate.toml": CONFIG, "a.c": "int a;\n"}))
    return tmp_path


def build() -> Result:
    result = CliRunner().invoke(cli, ["build", "-q"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def refused(folder: Path, code: int, message: str) -> None:
    result = build()
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", message)
    assert not (folder / "dist").exists()


def built(folder: Path) -> bytes:
    result = build()
    assert (result.exit_code, result.output) == (0, "")
    return (folder / "dist/one.c").read_bytes()


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "dist").iterdir())


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (b'[project]\nname = "\xe9"\n', "amalgamate.toml:2: error: the file is not UTF-8 text\n"),
        (
            b'[project]\nname = "a"\nname = "b"\n',
            "amalgamate.toml:3:11: error: not valid TOML: cannot overwrite a value\n",
        ),
        (
            b'[project]\nname = "a"\n[project]\n',
            "amalgamate.toml:3:9: error: not valid TOML: cannot declare [project] twice\n",
        ),
        (
            b'project = 1\n[input]\nsources = "a.c"\n',
            (
                'amalgamate.toml:1: error: "project" must be a table\n  hint: write [project]\n'
                'amalgamate.toml:3: error: "sources" must be a list of strings\n  hint: it is "a.c"\n'
            ),
        ),
        (b'[project]\nname = "a\0"\n', "amalgamate.toml:2:10: error: not valid TOML: illegal character '\\x00'\n"),
        (
            b"x = " + b"[" * 5000 + b"]" * 5000 + b"\n",
            "amalgamate.toml: error: lists or tables stand too deeply in each other\n",
        ),
    ],
    ids=["latin-1", "duplicate key", "duplicate table", "wrong types", "NUL", "deep"],
)
def test_a_broken_configuration_is_told_with_its_line(folder: Path, config: bytes, message: str) -> None:
    (folder / "amalgamate.toml").write_bytes(config)
    refused(folder, 2, message)


def test_a_configuration_may_begin_with_a_mark_and_have_lines_of_windows(folder: Path) -> None:
    plain = built(folder)
    (folder / "amalgamate.toml").write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    assert built(folder) == plain


def test_a_pipe_is_no_configuration_and_is_not_waited_for(folder: Path) -> None:
    (folder / "amalgamate.toml").unlink()
    os.mkfifo(folder / "amalgamate.toml")
    refused(folder, 2, "amalgamate.toml: error: the configuration is not a regular file\n")


def test_a_pipe_is_no_source_and_is_not_waited_for(folder: Path) -> None:
    (folder / "a.c").unlink()
    os.mkfifo(folder / "a.c")
    refused(folder, 2, 'amalgamate.toml:4: error: "a.c" is not a file\n')


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling link"])
def test_what_is_no_file_is_no_header(folder: Path, kind: str) -> None:
    (folder / "a.c").write_text('#include "h.h"\n')
    if kind == "pipe":
        os.mkfifo(folder / "h.h")
    elif kind == "folder":
        (folder / "h.h").mkdir()
    else:
        (folder / "h.h").symlink_to("gone.h")
    hint = 'add its folder to include_dirs, or "h.h" to headers in [external]'
    refused(folder, 3, f'a.c:1:1: error: cannot find "h.h"\n  hint: {hint}\n')


def test_a_link_to_itself_is_named(folder: Path) -> None:
    (folder / "a.c").write_text('#include "h.h"\n')
    (folder / "h.h").symlink_to("h.h")
    refused(folder, 3, "h.h: error: cannot read the file: Too many levels of symbolic links\n")


def test_a_source_that_is_a_link_to_itself_is_named(folder: Path) -> None:
    (folder / "a.c").unlink()
    (folder / "a.c").symlink_to("a.c")
    refused(folder, 2, 'amalgamate.toml:4: error: no such file: "a.c"\n  hint: "a.c" is a link that leads nowhere\n')


def test_a_folder_that_links_to_its_parent_is_walked_once(folder: Path) -> None:
    write_tree(folder, {"amalgamate.toml": CONFIG.replace("a.c", "src/**/*.c"), "src/b.c": "int b;\n"})
    (folder / "src/up").symlink_to("..")
    assert built(folder).count(b"int b;") == 1


def test_a_file_that_may_not_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.c").write_text('#include "h.h"\n')
    (folder / "h.h").write_text("int h;\n")
    (folder / "h.h").chmod(0)
    opened = open

    def as_any_user(path: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if os.path.basename(path) == "h.h":  # noqa: PTH119
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr("builtins.open", as_any_user)  # who runs the tests may be allowed everything
    refused(folder, 3, "h.h: error: cannot read the file: Permission denied\n  hint: check its permissions\n")


def test_text_in_utf_16_is_refused(folder: Path) -> None:
    (folder / "a.c").write_text("int a;\n", encoding="utf-16")
    refused(folder, 3, "a.c: error: the file is UTF-16 text\n  hint: save it as UTF-8\n")


def test_bytes_of_other_encodings_and_nul_are_kept(folder: Path) -> None:
    (folder / "a.c").write_bytes(b'const char a[] = "\xe9";\n/* \0 */ int b;\n')
    assert b'const char a[] = "\xe9";\n/* \0 */ int b;\n' in built(folder)


def test_marks_and_line_ends_of_windows_go(folder: Path) -> None:
    mark = b"\xef\xbb\xbf"
    (folder / "a.c").write_bytes(mark + b'#include "h.h"\r\nint a = ONE;\r\n')
    (folder / "h.h").write_bytes(mark + b"#pragma once\r\n#define ONE \\\r\n  1\r\n")
    text = built(folder)
    assert b"#define ONE \\\n  1\n" in text
    assert not {mark, b"\r"} & {text[at : at + size] for at in range(len(text)) for size in (1, 3)}


def test_names_may_hold_blanks_and_letters_of_every_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CONFIG.replace("a.c", "so urces/*.c")
    files = {"amalgamate.toml": config, "so urces/ä b.c": '#include "h é.h"\nint a;\n', "so urces/h é.h": "int h;\n"}
    monkeypatch.chdir(write_tree(tmp_path / "ünï cödé", files))
    assert "/* >>> so urces/h é.h */\nint h;\n".encode() in built(tmp_path / "ünï cödé")


def test_a_chain_of_300_headers_is_followed_to_its_end(folder: Path) -> None:
    headers = {f"h{n}.h": f'#pragma once\n#include "h{n + 1}.h"\nint v{n};\n' for n in range(299)}
    write_tree(folder, {"a.c": '#include "h0.h"\n', **headers, "h299.h": "#pragma once\nint v299;\n"})
    text = built(folder)
    assert text.index(b"int v299;") < text.index(b"int v0;")


def test_3000_headers_in_one_file_are_read_in_seconds(folder: Path) -> None:
    headers = {f"h{n}.h": f"#ifndef H{n}\n#define H{n}\nint v{n};\n#endif\n" for n in range(3000)}
    write_tree(folder, {"a.c": "".join(f'#include "{name}"\n' for name in headers), **headers})
    started = time.process_time()
    assert built(folder).count(b"\nint v") == 3000
    assert time.process_time() - started < 20


def test_a_thousand_conditions_in_each_other_are_kept(folder: Path) -> None:
    opened = "".join(f'#if X{n}\n#include "h.h"\n' for n in range(1000))
    write_tree(folder, {"a.c": opened + "int a;\n" + "#endif\n" * 1000, "h.h": "#pragma once\nint h;\n"})
    started = time.process_time()
    text = built(folder)
    assert (text.count(b"#if X"), text.count(b"int h;")) == (1000, 1)
    assert time.process_time() - started < 20


def test_macros_that_grow_without_end_are_not_expanded(folder: Path) -> None:
    doubled = "".join(f"#define M{n} (M{n - 1}+M{n - 1})\n" for n in range(1, 64))
    (folder / "a.c").write_text(f"#define M0 1\n{doubled}#if M63\nint a;\n#endif\n#define LONG {'a+' * 500_000}1\n")
    started = time.process_time()
    assert b"int a;\n" in built(folder)
    assert time.process_time() - started < 20


def test_50_megabytes_are_one_file_as_any_other(folder: Path) -> None:
    line = b"1234567, " * 10 + b"\n"
    table = b"const int a[] = {\n" + line * (50_000_000 // len(line)) + b"0};\n"
    (folder / "a.c").write_bytes(table)
    assert built(folder).endswith(b"/* >>> a.c */\n" + table + b"/* <<< a.c */\n")


def test_a_full_disk_leaves_the_old_output(folder: Path) -> None:
    old = built(folder)
    (folder / "a.c").write_text("int b;\n" * 40_000)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(BUILD, cwd=folder, preexec_fn=limit, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"dist/one.c: error: cannot write the file: File too large\n")
    assert (folder / "dist/one.c").read_bytes() == old
    assert written(folder) == ["one.c", "one.c.map.json"]


def test_two_builds_into_one_folder_leave_one_whole_output(folder: Path) -> None:
    (folder / "a.c").write_text("int b;\n" * 2_000)
    whole = built(folder)
    (folder / "dist/one.c").write_bytes(b"")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: subprocess.run(BUILD, cwd=folder, capture_output=True, check=False), range(3)))
    assert [(each.returncode, each.stderr) for each in done] == [(0, b"")] * 3
    assert (folder / "dist/one.c").read_bytes() == whole
    assert written(folder) == ["one.c", "one.c.map.json"]


INTERRUPTED = """
import os, signal
from amalgamate.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
replace = os.replace

def interrupted(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    replace(*arguments)

os.replace = interrupted
main()
"""


def test_an_interrupt_before_the_new_output_is_in_place_leaves_the_old_one(folder: Path) -> None:
    old = built(folder)
    (folder / "a.c").write_text("int b;\n")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "build", "-q"], cwd=folder, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"\n")
    assert (folder / "dist/one.c").read_bytes() == old
    assert written(folder) == ["one.c", "one.c.map.json"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["build", "build --json", "graph", "explain dist/one.c:1", "explain --stdin"])
def test_streams_that_the_caller_has_closed_are_done_without(folder: Path, command: str, closed: str) -> None:
    built(folder)
    line = f"exec {sys.executable} -m amalgamate {command} {closed}"
    done = subprocess.run(["sh", "-c", line], cwd=folder, input="", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_map_of_endless_lists_is_no_map(folder: Path) -> None:
    built(folder)
    (folder / "dist/one.c.map.json").write_text("[" * 100_000)
    result = CliRunner().invoke(cli, ["explain", "dist/one.c:1"])
    message = "dist/one.c.map.json: error: this is no map of an output\n  hint: build again\n"
    assert (result.exit_code, result.stderr) == (3, message)


def test_a_database_of_endless_lists_is_no_database(folder: Path) -> None:
    (folder / "amalgamate.toml").unlink()
    (folder / "compile_commands.json").write_text("[" * 100_000)
    result = CliRunner().invoke(cli, ["init"])
    assert result.exit_code == 3
    assert result.stderr.startswith("compile_commands.json: error: this is no compilation database\n")


def test_a_pattern_of_many_stars_is_matched_at_once(folder: Path) -> None:
    (folder / ("a" * 45)).write_text("")
    (folder / "amalgamate.toml").write_text('[input]\nsources = ["*a*a*a*a*a*a*a*a*a*a*a*a*b.c", "a.c"]\n')
    refused(
        folder,
        2,
        'amalgamate.toml:2: error: no file matches "*a*a*a*a*a*a*a*a*a*a*a*a*b.c"\n'
        "  hint: looked below the folder of the configuration\n",
    )
