"""The text beside a plan's drawing: the selected box or edge, the legend, and the messages without a drawing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hottui.analysis.cost import Cost, GroupCost, managed_memory
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Box, Drawing, Edge
from hottui.model.control_characters import visible
from hottui.model.memory_size import parse_memory
from hottui.model.plan import FORWARD, Group, Node
from hottui.render.ages import age
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import GROUPS
from hottui.render.plan_drawing import Costs, DrawingOptions, PlanInput
from hottui.render.plan_names import NodeNames, nodes_of
from hottui.render.styled_text import EMPTY, Line, heading, line, no_answer, note, wrap
from hottui.render.units import number, spec_text

_NAME = 13
"""Width of a name in cells."""
MOST = 100
"""Maximum number of operators, neighbours and groups listed; the tables have all."""
_MOST_CHARACTERS = 20_000
"""Maximum characters shown of an unreadable plan."""


def copied(names: NodeNames, box: Box | None, edge: int | None) -> str | None:
    """Return the text to copy for the selection: descriptions of the chained operators, or both ends of an edge."""
    if box is None:
        return None
    if edge is None:
        return " -> ".join(node.desc or node.type or node.id for node in nodes_of(box, names.plan))
    ends = names.drawing.edges[edge].source, names.drawing.edges[edge].target
    return " -> ".join(names.unique(end) for end in ends)


# The panel


def panel(plan_input: PlanInput, names: NodeNames, box: Box | None, edge: int | None, width: int) -> tuple[Line, ...]:
    """Return the details of the selected edge, otherwise of the selected box."""
    if edge is not None:
        return _edge(names, names.drawing.edges[edge], width)
    return _box(plan_input, names, box, width) if box else ()


def _pair(name: str, value: str, width: int, style: str = "text") -> list[Line]:
    pieces = wrap(value, width - _NAME - 2) or [""]
    first = line((f" {name:{_NAME}}", "dim"), (pieces[0], style), value=value)
    return [first, *(line((" " * (_NAME + 1), "dim"), (piece, style)) for piece in pieces[1:])]


def _title(text: str, width: int, value: str) -> list[Line]:
    pieces = wrap(text, width - 2)
    return [line((f" {piece}", "title"), value=value if n == 0 else None) for n, piece in enumerate(pieces)]


def _box(plan_input: PlanInput, names: NodeNames, box: Box, width: int) -> tuple[Line, ...]:
    drawing, plan, name = names.drawing, names.plan, names.full(box.id)
    out = _title(name, width, name)
    out += _pair("Parallelism", box.parallelism or "not set", width, "changed" if box.changed else "text")
    if box.group:
        style = group_styles(drawing).get(box.group, "text")
        letter = drawing.groups.get(box.group, "") if len(drawing.groups) > 1 else ""
        out += _pair("Group", f"{letter} {visible(box.group)}".strip(), width, style)
    chained = f" ({len(box.nodes)} operators)" if len(box.nodes) > 1 else ""
    word = "Node" if drawing.level is Level.OPERATOR or box.id in box.nodes else "Vertex"
    out += _pair(word, visible(box.id) + chained, width)
    own = [drawing.edges[n] for n in drawing.edges_of[box.id]]
    strategies = {(e.source, e.target): ", ".join(dict.fromkeys(e.strategies)) for e in own}
    for title, ends, out_of in (("Reads from", box.sources, False), ("Feeds", box.targets, True)):
        for n, end in enumerate(ends[:MOST]):
            by = strategies.get((box.id, end) if out_of else (end, box.id), "")
            out += _pair(title if n == 0 else "", f"{names.unique(end)}  {visible(by)}".rstrip(), width)
        out += left_out(len(ends), "boxes", width)
    if (box.id, box.id) in strategies:
        out += _pair("Feeds", f"itself  {visible(strategies[box.id, box.id])}".rstrip(), width)
    nodes = nodes_of(box, plan)
    for node in nodes[:MOST]:
        out += [EMPTY, *_operator(node, plan_input.changes, width)]
    return (*out, *left_out(len(nodes), "operators", width))


def left_out(number: int, what: str, width: int) -> tuple[Line, ...]:
    """Return how many of `number` are not listed; empty if all are."""
    more = f"… and {number - MOST:,} more{what and ' '}{what}; press m for tables with all."
    return note(more, width) if number > MOST else ()


def _operator(node: Node, changes: Mapping[str, tuple[int, int]], width: int) -> list[Line]:
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
    style = "dim"
    if node.id in changes:
        now, style = "×{} → ×{}".format(*changes[node.id]), "changed"
    return [*out, line(("   ", "dim"), (now, style), (f"  {bounds}" if bounds else "", "dim"))]


def _edge(names: NodeNames, edge: Edge, width: int) -> tuple[Line, ...]:
    drawing, plan = names.drawing, names.plan
    source, target = drawing.box_by_id[edge.source], drawing.box_by_id[edge.target]
    out = [line((" Edge", "title"))]
    out += _pair("From", names.unique(source.id), width)
    out += _pair("To", names.unique(target.id), width)
    if edge.is_reversed:
        out += _pair("Direction", "backward: it closes a cycle", width)
    sources, targets = set(source.nodes), set(target.nodes)
    links = [
        link
        for link in plan.edges
        if link.source in sources and link.target in targets and (source is not target or link.source == link.target)
    ]
    for link in links[:MOST]:
        out += [EMPTY, *_pair("Operators", f"{visible(link.source)} → {visible(link.target)}", width)]
        out += _pair("Strategy", visible(link.strategy) or "not set", width)
        out += _pair("Mode", visible(link.mode) or "not set", width)
    return (*out, *left_out(len(links), "connections", width))


# The legend


def legend(drawing: Drawing, costs: Costs, width: int) -> tuple[Line, ...]:
    """Return the legend: problems, groups with the resources of a slot, the job's total, and edge letters."""
    out: list[Line] = []
    out += problem_lines(drawing, "Problems in the plan", width)
    out += [line((" Groups", "header"), ("  slots, and resources per slot", "dim"))]
    styles = group_styles(drawing)
    groups = tuple(zip(costs.before.groups, costs.after.groups, strict=True))
    for before, after in groups[:MOST]:
        letter = drawing.groups.get(before.name, "") if len(drawing.groups) > 1 else ""
        out += _group(before, after.slots, letter, styles.get(before.name, "text"), width)
    if len(groups) > MOST:
        out += note(f"… and {len(groups) - MOST:,} more groups; the Streaming tab has all.", width)
    out += [EMPTY, *_totals(costs, width)]
    return (*out, *strategy_lines(drawing))


