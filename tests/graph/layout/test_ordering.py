"""Orders keep every vertex, count crossings correctly, and lose nothing by merging layers."""

from itertools import combinations, pairwise, permutations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.graph.layout.crossings import OrderedLayers, Orders
from hottui.graph.layout.initial_orders import SmoothOrders, searched_order
from hottui.graph.layout.long_edges import Layered, insert_dummy_nodes
from hottui.graph.layout.ordering import contract, order_vertices
from hottui.graph.layout.sifting import Sifter
from hottui.graph.layout.sweeps import sweep, sweeps, transpose
from tests.graph.layout.test_ranks import quiet


@st.composite
def layered(draw: st.DrawFn, most: int = 12, depth: int = 5) -> Layered:
    """A layered graph with long edges; every layer has a vertex."""
    n = draw(st.integers(depth, most))
    layer = [*range(depth), *draw(st.lists(st.integers(0, depth - 1), min_size=n - depth, max_size=n - depth))]
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    drawn = set(draw(st.lists(ends, min_size=n, max_size=2 * n)))
    pairs = sorted((a, b) for a, b in drawn if layer[a] < layer[b])
    return insert_dummy_nodes(n, [a for a, _ in pairs], [b for _, b in pairs], [False] * len(pairs), layer)


def crossings(graph: Layered, orders: Orders) -> int:
    """Count the crossings pair by pair."""
    pos = {v: p for row in orders for p, v in enumerate(row)}
    lines = [
        (graph.layer[top], pos[top], pos[bottom], len(through))
        for top, bottom, through in zip(graph.tops, graph.bottoms, graph.through, strict=True)
    ]
    return sum(k * m for (i, a, b, k), (j, c, d, m) in combinations(lines, 2) if i == j and (a - c) * (b - d) < 0)


def ranked_of(graph: Layered) -> OrderedLayers:
    segments = list(zip(graph.tops, graph.bottoms, map(len, graph.through), strict=True))
    return OrderedLayers(graph.layer, segments)


def holds_all(graph: Layered, orders: Orders) -> bool:
    return [sorted(row) for row in orders] == [
        [v for v, at in enumerate(graph.layer) if at == i] for i in range(max(graph.layer) + 1)
    ]


@settings(max_examples=150, deadline=None)
@given(layered())
def test_an_order_has_every_vertex_in_its_layer_and_counts_its_crossings(graph: Layered) -> None:
    orders, count = order_vertices(graph, quiet)
    assert holds_all(graph, orders)
    assert count >= crossings(graph, orders)


@settings(max_examples=150, deadline=None)
@given(layered(), st.randoms(use_true_random=False))
def test_orders_of_the_compressed_graph_expand_to_orders_of_the_whole(graph: Layered, random: Random) -> None:
    squeezed = contract(graph)
    rows: Orders = [[] for _ in range(max(squeezed.layer) + 1)]
    for v, layer in enumerate(squeezed.layer):
        rows[layer].append(v)
    for row in rows:
        random.shuffle(row)
    ranked = OrderedLayers(squeezed.layer, squeezed.segments)
    ranked.take(rows)
    orders = squeezed.expanded(rows, graph.layer)
    assert holds_all(graph, orders)
    assert crossings(graph, orders) == ranked.count()


def test_layers_without_forks_or_joins_between_them_are_merged() -> None:
    graph = insert_dummy_nodes(6, [0, 1, 2, 3, 4], [2, 3, 4, 4, 5], [False] * 5, [0, 0, 1, 1, 2, 3])
    squeezed = contract(graph)
    assert squeezed.stretches == [[0, 2], [1, 3], [4, 5]]
    assert squeezed.layer == [0, 0, 1]


