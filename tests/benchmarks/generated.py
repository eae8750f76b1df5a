"""Generate plans from a seed: layers of nodes, with edges to one of the next few layers."""

from random import Random

from hottui.model.plan import Edge, Node, Plan


def layered_plan(nodes: int, seed: int = 1, out_degree: float = 1.5) -> Plan:
    """Return a plan of `nodes` operators in about the square root of that many layers."""
    random = Random(seed)
    depth = max(2, round(nodes**0.5))
    home = sorted(random.randrange(depth) for _ in range(nodes))
    by_layer: dict[int, list[int]] = {}
    for node, layer in enumerate(home):
        by_layer.setdefault(layer, []).append(node)
    edges: set[tuple[int, int]] = set()
    while len(edges) < nodes * out_degree:
        source = random.randrange(nodes)
        layer = home[source] + random.choice((1, 1, 1, 1, 1, 1, 2, 2, 3))
        if layer in by_layer:
            edges.add((source, random.choice(by_layer[layer])))
    return Plan(
        nodes=tuple(Node(id=str(i), type="StreamExecCalc", desc=f"Calc[{i}]") for i in range(nodes)),
        edges=tuple(Edge(source=str(a), target=str(b), strategy="HASH") for a, b in sorted(edges)),
    )
