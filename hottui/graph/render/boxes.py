"""Draw boxes as stamps: frame, caption, and the cells where lines leave."""

from collections.abc import Sequence

from hottui.graph.labels import Caption, CaptionLine, Kind
from hottui.graph.render.box_drawing import Strokes
from hottui.graph.render.display_list import Stamp
from hottui.graph.render.drawing import Box
from hottui.model.cell_width import cells


def all_stamps(
    boxes: Sequence[Box],
    captions: Sequence[Caption],
    exits: Sequence[Sequence[tuple[int, bool]]],
    *,
    bare: bool,
    across: bool,
    strokes: Strokes,
) -> list[tuple[int, Stamp]]:
    """Return the stamps of every box."""
    return [
        stamp
        for number, (box, caption) in enumerate(zip(boxes, captions, strict=True))
        for stamp in stamps(box, number, caption, exits[number], bare=bare, across=across, strokes=strokes)
    ]


def stamps(
    box: Box,
    number: int,
    caption: Caption,
    exits: Sequence[tuple[int, bool]],
    *,
    bare: bool,
    across: bool,
    strokes: Strokes,
) -> list[tuple[int, Stamp]]:
    """Return the (row, stamp) pairs of a box. `exits` are (cell relative to the box, whether on the later side).

    `bare` boxes have a single row in brackets and do not show exits.
    """
    if bare:
        sides = _bare_sides(box.height, strokes)
        top, content = 0, 0
    else:
        sides = [(strokes.side, strokes.side)] * box.height
        top, content = 1, 2
    made: list[tuple[int, Stamp]] = []
    if not bare:
        exits_here = {cell for cell, later in exits if across and not later}
        edge = _edge(strokes.corners[:2], box.width, strokes.top, strokes.exit_up, exits_here)
        made.append((box.y, Stamp(box.x, edge, box.width, Kind.BORDER, number)))
        exits_here = {cell for cell, later in exits if across and later}
        edge = _edge(strokes.corners[2:], box.width, strokes.top, strokes.exit_down, exits_here)
        made.append((box.y + box.height - 1, Stamp(box.x, edge, box.width, Kind.BORDER, number)))
        if not across:
            for cell, later in exits:
                left, right = sides[cell]
                sides[cell] = (left, strokes.exit_right) if later else (strokes.exit_left, right)
    first = top + (box.height - content - len(caption.lines)) // 2
    for row in range(top, box.height - top):
        line = caption.lines[row - first] if 0 <= row - first < len(caption.lines) else ()
        made += [(box.y + row, stamp) for stamp in _row(box, number, line, sides[row], "" if bare else " ")]
    return made


def _bare_sides(height: int, strokes: Strokes) -> list[tuple[str, str]]:
    if height == 1:
        return [(strokes.open_left, strokes.open_right)]
    c = strokes.corners
    return [(c[0], c[1]), *[(strokes.side, strokes.side)] * (height - 2), (c[2], c[3])]


def _edge(corners: str, width: int, stroke: str, exit_stroke: str, exits: set[int]) -> str:
    return "".join(
        [corners[0], *[exit_stroke if cell in exits else stroke for cell in range(1, width - 1)], corners[1]]
    )


def _row(box: Box, number: int, line: CaptionLine, sides: tuple[str, str], margin: str) -> list[Stamp]:
    """Return the stamps of one row: left side, caption, blanks, right side."""
    left, right = sides[0] + margin, margin + sides[1]
    made = [Stamp(box.x, left, len(left), Kind.BORDER, number)]
    at = box.x + len(left)
    for part in line:
        size = cells(part.text)
        made.append(Stamp(at, part.text, size, part.kind, number))
        at += size
    free = box.x + box.width - len(right) - at
    if free:
        made.append(Stamp(at, " " * free, free, Kind.DETAIL, number))
    made.append(Stamp(at + free, right, len(right), Kind.BORDER, number))
    return made
