"""Assign a rank (layer) to each node so that every edge leads to a later rank and the total edge length is minimal.

Most of a plan consists of chains, trees and diamonds. Those are contracted first (`_Contraction`), each step preserving
the optimum; network simplex ranks only the remaining core.
"""

from collections.abc import Sequence

from hottui.graph.layout.network_simplex import simplex
from hottui.graph.layout_progress import OnProgress

_SEVERAL = 1_000
"""Largest number of nodes for which several choices of edges to reverse are tried."""


def reversed_edges(n: int, sources: Sequence[int], targets: Sequence[int]) -> list[list[bool]]:
    """Return choices of edges to reverse: for each edge whether to reverse it, which makes the graph acyclic.

    There is one choice for an acyclic or very large graph. Takes no self-loops.
    """
    outgoing: list[list[int]] = [[] for _ in range(n)]
    missing = [0] * n
    for edge, source in enumerate(sources):
        outgoing[source].append(edge)
        missing[targets[edge]] += 1
    starts = [node for node in range(n) if not missing[node]]
    ready = list(starts)
    done = 0
    while ready:
        node = ready.pop()
        done += 1
        for edge in outgoing[node]:
            missing[targets[edge]] -= 1
            if not missing[targets[edge]]:
                ready.append(targets[edge])
    if done == n:
        return [[False] * len(sources)]
    choices = [_back_edges(n, starts, outgoing, targets)]
    if n <= _SEVERAL:
        # Which choice needs fewer crossings depends on the graph.
        choices.append(_back_edges(n, [], outgoing, targets))
    return choices


def _back_edges(n: int, starts: list[int], outgoing: list[list[int]], targets: Sequence[int]) -> list[bool]:
    """Search depth-first from `starts`, then from unreached nodes: edges to a node on the stack are to be reversed."""
    unseen, is_open, closed = 0, 1, 2
    state = [unseen] * n
    is_reversed = [False] * len(targets)
    for start in [*starts, *range(n)]:
        if state[start] != unseen:
            continue
        state[start] = is_open
        stack = [(start, iter(outgoing[start]))]
        while stack:
            node, edges = stack[-1]
            edge = next(edges, None)
            if edge is None:
                state[node] = closed
                stack.pop()
                continue
            target = targets[edge]
            if state[target] == is_open:
                is_reversed[edge] = True
            elif state[target] == unseen:
                state[target] = is_open
                stack.append((target, iter(outgoing[target])))
    return is_reversed


def assign_ranks(
    n: int, tails: Sequence[int], heads: Sequence[int], on_progress: OnProgress, *, contracted: bool = True
) -> list[int]:
    """Return the rank of each node of a connected acyclic graph without self-loops; ranks begin at 0.

    Without contraction it takes longer and often gives other ranks, with the same total length.
    """
    if not contracted:
        layer = simplex(n, [(tail, head, 1, 1) for tail, head in zip(tails, heads, strict=True)], on_progress)
        first = min(layer)
        return [value - first for value in layer]
    folding = _Contraction(n, tails, heads)
    core, edges = folding.core()
    found = simplex(len(core), edges, on_progress)
    layer = [0] * n
    for node, value in zip(core, found, strict=True):
        layer[node] = value
    folding.unfold(layer)
    first = min(layer)
    return [value - first for value in layer] if first else layer


class _Contraction:
    """A graph from which nodes with one neighbour, or with one incoming and one outgoing edge, are removed.

    `outgoing[u][v]` is (minimum length, weight) of the edge from u to v. Edges that become parallel are merged into one
    with the greater length and the sum of the weights.
    """

    def __init__(self, n: int, tails: Sequence[int], heads: Sequence[int]) -> None:
        self.outgoing: list[dict[int, tuple[int, int]]] = [{} for _ in range(n)]
        self.incoming: list[dict[int, tuple[int, int]]] = [{} for _ in range(n)]
        self.left = n
        self.folded: list[tuple[int, int, int]] = []
        """(node, anchor, distance), in the order of removal; nodes are restored in reverse order."""
        self.alive = [True] * n
        for tail, head in zip(tails, heads, strict=True):
            self._join(tail, head, 1, 1)
        waiting = list(range(n))
        while waiting:
            node = waiting.pop()
            if self.alive[node] and self.left > 1:
                waiting += self._fold(node)

    def _join(self, tail: int, head: int, length: int, weight: int) -> None:
        known = self.outgoing[tail].get(head)
        if known is not None:
            length, weight = max(length, known[0]), weight + known[1]
        self.outgoing[tail][head] = self.incoming[head][tail] = (length, weight)

    def _fold(self, node: int) -> tuple[int, ...]:
        """Remove `node` if that preserves the optimum; return the nodes to examine again."""
        ins, outs = self.incoming[node], self.outgoing[node]
        if len(ins) + len(outs) == 1:
            if ins:
                ((anchor, (length, _)),) = ins.items()
                del self.outgoing[anchor][node]
                self._take(node, anchor, length)
            else:
                ((anchor, (length, _)),) = outs.items()
                del self.incoming[anchor][node]
                self._take(node, anchor, -length)
            return (anchor,)
        if len(ins) == 1 and len(outs) == 1:
            ((tail, (before, pull_back)),) = ins.items()
            ((head, (after, pull_on)),) = outs.items()
            del self.outgoing[tail][node], self.incoming[head][node]
            if pull_back > pull_on:
                self._take(node, tail, before)
            else:
                # With equal weights any rank between is optimal. A late one lets the tail's edges share one line.
                self._take(node, head, -after)
            self._join(tail, head, before + after, min(pull_back, pull_on))
            return (tail, head)
        return ()

    def _take(self, node: int, anchor: int, distance: int) -> None:
        self.folded.append((node, anchor, distance))
        self.alive[node] = False
        self.left -= 1

    def core(self) -> tuple[list[int], list[tuple[int, int, int, int]]]:
        """Return the remaining nodes, and edges as (tail, head, minimum length, weight) with indices into the nodes."""
        nodes = [node for node, alive in enumerate(self.alive) if alive]
        place = {node: position for position, node in enumerate(nodes)}
        edges = [
            (place[tail], place[head], length, weight)
            for tail in nodes
            for head, (length, weight) in self.outgoing[tail].items()
        ]
        return nodes, edges

    def unfold(self, layer: list[int]) -> None:
        """Assign ranks to the removed nodes."""
        for node, anchor, distance in reversed(self.folded):
            layer[node] = layer[anchor] + distance
