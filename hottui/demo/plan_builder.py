"""Build Flink plans from sources, exchanges, joins and sinks, chained as Flink chains them.

plan = Sketch("orders")
orders = plan.source("orders", 8).then("Calc")
orders.join(plan.source("users", 2), "user_id = id", at=16, group="join").sink("enriched")
plan.document()
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORWARD, HASH, GLOBAL = "FORWARD", "HASH", "GLOBAL"
REBALANCE, BROADCAST, RESCALE = "REBALANCE", "BROADCAST", "RESCALE"
MAX_PARALLELISM = 32_768


@dataclass(frozen=True, slots=True)
class Operator:
    """One node of the plan."""

    id: int
    kind: str
    desc: str
    parallelism: int
    group: str
    max_parallelism: int = MAX_PARALLELISM


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge: source, target and ship strategy."""

    source: int
    target: int
    strategy: str


@dataclass(frozen=True, slots=True)
class Stream:
    """The output of one operator, or of several after a union (which is not an operator)."""

    plan: "Sketch"
    heads: tuple[int, ...]

    def then(
        self, kind: str, detail: str = "", *, by: str = FORWARD, at: int | None = None, group: str = ""
    ) -> "Stream":
        """Add an operator; parallelism and group default to those of its input."""
        return self.plan.operator(kind, detail, (self,), by=(by,), at=at, group=group)

    def calc(self, fields: str) -> "Stream":
        """Add a projection or filter."""
        return self.then("Calc", f"select=[{fields}]")

    def join(
        self,
        other: "Stream",
        on: str,
        *,
        at: int | None = None,
        group: str = "",
        kind: str = "Join",
        by: str = HASH,
    ) -> "Stream":
        """Add a join; both sides are exchanged by key, or `other` is broadcast."""
        detail = f"joinType=[InnerJoin], where=[{on}]"
        left = FORWARD if by == BROADCAST else by
        return self.plan.operator(kind, detail, (self, other), by=(left, by), at=at, group=group)

    def lookup(self, table: str, on: str) -> "Stream":
        """Add a lookup join, which stays in the chain."""
        return self.then("LookupJoin", f"table=[vvp.default.{table}], joinType=[LeftOuterJoin], lookup=[{on}]")

    def two_phase(self, kind: str, detail: str, *, by: str = HASH, at: int | None = None, group: str = "") -> "Stream":
        """Add a two-phase aggregate, before and after an exchange."""
        local = self.then(f"Local{kind}", detail)
        return local.then(f"Global{kind}", detail, by=by, at=at, group=group)

    def union(self, *others: "Stream") -> "Stream":
        """Return the union of streams. The planner creates no operator for it; the next one has more inputs."""
        return Stream(self.plan, (*self.heads, *(head for other in others for head in other.heads)))

    def sink(self, table: str, *, at: int | None = None, by: str = FORWARD, group: str = "") -> "Stream":
        """Add a sink."""
        return self.plan.operator("Sink", "", (self,), by=(by,), at=at, group=group, name=f"Sink: {table}")


class Sketch:
    """A plan under construction. The same calls always produce the same ids."""

    def __init__(self, name: str, first_id: int = 1) -> None:
        self._name = name
        self._first = first_id
        self._next = first_id
        self._operators: dict[int, Operator] = {}
        self._edges: list[Edge] = []
        self._groups: dict[str, dict[str, Any]] = {}

    def group(
        self, name: str, cpu: float, heap: str, *, off_heap: str = "32 mb", managed: Mapping[str, Any] | None = None
    ) -> None:
        """Define a slot sharing group; `default` is predefined."""
        self._groups[name] = {
            "name": name,
            "cpu": cpu,
            "heap": heap,
            "offHeap": off_heap,
            "managed": dict(managed or {}),
            "extended": {},
        }

    def source(self, table: str, at: int = 1, *, group: str = "default", limit: int = MAX_PARALLELISM) -> Stream:
        """Add a source; `limit` is its maximum parallelism (the partitions of a topic)."""
        return self._add("TableSourceScan", f"Source: {table}", at, group, limit)

    def operator(
        self,
        kind: str,
        detail: str,
        inputs: Sequence[Stream],
        *,
        by: Sequence[str],
        at: int | None,
        group: str,
        name: str = "",
    ) -> Stream:
        """Add an operator with `inputs`, each with its own ship strategy.

        FORWARD needs equal parallelism on both ends; otherwise REBALANCE is used, as the planner does.
        """
        upstream = self._operators[inputs[0].heads[0]]
        parallelism = (1 if GLOBAL in by else upstream.parallelism) if at is None else at
        limit = 1 if GLOBAL in by else MAX_PARALLELISM
        desc = name or (f"{kind}({detail})" if detail else kind)
        made = self._add(kind, desc, parallelism, group or upstream.group, limit)
        for stream, strategy in zip(inputs, by, strict=True):
            for head in stream.heads:
                fits = strategy != FORWARD or self._operators[head].parallelism == parallelism
                self._edges.append(Edge(head, made.heads[0], strategy if fits else REBALANCE))
        # The planner also numbers exchanges and removes them later, so real ids have gaps.
        self._next += sum(strategy != FORWARD for strategy in by)
        return made

    def _add(self, kind: str, desc: str, parallelism: int, group: str, limit: int) -> Stream:
        number = self._next
        self._next += 1
        position = number - self._first + 1
        self._operators[number] = Operator(
            number, f"StreamExec{kind}", f"{desc}[{position}]", parallelism, group, limit
        )
        if group not in self._groups:
            self.group(group, 1.0, "1 gb")
        return Stream(self, (number,))

    def document(self) -> dict[str, Any]:
        """Return the plan as a `resourcePlan` document: groups, nodes, edges, vertices."""
        return {
            "ssgProfiles": list(self._groups.values()),
            "nodes": [_node(operator) for operator in self._operators.values()],
            "edges": [
                {"source": edge.source, "target": edge.target, "mode": "PIPELINED", "strategy": edge.strategy}
                for edge in self._edges
            ],
            "vertices": {self._vertex_id(chain): chain for chain in self._chains()},
        }

    def _chains(self) -> list[list[int]]:
        """Return the operators of each JobVertex: FORWARD from the only input in the same group is chained."""
        inputs: dict[int, list[Edge]] = {number: [] for number in self._operators}
        for edge in self._edges:
            inputs[edge.target].append(edge)
        chain_of: dict[int, list[int]] = {}
        for number, operator in self._operators.items():
            feeding = inputs[number]
            before = self._operators[feeding[0].source] if len(feeding) == 1 else None
            chained = before is not None and feeding[0].strategy == FORWARD and before.group == operator.group
            chain = chain_of[before.id] if before is not None and chained else []
            chain.append(number)
            chain_of[number] = chain
        return [chain for number, chain in chain_of.items() if chain[0] == number]

    def _vertex_id(self, chain: Sequence[int]) -> str:
        return hashlib.blake2b(f"{self._name}:{chain}".encode(), digest_size=16).hexdigest()


def _node(operator: Operator) -> dict[str, Any]:
    return {
        "id": operator.id,
        "type": operator.kind,
        "desc": operator.desc,
        "profile": {
            "group": operator.group,
            "parallelism": operator.parallelism,
            "maxParallelism": operator.max_parallelism,
            "minParallelism": 1,
        },
    }
