"""Hypothesis strategies for plans, valid or not."""

from hypothesis import strategies as st

from hottui.model.plan import Edge, Node, NodeProfile, Plan

STRATEGIES = ("FORWARD", "HASH", "REBALANCE", "BROADCAST", "GLOBAL", "RESCALE", "CUSTOM", "shuffle by moon", "")
NAMES = st.one_of(
    st.sampled_from(
        [
            "Calc",
            "Join",
            "Source: orders[1]",
            "中文算子名称",
            "e\u0301\u0301",
            "\u0301combining first",
            "👩‍💻",
            "─│▶",
            "a\nb",
        ]
    ),
    st.text(max_size=12),
)


@st.composite
def plans(draw: st.DrawFn, max_nodes: int = 14) -> Plan:
    n = draw(st.integers(1, max_nodes))
    names = [draw(NAMES) for _ in range(n)]
    parallelism = draw(st.lists(st.one_of(st.none(), st.integers(1, 512)), min_size=n, max_size=n))
    nodes = tuple(
        Node(
            id=str(i),
            type="StreamExecCalc",
            desc=names[i],
            profile=NodeProfile(group="ab"[i % 2], parallelism=parallelism[i]),
        )
        for i in range(n)
    )
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=2 * n))
    if draw(st.booleans()):
        pairs = [(min(p), max(p)) for p in pairs]
    edges = tuple(Edge(source=str(a), target=str(b), strategy=draw(st.sampled_from(STRATEGIES))) for a, b in pairs)
    homes = draw(st.lists(st.integers(0, n), min_size=n, max_size=n))
    chains: dict[str, tuple[str, ...]] = {}
    for i, home in enumerate(homes):
        if home < n:
            chains[f"v{home}"] = (*chains.get(f"v{home}", ()), str(i))
    return Plan((), nodes, edges, tuple(chains.items()))
