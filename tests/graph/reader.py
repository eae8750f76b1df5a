"""Parse a drawing: follow the strokes from every box and return the edges.

It uses only the positions of the boxes and the stroke set, no lines, nets or layers.
"""

import string
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from hottui.graph.render.box_drawing import ASCII, DOWN, LEFT, RIGHT, UP, VERTICAL
from hottui.graph.render.drawing import Box, Direction, Drawing

STEP = {LEFT: (-1, 0), RIGHT: (1, 0), UP: (0, -1), DOWN: (0, 1)}
OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, UP: DOWN, DOWN: UP}


class Misread(AssertionError):
    """The drawing cannot be read at some cell."""


class ReadEdge(NamedTuple):
    source: str
    target: str
    label: str


def grid_of(drawing: Drawing) -> list[list[str]]:
    """Return one text for each cell; the second cell of a wide character is empty."""
    rows = []
    for y, runs in enumerate(drawing.rows(0, 0, drawing.width, drawing.height)):
        text = "".join(run.text for run in runs)
        if cell_len(text) != drawing.width:
            raise Misread(f"row {y} is {cell_len(text)} cells wide, not {drawing.width}: {text!r}")
        rows.append(list(_cells(text)))
    return rows


def _cells(text: str) -> Iterator[str]:
    start = 0
    for end in range(1, len(text) + 1):
        if (
            end == len(text)
            or cell_len(text[start : end + 1]) > max(cell_len(text[start:end]), 1)
            or (cell_len(text[start : end + 1]) > cell_len(text[start:end]) > 0)
        ):
            yield text[start:end]
            yield from [""] * (cell_len(text[start:end]) - 1)
            start = end


class Reader:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.grid = grid_of(drawing)
        self.inside: dict[tuple[int, int], Box] = {}
        for box in drawing.boxes:
            for x in range(box.x, box.x + box.width):
                for y in range(box.y, box.y + box.height):
                    if (x, y) in self.inside:
                        raise Misread(f"boxes {box.id} and {self.inside[x, y].id} share cell {x}, {y}")
                    self.inside[x, y] = box
        strokes = drawing.strokes
        self.ascii = strokes is ASCII
        self.arms = {char: sum_ for sum_, char in enumerate(strokes.joints) if sum_ not in {0, 1, 2, 4, 8}}
        self.arrows = dict(zip(strokes.arrows, (RIGHT, LEFT, DOWN, UP), strict=True))
        self.read: set[tuple[int, int]] = set()

    def edges(self) -> list[ReadEdge]:
        """Return every edge found, sorted. Raises Misread at the first cell that is invalid or never visited."""
        found = [edge for box in self.drawing.boxes for edge in self._edges_from(box)]
        for y, row in enumerate(self.grid):
            for x, char in enumerate(row):
                if char != " " and (x, y) not in self.inside and (x, y) not in self.read:
                    raise Misread(f"nothing leads to {char!r} at {x}, {y}")
        return sorted(found)

    def _edges_from(self, box: Box) -> Iterator[ReadEdge]:
        if self.drawing.direction is Direction.LR:
            sides = [(box.x + box.width, y, RIGHT) for y in range(box.y, box.y + box.height)]
            sides += [(box.x - 1, y, LEFT) for y in range(box.y, box.y + box.height)]
        else:
            sides = [(x, box.y + box.height, DOWN) for x in range(box.x, box.x + box.width)]
            sides += [(x, box.y - 1, UP) for x in range(box.x, box.x + box.width)]
        for x, y, way in sides:
            char = self._at(x, y)
            if char == " " or char in self.arrows or (x, y) in self.inside:
                continue
            yield from self._follow(box, x, y, way)

    def _at(self, x: int, y: int) -> str:
        if 0 <= y < len(self.grid) and 0 <= x < len(self.grid[y]):
            return self.grid[y][x]
        return " "

    def _follow(self, box: Box, x: int, y: int, way: int) -> Iterator[ReadEdge]:
        waiting = [(x, y, way, "")]
        seen = set()
        while waiting:
            x, y, way, label = waiting.pop()
            if (x, y, way) in seen:
                raise Misread(f"the line from {box.id} runs in a circle at {x}, {y}")
            seen.add((x, y, way))
            self.read.add((x, y))
            char = self._at(x, y)
            if char in self.arrows and self.arrows[char] == way:
                dx, dy = STEP[way]
                target = self.inside.get((x + dx, y + dy))
                if target is None:
                    raise Misread(f"the arrow at {x}, {y} points at nothing")
                yield ReadEdge(box.id, target.id, label if way in {RIGHT, DOWN} else label[::-1])
                continue
            if char.isascii() and (char.isupper() or char.isdigit() or char == "?"):
                waiting.append((*self._next(x, y, way), way, label + char))
                continue
            if label:
                raise Misread(f"the label {label} of {box.id} does not stand before an arrow at {x}, {y}")
            waiting += [(*self._next(x, y, onward), onward, "") for onward in self._onward(x, y, way)]

    def _next(self, x: int, y: int, way: int) -> tuple[int, int]:
        dx, dy = STEP[way]
        if (x + dx, y + dy) in self.inside:
            raise Misread(f"a line runs into box {self.inside[x + dx, y + dy].id} at {x}, {y}")
        return x + dx, y + dy

    def _onward(self, x: int, y: int, way: int) -> list[int]:
        """Return the directions in which a line continues at a cell entered in direction `way`."""
        char = self._at(x, y)
        if char not in self.arms:
            raise Misread(f"a line ends at {char!r} at {x}, {y}")
        arms = self._arms_at(x, y)
        if arms == VERTICAL and way in {LEFT, RIGHT}:
            return [way]
        if not arms & OPPOSITE[way]:
            raise Misread(f"a line going {way} meets {char!r} at {x}, {y}")
        return [arm for arm in STEP if arms & arm and arm != OPPOSITE[way]]

    def _arms_at(self, x: int, y: int) -> int:
        char = self._at(x, y)
        if not self.ascii or char != "+":
            return self.arms[char]
        arms = LEFT | RIGHT
        # Top to bottom, a letter or an arrow is on a vertical line and does not touch one from the side.
        down_the_page = "" if self.drawing.direction is Direction.LR else string.ascii_uppercase + string.digits + "?v^"
        if (x, y - 1) not in self.inside and self._at(x, y - 1) in {*"|.,{}+", *down_the_page}:
            arms |= UP
        if (x, y + 1) not in self.inside and self._at(x, y + 1) in {*"|'`{}+", *down_the_page}:
            arms |= DOWN
        return arms
