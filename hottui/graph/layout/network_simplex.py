"""Network simplex: minimise the weighted total length of the edges.

A tree of tight edges spans the graph. `pull[v]` is the cut value of the tree edge above v: the weight of edges out of
the subtree of v minus that of edges into it. While lengthening a tree edge would gain, it is exchanged for the tightest
edge in the other direction (Gansner, Koutsofios, North, Vo 1993). A pivot touches only the subtree that moves.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

from hottui.graph.layout_progress import OnProgress

_WORK = 500_000
"""Limit on the total number of node moves; the ranking found by then is used."""


def simplex(n: int, edges: Sequence[tuple[int, int, int, int]], on_progress: OnProgress) -> list[int]:
    """Return the rank of each node of a connected acyclic graph, not normalised.

    `edges` are (tail, head, minimum length, weight).
    """
    if n <= 1:
        return [0] * n
    tree = _Tree(n, edges)
    tree.span()
    pivots = 0
    while tree.work < _WORK and tree.pivot():
        pivots += 1
        if not pivots % 64:
            on_progress("layers", tree.work / _WORK)
    return tree.rank


class _Tree:
    def __init__(self, n: int, edges: Sequence[tuple[int, int, int, int]]) -> None:
        self.n = n
        self.tails = [edge[0] for edge in edges]
        self.heads = [edge[1] for edge in edges]
        self.lengths = [edge[2] for edge in edges]
        self.weights = [edge[3] for edge in edges]
        self.outgoing: list[list[int]] = [[] for _ in range(n)]
        self.incoming: list[list[int]] = [[] for _ in range(n)]
        for edge, (tail, head, _, _) in enumerate(edges):
            self.outgoing[tail].append(edge)
            self.incoming[head].append(edge)
        self.rank = self._longest_paths()
        self.parent = [-1] * n
        self.over = [-1] * n
        """The tree edge to the parent."""
        self.children: list[list[int]] = [[] for _ in range(n)]
        self.pull = [0] * n
        self.cursor = 0
        self.work = 0

    def _longest_paths(self) -> list[int]:
        rank = [0] * self.n
        missing = [len(edges) for edges in self.incoming]
        ready = [node for node in range(self.n) if not missing[node]]
        for node in ready:
            for edge in self.outgoing[node]:
                head = self.heads[edge]
                rank[head] = max(rank[head], rank[node] + self.lengths[edge])
                missing[head] -= 1
                if not missing[head]:
                    ready.append(head)
        for node in reversed(ready):
            outs = self.outgoing[node]
            if outs and sum([self.weights[e] for e in outs]) > sum([self.weights[e] for e in self.incoming[node]]):
                rank[node] = min([rank[self.heads[e]] - self.lengths[e] for e in outs])
        return rank

    def span(self) -> None:
        """Grow the tree from node 0 by the tightest incident edge, shifting the tree until that edge is tight.

        All tree nodes shift together: `moved` holds the total shift, and the heap keys are relative to it.
        """
        rank, tails, heads, lengths = self.rank, self.tails, self.heads, self.lengths
        inside = [False] * self.n
        moved = 0
        ahead: list[tuple[int, int]] = []
        behind: list[tuple[int, int]] = []
        order = []
        node, edge = 0, -1
        while True:
            inside[node] = True
            order.append(node)
            if edge >= 0:
                self._hang(node, tails[edge] if heads[edge] == node else heads[edge], edge)
            rank[node] -= moved
            for e in self.outgoing[node]:
                if not inside[heads[e]]:
                    heappush(ahead, (rank[heads[e]] - rank[node] - lengths[e], e))
            for e in self.incoming[node]:
                if not inside[tails[e]]:
                    heappush(behind, (rank[node] - rank[tails[e]] - lengths[e], e))
            if len(order) == self.n:
                break
            while ahead and inside[heads[ahead[0][1]]]:
                heappop(ahead)
            while behind and inside[tails[behind[0][1]]]:
                heappop(behind)
            if not behind or (ahead and ahead[0][0] - moved <= behind[0][0] + moved):
                key, edge = heappop(ahead)
                moved = key
                node = heads[edge]
            else:
                key, edge = heappop(behind)
                moved = -key
                node = tails[edge]
        for node in order:
            rank[node] += moved
        self._sum_pulls(order)

    def _sum_pulls(self, order: list[int]) -> None:
        """Compute every cut value; `order` lists each node after its parent."""
        for node in reversed(order):
            self.pull[node] += sum([self.weights[e] for e in self.outgoing[node]]) - sum(
                [self.weights[e] for e in self.incoming[node]]
            )
            if self.parent[node] >= 0:
                self.pull[self.parent[node]] += self.pull[node]

    def _hang(self, node: int, parent: int, edge: int) -> None:
        self.parent[node] = parent
        self.over[node] = edge
        self.children[parent].append(node)

    def pivot(self) -> bool:
        """Exchange one tree edge for a better one. Returns False when no exchange gains."""
        found = self._leaving()
        if found < 0:
            return False
        part = self._under(found)
        inside = set(part)
        self.work += len(part)
        goes_down = self.tails[self.over[found]] == found
        rank, lengths = self.rank, self.lengths
        best, slack = -1, 1 << 60
        # The leaving edge grows: the subtree moves away from it until an edge in the other direction is tight.
        ends, edges_of = (self.tails, self.incoming) if goes_down else (self.heads, self.outgoing)
        for node in part:
            here = rank[node]
            for edge in edges_of[node]:
                other = ends[edge]
                if other not in inside:
                    free = (here - rank[other] if goes_down else rank[other] - here) - lengths[edge]
                    if free < slack:
                        best, slack = edge, free
                        if not free:
                            break
            if not slack:
                break
        if slack:
            step = -slack if goes_down else slack
            for node in part:
                rank[node] += step
        self._exchange(found, best, inside)
        return True

    def _leaving(self) -> int:
        """Return the node below the tree edge with the largest gain among the next few that gain, or -1."""
        worst, found, seen = 0, -1, 0
        cursor, n, over, pull, tails = self.cursor, self.n, self.over, self.pull, self.tails
        for step in range(n):
            node = cursor + step
            if node >= n:
                node -= n
            edge = over[node]
            if edge < 0:
                continue
            gain = pull[node] if tails[edge] == node else -pull[node]
            if gain < 0:
                seen += 1
                if gain < worst:
                    worst, found = gain, node
                if seen >= 24:
                    self.cursor = node
                    break
        return found

    def _under(self, node: int) -> list[int]:
        part = [node]
        for each in part:
            part += self.children[each]
        return part

    def _exchange(self, old: int, entering: int, inside: set[int]) -> None:
        """Reattach the subtree of `old` by the `entering` edge and update the cut values on both paths."""
        parent, pull = self.parent, self.pull
        whole = pull[old]
        above = parent[old]
        node = above
        while node >= 0:
            pull[node] -= whole
            node = parent[node]
        tail, head = self.tails[entering], self.heads[entering]
        node, outside = (tail, head) if tail in inside else (head, tail)
        edge, new_parent, below = entering, outside, 0
        while True:
            up, up_edge, own = parent[node], self.over[node], pull[node]
            self.children[up].remove(node)
            self._hang(node, new_parent, edge)
            pull[node] = whole - below
            below = own
            if node == old:
                break
            new_parent, node, edge = node, up, up_edge
        node = outside
        while node >= 0:
            pull[node] += whole
            node = parent[node]