@st.composite
def run_through(draw: st.DrawFn) -> Layered:
    """Every vertex in an inner layer has an edge from the previous layer and one to the next."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    layer = [i for i, size in enumerate(sizes) for _ in range(size)]
    rows = [[v for v, at in enumerate(layer) if at == i] for i in range(len(sizes))]
    pairs = {(v, draw(st.sampled_from(below))) for row, below in pairwise(rows) for v in row}
    pairs |= {(draw(st.sampled_from(row)), v) for row, below in pairwise(rows) for v in below}
    return insert_dummy_nodes(len(layer), [a for a, _ in pairs], [b for _, b in pairs], [False] * len(pairs), layer)


@settings(max_examples=100, deadline=None)
@given(run_through())
def test_compression_adds_no_crossings(graph: Layered) -> None:
    squeezed = contract(graph)
    assert fewest(ranked_of(graph)) == fewest(OrderedLayers(squeezed.layer, squeezed.segments))


def fewest(ranked: OrderedLayers) -> int:
    """Return the minimum of crossings over all orders."""
    rows = [[v for v, at in enumerate(ranked.layer) if at == i] for i in range(ranked.depth)]
    best = 1 << 30
    for choice in product(*(permutations(row) for row in rows)):
        ranked.take([list(row) for row in choice])
        best = min(best, ranked.count())
    return best


def tangle(seed: int) -> Layered:
    """Thirty vertices in six layers, with too many edges for an order without crossings."""
    random = Random(seed)
    layer = sorted([*range(6), *(random.randrange(6) for _ in range(24))])
    pairs = {(random.randrange(30), random.randrange(30)) for _ in range(400)}
    pairs = {(a, b) for a, b in pairs if 0 < layer[b] - layer[a] < 3}
    return insert_dummy_nodes(30, [a for a, _ in pairs], [b for _, b in pairs], [False] * len(pairs), layer)


@pytest.mark.parametrize("seed", range(20))
def test_sweeps_and_swaps_count_crossings(seed: int) -> None:
    graph = tangle(seed)
    ranked = ranked_of(graph)
    ranked.take(searched_order(ranked, seed, Random(1)))
    assert holds_all(graph, ranked.orders)
    sweep(ranked, range(1, ranked.depth), median=seed % 2 == 0)
    before = ranked.count()
    assert before == crossings(graph, ranked.orders)
    left = transpose(ranked, range(ranked.depth), ties=seed % 3 == 0)
    assert left == ranked.count() == crossings(graph, ranked.orders) < before
    best, _ = sweeps(ranked, 6, 2)
    assert best == crossings(graph, ranked.orders) <= left
    assert holds_all(graph, ranked.orders)


@pytest.mark.parametrize("seed", range(20))
def test_local_search_counts_crossings_and_ends_in_a_local_optimum(seed: int) -> None:
    graph = tangle(seed)
    ranked = ranked_of(graph)
    ranked.take(searched_order(ranked, 0, Random(1)))
    before = ranked.count()
    after = Sifter(ranked).improve(before, 1 << 30, quiet)
    assert after == crossings(graph, ranked.orders) < before
    assert Sifter(ranked).improve(after, 1 << 30, quiet) == after


@pytest.mark.parametrize("attempt", range(3))
def test_a_tree_has_no_crossings_initially(attempt: int) -> None:
    heads = [1, 2, 3, 4, 5, 6]
    tails = [0, 0, 1, 1, 2, 2]
    graph = insert_dummy_nodes(7, tails, heads, [False] * 6, [0, 1, 1, 2, 2, 2, 2])
    ranked = ranked_of(graph)
    ranked.take(searched_order(ranked, attempt, Random(1)))
    assert ranked.count() == 0


def test_smooth_orders_hold_every_vertex_and_keep_hanging_trees_apart() -> None:
    for seed in range(10):
        ranked = ranked_of(tangle(seed))
        for _ in range(3):
            ranked.take(SmoothOrders(ranked).next(Random(seed))[0])
            assert holds_all(tangle(seed), ranked.orders)
    # Two squares, joined by an edge, each with a tree of two levels on its lower end.
    tails = [0, 0, 1, 2, 4, 4, 5, 6, 0, 3, 3, 8, 7, 7, 11]
    heads = [1, 2, 3, 3, 5, 6, 7, 7, 5, 8, 9, 10, 11, 12, 13]
    layer = [0, 1, 1, 2, 0, 1, 1, 2, 3, 3, 4, 3, 3, 4]
    ranked = ranked_of(insert_dummy_nodes(14, tails, heads, [False] * 15, layer))
    ranked.take(SmoothOrders(ranked).next(Random(1))[0])
    assert ranked.between(2) == ranked.between(3) == 0


def test_a_tangle_is_ordered_the_same_way_each_time_and_better_than_by_one_start() -> None:
    graph = tangle(3)
    orders, count = order_vertices(graph, quiet)
    ranked = ranked_of(graph)
    ranked.take(searched_order(ranked, 0, Random(1)))
    alone = Sifter(ranked).improve(sweeps(ranked, 6, 2)[0], 1 << 30, quiet)
    assert count == crossings(graph, orders) < alone
    assert order_vertices(graph, quiet) == (orders, count)
