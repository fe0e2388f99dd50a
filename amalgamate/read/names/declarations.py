"""Tells what a name is at each place where it stands in one declaration: the user of tree-sitter.

A declaration at namespace scope (a chunk of `outline`) is parsed alone. For each place the answer is whether the
name is declared there at namespace scope, stands for something declared there or further out, or is something else
altogether: a member, a label, a parameter, a local. Where the parser did not understand the declaration, words
around the name decide, and where they cannot, the answer is that it is not sure.

Why tree-sitter and not libclang: it needs no compiler, no system headers and no complete text, reads both branches
of an `#if` as they stand, always gives a tree, and says where it is in doubt; the same bytes give the same tree on
every machine. Its wheels have 1.1 MB (libclang's 24.5 MB) and it parses 9 to 10 MB a second.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import tree_sitter
import tree_sitter_c
import tree_sitter_cpp

from amalgamate.read.names.declarators import (
    CLASSES,
    argument_count,
    arity,
    has_word,
    is_child,
    is_constant,
    is_scoped,
    leaks,
    name_of,
)
from amalgamate.read.names.outline import occurrences
from amalgamate.read.names.roles import Place, Role, What, looks_declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node


_DECLARATORS = frozenset(
    {
        "pointer_declarator", "reference_declarator", "array_declarator", "function_declarator",
        "parenthesized_declarator", "init_declarator", "attributed_declarator", "template_function",
        "pointer_type_declarator", "structured_binding_declarator", "variadic_declarator", "destructor_name",
        "operator_cast", "qualified_identifier",
    }
)  # fmt: skip
_PARAMETERS = frozenset({"parameter_declaration", "optional_parameter_declaration", "variadic_parameter_declaration"})
_BLOCKS = frozenset(
    {
        "compound_statement", "for_statement", "for_range_loop", "if_statement", "while_statement",
        "switch_statement", "catch_clause", "lambda_expression", "function_definition", "template_declaration",
        "case_statement", "requires_expression",
    }
)  # fmt: skip
_NAMES = frozenset(
    {"identifier", "type_identifier", "namespace_identifier", "field_identifier", "statement_identifier"}
)


class _Rule(NamedTuple):
    """How a node declares what its field names."""

    what: What
    """NONE: a variable or a function, as its declarator says."""
    field: str
    is_parameter: bool = False


_DECLARING = {
    **dict.fromkeys(_PARAMETERS, _Rule(What.VARIABLE, "declarator", is_parameter=True)),
    "type_parameter_declaration": _Rule(What.ALIAS, "", is_parameter=True),
    "variadic_type_parameter_declaration": _Rule(What.ALIAS, "", is_parameter=True),
    "optional_type_parameter_declaration": _Rule(What.ALIAS, "name", is_parameter=True),
    "template_template_parameter_declaration": _Rule(What.ALIAS, "", is_parameter=True),
    "enumerator": _Rule(What.ENUMERATOR, "name"),
    "type_definition": _Rule(What.ALIAS, "declarator"),
    "alias_declaration": _Rule(What.ALIAS, "name"),
    "namespace_alias_definition": _Rule(What.ALIAS, "name"),
    "concept_definition": _Rule(What.ALIAS, "name"),
    "using_declaration": _Rule(What.USING, ""),
    "lambda_capture_initializer": _Rule(What.VARIABLE, "left", is_parameter=True),
    "declaration": _Rule(What.NONE, "declarator"),
    "field_declaration": _Rule(What.NONE, "declarator"),
    "function_definition": _Rule(What.NONE, "declarator"),
    "for_range_loop": _Rule(What.NONE, "declarator"),
}


class _Scope(NamedTuple):
    """Where a local name hides what is further out."""

    start: int
    end: int
    is_tag: bool


@lru_cache(maxsize=2)
def _parser(*, is_cplusplus: bool) -> tree_sitter.Parser:
    language = tree_sitter_cpp.language() if is_cplusplus else tree_sitter_c.language()
    return tree_sitter.Parser(tree_sitter.Language(language))


def syntax(text: bytes, *, is_cplusplus: bool) -> Node:
    """Return the root of a text's tree."""
    return _parser(is_cplusplus=is_cplusplus).parse(text).root_node


