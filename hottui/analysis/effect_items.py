"""The requested values of a hot update, each with the value before and the running one.

Flink's answers take precedence for the parallelism of vertices and the three keys of its checkpoint configuration:
`GetJob` returns the setting, Flink what runs.
"""

from collections.abc import Mapping
from typing import Any

from hottui.analysis.changes import PARALLELISM, value_text
from hottui.analysis.compare_values import parse_duration, same_value
from hottui.analysis.job_setting import resource_values
from hottui.analysis.requested_parallelism import has_requested
from hottui.analysis.unmoved_vertex import EXPLICIT, VertexRules
from hottui.analysis.values_before import most_common, planned_vertices
from hottui.analysis.vendor_rules import CHECKPOINT_KEYS, is_expert, is_unaligned
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before, EffectItem
from hottui.model.flink_rest import CheckpointConfig, FlinkVertex
from hottui.model.job_reading import JobReading
from hottui.model.masking import mask_value
from hottui.model.plan import Plan
from hottui.model.result import HotUpdateJobResult, TargetResourceSetting
from hottui.model.state import HOT_UPDATED


def effect_items(
    result: HotUpdateJobResult, reading: JobReading, before: Before, plan: Plan | None = None
) -> tuple[EffectItem, ...]:
    """What was asked for: the job's parallelism, vertices, conf keys, then resources, each compared by meaning."""
    running = _running_vertices(reading)
    stuck = not _moved(result, running, before)
    rules = VertexRules(
        plan,
        before,
        unaligned=stuck and is_unaligned(result, reading),
        expert=stuck and is_expert(result, reading),
    )
    vertices = _vertex_items(result, running, rules)
    items = [_job_item(result.asked_parallelism, vertices, reading, before)] if result.asked_parallelism else []
    items += vertices
    items += [_conf_item(key, asked, reading, before) for key, asked in result.asked_conf.items()]
    return (*items, *_resource_items(result, reading, before))


def _running_vertices(reading: JobReading) -> dict[str, FlinkVertex]:
    """Return the vertices by ID as run by Flink, otherwise as in the plan of the job's setting in EXPERT mode."""
    if reading.flink is not None:
        return {vertex.id: vertex for vertex in reading.flink.vertices if vertex.id}
    planned = planned_vertices(reading.job.raw_plan) if reading.job else {}
    return {vertex: FlinkVertex(id=vertex, parallelism=parallelism) for vertex, parallelism in planned.items()}


def _moved(result: HotUpdateJobResult, running: Mapping[str, FlinkVertex], before: Before) -> bool:
    """Whether any vertex runs with what was asked for or with another number than before, as far as is known."""
    for vertex, known in running.items():
        asked = result.asked_vertices.get(vertex, result.asked_parallelism)
        old = before.vertices.get(vertex)
        if known.parallelism != old and (old is not None or known.parallelism == asked):
            return True
    return False


def _vertex_items(
    result: HotUpdateJobResult, running: Mapping[str, FlinkVertex], rules: VertexRules
) -> list[EffectItem]:
    named = {**_planned(result, rules), **result.asked_vertices}
    found = []
    for vertex in dict.fromkeys((*running, *named)):
        asked = named.get(vertex, result.asked_parallelism)
        if asked is None:
            continue
        known = running.get(vertex, FlinkVertex(id=vertex))
        now = known.parallelism
        carried = None if now is None else now == asked
        found.append(
            EffectItem(
                key=f"vertex:{vertex}",
                name=_vertex_name(known, rules),
                before=rules.before.vertices.get(vertex),
                asked=asked,
                running=now,
                carried=carried,
                why=rules.reason(known, asked) if carried is False else _kept(result, vertex, asked),
            )
        )
    return found


def _planned(result: HotUpdateJobResult, rules: VertexRules) -> dict[str, int]:
    """Return vertex ID → parallelism in the target's plan, if it was written with what was asked for.

    In EXPERT mode the plan gives each vertex its own parallelism: one that keeps it runs as planned.
    """
    plan = rules.plan
    if plan is None or result.state != HOT_UPDATED or not has_requested(plan, result, rules.before.vertices):
        return {}
    return plan.parallelism_by_vertex


def _kept(result: HotUpdateJobResult, vertex: str, asked: int) -> str:
    """The reason for a vertex that runs as planned and not with the parallelism asked for; else empty."""
    planned = vertex not in result.asked_vertices and asked != result.asked_parallelism
    return EXPLICIT if planned and result.asked_parallelism is not None else ""


def _vertex_name(vertex: FlinkVertex, rules: VertexRules) -> str:
    named = vertex.name or " -> ".join(node.desc or node.type for node in rules.members(vertex.id))
    return shorten(visible(named or f"vertex {vertex.id}"), 120)


def _job_item(asked: int, vertices: list[EffectItem], reading: JobReading, before: Before) -> EffectItem:
    setting = reading.job.parallelism if reading.job else None
    known = [item for item in vertices if isinstance(item.running, int)]
    if not known:
        carried = None if setting is None else setting == asked
        return EffectItem(PARALLELISM, PARALLELISM, before.parallelism, asked, setting, carried)
    moving = [item for item in known if item.before is None or item.before != item.asked]
    same = [item.running == asked for item in moving or known]
    carried = any(same) if moving else all(same)
    running = asked if carried else most_common(item.running for item in known if isinstance(item.running, int))
    why = ""
    if setting is not None and all(item.running != setting for item in known):
        why = f"GetJob's setting is {setting}, Flink runs {running}"
    return EffectItem(PARALLELISM, PARALLELISM, before.parallelism, asked, running, carried, why)


def _conf_item(key: str, asked: Any, reading: JobReading, before: Before) -> EffectItem:
    setting, known = _setting(key, reading)
    running, why = setting, ""
    flink = _of_flink(key, reading.checkpoint_config)
    if flink is not None:
        if known and not same_value(key, setting, flink):
            why = f"GetJob's setting is {value_text(setting) or 'empty'}, Flink runs {flink} ms"
        if not known or why:
            running = f"{flink} ms"
        known = True
    carried = same_value(key, asked, running) if known else None
    old = before.conf.get(key) if before.conf is not None else None
    return EffectItem(
        key=key,
        name=shorten(visible(key), 120),
        before=mask_value(key, old),
        asked=mask_value(key, asked),
        running=mask_value(key, running),
        carried=carried,
        why=why,
    )


def _setting(key: str, reading: JobReading) -> tuple[Any, bool]:
    """Return the value in the job's setting, and whether the setting is known."""
    job = reading.job
    if job is None or (job.flink_conf is None and job.user_flink_conf is None):
        return None, False
    return job.conf.get(key), True


def _of_flink(key: str, config: CheckpointConfig | None) -> int | None:
    field = CHECKPOINT_KEYS.get(key)
    value = getattr(config, field) if config is not None and field else None
    # Flink returns the largest number if checkpointing is off.
    return value if isinstance(value, int) and parse_duration(value) is not None and value < 2**62 else None


def _resource_items(result: HotUpdateJobResult, reading: JobReading, before: Before) -> list[EffectItem]:
    """Sizes of JobManager and TaskManagers where the target differs from before."""
    target = resource_values(result.target)
    old = resource_values(TargetResourceSetting.read(dict(before.resources or {})))
    now = resource_values(reading.job) if reading.job else {}
    return [
        EffectItem(
            key=f"resource:{name}",
            name=name,
            before=old[name],
            asked=asked,
            running=now.get(name),
            carried=same_value(name, asked, now[name]) if name in now else None,
        )
        for name, asked in target.items()
        if name in old and not same_value(name, old[name], asked)
    ]
