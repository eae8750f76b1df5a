"""The words beside the plan's drawing: the selected box or edge, the legend, and the plan as tables."""

from collections.abc import Mapping

from hottui.graph.drawing import Box, Drawing, Edge
from hottui.model.plan import Node, Plan
from hottui.model.resources import GroupCost, PlanCost
from hottui.model.text import visible
from hottui.tui.detail.fields import heading, note
from hottui.tui.detail.resources import number, spec_text
from hottui.tui.lines import EMPTY, Line, Span, fit, line, wrap
from hottui.tui.palette import GROUPS

Changes = Mapping[str, tuple[int, int]]
_NAME = 13


def panel(
    plan: Plan, drawing: Drawing, box: Box | None, edge: int | None, *, changes: Changes, width: int
) -> tuple[Line, ...]:
    """Everything about the selected edge, or else the selected box."""
    if edge is not None:
        return _edge(plan, drawing, drawing.edges[edge], width)
    return _box(plan, drawing, box, changes, width) if box else ()


def _pair(name: str, value: str, width: int, style: str = "text") -> list[Line]:
    pieces = wrap(value, width - _NAME - 2) or [""]
    first = line((f" {fit(name, _NAME)}", "dim"), (pieces[0], style), value=value)
    return [first, *(line((" " * (_NAME + 1), "dim"), (piece, style)) for piece in pieces[1:])]


def _box(plan: Plan, drawing: Drawing, box: Box, changes: Changes, width: int) -> tuple[Line, ...]:
    out = [line((f" {visible(box.name)}", "title"), value=box.name)]
    out += _pair("Parallelism", box.parallelism, width, "changed" if box.changed else "text")
    if box.group:
        out += _pair(
            "Group",
            f"{drawing.groups.get(box.group, '')} {visible(box.group)}".strip(),
            width,
            group_style(drawing, box.group),
        )
    out += _pair("Vertex" if len(box.nodes) > 1 or box.id not in box.nodes else "Node", visible(box.id), width)
    for title, ends, mine in (("Reads from", box.sources, False), ("Feeds", box.targets, True)):
        for end in ends:
            edge = next(
                (e for e in drawing.edges if (e.source, e.target) == ((box.id, end) if mine else (end, box.id))), None
            )
            strategies = ", ".join(dict.fromkeys(edge.strategies)) if edge else ""
            out += _pair(title, f"{visible(drawing.box_by_id[end].name)}  {visible(strategies)}", width)
            title = ""  # noqa: PLW2901 - said once
    nodes = [plan.node_by_id[node] for node in box.nodes if node in plan.node_by_id]
    for node in nodes:
        out += [EMPTY, *_operator(node, changes, width)]
    return tuple(out)


def _operator(node: Node, changes: Changes, width: int) -> list[Line]:
    out = [line((f" {visible(node.id)} ", "accent"), (visible(node.type), "bold"), value=node.id)]
    out += [
        line((f"   {piece}", "text"), value=node.desc if n == 0 else None)
        for n, piece in enumerate(wrap(node.desc, width - 4))
        if piece
    ]
    profile = node.profile
    known = ((profile.min_parallelism, "min"), (profile.max_parallelism, "max"))
    bounds = ", ".join(f"{word} {value:,}" for value, word in known if value is not None)
    now = f"×{profile.parallelism}" if profile.parallelism is not None else "no parallelism"
    if node.id in changes:
        old, new = changes[node.id]
        now = f"×{old} → ×{new}"
    out.append(
        line(
            ("   ", "dim"), (now, "changed" if node.id in changes else "dim"), (f"  {bounds}" if bounds else "", "dim")
        )
    )
    return out


def _edge(plan: Plan, drawing: Drawing, edge: Edge, width: int) -> tuple[Line, ...]:
    source, target = drawing.box_by_id[edge.source], drawing.box_by_id[edge.target]
    out = [line((" Edge", "title"))]
    out += _pair("From", visible(source.name), width)
    out += _pair("To", visible(target.name), width)
    if edge.turned:
        out += _pair("Direction", "against the layers: it closes a cycle", width)
    for link in plan.edges:
        if link.source in source.nodes and link.target in target.nodes:
            out += [EMPTY, *_pair("Operators", f"{visible(link.source)} → {visible(link.target)}", width)]
            out += _pair("Strategy", visible(link.strategy) or "none given", width)
            out += _pair("Mode", visible(link.mode) or "none given", width)
    return tuple(out)


def group_style(drawing: Drawing, group: str) -> str:
    """The palette's style of a group's colour."""
    names = list(drawing.groups)
    return f"group.{names.index(group) % GROUPS}" if group in names and len(names) > 1 else "text"


