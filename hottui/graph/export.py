"""A plan for other tools: Graphviz dot, Mermaid, and a picture (SVG) of a drawing's own layout.

Names in a plan are data: whatever they hold, they come out as text and never as syntax.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hottui.graph.drawing import Direction, Drawing
from hottui.graph.labels import Kind, edge_label, member_name, parallelism_of, strategy_letters
from hottui.graph.prepare import Level, PlanGraph, prepare
from hottui.graph.strokes import DOWN, LEFT, RIGHT, UNICODE, UP
from hottui.model.plan import Plan
from hottui.model.text import visible

_PLAIN = set(" _-+.,:/×")
_CELL_WIDTH, _CELL_HEIGHT, _MARGIN = 8, 17, 8
"""Pixels."""


def to_dot(plan: Plan, level: Level = Level.VERTEX) -> str:
    """`plan` in Graphviz's language."""
    graph = prepare(plan, level)
    lines = ["digraph plan {", "  rankdir=LR;", "  node [shape=box];"]
    for number, text in enumerate(_texts(graph)):
        lines.append(f'  n{number} [label="{_dot(text[0])}\\n{_dot(text[1])}"];')
    for source, target, label in _arrows(graph):
        lines.append(f"  n{source} -> n{target}" + (f' [label="{_dot(label)}"];' if label else ";"))
    return "\n".join([*lines, "}", ""])


def to_mermaid(plan: Plan, level: Level = Level.VERTEX) -> str:
    """`plan` as a Mermaid flowchart."""
    graph = prepare(plan, level)
    lines = ["flowchart LR"]
    for number, text in enumerate(_texts(graph)):
        lines.append(f'  n{number}["{_mermaid(text[0])}<br/>{_mermaid(text[1])}"]')
    for source, target, label in _arrows(graph):
        lines.append(f"  n{source} -->" + (f'|"{_mermaid(label)}"|' if label else "") + f" n{target}")
    return "\n".join([*lines, ""])


def _texts(graph: PlanGraph) -> Iterator[tuple[str, str]]:
    for member in graph.members:
        more = f" +{len(member.nodes) - 1}" if len(member.nodes) > 1 else ""
        yield visible(member_name(member)) + more, parallelism_of(member, {}, UNICODE)[0]


def _arrows(graph: PlanGraph) -> Iterator[tuple[int, int, str]]:
    letters = strategy_letters(strategy for link in graph.links for strategy in link.strategies)
    for link in graph.links:
        yield link.source, link.target, edge_label(link.strategies, letters)


