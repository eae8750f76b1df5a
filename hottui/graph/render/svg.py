"""Render a drawing as SVG: the same boxes, lines and labels at the same positions, with a title and a legend.

Cells become pixels. Each line of a box is one text element, so that it looks right whether or not the font makes wide
characters exactly two cells wide.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from hottui.graph.labels import Kind
from hottui.graph.render.box_drawing import DOWN, HORIZONTAL, LEFT, RIGHT, UP, VERTICAL
from hottui.graph.render.display_list import Stamp
from hottui.graph.render.drawing import Box, Direction, Drawing
from hottui.model.cell_width import cells

_W, _H = 8, 18
"""Size of a cell in pixels."""
_MARGIN, _APART = 20, 24
_SIZE, _LARGE = 13, 15
"""Font sizes in pixels: text and title."""
_TITLE, _ROW = 32, 18
"""Heights in pixels: title and legend line."""
_BEND = 4
"""The radius of a corner, at most half a cell."""
_FONTS = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono CJK SC', "
    "'PingFang SC', 'Microsoft YaHei', monospace"
)


class SvgColors(NamedTuple):
    """SVG colours. `groups` are used cyclically."""

    background: str = "#ffffff"
    line: str = "#64748b"
    border: str = "#475569"
    box: str = "#f8fafc"
    text: str = "#0f172a"
    muted: str = "#64748b"
    changed: str = "#b45309"
    strategy: str = "#1d4ed8"
    problem: str = "#be123c"
    groups: tuple[str, ...] = (
        "#1d4ed8", "#047857", "#c2410c", "#7c3aed", "#be185d", "#0e7490", "#4d7c0f", "#92400e",
    )  # fmt: skip


SVG_COLORS = SvgColors()


class SvgText(NamedTuple):
    """Styled text of the title or the legend."""

    text: str
    fill: str = SVG_COLORS.text
    bold: bool = False


Paragraph = Sequence[Sequence[SvgText]]
"""Lines that are kept together."""


def to_svg(
    drawing: Drawing, title: Sequence[SvgText] = (), legend: Sequence[Paragraph] = (), colours: SvgColors = SVG_COLORS
) -> str:
    """Return `drawing`, made with Unicode strokes, as SVG with `title` above and the paragraphs of `legend` below."""
    width = drawing.width * _W
    top = _MARGIN + _TITLE * bool(title)
    below = top + drawing.height * _H + _APART * bool(drawing.boxes)
    longest = [_length(line) for part in legend for line in part]
    wide = max(width, _length(title) * _LARGE // _SIZE, *longest)
    words, bottom = _legend(legend, wide, below)
    total = (wide + 2 * _MARGIN, (bottom if legend else top + drawing.height * _H) + _MARGIN)
    name = "".join(word.text for word in title) or "plan"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total[0]}" height="{total[1]}" '
        f'viewBox="0 0 {total[0]} {total[1]}" role="img" font-family="{_FONTS}" font-size="{_SIZE}">',
        f"<title>{_xml(name)}</title>",
        f'<rect width="{total[0]}" height="{total[1]}" fill={quoteattr(colours.background)}/>',
        *([_text(_MARGIN, _MARGIN + 10, title, _LARGE)] if title else []),
        f'<g transform="translate({_MARGIN} {top})">',
        *_lines(drawing, colours),
        *_boxes(drawing, colours),
        "</g>",
        *words,
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _length(line: Sequence[SvgText]) -> int:
    return sum(cells(word.text) for word in line) * _W


# Words


def _text(x: float, y: float, words: Sequence[SvgText], size: int = _SIZE) -> str:
    """Return a text element; `y` is the baseline."""
    bold = ' font-weight="600"'
    pieces = "".join(
        f"<tspan fill={quoteattr(word.fill)}{bold * word.bold}>{_xml(word.text)}</tspan>" for word in words
    )
    size_of = f' font-size="{size}"' if size != _SIZE else ""
    return f'<text x="{x:g}" y="{y:g}"{size_of} xml:space="preserve">{pieces}</text>'


def _legend(legend: Sequence[Paragraph], wide: int, top: int) -> tuple[list[str], int]:
    """Place the paragraphs side by side while they fit; also return the first pixel below them."""
    drawn: list[str] = []
    x, y, low = 0, top, top
    for part in legend:
        length = max((_length(line) for line in part), default=0)
        if x and x + length > wide:
            x, y = 0, low + _ROW
        drawn += [_text(_MARGIN + x, y + n * _ROW + 12, line) for n, line in enumerate(part)]
        low = max(low, y + len(part) * _ROW)
        x += length + 2 * _APART
    return drawn, low


def _xml(text: str) -> str:
    """Escape text for XML, which does not allow U+FFFE and U+FFFF."""
    return escape(text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))


# Lines


def _lines(drawing: Drawing, colours: SvgColors) -> Iterator[str]:
    """Yield horizontal lines first; vertical ones cover them with a margin, so that a crossing differs from a joint."""
    ink, across = drawing.ink, drawing.direction is Direction.TB
    table = {char: arms for arms, char in enumerate(drawing.strokes.joints)}
    joints = {(x, y): table[char] for x, y, char, kind, _ in ink.points if kind is Kind.LINE}
    bends = {cell for cell, arms in joints.items() if arms.bit_count() == 2 and arms not in {HORIZONTAL, VERTICAL}}
    # Strokes across the layers end at the joints in their first and last cells, strokes along them at the cell edge.
    level = [
        f"M{_end((first, y), bends, _W, -1, across)} {(y + 0.5) * _H:g}H{_end((last, y), bends, _W, 1, across)}"
        for y, first, last, _ in ink.horizontals
    ]
    upright = [
        f"M{(x + 0.5) * _W:g} {_end((x, first), bends, _H, -1, not across)}V{_end((x, last), bends, _H, 1, not across)}"
        for x, first, last, _ in ink.verticals
    ]
    heads = dict(zip(drawing.strokes.arrows, (RIGHT, LEFT, DOWN, UP), strict=True))
    arrows = [_head(x, y, heads[char]) for x, y, char, kind, _ in ink.points if kind is Kind.ARROW]
    stroke = f'fill="none" stroke-width="1.5" stroke={quoteattr(colours.line)}'
    yield f'<path {stroke} d="{" ".join(level)}"/>'
    yield f'<path fill="none" stroke-width="6" stroke={quoteattr(colours.background)} d="{" ".join(upright)}"/>'
    yield f'<path {stroke} d="{" ".join([*upright, *(_joint(cell, arms) for cell, arms in joints.items())])}"/>'
    yield f'<path fill={quoteattr(colours.line)} d="{" ".join(arrows)}"/>'
    for x, y, char, kind, _ in ink.points:
        if kind is Kind.STRATEGY:
            yield _text(x * _W, (y + 0.5) * _H + 4.5, [SvgText(char, colours.strategy, bold=True)])


def _end(cell: tuple[int, int], bends: set[tuple[int, int]], size: int, side: int, to_joint: bool) -> str:
    """Return the end of a stroke in its first (`side` -1) or last (1) cell; `size` is the cell size along it."""
    at = (cell[0] if size == _W else cell[1]) + 0.5
    reach = -_BEND * (cell in bends) if to_joint else size / 2
    return f"{at * size + side * reach:g}"


def _joint(cell: tuple[int, int], arms: int) -> str:
    """Return the path of a joint: a bend, or straight arms from the centre to the cell edges."""
    cx, cy = (cell[0] + 0.5) * _W, (cell[1] + 0.5) * _H
    edge_x = {LEFT: cx - _W / 2, RIGHT: cx + _W / 2}
    edge_y = {UP: cy - _H / 2, DOWN: cy + _H / 2}
    if arms.bit_count() == 2 and arms not in {HORIZONTAL, VERTICAL}:
        side, end = arms & HORIZONTAL, arms & VERTICAL
        bent = cy - _BEND if end == UP else cy + _BEND
        return f"M{edge_x[side]:g} {cy:g}Q{cx:g} {cy:g} {cx:g} {bent:g}V{edge_y[end]:g}"
    straight = [f"M{cx:g} {cy:g}H{x:g}" for arm, x in edge_x.items() if arms & arm]
    return " ".join([*straight, *(f"M{cx:g} {cy:g}V{y:g}" for arm, y in edge_y.items() if arms & arm)])


def _head(x: int, y: int, direction: int) -> str:
    """Return the path of an arrowhead whose tip touches the box."""
    cx, cy = (x + 0.5) * _W, (y + 0.5) * _H
    if direction in {LEFT, RIGHT}:
        step = _W / 2 if direction == RIGHT else -_W / 2
        return f"M{cx + step:g} {cy:g}L{cx - step:g} {cy - 4:g}V{cy + 4:g}Z"
    step = _H / 2 if direction == DOWN else -_H / 2
    back = f"{cy - step / 9:g}"
    return f"M{cx:g} {cy + step:g}L{cx - 4:g} {back}H{cx + 4:g}ZM{cx - 0.75:g} {back}V{cy - step:g}h1.5V{back}Z"


# Boxes


def _boxes(drawing: Drawing, colours: SvgColors) -> Iterator[str]:
    order = list(drawing.groups)
    edges = {
        name: colours.groups[order.index(name) % len(colours.groups)] if len(order) > 1 else colours.border
        for name in order
    }
    for box in drawing.boxes:
        yield _frame(box, drawing.direction, edges.get(box.group, colours.border), colours)
    rows = groupby(
        (each for each in drawing.ink.stamps if each[1].kind is not Kind.BORDER), lambda each: (each[1].box, each[0])
    )
    for (number, y), stamps in rows:
        yield from _row(y, [stamp for _, stamp in stamps], edges.get(drawing.boxes[number].group, ""), colours)


def _frame(box: Box, direction: Direction, edge: str, colours: SvgColors) -> str:
    """Return the frame of a box: slightly inset between neighbours of a layer, exact where lines meet it."""
    x, y, width, height = box.x * _W, box.y * _H, box.width * _W, box.height * _H
    if direction is Direction.LR:
        y, height = y + 2, height - 4
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill={quoteattr(colours.box)} '
        f"stroke={quoteattr(edge)}><title>{_xml(f'{box.name} {box.parallelism}'.strip())}</title></rect>"
    )


def _row(y: int, stamps: list[Stamp], group: str, colours: SvgColors) -> Iterator[str]:
    """Yield one line of the text of a box, without trailing blanks."""
    while stamps and not stamps[-1].text.strip():
        stamps.pop()
    fills = {
        Kind.NAME: colours.text,
        Kind.PARALLELISM: colours.text,
        Kind.CHANGED: colours.changed,
        Kind.GROUP: group,
    }
    words = [SvgText(s.text, fills.get(s.kind) or colours.muted, s.kind in {Kind.NAME, Kind.GROUP}) for s in stamps]
    if words:
        yield _text(stamps[0].x * _W, (y + 0.5) * _H + 4.5, words)
