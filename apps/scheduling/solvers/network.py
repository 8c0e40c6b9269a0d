"""Street networks: quickest ways between places, and the lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from apps.scheduling.solvers.problem import Matrix

LonLat = tuple[float, float]
UNREACHABLE = 10_000_000  # seconds: larger than any shift, small enough to add up


@dataclass(frozen=True, slots=True)
class Edge:
    """One direction of a street: node to node, its length, the seconds it takes, its line."""

    start: int
    end: int
    metres: float
    seconds: float
    line: tuple[LonLat, ...]


@dataclass(frozen=True)
class Ways:
    """Quickest ways between chosen places of a network."""

    seconds: Matrix  # (places, places)
    metres: Matrix  # (places, places), along the quickest way
    _places: tuple[int, ...]
    _before: NDArray[np.int32]  # (places, nodes): the node before, on the quickest way from each place
    _edges: dict[tuple[int, int], Edge]

    def path(self, start: int, end: int) -> list[LonLat]:
        """The line of the quickest way between two places, given by index; empty when there is none."""
        node, line = self._places[end], []
        while node != self._places[start]:
            before = int(self._before[start, node])
            if before < 0:
                return []
            line.append(self._edges[before, node].line)
            node = before
        return [point for part in reversed(line) for point in part]


def quickest_ways(edges: Sequence[Edge], places: Sequence[int], *, nodes: int) -> Ways:
    """Dijkstra from each place (a node number) over the fastest edge between each pair of nodes."""
    fastest: dict[tuple[int, int], Edge] = {}
    for edge in edges:
        known = fastest.get((edge.start, edge.end))
        if known is None or edge.seconds < known.seconds:
            fastest[edge.start, edge.end] = edge
    starts, ends = [key[0] for key in fastest], [key[1] for key in fastest]
    weights = [max(edge.seconds, 1e-3) for edge in fastest.values()]
    graph = csr_matrix((weights, (starts, ends)), shape=(nodes, nodes))
    seconds, before = dijkstra(graph, indices=list(places), return_predecessors=True)
    table = np.where(np.isfinite(seconds[:, places]), seconds[:, places], UNREACHABLE)
    metres = _metres(before, places, fastest)
    return Ways(np.rint(table).astype(np.int64), metres, tuple(places), before, fastest)


def _metres(before: NDArray[np.int32], places: Sequence[int], edges: dict[tuple[int, int], Edge]) -> Matrix:
    """Lengths along the quickest ways, by walking each of them back."""
    lengths = np.zeros((len(places), len(places)), dtype=np.int64)
    for row, start in enumerate(places):
        for column, end in enumerate(places):
            node, total = end, 0.0
            while node != start and before[row, node] >= 0:
                previous = int(before[row, node])
                total += edges[previous, node].metres
                node = previous
            lengths[row, column] = round(total)
    return lengths
