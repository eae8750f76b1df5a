"""What of a drawing is lit: boxes, lines, and of a line that forks the strokes that lit edges run along."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from hottui.graph.strokes import DOWN, LEFT, RIGHT, UP


class Part(NamedTuple):
    """The lit part of a fork. Cells are rows left to right and columns top to bottom, as in `Fork`."""

    start: int
    low: int
    high: int
    ends: Set[int]
    """Where lit edges go on."""
    across: bool
    """Whether the bar runs from left to right."""

    def arms(self, x: int, y: int) -> int:
        """The arms that are lit at a cell of the bar, 0 where none is."""
        cell = x if self.across else y
        if not self.low <= cell <= self.high:
            return 0
        before, after, less, more = (UP, DOWN, LEFT, RIGHT) if self.across else (LEFT, RIGHT, UP, DOWN)
        ways = (
            (cell == self.start, before),
            (cell in self.ends, after),
            (cell > self.low, less),
            (cell < self.high, more),
        )
        return sum(arm for lit, arm in ways if lit)


class Fork(NamedTuple):
    """A bar across the layers on which the edges of one line part."""

    start: int
    """The cell at which all of them come in."""
    ends: Mapping[int, int]
    """Each cell at which some go on → the line along which they do."""

    def passing(self, cell: int) -> Iterable[int]:
        """The lines that those edges go on along that pass a cell of the bar."""
        if cell < self.start:
            return [line for end, line in self.ends.items() if end <= cell]
        if cell > self.start:
            return [line for end, line in self.ends.items() if end >= cell]
        return self.ends.values()

    def lit(self, lines: Set[int], *, across: bool) -> Part:
        """The part along which lit edges run, if these are the lines that do."""
        ends = {end for end, line in self.ends.items() if line in lines}
        reach = {self.start} | ends
        return Part(self.start, min(reach), max(reach), ends, across)


@dataclass(frozen=True, slots=True)
class Light:
    """What is lit: positions in a drawing's `boxes` and `lines`; of the lines that fork only a part may be."""

    boxes: frozenset[int] = frozenset()
    lines: frozenset[int] = frozenset()
    parts: Mapping[int, Part] = field(default_factory=dict)
