"""Tells whether a variable may be changed where it is used: every use that is not seen to be a plain read may.

From the place of a name it climbs to what becomes of the value: an element, a member, an operand, an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node


class Variable(NamedTuple):
    """What is used, and where."""

    dimensions: int
    """Of an array: it decays to a pointer through which it may be changed."""
    is_of_pointers: bool
    is_cplusplus: bool
    is_bound: Callable[[bytes], bool]
    """Whether a function of the name may take a reference that is not constant."""
    is_array_member: Callable[[bytes], bool]


_READING = frozenset(
    {
        "sizeof_expression", "alignof_expression", "decltype", "offsetof_expression", "expression_statement",
        "condition_clause", "if_statement", "while_statement", "do_statement", "for_statement", "switch_statement",
        "case_statement", "array_declarator", "gnu_asm_input_operand", "subscript_designator", "enumerator",
        "bitfield_clause", "static_assert_declaration", "comma_expression", "subscript_argument_list",
        "using_declaration", "unary_expression", "conditional_expression",
    }
)  # fmt: skip
_THROUGH = frozenset({"parenthesized_expression", "cast_expression"})


def may_change(leaf: Node, variable: Variable) -> bool:
    """Tell whether what a name stands for may be changed by the expression that it is in."""
    node, left = leaf, variable.dimensions
    while node.parent is not None:
        step = _step(node.parent, node, left, variable)
        if step is None:
            return _ends_in_change(node.parent, node, variable._replace(dimensions=left))
        node, left = step
    return True


def _step(parent: Node, node: Node, left: int, variable: Variable) -> tuple[Node, int] | None:
    """Return the expression that still stands for the variable or a part of it, and the dimensions of that."""
    kind = parent.type
    is_pointed = kind == "pointer_expression" and parent.children[0].type == "*"
    if kind == "subscript_expression" and (left or _is(parent, node, "argument")):
        return parent, max(left - 1, 0)
    if kind == "subscript_argument_list" and left and parent.parent is not None:
        return parent.parent, left - 1
    if is_pointed:
        return parent, max(left - 1, 0)
    if kind == "field_expression" and _is(parent, node, "argument") and not _is_called(parent):
        field = parent.child_by_field_name("field")
        return parent, int(field is None or variable.is_array_member(field.text or b""))
    is_moved = kind == "binary_expression" and left > 0 and parent.children[1].type in {"+", "-"}
    is_chosen = kind == "conditional_expression" and not _is(parent, node, "condition")
    is_named = kind == "qualified_identifier" and _is(parent, node, "name")
    return (parent, left) if kind in _THROUGH or is_moved or is_chosen or is_named else None


def _is_called(member: Node) -> bool:
    owner = member.parent
    return owner is not None and owner.type == "call_expression" and _is(owner, member, "function")


def _ends_in_change(parent: Node, node: Node, variable: Variable) -> bool:
    """Tell whether the use of the value that `node` is changes it; what is not known here may."""
    kind = parent.type
    is_decaying = variable.dimensions > 0
    ends: dict[str, Callable[[], bool]] = {
        "subscript_expression": lambda: False,
        "field_expression": lambda: _is(parent, node, "argument") and variable.is_cplusplus,
        "binary_expression": lambda: (
            variable.is_cplusplus and parent.children[1].type == ">>" and not _is(parent, node, "left")
        ),
        "assignment_expression": lambda: _is(parent, node, "left") or is_decaying,
        "init_declarator": lambda: not _is(parent, node, "value") or _keeps(parent, variable),
        "initializer_list": lambda: is_decaying or (variable.is_cplusplus and not _fills_numbers(parent)),
        "return_statement": lambda: is_decaying or _returns_reference(parent),
        "argument_list": lambda: _is_passed(parent, variable),
        "for_range_loop": lambda: _is(parent, node, "right") and _loops_by_reference(parent),
    }
    return kind not in _READING and (kind not in ends or ends[kind]())


def _is(parent: Node, node: Node, field: str) -> bool:
    return any(child == node for child in parent.children_by_field_name(field))


def _keeps(declarator: Node, variable: Variable) -> bool:
    """Tell whether what a declaration initialises may change what it is initialised with."""
    inner = declarator.child_by_field_name("declarator")
    owner = declarator.parent
    is_constant = owner is not None and _is_constant(owner)
    if inner is not None and inner.type == "reference_declarator":
        return not is_constant
    if not variable.dimensions:
        return False
    return variable.is_of_pointers or not is_constant


def _is_constant(declaration: Node) -> bool:
    return any(child.type == "type_qualifier" and child.text == b"const" for child in declaration.children)


def _fills_numbers(values: Node) -> bool:
    """Tell whether a list in braces initialises numbers or pointers, not a class that may keep a reference."""
    owner = values.parent
    while owner is not None and owner.type in {"initializer_list", "init_declarator"}:
        declarator = owner.child_by_field_name("declarator")
        if declarator is not None and declarator.type == "reference_declarator":
            return False
        owner = owner.parent
    kind = owner.child_by_field_name("type") if owner is not None else None
    return kind is not None and kind.type in {"primitive_type", "sized_type_specifier"}


def _returns_reference(statement: Node) -> bool:
    node = statement.parent
    while node is not None and node.type not in {"function_definition", "lambda_expression"}:
        node = node.parent
    if node is None:
        return True
    if node.type == "lambda_expression":
        declarator = node.child_by_field_name("declarator")
        return declarator is not None and b"->" in (declarator.text or b"") and b"&" in (declarator.text or b"")
    declarator = node.child_by_field_name("declarator")
    head = (node.text or b"").partition(b"{")[0]
    return (declarator is not None and declarator.type == "reference_declarator") or (
        b"decltype" in head or b"&" in head.partition(b"->")[2]
    )


def _is_passed(arguments: Node, variable: Variable) -> bool:
    """Tell whether an argument may be changed by who takes it."""
    call = arguments.parent
    if variable.dimensions or call is None:
        return True
    if not variable.is_cplusplus:
        return False
    function = call.child_by_field_name("function")
    if call.type != "call_expression" or function is None:
        return True
    if function.type == "primitive_type":
        return False
    while (inner := function.child_by_field_name("name") or function.child_by_field_name("field")) is not None:
        function = inner
    return variable.is_bound(function.text or b"")


def _loops_by_reference(loop: Node) -> bool:
    declarator = loop.child_by_field_name("declarator")
    return declarator is not None and declarator.type == "reference_declarator" and not _is_constant(loop)
