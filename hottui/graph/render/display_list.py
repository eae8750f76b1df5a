"""The display list of a drawing, indexed by row so that any window is rendered without visiting the rest."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from hottui.graph.labels import Kind
from hottui.graph.render.box_drawing import Strokes
from hottui.model.cell_width import cells

_BAND = 16
"""Rows that share one list of vertical strokes."""
_COMBINING = "\u0300"
"""All printable characters before this one take one cell."""
_KINDS = 16
_KIND_OF = tuple(Kind)


class Run(NamedTuple):
    """Consecutive characters of one row with the same kind and owner.

    `owner` is an index in `Drawing.lines` for lines, arrows and strategies, in `Drawing.boxes` for the parts of a box,
    and -1 for blanks.
    """

    text: str
    kind: Kind
    owner: int


class Stamp(NamedTuple):
    """Part of a row of a box: its first cell, text, and width in cells."""

    x: int
    text: str
    width: int
    kind: Kind
    box: int


@dataclass
class DisplayList:
    """Strokes and stamps. Coordinates are cells from the top left; ends are inclusive."""

    horizontals: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(y, first x, last x, line)"""
    verticals: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(x, first y, last y, line)"""
    points: list[tuple[int, int, str, Kind, int]] = field(default_factory=list)
    """(x, y, character, kind, line): joints, arrows and letters, drawn over the strokes."""
    boxes: Callable[[], list[tuple[int, Stamp]]] = list
    """Creates the stamps of all boxes."""

    @cached_property
    def stamps(self) -> list[tuple[int, Stamp]]:
        """(y, stamp) pairs, created on first use: a layout is often needed without its characters."""
        return self.boxes()


class _Strip:
    """Consecutive cells: a character each ("" for the second cell of a wide one) and a tag. Built when first drawn."""

    __slots__ = ("_stamps", "chars", "end", "tags", "x")

    def __init__(self, x: int) -> None:
        self.x = self.end = x
        self._stamps: list[Stamp] | None = []
        self.chars: list[str] = []
        self.tags: list[int] = []

    def add(self, stamp: Stamp) -> None:
        """Append a stamp."""
        if self._stamps is not None:
            self._stamps.append(stamp)
            self.end += stamp.width

    def _build(self) -> None:
        """Spread the stamps over the cells: not all at once, because a row of a large plan has hundreds."""
        for stamp in self._stamps or ():
            self.tags += [stamp.box * _KINDS + stamp.kind] * stamp.width
            if len(stamp.text) == stamp.width and (stamp.kind is Kind.BORDER or max(stamp.text) < _COMBINING):
                self.chars += stamp.text
                continue
            for cluster, size in _clusters(stamp.text):
                self.chars += [cluster, *[""] * (size - 1)]
        self._stamps = None

    def press(self, x: int, chars: list[str], tags: list[int]) -> None:
        """Copy it into a row that begins at cell `x`; half of a wide character at an edge becomes a blank."""
        if self._stamps is not None:
            self._build()
        width = len(chars)
        at = self.x - x
        first, last = max(at, 0), min(self.end - x, width)
        chars[first:last] = self.chars[first - at : last - at]
        tags[first:last] = self.tags[first - at : last - at]
        if at < 0 and chars[0] == "":
            chars[0] = " "
        if last - at < len(self.chars) and self.chars[last - at] == "":
            chars[last - 1] = " "


class Sheet:
    """A display list sorted by row."""

    def __init__(self, ink: DisplayList, strokes: Strokes, width: int, height: int) -> None:
        self._ink, self._strokes = ink, strokes
        self._width, self._height = width, height
        self._strips: dict[int, list[_Strip]] = {}

    @cached_property
    def _across(self) -> dict[int, list[tuple[int, int, int]]]:
        """Row: (first x, last x, line) from left to right, without overlaps."""
        rows: dict[int, list[tuple[int, int, int]]] = {}
        for y, first, last, line in self._ink.horizontals:
            rows.setdefault(y, []).append((first, last, line))
        for row in rows.values():
            row.sort()
        return rows

    @cached_property
    def _along(self) -> dict[int, list[tuple[int, int, int, int]]]:
        """Band of rows: (x, first y, last y, line), from left to right."""
        bands: dict[int, list[tuple[int, int, int, int]]] = {}
        for stroke in self._ink.verticals:
            for band in range(stroke[1] // _BAND, stroke[2] // _BAND + 1):
                bands.setdefault(band, []).append(stroke)
        for strokes in bands.values():
            strokes.sort()
        return bands

    @cached_property
    def _points(self) -> dict[int, list[tuple[int, str, Kind, int]]]:
        rows: dict[int, list[tuple[int, str, Kind, int]]] = {}
        for x, y, char, kind, line in self._ink.points:
            rows.setdefault(y, []).append((x, char, kind, line))
        for row in rows.values():
            row.sort()
        return rows

    @cached_property
    def _stamps(self) -> dict[int, list[Stamp]]:
        rows: dict[int, list[Stamp]] = {}
        for y, stamp in self._ink.stamps:
            rows.setdefault(y, []).append(stamp)
        for row in rows.values():
            row.sort()
        return rows

    def _strips_of(self, y: int) -> list[_Strip]:
        """Return the stamps of a row, adjacent ones joined into strips."""
        strips = self._strips.get(y)
        if strips is None:
            strips = self._strips[y] = []
            for stamp in self._stamps.get(y, ()):
                if not strips or strips[-1].end != stamp.x:
                    strips.append(_Strip(stamp.x))
                strips[-1].add(stamp)
        return strips

    def row(self, y: int, x: int, width: int) -> tuple[Run, ...]:
        """Render row `y` from cell `x` on: exactly `width` cells, blank outside the drawing."""
        chars = [" "] * width
        tags = [-_KINDS] * width
        end = x + width
        horizontal, vertical = self._strokes.joints[3], self._strokes.joints[12]
        across = self._across.get(y, ())
        for i in range(max(bisect_left(across, (x,)) - 1, 0), len(across)):
            first, last, line = across[i]
            if first >= end:
                break
            first, last = max(first - x, 0), min(last - x, width - 1)
            if first <= last:
                chars[first : last + 1] = [horizontal] * (last - first + 1)
                tags[first : last + 1] = [line * _KINDS + Kind.LINE] * (last - first + 1)
        along = self._along.get(y // _BAND, ())
        for i in range(bisect_left(along, (x,)), len(along)):
            at, first, last, line = along[i]
            if at >= end:
                break
            if first <= y <= last:
                chars[at - x] = vertical
                tags[at - x] = line * _KINDS + Kind.LINE
        points = self._points.get(y, ())
        for i in range(bisect_left(points, (x,)), len(points)):
            at, char, kind, line = points[i]
            if at >= end:
                break
            chars[at - x] = char
            tags[at - x] = line * _KINDS + kind
        for strip in self._strips_of(y):
            if strip.x >= end:
                break
            if strip.end > x:
                strip.press(x, chars, tags)
        return tuple(_runs(chars, tags))


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """Yield each character with its combining marks, and its width in cells."""
    start, size = 0, cells(text[:1])
    for end in range(1, len(text)):
        longer = cells(text[start : end + 1])
        if longer > size > 0:
            yield text[start:end], size
            start, size = end, cells(text[end])
        else:
            size = longer
    if text:
        yield text[start:], size


def _runs(chars: list[str], tags: list[int]) -> Iterator[Run]:
    start = 0
    before = tags[0] if tags else 0
    for at, tag in enumerate([*tags, None]):
        if tag != before:
            if at:
                yield Run("".join(chars[start:at]), _KIND_OF[before % _KINDS], before // _KINDS)
            if tag is not None:
                start, before = at, tag
