"""Small questions to the nodes of a parsed declaration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

CLASSES = frozenset({"struct_specifier", "union_specifier", "class_specifier"})
MANY = 1 << 30
"""How many arguments a function takes that has no limit."""


def leaks(node: Node) -> bool:
    """Tell whether what a node declares inside a struct is visible outside, in C: a tag, an enumerator."""
    return node.type in CLASSES | {"enum_specifier", "enumerator"}


def argument_count(arguments: Node | None) -> tuple[int, int] | None:
    """Return how many arguments a call has, twice; None where it has no list of them."""
    if arguments is None:
        return None
    count = sum(child.type != "comment" for child in arguments.named_children)
    return count, count


def arity(declarators: Sequence[Node]) -> tuple[int, int] | None:
    """Return how few and how many arguments the function takes that the declarators declare."""
    inner = next(each for each in reversed(declarators) if each.type == "function_declarator")
    return _parameter_count(inner.child_by_field_name("parameters"))


def _parameter_count(parameters: Node | None) -> tuple[int, int] | None:
    """Return how few and how many arguments a list of parameters takes."""
    if parameters is None:
        return None
    kinds = [child.type for child in parameters.named_children if child.type != "comment"]
    if len(kinds) == 1 and parameters.named_children[0].text == b"void":
        return 0, 0
    is_open = any(child.type == "..." for child in parameters.children) or any("variadic" in kind for kind in kinds)
    least = sum(kind == "parameter_declaration" for kind in kinds)
    return least, MANY if is_open else len(kinds)


def is_child(node: Node, inner: Node, field: str) -> bool:
    """Tell whether `inner` is what a field of the node holds."""
    return any(child == inner for child in node.children_by_field_name(field))


def is_scoped(enumeration: Node) -> bool:
    """Tell whether an enumeration keeps its enumerators to itself: `enum class`."""
    return any(child.type in {"class", "struct"} for child in enumeration.children)


def name_of(node: Node | None) -> bytes:
    """Return the text of a name without its template arguments."""
    text = node.text if node is not None else None
    return re.sub(rb"<.*", b"", text, flags=re.DOTALL).strip() if text else b""


def has_word(node: Node, word: bytes) -> bool:
    """Tell whether a declaration has a storage class, as `extern`."""
    return any(child.text == word for child in node.children if child.type == "storage_class_specifier")


def is_constant(node: Node, declarators: Sequence[Node]) -> bool:
    """Tell whether a variable is itself `const`: behind its last asterisk, or without one."""
    pointers = [each for each in declarators if each.type == "pointer_declarator"]
    holder = pointers[-1] if pointers else node
    words = {child.text for child in holder.children if child.type == "type_qualifier"}
    first = {child.text for child in node.children if child.type == "type_qualifier"}
    return b"const" in words or b"constexpr" in first