def problem_lines(drawing: Drawing, title: str, width: int) -> tuple[Line, ...]:
    """Return the problems of the plan below a heading; empty if there are none."""
    if not drawing.problems:
        return ()
    notes = (each for problem in drawing.problems for each in note(problem, width, "stale"))
    return (line((f" {title}", "header")), *notes, EMPTY)


def strategy_lines(drawing: Drawing) -> tuple[Line, ...]:
    """Return the letters of ship strategies below a heading; empty if no edge has one."""
    if not drawing.strategies:
        return ()
    letters = drawing.strategies.items()
    lines = (line((f" {letter:3}", "strategy"), (visible(name), "text")) for name, letter in letters)
    return (*heading("Edges", f"without a letter: {FORWARD}"), *lines)


def _totals(costs: Costs, width: int) -> list[Line]:
    out = [
        *_pair("TaskManagers", spec_text(costs.sent.taskmanagers), width),
        *_pair("JobManager", spec_text(costs.sent.jobmanager) if costs.sent.jobmanager != Cost() else "–", width),
        *_pair("Job", spec_text(costs.sent.total), width, "bold"),
    ]
    if costs.running is not None:
        if costs.after.total != costs.sent.total:
            out += _pair("Job, asked", spec_text(costs.after.total), width, "changed")
        if costs.running.total != costs.sent.total:
            out += _pair("Job, running", spec_text(costs.running.total), width, "changed")
    elif costs.after.total != costs.sent.total:
        out += _pair("Job, changed", spec_text(costs.after.total), width, "changed")
    elif costs.before.total != costs.sent.total:
        out += _pair("Job, before", spec_text(costs.before.total), width, "changed")
    return out


