"""Ranks are valid, and of minimal total length."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.graph.layout.ranks import assign_ranks, reversed_edges

Pairs = list[tuple[int, int]]


def quiet(stage: str, done: float) -> None:
    """Ignore progress."""


@st.composite
def connected(draw: st.DrawFn, most: int) -> tuple[int, Pairs]:
    """A connected acyclic graph: every node except the first has an edge to an earlier one."""
    n = draw(st.integers(1, most))
    pairs = {(draw(st.integers(0, node - 1)), node) for node in range(1, n)}
    pairs |= set(draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=2 * n)))
    order = draw(st.permutations(range(n)))
    at = {node: place for place, node in enumerate(order)}
    return n, [(a, b) if at[a] < at[b] else (b, a) for a, b in sorted(pairs) if a != b]


def length(layer: list[int] | tuple[int, ...], pairs: Pairs) -> int:
    return sum(layer[b] - layer[a] for a, b in pairs)


@settings(max_examples=150, deadline=None)
@given(connected(most=6))
def test_no_ranking_has_a_shorter_total_length(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    found = assign_ranks(n, [a for a, _ in pairs], [b for _, b in pairs], quiet)
    valid = (c for c in product(range(n), repeat=n) if all(c[a] < c[b] for a, b in pairs))
    assert all(found[a] < found[b] for a, b in pairs)
    assert length(found, pairs) == min(length(c, pairs) for c in valid)


@settings(max_examples=100, deadline=None)
@given(connected(most=40))
def test_edges_lead_to_later_layers_and_the_first_is_zero(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    lengths = set()
    for contracted in (True, False):
        found = assign_ranks(n, [a for a, _ in pairs], [b for _, b in pairs], quiet, contracted=contracted)
        assert all(found[a] < found[b] for a, b in pairs)
        assert min(found) == 0
        lengths.add(sum(found[b] - found[a] for a, b in pairs))
    assert len(lengths) == 1


@given(st.integers(1, 12), st.data())
def test_reversing_edges_removes_all_cycles(n: int, data: st.DataObject) -> None:
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    pairs = [p for p in data.draw(st.lists(ends, max_size=3 * n)) if p[0] != p[1]]
    for choice in reversed_edges(n, [a for a, _ in pairs], [b for _, b in pairs]):
        straight = [(b, a) if back else (a, b) for (a, b), back in zip(pairs, choice, strict=True)]
        left = set(range(n))
        while left:
            first = {node for node in left if not any(b == node and a in left for a, b in straight)}
            assert first, "a cycle remains"
            left -= first


def test_acyclic_edges_are_not_reversed() -> None:
    assert reversed_edges(4, [0, 1, 0], [1, 2, 3]) == [[False, False, False]]
    assert [sum(choice) for choice in reversed_edges(3, [0, 1, 2], [1, 2, 0])] == [1, 1]