def _dot(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _mermaid(text: str) -> str:
    """Everything that could mean something as an entity code."""
    return "".join([c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in text])


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a picture, as SVG understands them. `groups` are used in turn."""

    background: str = "#ffffff"
    line: str = "#6b7280"
    border: str = "#374151"
    box: str = "#f9fafb"
    text: str = "#111827"
    muted: str = "#6b7280"
    changed: str = "#b45309"
    strategy: str = "#1d4ed8"
    groups: tuple[str, ...] = ("#1d4ed8", "#047857", "#b45309", "#7c3aed", "#be123c", "#0e7490")


def to_svg(drawing: Drawing, colours: Colours | None = None) -> str:
    """A picture of `drawing`, made with Unicode strokes: the same boxes, lines and labels in the same places."""
    colours = colours or Colours()
    width = drawing.width * _CELL_WIDTH + 2 * _MARGIN
    height = drawing.height * _CELL_HEIGHT + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">',
        f'<rect width="{width}" height="{height}" fill={quoteattr(colours.background)}/>',
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *_svg_lines(drawing, colours),
        *_svg_boxes(drawing, colours),
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _svg_lines(drawing: Drawing, colours: Colours) -> Iterator[str]:
    """Level lines first; upright ones lie over them with a margin, so that a crossing is no joint."""
    ink = drawing.ink
    # What runs across the layers ends in the middle of a joint's cell, what runs along them at a cell's edge.
    across = drawing.direction is Direction.TB
    level = [_level(y, first, last, 0.5 * across) for y, first, last, _ in ink.horizontals if first <= last]
    upright = [_upright(x, first, last, 0.5 * (not across)) for x, first, last, _ in ink.verticals if first <= last]
    joints, arrows, letters = [], [], []
    heads = dict(zip(drawing.strokes.arrows, (RIGHT, LEFT, DOWN, UP), strict=True))
    arms_of = _arms_of(drawing)
    for x, y, char, kind, _ in ink.points:
        if kind is Kind.ARROW:
            arrows.append(_head(x, y, heads[char]))
        elif kind is Kind.STRATEGY:
            letters.append(_text(x, y, char, 1, colours.strategy))
        else:
            joints.append(_joint(x, y, arms_of[x, y]))
    stroke = f'fill="none" stroke-width="1.5" stroke={quoteattr(colours.line)}'
    yield f'<path {stroke} d="{" ".join(level)}"/>'
    yield f'<path fill="none" stroke-width="6" stroke={quoteattr(colours.background)} d="{" ".join(upright)}"/>'
    yield f'<path {stroke} d="{" ".join(upright + joints)}"/>'
    yield f'<path fill={quoteattr(colours.line)} d="{" ".join(arrows)}"/>'
    yield from letters


def _arms_of(drawing: Drawing) -> dict[tuple[int, int], int]:
    """The arms of every joint, which its character tells."""
    table = {char: arms for arms, char in enumerate(drawing.strokes.joints)}
    return {(x, y): table[char] for x, y, char, kind, _ in drawing.ink.points if kind is Kind.LINE}


def _centre(x: int, y: int) -> tuple[float, float]:
    return (x + 0.5) * _CELL_WIDTH, (y + 0.5) * _CELL_HEIGHT


def _level(y: int, first: int, last: int, less: float) -> str:
    return f"M{(first + less) * _CELL_WIDTH} {(y + 0.5) * _CELL_HEIGHT}H{(last + 1 - less) * _CELL_WIDTH}"


def _upright(x: int, first: int, last: int, less: float) -> str:
    return f"M{(x + 0.5) * _CELL_WIDTH} {(first + less) * _CELL_HEIGHT}V{(last + 1 - less) * _CELL_HEIGHT}"


def _joint(x: int, y: int, arms: int) -> str:
    cx, cy = _centre(x, y)
    ends = {LEFT: f"H{x * _CELL_WIDTH}", RIGHT: f"H{(x + 1) * _CELL_WIDTH}"}
    ends |= {UP: f"V{y * _CELL_HEIGHT}", DOWN: f"V{(y + 1) * _CELL_HEIGHT}"}
    return " ".join([f"M{cx} {cy}{end}" for arm, end in ends.items() if arms & arm])


def _head(x: int, y: int, way: int) -> str:
    cx, cy = _centre(x, y)
    w, h = _CELL_WIDTH / 2, _CELL_HEIGHT / 4
    if way in {LEFT, RIGHT}:
        tip = w if way == RIGHT else -w
        return f"M{cx + tip} {cy}L{cx - tip} {cy - h}V{cy + h}Z"
    tip = 2 * h if way == DOWN else -2 * h
    return f"M{cx} {cy + tip}L{cx - w} {cy - tip / 2}H{cx + w}Z"


def _svg_boxes(drawing: Drawing, colours: Colours) -> Iterator[str]:
    order = list(drawing.groups)
    for box in drawing.boxes:
        x, y = box.x * _CELL_WIDTH, box.y * _CELL_HEIGHT
        edge = colours.border
        if box.letter and box.group in order:
            edge = colours.groups[order.index(box.group) % len(colours.groups)]
        yield (
            f'<rect x="{x + 2}" y="{y + 2}" width="{box.width * _CELL_WIDTH - 4}" '
            f'height="{box.height * _CELL_HEIGHT - 4}" rx="4" fill={quoteattr(colours.box)} stroke={quoteattr(edge)}>'
            f"<title>{_xml(f'{box.name} {box.parallelism}')}</title></rect>"
        )
    fills = {Kind.NAME: colours.text, Kind.CHANGED: colours.changed, Kind.PARALLELISM: colours.text}
    for y, stamp in drawing.ink.stamps:
        if stamp.kind is not Kind.BORDER and stamp.text.strip():
            yield _text(stamp.x, y, stamp.text, stamp.width, fills.get(stamp.kind, colours.muted))


def _text(x: int, y: int, text: str, width: int, fill: str) -> str:
    return (
        f'<text x="{x * _CELL_WIDTH}" y="{(y + 0.75) * _CELL_HEIGHT}" textLength="{width * _CELL_WIDTH}" '
        f'lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill={quoteattr(fill)}>{_xml(text)}</text>'
    )


def _xml(text: str) -> str:
    """Text for XML, which has no place for two of the characters that are visible."""
    return escape(text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))
