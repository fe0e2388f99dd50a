"""The macro lattice: branches, joins, definitions."""

from __future__ import annotations

import pytest

from amalgamate.read.macros import Lattice, Macro, Mixed, Refined, State, Value, join, parse_definition

ONE, TWO = Macro(b"N", None, b"1"), Macro(b"N", None, b"2")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([ONE, ONE], ONE),
        ([ONE, TWO], Mixed(is_defined=True, parts=frozenset({ONE, TWO}))),
        ([ONE, State.DEFINED], Mixed(is_defined=True, parts=frozenset({ONE, State.DEFINED}))),
        ([ONE, State.UNDEFINED], Mixed(is_defined=None, parts=frozenset({ONE, State.UNDEFINED}))),
        ([ONE, State.UNKNOWN], Mixed(is_defined=None, parts=frozenset({ONE, State.UNKNOWN}))),
        ([Refined(is_defined=True, value=State.UNKNOWN), State.UNKNOWN], State.UNKNOWN),
        (
            [Refined(is_defined=True, value=State.UNKNOWN), ONE],
            Mixed(is_defined=True, parts=frozenset({ONE, State.UNKNOWN})),
        ),
        ([State.UNDEFINED, State.UNDEFINED], State.UNDEFINED),
    ],
)
def test_what_is_known_behind_alternatives(values: list[Value], expected: Value) -> None:
    assert join(values) == expected


def test_a_branch_starts_from_the_state_before_it_and_leaves_it_behind() -> None:
    lattice: Lattice[bytes] = Lattice({b"N": ONE})
    lattice.open_branch()
    lattice.set(b"N", TWO)
    lattice.set(b"M", ONE)
    assert lattice.get(b"N") == TWO
    assert lattice.close_branch() == {b"N": TWO, b"M": ONE}
    assert (lattice.get(b"N"), lattice.get(b"M")) == (ONE, State.UNKNOWN)


def test_branches_are_joined_with_the_state_of_those_that_did_not_touch_the_name() -> None:
    lattice: Lattice[bytes] = Lattice({b"N": ONE})
    lattice.join([{b"N": TWO}, {}])
    assert lattice.get(b"N") == Mixed(is_defined=True, parts=frozenset({ONE, TWO}))


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (b"N", Macro(b"N", None, b"")),
        (b"N  1 + 2", Macro(b"N", None, b"1 + 2")),
        (b"F(a, ...) a", Macro(b"F", b"a, ...", b"a")),
        (b"F (a) a", Macro(b"F", None, b"(a) a")),
        (b"1", None),
        (b"", None),
    ],
)
def test_definitions(argument: bytes, expected: Macro | None) -> None:
    assert parse_definition(argument) == expected


def test_a_definition_can_be_written_again() -> None:
    assert Macro(b"F", b"a", b"(a)").directive == b"#define F(a) (a)"
    assert Macro(b"N", None, b"").directive == b"#define N"
