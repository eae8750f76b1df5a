"""Highlighting: which boxes, lines and parts of forking lines of a drawing are highlighted."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from hottui.graph.render.box_drawing import DOWN, LEFT, RIGHT, UP


class HighlightedPart(NamedTuple):
    """The highlighted part of a fork. Cells are rows in left-to-right and columns in top-to-bottom drawings."""

    start: int
    low: int
    high: int
    ends: Set[int]
    """Cells where highlighted edges continue."""
    across: bool
    """Whether the bar is horizontal."""

    def arms(self, x: int, y: int) -> int:
        """Return the highlighted arms at a cell of the bar, as bit flags."""
        cell = x if self.across else y
        if not self.low <= cell <= self.high:
            return 0
        before, after, less, more = (UP, DOWN, LEFT, RIGHT) if self.across else (LEFT, RIGHT, UP, DOWN)
        reached = (
            (cell == self.start, before),
            (cell in self.ends, after),
            (cell > self.low, less),
            (cell < self.high, more),
        )
        return sum(arm for present, arm in reached if present)


class Fork(NamedTuple):
    """A bar across the layers on which the edges of one line diverge."""

    start: int
    """The cell at which the common line arrives."""
    ends: Mapping[int, int]
    """Cell at which some edges continue → their line."""

    def passing(self, cell: int) -> Iterable[int]:
        """Return the continuing lines of the edges that pass a cell of the bar."""
        if cell < self.start:
            return [line for end, line in self.ends.items() if end <= cell]
        if cell > self.start:
            return [line for end, line in self.ends.items() if end >= cell]
        return self.ends.values()

    def highlighted(self, lines: Set[int], *, across: bool) -> HighlightedPart:
        """Return the part of the bar along which edges of these highlighted lines run."""
        ends = {end for end, line in self.ends.items() if line in lines}
        reach = {self.start} | ends
        return HighlightedPart(self.start, min(reach), max(reach), ends, across)


@dataclass(frozen=True, slots=True)
class Highlight:
    """Highlighted indices in `Drawing.boxes` and `Drawing.lines`; forks may be highlighted in part."""

    boxes: frozenset[int] = frozenset()
    lines: frozenset[int] = frozenset()
    parts: Mapping[int, HighlightedPart] = field(default_factory=dict)
