"""Generate directed graphs that are not plans, from seeds: shapes on which an ordering made for plans could fail.

Nodes are numbered in a shuffled order, so that no shape can be found in the numbering.
"""

from collections.abc import Iterable, Iterator
from random import Random

from hottui.model.plan import Edge, Node, Plan
from tests.benchmarks.generated import layered_plan

Ends = tuple[int, int]
SEEDS = (1, 2, 3)


def families(seeds: Iterable[int] = SEEDS) -> dict[str, dict[str, Plan]]:
    """Return the graphs of each family by name."""
    made: dict[str, dict[str, Plan]] = {}
    for seed in seeds:
        for family, name, ends in _shapes(seed):
            made.setdefault(family, {})[f"{name}, seed {seed}"] = _plan(ends, seed)
        for nodes in (60, 100, 200):
            plan = layered_plan(nodes, seed)
            made.setdefault("layered random graphs", {})[f"layered {nodes}, seed {seed}"] = plan
    return made


def _shapes(seed: int) -> Iterator[tuple[str, str, set[Ends]]]:
    """Yield family, name and edges of each graph."""
    random = Random(seed)
    for dimension in (2, 3, 4, 5):
        yield "butterflies", f"butterfly {dimension}", butterfly(dimension, dimension)
    yield "butterflies", "two butterflies 3", butterfly(4, 3)
    for width, height in ((5, 5), (4, 12), (10, 10)):
        yield "grids", f"grid {width}x{height}", grid(width, height)
        yield "grids", f"grid {width}x{height} with diagonals", grid(width, height, diagonals=True)
        yield "grids", f"grid {width}x{height} with shortcuts", grid(width, height) | _shortcuts(width, height, random)
    for nodes, shared in ((100, 0.05), (300, 0.1), (1_050, 0.03)):
        yield "wide trees", f"tree {nodes}, {shared:.0%} shared", wide_tree(nodes, shared, random)
    for nodes, degree in ((30, 1.5), (60, 1.2), (60, 1.5)):
        yield "random acyclic graphs", f"acyclic {nodes}, degree {degree}", acyclic(nodes, degree, random)
        yield "random cyclic graphs", f"cyclic {nodes}, degree {degree}", cyclic(nodes, degree, random)


def butterfly(dimension: int, steps: int) -> set[Ends]:
    """Return a butterfly network of `steps` steps between ranks of 2**`dimension` nodes."""
    width = 1 << dimension
    return {
        (step * width + i, (step + 1) * width + to)
        for step in range(steps)
        for i in range(width)
        for to in (i, i ^ (1 << step))
    }


def grid(width: int, height: int, *, diagonals: bool = False) -> set[Ends]:
    """Return a grid with edges to the right and downwards, and optionally along both diagonals."""
    steps = ((1, 0), (0, 1), (1, 1), (-1, 1)) if diagonals else ((1, 0), (0, 1))
    return {
        (y * width + x, (y + dy) * width + x + dx)
        for y in range(height)
        for x in range(width)
        for dx, dy in steps
        if 0 <= x + dx < width and y + dy < height
    }


def _shortcuts(width: int, height: int, random: Random) -> set[Ends]:
    size = width * height
    pairs = [(random.randrange(size), random.randrange(size)) for _ in range(size // 10)]
    return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}


def wide_tree(nodes: int, shared: float, random: Random, depth: int = 6) -> set[Ends]:
    """Return a tree of `depth` ranks in which a fraction of the nodes has a second parent."""
    rank = [0]
    by_rank: list[list[int]] = [[0], *([] for _ in range(1, depth))]
    edges: set[Ends] = set()
    for node in range(1, nodes):
        parent = random.choice([other for row in by_rank[:-1] for other in row[-40:]])
        rank.append(rank[parent] + 1)
        by_rank[rank[node]].append(node)
        edges.add((parent, node))
    for node in random.sample(range(1, nodes), round(nodes * shared)):
        edges.add((random.choice(by_rank[rank[node] - 1]), node))
    return edges


def acyclic(nodes: int, degree: float, random: Random) -> set[Ends]:
    """Return random edges from lower to higher numbers."""
    return {(min(pair), max(pair)) for pair in cyclic(nodes, degree, random)}


def cyclic(nodes: int, degree: float, random: Random) -> set[Ends]:
    """Return random edges, cycles included."""
    edges: set[Ends] = set()
    while len(edges) < nodes * degree:
        source, target = random.randrange(nodes), random.randrange(nodes)
        if source != target:
            edges.add((source, target))
    return edges


def _plan(edges: set[Ends], seed: int) -> Plan:
    """Return a plan with these edges and shuffled node numbers."""
    random = Random(seed)
    nodes = sorted({end for edge in edges for end in edge})
    number = dict(zip(nodes, random.sample(range(len(nodes)), len(nodes)), strict=True))
    ends = sorted((number[a], number[b]) for a, b in edges)
    return Plan(
        nodes=tuple(Node(id=str(i), type="StreamExecCalc", desc=f"Calc[{i}]") for i in range(len(nodes))),
        edges=tuple(Edge(source=str(a), target=str(b), strategy="HASH") for a, b in ends),
    )
