"""The include graph of a plan, as networkx sees it: order and cycles. For reports, not for building."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.plan.model import Plan
    from amalgamate.read.source import SourceFile


def include_graph(plan: Plan) -> nx.DiGraph[str]:
    """Return the graph with an edge from each file to each project file it includes; nodes are file names."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(unit.file.name for unit in plan.units)
    for include in plan.includes:
        if include.target is not None:
            graph.add_edge(include.includer.name, include.target.name, line=include.line)
    return graph


def cycles(graph: nx.DiGraph[str]) -> list[list[str]]:
    """Return the groups of files that include each other, each sorted, in sorted order."""
    groups = [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return sorted(groups + [[name] for name in nx.nodes_with_selfloops(graph)])


def first_out_of_order(graph: nx.DiGraph[str], completed: Iterable[SourceFile]) -> tuple[str, str] | None:
    """Return a file and one it includes that was completed after it; None where the order is topological.

    Files of one cycle have no order among themselves; cycles as wholes have.
    """
    position = {file.name: index for index, file in enumerate(completed)}
    component = {name: index for index, group in enumerate(nx.strongly_connected_components(graph)) for name in group}
    for includer, included in sorted(graph.edges):
        is_ordered = position.get(included, -1) < position.get(includer, len(position))
        if component[includer] != component[included] and not is_ordered:
            return includer, included
    return None
