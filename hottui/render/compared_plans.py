"""The text beside a drawing of two plans in one: what differs in the selection, the marks, groups and costs."""

from collections import Counter

from hottui.graph.difference_marks import ADDED, CHANGED, REMOVED
from hottui.graph.labels import short_name
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Box, Drawing
from hottui.model.cell_width import pad
from hottui.model.control_characters import visible
from hottui.render import plan_legend
from hottui.render.comparison import Comparison
from hottui.render.cost_text import estimate_text
from hottui.render.diff_text import Side
from hottui.render.glyphs import mark_style
from hottui.render.plan_drawing import DrawingOptions, PlanInput
from hottui.render.plan_legend import MOST, count, left_out, problem_lines, strategy_lines
from hottui.render.plan_names import NodeNames
from hottui.render.styled_text import EMPTY, Line, field, heading, line, note, wrap

_MEANINGS = {ADDED: "only in the second", REMOVED: "only in the first", CHANGED: "in both, differs"}


def panel(comparison: Comparison, names: NodeNames, box: Box | None, edge: int | None, width: int) -> tuple[Line, ...]:
    """Return what differs in the selected edge, otherwise in the selected box, and its details."""
    plan_input = comparison.plan_input
    if plan_input is None:
        return ()
    about = plan_legend.panel(plan_input, names, box, edge, width)
    if edge is not None:
        differs = _edge(plan_input, names.drawing, edge, width)
    else:
        differs = _box(comparison, plan_input, box, width) if box else []
    return (*differs, *([EMPTY] if differs else []), *about)


def _box(comparison: Comparison, plan_input: PlanInput, box: Box, width: int) -> list[Line]:
    if box.mark in (ADDED, REMOVED):
        return [_meaning(box.mark)]
    out: list[Line] = []
    marked = [(node, mark) for node in box.nodes if (mark := plan_input.marks.nodes.get(node))]
    texts = {(mark, comparison.node_texts.get(node) or _MEANINGS[mark]) for node, mark in marked}
    if len(texts) == 1 and len(marked) == len(box.nodes) > 1:
        ((mark, what),) = texts
        return _marked(mark, f"{what} (all operators)", what, width)
    for node, mark in marked[:MOST]:
        what = comparison.node_texts.get(node) or _MEANINGS[mark]
        operator = plan_input.plan.node_by_id[node]
        out += _marked(mark, f"{visible(node)} {visible(short_name(operator))}: {what}", what, width)
    return [*out, *left_out(len(marked), "", width)]


def _edge(plan_input: PlanInput, drawing: Drawing, edge: int, width: int) -> list[Line]:
    chosen = drawing.edges[edge]
    sources, targets = (set(drawing.box_by_id[end].nodes) for end in (chosen.source, chosen.target))
    found = [
        (mark, link)
        for link in plan_input.plan.edges
        if link.source in sources and link.target in targets and (mark := plan_input.marks.of_edge(link))
    ]
    out: list[Line] = []
    for mark, link in found[:MOST]:
        text = f"{visible(link.source)} → {visible(link.target)} {visible(link.strategy)}: {_MEANINGS[mark]}"
        out += _marked(mark, text, f"{link.source} → {link.target}", width)
    return [*out, *left_out(len(found), "", width)]


def _marked(mark: str, text: str, value: str, width: int) -> list[Line]:
    first, *more = wrap(text, width - 4)
    head = line((f" {mark} ", mark_style(mark)), (first, "text"), value=value)
    return [head, *(line((f"   {piece}", "text")) for piece in more)]


def _meaning(mark: str) -> Line:
    return line((f" {mark} {_MEANINGS[mark]}", mark_style(mark)))


def legend(comparison: Comparison, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return problems, the marks with their numbers, groups, both costs, and edge letters."""
    out = [*problem_lines(drawing, "Problems in the plans", width)]
    out += _marks(comparison, width)
    if len(drawing.groups) > 1:
        styles = plan_legend.group_styles(drawing)
        out += [EMPTY, line((" Groups", "header"), ("  A→B: moved to another", "dim"))]
        out += [
            line((f" {letter:3}", styles[name]), (visible(name) or "(no name)", "text"))
            for name, letter in [*drawing.groups.items()][:MOST]
        ]
    out += heading("Cost")
    for name, side in (("First", comparison.old), ("Second", comparison.new)):
        out += _cost(name, side, width)
    return (*out, *strategy_lines(drawing))


def _cost(name: str, side: Side, width: int) -> list[Line]:
    pieces = wrap(estimate_text(side.setting.cost), width - 10)
    return [line((f" {pad(name if n == 0 else '', 8)}", "dim"), (piece, "text")) for n, piece in enumerate(pieces)]


def _marks(comparison: Comparison, width: int) -> list[Line]:
    nodes, edges = counts(comparison)
    out = [line((" Marks", "header"))]
    if not nodes and not edges:
        return [*out, *note("The plans have no differences.", width)]
    for mark in (ADDED, REMOVED, CHANGED):
        found = [_many(nodes[mark], "node"), _many(edges[mark], "edge")]
        text = ", ".join(filter(None, found)) or "none"
        out.append(line((f" {mark}  ", mark_style(mark)), (pad(_MEANINGS[mark], 18), "text"), (f"  {text}", "dim")))
    if edges:
        out.append(line((" n  ", "strategy"), ("new edge between boxes of both", "text")))
        out.append(line((" o  ", "strategy"), ("old edge between boxes of both", "text")))
    plans = comparison.plans
    if plans and plans.parallelism:
        out.append(
            line((" ×4 → ×8  ", "changed"), (f"parallelism differs: {_many(len(plans.parallelism), 'node')}", "text"))
        )
    if plans and plans.groups:
        out.append(line((" A→B  ", "text"), (f"group differs: {_many(len(plans.groups), 'node')}", "text")))
    return out


def counts(comparison: Comparison) -> tuple[Counter[str], Counter[str]]:
    """Return the number of nodes and of edges with each mark."""
    marks = comparison.plan_input.marks if comparison.plan_input else None
    if marks is None:
        return Counter(), Counter()
    return Counter(marks.nodes.values()), Counter(marks.edges.values())


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}" if count else ""


def summary(drawing: Drawing, options: DrawingOptions, *, tracing: bool) -> str:
    """Return the status line of the drawing."""
    boxes = Counter(box.mark for box in drawing.boxes)
    edges = sum(bool(edge.mark) for edge in drawing.edges)
    one, more = ("vertex", "vertices") if options.level is Level.VERTEX else ("operator", "operators")
    marked = " ".join(f"{mark}{boxes[mark]:,}" for mark in (ADDED, REMOVED, CHANGED) if boxes[mark])
    parts = [
        count(len(drawing.boxes), one, more),
        marked or "none differ",
        f"{_many(edges, 'edge')} {'differs' if edges == 1 else 'differ'}" if edges else "",
        count(len(drawing.problems), "problem: see the panel", "problems: see the panel") if drawing.problems else "",
        "paths highlighted" if tracing else "",
        "c: next difference" if marked or edges else "",
        f"detail {options.detail + 1} of 3",
    ]
    return " · ".join(part for part in parts if part)


def absent(comparison: Comparison, width: int) -> tuple[Line, ...]:
    """Return why there is no drawing."""
    out: list[Line] = []
    for name, side in (("First", comparison.old), ("Second", comparison.new)):
        has = "has a plan" if side.setting.plan else "no plan, as usual in BASIC mode"
        out += field(name, side.problem or f"{side.title}: {has}", "stale" if side.problem else "text", width=width)
    return (*note("Both settings need a plan to be drawn.", width), EMPTY, *out)
