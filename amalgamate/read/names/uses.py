"""Looks at every use of a variable, in all texts and through all macros, for one that may change it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.read.names.changes import Variable, may_change
from amalgamate.read.names.outline import occurrences
from amalgamate.read.names.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from amalgamate.read.names.decorations import Decorations
    from amalgamate.read.names.objects import Object
    from amalgamate.read.names.outline import Outline

_CHANGING = frozenset(
    b"""swap exchange ref tie getline move forward addressof iter_swap from_chars frexp modf remquo time scanf sscanf
    fscanf setjmp sigsetjmp va_start emplace_back emplace forward_as_tuple bind invoke apply async thread""".split()
)
_PARAMETERS = rb"\b%s\s*+\(((?:[^()]|\([^()]*+\))*+)\)"
_REFERENCE = re.compile(rb"(?<!const)[\w>*\s]&&?\s*+\w*\s*+(?:=[^,]*)?(?:,|\Z)")
_PLAIN_READ_BEFORE = re.compile(rb"(?:\breturn|\bcase|\belse|\bif\s*\(|[=<>|^?:;{}!%/])\s*\Z")


class Uses:
    """The texts in which variables may be used."""

    def __init__(self, texts: Sequence[tuple[Outline, bool]], decorations: Decorations) -> None:
        """Take texts, each with whether it is C++."""
        self._texts = texts
        self._decorations = decorations
        self._bound: dict[bytes, bool] = {}
        self._arrays: dict[bytes, bool] = {}

    def may_change(self, found: Object) -> bool:
        """Tell whether some use of a variable of namespace scope may change it."""
        from amalgamate.read.names.declarations import Declaration, syntax  # noqa: PLC0415 - a parser, which most builds do not need

        names = self._decorations.mentioning(found.name) | {found.name}
        for outline, is_cplusplus in self._texts:
            chunks = {chunk for name in names if name in outline.code for chunk in outline.chunks_with(name)}
            for text in {chunk.text for chunk in chunks}:
                plain = self._decorations.undecorated(self._decorations.unfolded(text, names))
                variable = self._variable(found, is_cplusplus=is_cplusplus)
                root = syntax(plain, is_cplusplus=is_cplusplus)
                places = Declaration(plain, is_cplusplus=is_cplusplus).places(found.name)
                offsets = [place.offset for place in places if place.role in (Role.USES, Role.UNSURE)]
                if any(self._changes(root, plain, offset, found.name, variable) for offset in offsets):
                    return True
        return False

    def may_change_local(self, found: Object, *, is_cplusplus: bool) -> bool:
        """Tell whether the function around a variable may change it."""
        from amalgamate.read.names.declarations import syntax  # noqa: PLC0415 - a parser, which most builds do not need

        names = self._decorations.mentioning(found.name) | {found.name}
        text = self._decorations.undecorated(self._decorations.unfolded(found.block, names))
        root = syntax(text, is_cplusplus=is_cplusplus)
        variable = self._variable(found, is_cplusplus=is_cplusplus)
        return any(
            self._changes(root, text, offset, found.name, variable)
            for offset in occurrences(text, found.name)
            if not _is_declared(root, offset, offset + len(found.name))
        )

    def _variable(self, found: Object, *, is_cplusplus: bool) -> Variable:
        return Variable(found.dimensions, found.is_of_pointers, is_cplusplus, self._is_bound, self._is_array)

    def _changes(self, root: Node, text: bytes, offset: int, name: bytes, variable: Variable) -> bool:
        leaf = root.descendant_for_byte_range(offset, offset + len(name))
        if leaf is None or leaf.type == "field_identifier":
            return False
        if any(node.is_error for node in _above(leaf)):
            before, after = text[max(0, offset - 80) : offset], text[offset + len(name) :].lstrip()[:2]
            is_plain = _PLAIN_READ_BEFORE.search(before) is not None and after[:1] in (b"[", b";", b",", b")")
            return not (is_plain and not variable.dimensions)
        return may_change(leaf, variable)

    def _is_bound(self, function: bytes) -> bool:
        """Tell whether a function of the name may take a reference that is not constant."""
        if function not in self._bound:
            self._bound[function] = function in _CHANGING or any(self._parameters_bind(function))
        return self._bound[function]

    def _parameters_bind(self, function: bytes) -> Iterator[bool]:
        own = re.escape(function)
        parameters = re.compile(_PARAMETERS % own)
        object_of_name = re.compile(
            rb"\b" + own + rb"\s*+(?:=|\{)\s*+\[|\(\s*+[*&]\s*+" + own + rb"\s*+\)|[\w>]\s+" + own + rb"\s*+[;,=)]"
        )
        for outline, _ in self._texts:
            if function in outline.code:
                yield object_of_name.search(outline.code) is not None
                for match in parameters.finditer(outline.code):
                    for each in match.group(1).split(b","):
                        yield b"const" not in each and _REFERENCE.search(b" " + each) is not None

    def _is_array(self, member: bytes) -> bool:
        """Tell whether a member of the name may be an array."""
        if member not in self._arrays:
            pattern = re.compile(rb"\b" + re.escape(member) + rb"\s*+\[")
            self._arrays[member] = any(
                member in outline.code and pattern.search(outline.code) is not None for outline, _ in self._texts
            )
        return self._arrays[member]


def _above(leaf: Node) -> Iterator[Node]:
    node: Node | None = leaf
    while node is not None:
        yield node
        node = node.parent


def _is_declared(root: Node, start: int, end: int) -> bool:
    """Tell whether the name at a place is declared there."""
    node = root.descendant_for_byte_range(start, end)
    while node is not None and node.parent is not None:
        parent = node.parent
        if not any(child == node for child in parent.children_by_field_name("declarator")):
            return parent.type == "reference_declarator" and parent.parent is not None
        if parent.type in {"declaration", "parameter_declaration"}:
            return True
        node = parent
    return False