def _group(cost: GroupCost, after: int, letter: str, style: str, width: int) -> list[Line]:
    slots = f"{cost.slots:,}" + (f" → {after:,}" if after != cost.slots else "")
    slots += f" {'slot' if (cost.slots, after) == (1, 1) else 'slots'}"
    head, *more = wrap(visible(cost.name) or "(no name)", max(width - len(slots) - 8, 8))
    changed = "changed" if after != cost.slots else "dim"
    indent = "    " if letter else " "
    out = [
        line((f" {letter:3}" if letter else " ", style), (head, "text"), (f"  {slots}", changed), value=cost.name),
        *(line(indent + piece) for piece in more),
    ]
    if cost.group is None:
        return [*out, line((f"{indent}  not described in the plan", "stale"))]
    return [*out, *(line((f"{indent}  {piece}", "dim")) for piece in wrap(_slot(cost.group), width - len(indent) - 3))]


def _slot(group: Group) -> str:
    """Return the resources of a slot by the plan's names."""
    parts = [
        f"{number(group.cpu)} cpu",
        f"heap {_amount(group.heap)}",
        f"off-heap {_amount(group.off_heap)}",
    ]
    managed = managed_memory(group)
    parts += [
        f"managed {_amount(amount)} ({visible(use).lower().replace('_', ' ')})" for use, amount in managed.items()
    ]
    return ", ".join(parts if managed else [*parts, "managed –"])


def _amount(text: Any) -> str:
    """Return an amount of memory as in the plan, with `?` if it cannot be parsed."""
    shown = "" if text is None else visible(str(text)).strip()
    return f"{shown} ?" if shown and parse_memory(text) is None else shown or "–"


# Status line, and content without a drawing


def summary(drawing: Drawing, options: DrawingOptions, tracing: bool) -> str:
    """Return the status line of a drawing."""
    one, many = ("vertex", "vertices") if options.level is Level.VERTEX else ("operator", "operators")
    changed = sum(box.changed for box in drawing.boxes)
    unmoved = sum(drawing.strokes.unmoved in box.parallelism for box in drawing.boxes)
    parts = [
        count(len(drawing.boxes), one, many),
        count(len(drawing.edges), "edge", "edges"),
        f"{changed - unmoved:,} changed" if changed > unmoved else "",
        f"{unmoved:,} not as asked ({drawing.strokes.unmoved})" if unmoved else "",
        count(len(drawing.problems), "problem: see the panel", "problems: see the panel") if drawing.problems else "",
        "paths highlighted" if tracing else "",
        f"detail {options.detail + 1} of 3",
    ]
    return " · ".join(part for part in parts if part)


def counts(nodes: int, edges: int) -> str:
    """Return the number of rows in the tables."""
    return f"{count(nodes, 'node', 'nodes')}, {count(edges, 'edge', 'edges')}"


def count(many: int, one: str, more: str) -> str:
    """Return the number with the singular or plural noun."""
    return f"{many:,} {one if many == 1 else more}"


def absent(context: DetailContext, width: int) -> tuple[Line, ...]:
    """Return the content of the tab without a plan: there is none, or it is unreadable and shown as text."""
    if context.answer is None:
        return no_answer(replace(context, width=width))
    reading = context.answer.plan
    if not reading.error:
        return note("The answer has no resourcePlan, as usual in BASIC mode.", width)
    shown = [line((f" {piece}", "text")) for piece in wrap(reading.text[:_MOST_CHARACTERS], width - 2)]
    if len(reading.text) > _MOST_CHARACTERS:
        shown += note(f"… and {len(reading.text) - _MOST_CHARACTERS:,} characters more; Y copies all of it.", width)
    return (
        *note(f"Cannot decode the resourcePlan: {reading.error}. The original text:", width, "stale"),
        EMPTY,
        *shown,
    )


def progress(stage: str, done: float, nodes: int, shown: float | None) -> str:
    """Return the progress message of a drawing, while a drawing `shown` seconds old or else tables are shown."""
    if shown is None:
        return f"drawing {nodes:,} nodes: {stage} {done:.0%} (tables shown meanwhile)"
    return f"redrawing {nodes:,} nodes: {stage} {done:.0%} (the plan of {age(shown)} ago is shown)"


def group_styles(drawing: Drawing) -> dict[str, str]:
    """Return the style of each group; empty if there is only one group."""
    return {name: f"group.{n % GROUPS}" for n, name in enumerate(drawing.groups)} if len(drawing.groups) > 1 else {}
