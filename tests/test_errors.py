"""How a message reads."""

from __future__ import annotations

from amalgamate.errors import Diagnostic, Location, Severity


def test_a_chain_of_includes_is_told_from_the_inside() -> None:
    chain = (Location("b.h", 2), Location("a.c", 1))
    assert str(Diagnostic(Severity.ERROR, "no", Location("c.h", 3, 1), included_from=chain)) == (
        "c.h:3:1: error: no\n  included from b.h:2\n  included from a.c:1"
    )


def test_a_chain_that_goes_round_is_told_once() -> None:
    round_trip = (Location("b.h", 2), Location("a.h", 4))
    chain = (*round_trip * 100, Location("b.h", 2), Location("a.c", 1))
    assert str(Diagnostic(Severity.ERROR, "no", Location("a.h", 4, 1), "stop", chain)) == (
        "a.h:4:1: error: no\n"
        "  included from b.h:2\n"
        "  included from a.h:4\n"
        "  ... 199 more\n"
        "  included from a.c:1\n"
        "  hint: stop"
    )