class Declaration:
    """One declaration at namespace scope, parsed."""

    def __init__(self, text: bytes, *, is_cplusplus: bool) -> None:
        """Parse `text`, which has blanks for directives and comments."""
        self._text = text
        self._is_cplusplus = is_cplusplus
        self._root = syntax(text, is_cplusplus=is_cplusplus)

    @property
    def is_understood(self) -> bool:
        """Whether the parser made sense of all of it."""
        return not self._root.has_error

    def places(self, name: bytes) -> list[Place]:
        """Return what the name is wherever it stands in the declaration, by offset."""
        found: list[Place] = []
        scopes: list[_Scope] = []
        for offset in occurrences(self._text, name):
            path = self._path(offset, offset + len(name))
            if path[-1].type not in _NAMES:
                if path[-1].is_error or self._root.has_error:
                    found.append(self._guessed(offset, name))
                continue
            place, scope = _Reader(path, self._is_cplusplus).read(offset)
            if scope is not None:
                scopes.append(scope)
            found.append(place)
        found = [self._hidden(place, scopes) for place in found]
        return [self._checked(place, name) for place in found] if self._root.has_error else found

    def _path(self, start: int, end: int) -> list[Node]:
        """Return the nodes from the root to the one that the bytes are."""
        cursor = self._root.walk()
        path = [self._root]
        while cursor.goto_first_child_for_byte(start) is not None:
            node = cursor.node
            if node is None or node.start_byte > start:
                break
            path.append(node)
            if node.start_byte == start and node.end_byte == end and not node.child_count:
                break
        return path

    def _hidden(self, place: Place, scopes: Sequence[_Scope]) -> Place:
        if place.role is not Role.USES or place.qualifier is not None:
            return place
        is_tag = place.is_tag and not self._is_cplusplus
        if any(scope.start <= place.offset < scope.end and scope.is_tag == is_tag for scope in scopes):
            return place._replace(role=Role.OTHER)
        return place

    # Without a sound tree

    def _guessed(self, offset: int, name: bytes) -> Place:
        return self._checked(Place(offset, Role.USES), name)

    def _checked(self, place: Place, name: bytes) -> Place:
        """Doubt what a broken tree says of a place, unless the words around it say the same."""
        before = self._text[max(0, place.offset - 200) : place.offset].rstrip()
        after = self._text[place.offset + len(name) : place.offset + len(name) + 40].lstrip()
        if before.endswith(b"->") and re.match(rb"\s*+(?:explicit\s++)?" + re.escape(name) + rb"\s*+\(", self._text):
            return place._replace(role=Role.USES)  # what a deduction guide deduces
        if before.endswith((b".", b"->")) and not before.endswith(b"..."):
            return place._replace(role=Role.OTHER)
        depth = self._text.count(b"{", 0, place.offset) - self._text.count(b"}", 0, place.offset)
        if depth == 0:
            return place
        if place.role is Role.USES and (after.startswith(b"(") or not looks_declared(before, after)):
            return place
        return place._replace(role=Role.UNSURE)