def legend(drawing: Drawing, cost: PlanCost, width: int) -> tuple[Line, ...]:
    """The groups with what a slot of each gets, the job's total, the letters on edges, and what could not be drawn."""
    out = [line((" Groups", "header"), ("  of one slot", "dim"))]
    for group in cost.groups:
        out += _group(group, drawing, width)
    out += [
        EMPTY,
        *_pair("TaskManagers", spec_text(cost.taskmanagers), width),
        *_pair("JobManager", spec_text(cost.jobmanager), width),
        *_pair("Job", spec_text(cost.total), width, "bold"),
    ]
    if drawing.strategies:
        out += heading("Edges", "without a letter: FORWARD")
        out += [
            line((f" {letter:3}", "strategy"), (visible(name), "text")) for name, letter in drawing.strategies.items()
        ]
    if drawing.problems:
        out += heading("Not drawn as it came")
        for problem in drawing.problems:
            out += note(problem, width, "stale")
    return tuple(out)


def _group(cost: GroupCost, drawing: Drawing, width: int) -> list[Line]:
    letter = drawing.groups.get(cost.name, "") if len(drawing.groups) > 1 else ""
    head = Span(f" {fit(letter, 3)}", group_style(drawing, cost.name))
    name = fit(visible(cost.name) or "(none)", max(width - 18, 8)).rstrip()
    slots = f"{cost.slots:,} {'slot' if cost.slots == 1 else 'slots'}"
    first = line(head, (name, "text"), (f"  {slots}", "dim"), value=cost.name)
    if cost.group is None:
        return [first, line(("    no profile describes it", "stale"))]
    parts = [
        f"{number(cost.group.cpu)} cpu",
        f"heap {visible(cost.group.heap) or '–'}",
        f"off-heap {visible(cost.group.off_heap) or '–'}",
    ]
    for use, amount in (cost.group.managed or {}).items():
        parts.append(f"{visible(str(use)).lower().replace('_', ' ')} {visible(str(amount))}")
    return [first, *(line((f"    {piece}", "dim")) for piece in wrap(", ".join(parts), width - 5))]


def tables(plan: Plan, changes: Changes, width: int, words: tuple[str, ...]) -> tuple[Line, ...]:
    """Nodes and edges as tables: what can be read without a drawing, and searched."""
    vertex_of = {node: vertex for vertex, nodes in plan.vertices for node in nodes}
    rest = max(width - 44, 12)
    out = [line((f" {fit('NODE', 6)}{fit('PARALLELISM', 13)}{fit('GROUP', 12)}{fit('VERTEX', 10)}OPERATOR", "header"))]
    for node in plan.nodes:
        now = "–" if node.parallelism is None else f"×{node.parallelism}"
        old, new = changes.get(node.id, (0, 0))
        now = f"×{old} → ×{new}" if node.id in changes else now
        vertex, what = visible(vertex_of.get(node.id, "")), visible(node.desc or node.type)
        text = f"{node.id} {node.group} {vertex} {what} {node.type}".lower()
        if all(word in text for word in words):
            out.append(
                line(
                    (f" {fit(visible(node.id), 5)} ", "accent"),
                    (f"{fit(now, 12)} ", "changed" if node.id in changes else "text"),
                    (f"{fit(visible(node.group), 11)} {fit(vertex, 9)} ", "dim"),
                    (fit(what, rest).rstrip() if len(what) < 400 else what[:400], "text"),
                    value=node.desc or node.type,
                )
            )
    out += [EMPTY, line((f" {fit('FROM', 7)}{fit('TO', 7)}{fit('STRATEGY', 12)}MODE", "header"))]
    for edge in plan.edges:
        text = f"{edge.source} {edge.target} {edge.strategy} {edge.mode}".lower()
        if all(word in text for word in words):
            ends = f" {fit(visible(edge.source), 6)} {fit(visible(edge.target), 6)} "
            rest_of_it = f"{fit(visible(edge.strategy), 11)} {visible(edge.mode)}"
            out.append(line((ends + rest_of_it, "text"), value=f"{edge.source} → {edge.target}"))
    return tuple(out)


def absent(subject_error: str, text: str, width: int) -> tuple[Line, ...]:
    """What stands in the tab when there is no plan to draw: nothing was sent, or the text as it came and why."""
    if not subject_error:
        return note("The answer has no resourcePlan, as is usual in BASIC mode.", width)
    shown = [line((f" {piece}", "text")) for piece in wrap(text[:20_000], width - 2)]
    return (*note(f"The resourcePlan cannot be read: {subject_error}. It came as:", width, "stale"), EMPTY, *shown)


def progress(stage: str, done: float, nodes: int) -> str:
    """The line shown while a drawing is made."""
    return f"drawing {nodes:,} nodes: {stage} {done:.0%} (the tables stand in meanwhile)"
