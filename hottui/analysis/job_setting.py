"""The setting of a job, for comparison: the target of a hot update, a running job, or before."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hottui.analysis.cost_comparison import running_cost
from hottui.analysis.cost_estimate import CostEstimate, estimate, nodes_of
from hottui.analysis.requested_parallelism import requested_changes
from hottui.analysis.values_before import most_common
from hottui.model.effect import Before, BeforeSource
from hottui.model.job_reading import JobReading
from hottui.model.json_text import Json
from hottui.model.plan import Edge, Plan, read_plan
from hottui.model.result import HotUpdateJobResult, ResourceSettings, ResourceSettingSpec, TargetResourceSetting

EdgeKey: TypeAlias = tuple[str, str, str, str]
"""Source, target, ship strategy, exchange mode."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting of a job. Unknown parts are None and not compared.

    `vertices` is vertex ID → parallelism; `nodes` is node ID → its fields by name; `edges` is how often each edge is
    there. `plan` is for a drawing, `cost` to be shown beside: neither is compared.
    """

    parallelism: int | None = None
    conf: Mapping[str, Json] | None = None
    resources: Mapping[str, Json] | None = None
    vertices: Mapping[str, int] | None = None
    nodes: Mapping[str, Mapping[str, Json]] | None = None
    edges: Mapping[EdgeKey, int] | None = None
    plan: Plan | None = field(default=None, compare=False)
    cost: CostEstimate | None = field(default=None, compare=False)
    all_vertices: bool = True
    """Whether `vertices` has all vertices of the job; otherwise those that it lacks are unknown."""


def setting_of_result(result: HotUpdateJobResult, plan: Plan | None = None) -> Setting:
    """The target of a hot update, with what was asked for in it: the target may still hold the values before.

    `plan` is the target's if it was decoded already.
    """
    target = result.target
    asked = result.asked_parallelism
    known = target.flink_conf is not None or bool(result.asked_conf)
    plan = plan or read_plan(target.raw_plan).plan
    parallelism = target.parallelism if asked is None else asked
    conf = {**result.flink_conf, **result.asked_conf} if known else None
    nodes = {node: new for node, (_, new) in requested_changes(plan, result).items()} if plan else {}
    return _setting(
        target,
        parallelism=parallelism,
        conf=conf,
        plan=plan,
        nodes=nodes,
        vertices={**_vertices(plan, nodes), **result.asked_vertices},
        all_vertices=plan is not None,
        cost=estimate(target, conf, parallelism, nodes, plan=plan),
    )


def setting_of_reading(reading: JobReading) -> Setting:
    """Return the setting of the running job; Flink's vertices take precedence for the parallelism."""
    job, flink = reading.job, reading.flink
    vertices = flink.parallelism_by_vertex if flink else {}
    if job is None:
        return Setting(parallelism=most_common(vertices.values()), vertices=vertices or None)
    plan = read_plan(job.raw_plan).plan
    running = job.parallelism
    if running not in vertices.values():
        running = most_common(vertices.values()) or running
    return _setting(
        job,
        parallelism=running,
        conf=job.conf if job.flink_conf is not None or job.user_flink_conf is not None else None,
        plan=plan,
        nodes=nodes_of(plan, vertices),
        vertices=vertices or _vertices(plan, {}),
        cost=running_cost(reading, plan),
    )


def setting_of_before(before: Before) -> Setting:
    """Return what the job ran with; everything is None if that is unknown."""
    if before.source is BeforeSource.UNKNOWN:
        return Setting()
    resources = TargetResourceSetting.read(dict(before.resources or {}))
    plan = read_plan(resources.raw_plan).plan
    nodes = nodes_of(plan, before.vertices)
    return _setting(
        resources,
        parallelism=before.parallelism,
        conf=before.conf,
        plan=plan,
        nodes=nodes,
        vertices={**_vertices(plan, nodes), **before.vertices},
        all_vertices=plan is not None or before.source is BeforeSource.OBSERVED,
        cost=estimate(resources, before.conf, before.parallelism, nodes, plan=plan),
    )


def _setting(
    resources: ResourceSettings,
    *,
    parallelism: int | None,
    conf: Mapping[str, Any] | None,
    plan: Plan | None,
    nodes: Mapping[str, int],
    vertices: Mapping[str, int],
    all_vertices: bool = True,
    cost: CostEstimate | None,
) -> Setting:
    values = resource_values(resources)
    if resources.mode:
        values["mode"] = resources.mode
    return Setting(
        parallelism=parallelism,
        conf=conf,
        resources={**values, **_group_values(plan)} or None,
        vertices=vertices or None,
        all_vertices=all_vertices,
        nodes=_node_values(plan, nodes) if plan else None,
        edges=Counter(edge_key(edge) for edge in plan.edges) if plan else None,
        plan=plan,
        cost=cost,
    )


def resource_values(settings: ResourceSettings) -> dict[str, Json]:
    """Return `jobmanager cpu`, `taskmanager memory`, …: the first value that a setting has, as from the service."""
    found: dict[str, Json] = {}
    for part in (settings.streaming_resource_setting, settings.batch_resource_setting):
        for holder in (getattr(part, "basic_resource_setting", None), getattr(part, "expert_resource_setting", None)):
            for kind in ("jobmanager", "taskmanager"):
                spec: ResourceSettingSpec | None = getattr(holder, f"{kind}_resource_setting_spec", None)
                if spec is not None and spec.cpu is not None:
                    found.setdefault(f"{kind} cpu", spec.cpu)
                if spec is not None and spec.memory:
                    found.setdefault(f"{kind} memory", spec.memory)
    return found


def edge_key(edge: Edge) -> EdgeKey:
    """The fields by which edges are compared."""
    return (edge.source, edge.target, edge.strategy, edge.mode)


def _vertices(plan: Plan | None, nodes: Mapping[str, int]) -> dict[str, int]:
    """Return vertex ID → parallelism in the plan, with that of `nodes` in the place of the plan's."""
    found = dict(plan.parallelism_by_vertex) if plan else {}
    for vertex, members in plan.vertices if plan else ():
        moved = [nodes[member] for member in members if member in nodes]
        if moved:
            found[vertex] = max(moved)
    return found


def _node_values(plan: Plan, parallelism: Mapping[str, int]) -> dict[str, Mapping[str, Json]]:
    vertex_of = {node: vertex for vertex, members in plan.vertices for node in members}
    return {
        node.id: {
            "parallelism": parallelism.get(node.id, node.parallelism),
            "group": node.group,
            "vertex": vertex_of.get(node.id),
            "type": node.type,
            "desc": node.desc,
            "maxParallelism": node.profile.max_parallelism,
            "minParallelism": node.profile.min_parallelism,
        }
        for node in plan.node_by_id.values()
    }


def _group_values(plan: Plan | None) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, group in plan.group_by_name.items() if plan else ():
        own = {"cpu": group.cpu, "heap": group.heap, "offHeap": group.off_heap, "managed": group.managed}
        found |= {f"group {name} {part}": value for part, value in own.items() if value not in (None, "")}
    return found
