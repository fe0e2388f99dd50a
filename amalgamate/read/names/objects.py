"""Finds the objects of internal linkage that a declaration makes, and what makes copies of them differ from one.

An object is taken for state unless it is seen to be none: a constant all the way, with an initialiser that calls
nothing and of a type that cannot change, is none.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.names.classes import Classes, Nature
from amalgamate.read.names.declarators import CLASSES, has_word, is_constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node


class Sharing(IntEnum):
    """When a copy for each source file differs from one for all."""

    NEVER = 0
    WRITTEN = 1
    """Where somebody changes it."""
    USED = 2
    """Where two use it: how it changes is not seen."""
    ALWAYS = 3
    """Where two have it: making it does something."""


class Object(NamedTuple):
    """A variable that each source file has for itself."""

    name: bytes
    sharing: Sharing
    dimensions: int
    """Of an array; 0 for what is none."""
    is_of_pointers: bool
    """It is an array of pointers."""
    block: bytes
    """The text of the function around it; empty for one at namespace scope."""


_WRAPPERS = frozenset(
    {
        "init_declarator", "pointer_declarator", "array_declarator", "reference_declarator", "function_declarator",
        "parenthesized_declarator", "attributed_declarator",
    }
)  # fmt: skip
_DECLARING = frozenset({"declaration", "field_declaration"})
_FUNCTIONS = frozenset({"function_definition", "lambda_expression"})
_BUILT_IN = frozenset({"primitive_type", "sized_type_specifier", "enum_specifier"})
_THREAD = re.compile(rb"\b(?:_Thread_local|__thread)\b")
_OF_COMPILERS = re.compile(rb"\b(?:__typeof__|__typeof|typeof|_Atomic)\s*+\([^()]*+\)")
"""What the parser does not know for a type."""
_ACTING = frozenset({"new_expression", "assignment_expression", "update_expression", "throw_statement"})


class _Context(NamedTuple):
    """What a node stands in."""

    is_internal: bool
    """What is defined here is each source file's own."""
    is_template: bool
    in_class: bool
    block: Node | None
    """The function around it."""


def objects(text: bytes, classes: Classes, *, is_cplusplus: bool, is_unnamed: bool) -> Iterator[Object]:
    """Yield the objects of internal linkage in one declaration at namespace scope, those that never matter left out."""
    from amalgamate.read.names.declarations import syntax  # noqa: PLC0415 - a parser, which most builds do not need

    root = syntax(_OF_COMPILERS.sub(b" int ", _THREAD.sub(b" ", text)), is_cplusplus=is_cplusplus)
    finder = _Finder(classes, is_cplusplus=is_cplusplus)
    stack = [(root, _Context(is_unnamed, is_template=False, in_class=False, block=None))]
    while stack:
        node, context = stack.pop()
        if node.type in _DECLARING and finder.is_own(node, context):
            for each in finder.declared(node, context):
                if each.sharing is not Sharing.NEVER:
                    yield each
        inner = _inside(node, context)
        if inner is not None:
            stack += [(child, inner) for child in reversed(node.named_children)]


def _inside(node: Node, context: _Context) -> _Context | None:
    """Return what the children of a node stand in; None where nothing in there is each source file's own."""
    if node.type == "template_declaration":
        return context._replace(is_template=True)
    if node.type in CLASSES:
        return context._replace(in_class=True) if context.is_internal else None
    if node.type in _FUNCTIONS:
        is_static = has_word(node, b"static") and not context.in_class
        is_internal = context.is_internal or is_static
        return _Context(is_internal=True, is_template=False, in_class=False, block=node) if is_internal else None
    return context


