"""The line segments of a layout, in coordinates along (`main`) and across (`cross`) its layers."""

from dataclasses import dataclass, field

BEFORE, AFTER, LESS, MORE = 1, 2, 4, 8
"""Arms of a joint: towards smaller and larger `main`, towards smaller and larger `cross`."""


@dataclass(slots=True)
class Rect:
    """A box: its first cell along and across the layers, its length and its breadth."""

    main: int
    cross: int
    length: int
    breadth: int

    @property
    def after(self) -> int:
        """The first cell after it."""
        return self.main + self.length


@dataclass(slots=True)
class Traces:
    """Line segments. `line` is an index into `edges`; segment ends are inclusive."""

    runs: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Along the layers: (cross, first main, last main, line)"""
    bars: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Across the layers: (main, first cross, last cross, line)"""
    joints: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(main, cross, arms, line)"""
    arrows: list[tuple[int, int, bool, int]] = field(default_factory=list)
    """(main, cross, whether it points along the layers, line)"""
    labels: list[tuple[int, int, str, int]] = field(default_factory=list)
    """(main, cross, text, line)"""
    exits: list[tuple[int, int, bool]] = field(default_factory=list)
    """(box, cross, whether on the later side): the cells where lines leave boxes."""
    edges: list[tuple[int, ...]] = field(default_factory=list)
    """Line: the edges that share it."""
    forks: list[tuple[int, int, dict[int, int]]] = field(default_factory=list)
    """(line, cross of the common start, {cross of a branch: its line}): bars on which edges diverge."""

    def line(self, edges: list[int]) -> int:
        """Add a line for these edges; return its index."""
        self.edges.append(tuple(edges))
        return len(self.edges) - 1

    def fork(self, line: int, cross: int, ends: dict[int, int]) -> int:
        """Add a line for the bar on which the edges of `line` diverge; return its index."""
        self.edges.append(self.edges[line])
        self.forks.append((len(self.edges) - 1, cross, ends))
        return len(self.edges) - 1

    def run(self, cross: int, first: int, last: int, line: int) -> None:
        """Add a segment along the layers unless it is empty."""
        if first <= last:
            self.runs.append((cross, first, last, line))

    def shifted(self, by: int) -> "Traces":
        """Return the same segments, moved along `cross`."""
        return Traces(
            [(c + by, a, b, line) for c, a, b, line in self.runs],
            [(m, a + by, b + by, line) for m, a, b, line in self.bars],
            [(m, c + by, arms, line) for m, c, arms, line in self.joints],
            [(m, c + by, along, line) for m, c, along, line in self.arrows],
            [(m, c + by, text, line) for m, c, text, line in self.labels],
            [(v, c + by, later) for v, c, later in self.exits],
            self.edges,
            [(line, c + by, {end + by: on for end, on in ends.items()}) for line, c, ends in self.forks],
        )
