"""Why a JobVertex does not run with the parallelism asked for, by the plan, Flink or the vendor's rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hottui.analysis.values_before import most_common
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before
from hottui.model.flink_rest import FlinkVertex
from hottui.model.plan import Node, Plan

UNALIGNED = "parallelism cannot be changed with unaligned checkpoints"
EXPERT_MODE = "parallelism cannot be changed in EXPERT mode"
EXPLICIT = "explicit parallelism kept"


@dataclass(frozen=True)
class VertexRules:
    """What is known about the vertices of a job: `plan`, what it ran with before, and rules for the whole job.

    `unaligned` and `expert` are for a job none of whose vertices moved.
    """

    plan: Plan | None = None
    before: Before = field(default_factory=Before)
    unaligned: bool = False
    expert: bool = False

    def members(self, vertex: str) -> tuple[Node, ...]:
        """The operators chained into the vertex."""
        return self._members.get(vertex, ())

    @cached_property
    def _members(self) -> dict[str, tuple[Node, ...]]:
        if self.plan is None:
            return {}
        nodes = self.plan.node_by_id
        return {key: tuple(nodes[i] for i in dict.fromkeys(ids) if i in nodes) for key, ids in self.plan.vertices}

    @cached_property
    def _usual(self) -> tuple[tuple[Mapping[str, int], int | None], ...]:
        """Vertex ID → parallelism before and in the plan, each with the one that most vertices have."""
        old, planned = self.before.vertices, self.plan.parallelism_by_vertex if self.plan else {}
        before = self.before.parallelism or most_common(old.values())
        return (old, before), (planned, most_common(planned.values()))

    @cached_property
    def _global_inputs(self) -> dict[str, set[str]]:
        """Node ID → the sources of its GLOBAL edges."""
        found: dict[str, set[str]] = {}
        for edge in self.plan.edges if self.plan else ():
            if edge.strategy == "GLOBAL":
                found.setdefault(edge.target, set()).add(edge.source)
        return found

    def reason(self, vertex: FlinkVertex, asked: int) -> str:
        """Why `vertex` does not run with `asked`; empty where nothing is known that explains it."""
        limit, bound = self._bound(vertex, asked)
        if limit is not None and limit == vertex.parallelism:
            return bound
        return self._explicit(vertex) or bound or self._of_the_job(vertex)

    def _of_the_job(self, vertex: FlinkVertex) -> str:
        """The rule for the whole job, for a vertex that is known to run as before."""
        if vertex.parallelism is None or self.before.vertices.get(vertex.id) != vertex.parallelism:
            return ""
        return UNALIGNED if self.unaligned else EXPERT_MODE if self.expert else ""

    def _bound(self, vertex: FlinkVertex, asked: int) -> tuple[int | None, str]:
        """The limit that `asked` is beyond, and the reason; None and empty if there is none."""
        members = self.members(vertex.id)
        for node in members:
            highest, lowest = node.profile.max_parallelism, node.profile.min_parallelism
            whose = f"chained with {_name(node)}, whose" if len(members) > 1 else "its"
            if highest is not None and 0 < highest < asked:
                return highest, f"{whose} maxParallelism is {highest}"
            if lowest is not None and lowest > asked:
                return lowest, f"{whose} minParallelism is {lowest}"
        if vertex.max_parallelism is not None and 0 < vertex.max_parallelism < asked:
            return vertex.max_parallelism, f"its maxParallelism is {vertex.max_parallelism}"
        return None, ""

    def _explicit(self, vertex: FlinkVertex) -> str:
        for known, usual in self._usual:
            own = known.get(vertex.id)
            if own is not None and own == vertex.parallelism and own != usual:
                return EXPLICIT
        members = {node.id for node in self.members(vertex.id)}
        if vertex.parallelism == 1 and any(self._global_inputs.get(node, set()) - members for node in members):
            return f"{EXPLICIT}: a global operator"
        return ""


def _name(node: Node) -> str:
    return shorten(visible(node.desc or node.type or node.id), 60)
