"""Lists are put into a configuration's text; everything else in it stays as it was."""

from __future__ import annotations

import pytest

from amalgamate.write.settings import with_lists


@pytest.mark.parametrize(
    ("text", "entries", "expected"),
    [
        ("", ["x"], '[t]\nk = [\n  "x",\n]\n'),
        ("# head\n[u]\na = 1\n", ["x"], '# head\n[u]\na = 1\n\n[t]\nk = [\n  "x",\n]\n'),
        ("[t] # why\nb = 2\n\n[u]\n", ["x"], '[t] # why\nb = 2\nk = [\n  "x",\n]\n\n[u]\n'),
        (
            '[t]\nk = [\n  "x",  # stays\n  "y",\n]\n# tail\n',
            ["x", "z"],
            '[t]\nk = [\n  "x",  # stays\n  "z",\n]\n# tail\n',
        ),
        ('[t]\nk = ["x", "y"] # both\n', ["x", "y"], '[t]\nk = ["x", "y"] # both\n'),
        ('[t]\nk = ["x"]\nb = 1\n', [], "[t]\nb = 1\n"),
        ("t = { b = 1 }\n", ["x"], 't = { b = 1, k = [\n  "x",\n]}\n'),
        ("[u]\r\na = 1\r\n", ["x"], '[u]\r\na = 1\r\n\r\n[t]\r\nk = [\r\n  "x",\r\n]\r\n'),
    ],
)
def test_a_list_stands_in_its_table(text: str, entries: list[str], expected: str) -> None:
    assert with_lists(text, "t", {"k": entries}) == expected