class _Finder:
    def __init__(self, classes: Classes, *, is_cplusplus: bool) -> None:
        self._classes = classes
        self._is_cplusplus = is_cplusplus

    def is_own(self, node: Node, context: _Context) -> bool:
        """Tell whether each source file has for itself what the node declares."""
        is_static = has_word(node, b"static")
        if has_word(node, b"extern"):
            return False
        if context.block is not None or context.in_class:
            return context.is_internal and (is_static or (has_word(node, b"thread_local") and not context.in_class))
        if is_static or context.is_internal:
            return True
        is_first_constant = any(child.text in (b"const", b"constexpr") for child in _qualifiers(node))
        is_shared = context.is_template or has_word(node, b"inline")
        return self._is_cplusplus and not is_shared and (is_first_constant or b"const" in (node.text or b""))

    def declared(self, node: Node, context: _Context) -> Iterator[Object]:
        """Yield what a declaration declares, functions left out."""
        for declarator in node.children_by_field_name("declarator"):
            wrappers = list(_unwrapped(declarator))
            name = wrappers.pop()
            kinds = [each.type for each in wrappers if each.type not in {"init_declarator", "parenthesized_declarator"}]
            if name.text is None or kinds[-1:] == ["function_declarator"] or name.type == "qualified_identifier":
                continue
            value = declarator.child_by_field_name("value") or node.child_by_field_name("default_value")
            is_fixed = is_constant(node, wrappers) or "reference_declarator" in kinds
            if context.block is None and not (is_fixed or context.is_internal or has_word(node, b"static")):
                continue
            sharing = self._sharing(node, kinds, value, is_fixed=is_fixed)
            if context.in_class and sharing is Sharing.WRITTEN:
                sharing = Sharing.USED
            yield Object(
                name.text,
                sharing,
                dimensions=kinds.count("array_declarator") + self._classes.is_array(_type_name(node)),
                is_of_pointers="pointer_declarator" in kinds,
                block=(context.block.text or b"") if context.block else b"",
            )

    def _sharing(self, node: Node, kinds: Sequence[str], value: Node | None, *, is_fixed: bool) -> Sharing:
        if value is not None and self._has_state(value):
            return Sharing.USED
        least = Sharing.NEVER if is_fixed else Sharing.WRITTEN
        if any(each.text == b"constexpr" for each in _qualifiers(node)):
            return Sharing.NEVER
        if not self._is_cplusplus:
            return least
        if value is not None and self._does_something(value):
            return Sharing.ALWAYS
        return max(least, self._of_type(node, kinds, is_fixed=is_fixed))

    def _of_type(self, node: Node, kinds: Sequence[str], *, is_fixed: bool) -> Sharing:
        if "pointer_declarator" in kinds or "reference_declarator" in kinds:
            return Sharing.NEVER
        nature = self._nature(node)
        if nature is Nature.ACTIVE:
            return Sharing.ALWAYS
        is_changing = nature is Nature.UNKNOWN or (nature is Nature.VALUE and not is_fixed)
        return Sharing.USED if is_changing else Sharing.NEVER

    def _nature(self, node: Node) -> Nature:
        kind = node.child_by_field_name("type")
        if kind is None or kind.type in _BUILT_IN or kind.type == "placeholder_type_specifier":
            return Nature.PLAIN
        if kind.type in CLASSES and kind.child_by_field_name("name") is None:
            return Nature.UNKNOWN if b"(" in (kind.text or b"") else Nature.PLAIN
        named = kind.child_by_field_name("name") if kind.type in CLASSES else kind
        return self._classes.nature((named.text if named is not None else None) or b"")

    @staticmethod
    def _has_state(value: Node) -> bool:
        """Tell whether an initialiser holds state of its own: a functor that changes, an object without a name."""
        for node in _below(value):
            if node.type == "lambda_expression":
                text = node.text or b""
                if b"mutable" in text or any(
                    each.type == "declaration" and has_word(each, b"static") for each in _below(node)
                ):
                    return True
            if node.type == "compound_literal_expression" and b"const" not in (node.text or b"").partition(b"{")[0]:
                before = node.prev_sibling
                parent = node.parent
                if b"[" in (node.text or b"").partition(b"{")[0] or (
                    before is not None and before.type == "&" and parent is not None
                ):
                    return True
        return False

    def _does_something(self, value: Node) -> bool:
        """Tell whether an initialiser calls what may do more than give a value."""
        stack = [value]
        while stack:
            node = stack.pop()
            if node.type in _ACTING:
                return True
            if node.type == "call_expression" and not self._is_pure(node.child_by_field_name("function")):
                return True
            if node.type != "lambda_expression":
                stack += node.named_children
        return False

    def _is_pure(self, function: Node | None) -> bool:
        if function is None or function.type == "lambda_expression":
            return False
        if function.type == "primitive_type":
            return True
        name = function
        while (inner := name.child_by_field_name("name") or name.child_by_field_name("field")) is not None:
            name = inner
        return self._classes.is_pure(name.text or b"")


def _type_name(declaration: Node) -> bytes:
    kind = declaration.child_by_field_name("type")
    return (kind.text or b"") if kind is not None and kind.type not in CLASSES else b""


def _qualifiers(node: Node) -> list[Node]:
    return [child for child in node.children if child.type == "type_qualifier"]


def _unwrapped(declarator: Node) -> Iterator[Node]:
    """Yield a declarator and those inside of it, down to the name."""
    node: Node | None = declarator
    while node is not None:
        yield node
        if node.type not in _WRAPPERS:
            return
        inner = node.child_by_field_name("declarator")
        node = inner or next((child for child in node.named_children if child.type != "type_qualifier"), None)


def _below(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        stack += each.named_children