class _Reader:
    """Reads the role of a leaf off the path that leads to it."""

    def __init__(self, path: Sequence[Node], is_cplusplus: bool) -> None:
        self._path = path
        self._leaf = path[-1]
        self._is_cplusplus = is_cplusplus

    def read(self, offset: int) -> tuple[Place, _Scope | None]:
        """Return the place, and the scope that it opens where it declares a local."""
        place = Place(offset, Role.USES, classes=tuple(self._classes()), qualifier=self._qualifier())
        parent = self._path[-2]
        if any(node.is_error for node in self._path):
            return place, None
        if self._leaf.type == "statement_identifier":
            return place._replace(role=Role.OTHER), None
        if self._is_field():
            return place._replace(role=Role.OTHER, is_member=self._declares_field()), None
        if parent.type in CLASSES | {"enum_specifier"} and self._is_named_by(parent, "name"):
            return self._read_tag(place, parent)
        if parent.type == "call_expression" and self._is_named_by(parent, "function"):
            place = place._replace(arity=argument_count(parent.child_by_field_name("arguments")))
        return self._read_declarator(place)

    def _is_named_by(self, parent: Node, field: str) -> bool:
        named = parent.child_by_field_name(field)
        return named is not None and named.start_byte <= self._leaf.start_byte < named.end_byte

    def _is_field(self) -> bool:
        return self._leaf.type == "field_identifier" and self._path[-2].type != "field_initializer"

    def _declares_field(self) -> bool:
        index = len(self._path) - 2
        while self._path[index].type in _DECLARATORS:
            index -= 1
        return self._path[index].type in {"field_declaration", "function_definition", "declaration"}

    def _qualifier(self) -> tuple[bytes, ...] | None:
        """Return the scopes named before the leaf; None where it is not qualified, or is itself the first scope."""
        scopes: list[bytes] = []
        is_qualified = False
        for node in self._path[:-1]:
            if node.type == "template_argument_list":
                scopes, is_qualified = [], False
            if node.type != "qualified_identifier":
                continue
            scope = node.child_by_field_name("scope")
            if scope is not None and scope.start_byte <= self._leaf.start_byte < scope.end_byte:
                continue
            is_qualified = True
            if scope is not None and scope.text is not None:
                scopes.append(re.sub(rb"<.*", b"", scope.text, flags=re.DOTALL).strip())
        if self._path[-2].type == "nested_namespace_specifier":
            return None
        return tuple(scopes) if is_qualified else None

    def _classes(self) -> Iterator[bytes]:
        """Yield the classes around the leaf: those it is inside of, and that of a member defined outside."""
        for node in reversed(self._path[:-1]):
            if node.type in CLASSES:
                body = node.child_by_field_name("body")
                name = node.child_by_field_name("name")
                if body is not None and body.start_byte <= self._leaf.start_byte < body.end_byte:
                    yield name_of(name)
            elif node.type == "function_definition":
                yield from self._owners(node)

    def _owners(self, function: Node) -> Iterator[bytes]:
        node = function.child_by_field_name("declarator")
        while node is not None and node.type != "qualified_identifier":
            inner = node.child_by_field_name("declarator")
            if inner is None:
                inner = next(
                    (child for child in node.named_children if child.type.endswith(("declarator", "identifier"))), None
                )
            node = inner
        scopes = []
        while node is not None and node.type == "qualified_identifier":
            name = node.child_by_field_name("name")
            if (
                name is not None
                and name.start_byte <= self._leaf.start_byte < name.end_byte
                and name.type != "qualified_identifier"
            ):
                return
            scopes.append(name_of(node.child_by_field_name("scope")))
            node = name
        yield from reversed(scopes)

    def _read_tag(self, place: Place, specifier: Node) -> tuple[Place, _Scope | None]:
        has_body = specifier.child_by_field_name("body") is not None
        owner = self._path[-3]
        is_alone = owner.type in {"declaration", "translation_unit", "field_declaration"} and not any(
            owner.children_by_field_name("declarator")
        )
        place = place._replace(is_tag=True, what=What.TAG, is_definition=has_body)
        if not (has_body or (is_alone and not self._is_friend())):
            return place, None
        return self._declared(place, len(self._path) - 2)

    def _is_friend(self) -> bool:
        return any(node.type == "friend_declaration" for node in self._path)

    def _read_declarator(self, place: Place) -> tuple[Place, _Scope | None]:
        """Climb from the leaf to the declaration whose declarator it is in, if it is in one."""
        index = len(self._path) - 2
        while index > 0 and self._path[index].type in _DECLARATORS:
            node, inner = self._path[index], self._path[index + 1]
            if node.type in {"qualified_identifier", "template_function"}:
                if not is_child(node, inner, "name"):
                    return place, None
            elif node.type != "structured_binding_declarator" and node.type not in {
                "parenthesized_declarator", "reference_declarator", "destructor_name", "variadic_declarator",
                "attributed_declarator",
            } and not is_child(node, inner, "declarator"):  # fmt: skip
                return place, None
            index -= 1
        return self._read_declaration(place, index)

    def _read_declaration(self, place: Place, index: int) -> tuple[Place, _Scope | None]:
        node, inner = self._path[index], self._path[index + 1]
        rule = _DECLARING.get(node.type)
        if rule is None or (rule.field and not is_child(node, inner, rule.field)):
            return place, None
        if rule.what is What.NONE:
            return self._read_variable(place, index)
        if rule.what is What.USING:
            if any(child.type == "namespace" for child in node.children):  # a directive declares no name
                return place, None
            if place.qualifier and place.qualifier[-1] == self._leaf.text:  # it inherits constructors
                return self._declared_elsewhere(place), None
            place = place._replace(qualifier=None)
        declared = place._replace(what=rule.what, is_definition=not rule.is_parameter)
        return self._declared(declared, index, is_parameter=rule.is_parameter)

    def _read_variable(self, place: Place, index: int) -> tuple[Place, _Scope | None]:
        declarators = self._path[index + 1 : -1]
        node = self._path[index]
        is_function = any(each.type == "function_declarator" for each in declarators[-1:]) or any(
            each.type == "function_declarator" and each.child_by_field_name("declarator") == declarators[position + 1]
            for position, each in enumerate(declarators[:-1])
            if declarators[position + 1].type in {"qualified_identifier", "destructor_name", "template_function"}
        )
        place = place._replace(
            what=What.FUNCTION if is_function else What.VARIABLE,
            is_definition=node.type == "function_definition" or not is_function,
            is_constant=not is_function and is_constant(node, declarators),
            arity=arity(declarators) if is_function else None,
        )
        if self._is_friend():
            return place._replace(role=Role.DECLARES), None
        if self._is_block(index) and (is_function or has_word(node, b"extern")):
            return place, None  # names what is declared at namespace scope
        if node.type == "function_definition" and self._path[index - 1].type == "translation_unit":
            return self._declared(place, index)
        if node.type == "declaration" and self._path[index - 1].type == "function_definition":
            return self._declared(place, index, is_parameter=True)  # before C89: f(a) int a; {...}
        return self._declared(place, index)

    def _is_block(self, index: int) -> bool:
        return any(node.type == "compound_statement" for node in self._path[:index])

    def _declared(self, place: Place, index: int, *, is_parameter: bool = False) -> tuple[Place, _Scope | None]:
        """Return the place as a declaration in the scope around the node at `index` of the path."""
        if place.qualifier is not None and not is_parameter:
            return self._declared_elsewhere(place), None
        outer = self._scope_of(index, is_parameter=is_parameter)
        if outer is None:
            return place._replace(role=Role.DECLARES), None
        is_member = outer.type in CLASSES
        if is_member and place.classes and self._leaf.text == place.classes[0]:
            return place._replace(role=Role.USES), None  # a constructor or a destructor
        start = outer.start_byte if is_parameter else place.offset
        node = self._path[index]
        if node.type == "lambda_capture_initializer":
            start = self._path[index - 1].end_byte
        elif node.type == "for_range_loop":
            body = node.child_by_field_name("body")
            return place._replace(role=Role.OTHER), _Scope(body.start_byte if body else start, node.end_byte, False)
        if is_member:
            body = outer.child_by_field_name("body")
            start = body.start_byte if body is not None else start
        is_tag = place.is_tag and not self._is_cplusplus
        scope = _Scope(start, outer.end_byte, is_tag)
        return place._replace(role=Role.OTHER, is_member=is_member), scope

    def _declared_elsewhere(self, place: Place) -> Place:
        """Return `X::name` where it is declared: it names what X holds."""
        if place.qualifier and place.qualifier[-1] == self._leaf.text:
            return place._replace(role=Role.USES, qualifier=place.qualifier[:-1] or None)  # a constructor
        return place

    def _scope_of(self, index: int, *, is_parameter: bool) -> Node | None:
        """Return the block, class or prototype that a declaration belongs to; None for namespace scope."""
        is_enumerator = self._path[index].type == "enumerator"
        for position in range(index - 1, 0, -1):
            node = self._path[position]
            if is_parameter and node.type in {"function_declarator", "abstract_function_declarator"}:
                owner = self._owner_of_parameters(position)
                return owner if owner is not None else node
            if is_parameter and node.type in _BLOCKS:
                return node
            if node.type in CLASSES and (self._is_cplusplus or not (leaks(self._path[index]) or is_enumerator)):
                return node
            if is_enumerator and node.type == "enum_specifier" and is_scoped(node):
                return node
            if not is_parameter and node.type in _BLOCKS - {"template_declaration", "function_definition"}:
                return node
        return None

    def _owner_of_parameters(self, position: int) -> Node | None:
        """Return the function whose parameters the declarator at `position` holds, where it has a body."""
        for node in reversed(self._path[:position]):
            if node.type in {"function_definition", "lambda_expression", "catch_clause", "template_declaration"}:
                return node
            if node.type in _PARAMETERS or node.type not in _DECLARATORS:
                return None
        return None
