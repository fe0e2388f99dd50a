"""What something leads to, directly or through others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

Node = TypeVar("Node")


def closure(starts: Iterable[Node], leads_to: Mapping[Node, AbstractSet[Node]]) -> set[Node]:
    """Return the starts and all that they lead to; what `leads_to` does not know leads nowhere."""
    found = set(starts)
    pending = list(found)
    while pending:
        new = leads_to.get(pending.pop(), frozenset()) - found
        found |= new
        pending.extend(new)
    return found
