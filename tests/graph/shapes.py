"""Handwritten plans: shapes that Flink SQL produces, and unusual ones."""

from hottui.model.plan import Edge, Group, Node, NodeProfile, Plan


def plan_of(
    names: dict[str, str],
    edges: list[tuple[str, str, str]],
    chains: dict[str, list[str]] | None = None,
    parallelism: int = 4,
) -> Plan:
    """Return a plan of nodes by ID and description, edges with strategies, and chained nodes by vertex."""
    return Plan(
        groups=(Group(name="default", cpu=1.0, heap="1 gb"),),
        nodes=tuple(
            Node(id=i, type="StreamExecCalc", desc=desc, profile=NodeProfile(group="default", parallelism=parallelism))
            for i, desc in names.items()
        ),
        edges=tuple(Edge(source=a, target=b, strategy=s) for a, b, s in edges),
        vertices=tuple((v, tuple(members)) for v, members in (chains or {}).items()),
    )


def multi_way_join() -> Plan:
    """Five tables joined one after another."""
    names = {f"s{i}": f"Source: table_{i}[{i}]" for i in range(5)} | {f"j{i}": f"Join[{i}]" for i in range(1, 5)}
    edges = [("s0", "j1", "HASH"), ("s1", "j1", "HASH")]
    for i in range(2, 5):
        edges += [(f"j{i - 1}", f"j{i}", "HASH"), (f"s{i}", f"j{i}", "BROADCAST" if i == 4 else "HASH")]
    return plan_of(names, edges)


def two_phase_aggregate() -> Plan:
    """Local and global aggregate, chained where Flink chains them."""
    names = {"1": "Source: orders[1]", "2": "Calc[2]", "3": "LocalGroupAggregate[3]", "4": "GlobalGroupAggregate[4]"}
    names["5"] = "Calc[5]"
    names["6"] = "revenue[6]: Writer"
    steps = [
        ("1", "2", "FORWARD"),
        ("2", "3", "FORWARD"),
        ("3", "4", "HASH"),
        ("4", "5", "FORWARD"),
        ("5", "6", "FORWARD"),
    ]
    return plan_of(names, steps, {"source": ["1", "2", "3"], "sink": ["4", "5", "6"]})


def shared_scans() -> Plan:
    """A statement set: three scans feed four queries of different depth."""
    names = {f"scan{i}": f"Source: shared_{i}[{i}]" for i in range(3)}
    edges: list[tuple[str, str, str]] = []
    for q in range(4):
        last = "scan0"
        for depth in range(q + 1):
            join = f"q{q}j{depth}"
            names[join] = f"Join[{q}{depth}]"
            edges += [(last, join, "HASH"), (f"scan{(q + depth) % 2 + 1}", join, "HASH")]
            last = join
        names[f"sink{q}"] = f"sink_{q}[9]: Writer"
        edges.append((last, f"sink{q}", "FORWARD"))
    return plan_of(names, edges)


def union_of_lookups() -> Plan:
    """Six sources in one union, each looked up first."""
    names = {"u": "Union(all=[true], union=[a])", "k": "Sink(table=[default_catalog.db.out], fields=[a])"}
    edges = [("u", "k", "REBALANCE")]
    for i in range(6):
        names[f"s{i}"] = f"TableSourceScan(table=[[default_catalog, db, in_{i}]], fields=[a, b])"
        names[f"l{i}"] = f"LookupJoin(table=[default_catalog.db.dim_{i}], async=[true])"
        edges += [(f"s{i}", f"l{i}", "FORWARD"), (f"l{i}", "u", "FORWARD")]
    return plan_of(names, edges)


def self_join() -> Plan:
    """One input on both sides of a join, by different paths."""
    return plan_of({"a": "A", "b": "B"}, [("a", "b", "HASH"), ("a", "b", "HASH"), ("a", "b", "BROADCAST")])


def circles() -> Plan:
    """Cycles, a self-loop, edges in both directions, two components and an isolated node."""
    names = {c: f"Node {c}" for c in "abcdefgh"}
    pairs = ["ab", "bc", "ca", "cd", "dd", "de", "ed", "ea", "fg", "gf"]
    return plan_of(names, [(p[0], p[1], "HASH") for p in pairs])


def fan_out(width: int) -> Plan:
    """One node feeds many."""
    names = {"hub": "hub"} | {str(i): f"n{i}" for i in range(width)}
    return plan_of(names, [("hub", str(i), "RESCALE") for i in range(width)])


def fan_in(width: int) -> Plan:
    """Many nodes feed one."""
    names = {"hub": "hub"} | {str(i): f"n{i}" for i in range(width)}
    return plan_of(names, [(str(i), "hub", "GLOBAL") for i in range(width)])


def bipartite(width: int) -> Plan:
    """Each node on the left feeds each one on the right."""
    names = {f"l{i}": f"left {i}" for i in range(width)} | {f"r{i}": f"right {i}" for i in range(width)}
    return plan_of(names, [(f"l{i}", f"r{k}", "HASH") for i in range(width) for k in range(width)])


def staircase(steps: int) -> Plan:
    """Every node feeds all later ones: the maximum of long edges."""
    names = {str(i): f"n{i}" for i in range(steps)}
    return plan_of(names, [(str(i), str(k), "HASH") for i in range(steps) for k in range(i + 1, steps)])


def strange_names() -> Plan:
    """Names that are wide, long, have combining characters, or contain strokes."""
    names = {
        "1": "数据源：订单明细表",
        "2": "\u0301\u0308x",
        "3": "e\u0301" * 40,
        "4": "─│┼▶├",
        "5": "a\nb\x1b[31m",
        "6": "",
    }
    edges = [(str(i), str(i + 1), "HASH") for i in range(1, 6)]
    return plan_of(names, edges)


ALL = {
    "multi-way join": multi_way_join,
    "two-phase aggregate": two_phase_aggregate,
    "shared scans": shared_scans,
    "union of lookups": union_of_lookups,
    "self-join": self_join,
    "circles": circles,
    "80 out of one": lambda: fan_out(80),
    "40 into one": lambda: fan_in(40),
    "10x10": lambda: bipartite(10),
    "staircase": lambda: staircase(12),
    "strange names": strange_names,
    "empty": Plan,
}
