"""Why a JobVertex does not run with the parallelism asked for, where the plan, Flink or the vendor's rules tell."""

from dataclasses import dataclass, field

from hottui.analysis.before import most_common, vertex_parallelism
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before
from hottui.model.flink_rest import FlinkVertex
from hottui.model.plan import Node, Plan

UNALIGNED = "parallelism cannot be changed with unaligned checkpoints"
EXPERT_MODE = "parallelism cannot be changed in EXPERT mode"
EXPLICIT = "explicit parallelism kept"


@dataclass(frozen=True, slots=True)
class VertexRules:
    """What is known about the vertices of a job: `plan`, what it ran with before, and rules for the whole job."""

    plan: Plan | None = None
    before: Before = field(default_factory=Before)
    unaligned: bool = False
    expert: bool = False

    def before_of(self, vertex: str) -> int | None:
        """The parallelism that the vertex ran with."""
        return self.before.vertices.get(vertex)

    def members(self, vertex: str) -> tuple[Node, ...]:
        """The operators chained into the vertex."""
        for key, ids in self.plan.vertices if self.plan else ():
            if key == vertex and self.plan:
                return tuple(self.plan.node_by_id[i] for i in dict.fromkeys(ids) if i in self.plan.node_by_id)
        return ()

    def reason(self, vertex: FlinkVertex, asked: int) -> str:
        """Why `vertex` does not run with `asked`; empty where nothing is known that explains it."""
        return (
            self._bound(vertex, asked)
            or self._explicit(vertex)
            or (UNALIGNED if self.unaligned else "")
            or (EXPERT_MODE if self.expert else "")
        )

    def _bound(self, vertex: FlinkVertex, asked: int) -> str:
        members = self.members(vertex.id)
        for node in members:
            highest, lowest = node.profile.max_parallelism, node.profile.min_parallelism
            whose = f"chained with {_name(node)}, whose" if len(members) > 1 else "its"
            if highest is not None and 0 < highest < asked:
                return f"{whose} maxParallelism is {highest}"
            if lowest is not None and lowest > asked:
                return f"{whose} minParallelism is {lowest}"
        if vertex.max_parallelism is not None and 0 < vertex.max_parallelism < asked:
            return f"its maxParallelism is {vertex.max_parallelism}"
        return ""

    def _explicit(self, vertex: FlinkVertex) -> str:
        planned = vertex_parallelism(self.plan)
        for known, usual in (
            (self.before.vertices, self.before.parallelism or most_common(self.before.vertices.values())),
            (planned, most_common(planned.values())),
        ):
            own = known.get(vertex.id)
            if own is not None and own == vertex.parallelism and own != usual:
                return EXPLICIT
        members = {node.id for node in self.members(vertex.id)}
        edges = self.plan.edges if self.plan else ()
        into = [edge for edge in edges if edge.target in members and edge.source not in members]
        if vertex.parallelism == 1 and any(edge.strategy == "GLOBAL" for edge in into):
            return f"{EXPLICIT}: a global operator"
        return ""


def _name(node: Node) -> str:
    return shorten(visible(node.desc or node.type or node.id), 60)
