"""Reduce frames to the cells that differ from what the terminal shows.

Textual writes a line of a widget from its left edge to the changed cell. Over a slow link that is ten times too much.
"""

import re
from collections.abc import Iterator

from textual.geometry import Size

from hottui.tui.terminal.cell_split import split
from hottui.tui.terminal.sgr import change

_TOKEN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|([^\x1b\n]+)|\n")
_MOVE, _STYLE, _TEXT = 2, 3, 4
"""The last group of each token; a line break has none."""
_FRAME = re.compile(r"\x1b\[\d+;\d+H")
"""How Textual begins a frame."""
_HARMLESS = re.compile(
    r"(?:\x07|\x1b\](?:52|22|0|2|9|99|777);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[2[23](?:;\d)?t"
    r"|\x1bP(?:[^\x1b]|\x1b[^\\])*\x1b\\)+"
)
"""What changes no cell, besides frames: the bell, the clipboard, the mouse pointer, the title and its stack,
notifications, and what tmux and GNU screen pass on."""
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Around a synchronized update."""
_AT_ONCE = 512
"""Characters up to which changes are shown at once without a synchronized update."""


class CellWriter:
    """Keeps the cells that the terminal has after everything written so far.

    Where terminals may disagree about widths, text is written as it is, and the rest of the line counts as unknown.
    """

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: dict[int, tuple[list[str | None], list[str]]] = {}
        """Texts and styles of the cells, by line; a text is None if unknown."""
        self._cursor: tuple[int, int] | None = None
        """Column and line; None if unknown."""
        self._style = ""
        self._out: list[str] = []
        self._forgotten = True
        self._begun = False

    def forget(self) -> None:
        """Write the next frame in full. May be called by a signal handler."""
        self._forgotten = True

    def reduce(self, text: str, size: Size) -> str:
        """Return what to write instead of `text` to a terminal of `size`."""
        if self._forgotten or size != self._size:
            self._forgotten = False
            self._clear(size)
        if text == _BEGIN:
            self._begun = True
            return ""
        if text == _END:
            outside, self._begun = self._begun, False
            return "" if outside else text
        if not _FRAME.match(text):
            if not _HARMLESS.fullmatch(text):
                self._clear(size)
            return text
        changes = self._frame(text)
        if self._begun and len(changes) > _AT_ONCE:
            self._begun = False
            return _BEGIN + changes
        return changes

    def _clear(self, size: Size) -> None:
        self._size = size
        self._rows.clear()
        self._cursor = None

    def _frame(self, text: str) -> str:
        self._out = out = list[str]()
        before, self._cursor = self._cursor, None  # the first move is absolute, whatever others have written
        x, y, style, end, unmeasured = 0, 0, "", 0, False
        for token in _TOKEN.finditer(text):
            if token.start() != end:
                break
            if token.lastindex == _TEXT:
                cells = None if unmeasured else split(token[4])
                if cells is not None:
                    self._put(x, y, cells, style)
                    x += len(cells)
                elif y < self._size.height:
                    self._put_unmeasured(None if unmeasured else (x, y), token[4], style)
                    self._mark_unknown(x, y)
                    unmeasured = True
            elif token.lastindex == _STYLE:
                if style and token[3] not in ("", "0"):  # combined styles are not written by Textual
                    break
                style = "" if token[3] == "0" else token[3]
            else:
                x, y = (int(token[2]) - 1, int(token[1]) - 1) if token.lastindex == _MOVE else (0, y + 1)
                unmeasured = False
            end = token.end()
        self._paint("")
        if (self._cursor if any(out) else before) != (x, y):
            out.append(_position(x, y))
        self._cursor = (x, y) if x < self._size.width and y < self._size.height else None
        if end < len(text):
            out.append(change("", style) + text[end:])
            self._clear(self._size)
        return "".join(out)

    def _row(self, y: int) -> tuple[list[str | None], list[str]]:
        if y not in self._rows:
            self._rows[y] = [None] * self._size.width, [""] * self._size.width
        return self._rows[y]

    def _put(self, x: int, y: int, cells: list[str], style: str) -> None:
        """Write those of the cells that differ, and remember all."""
        available = self._size.width - x
        if available <= 0 or y >= self._size.height:  # the terminal has become smaller: a resize follows
            return
        if len(cells) > available:
            cells = [*cells[: available - 1], " " if cells[available] == "" else cells[available - 1]]
        texts, styles = self._row(y)
        end, painted = x + len(cells), [style] * len(cells)
        if texts[x:end] == cells and styles[x:end] == painted:
            return
        if texts[x] == "" and x:  # the other half of a wide character that is overwritten
            texts[x - 1] = None
        if end < self._size.width and texts[end] == "":
            texts[end] = None
        for start, stop in _differing(texts, styles, x, cells, style):
            self._go(x + start, y, style)
            self._out.append("".join(cells[start:stop]))
            self._cursor = (x + stop, y) if x + stop < self._size.width else None  # terminals differ at the edge
        texts[x:end], styles[x:end] = cells, painted

    def _put_unmeasured(self, at: tuple[int, int] | None, text: str, style: str) -> None:
        """Write text as it is, at a position or, if None, after the text before."""
        if at:
            self._out.append(_position(*at))
        self._paint(style)
        self._out.append(text)
        self._cursor = None

    def _mark_unknown(self, x: int, y: int) -> None:
        """Count the rest of a line as unknown, with the character that the first cell may be a part of."""
        texts, _ = self._row(y)
        start = max(min(x, len(texts)) - 1, 0)
        start -= texts[start] == ""
        texts[start:] = [None] * (len(texts) - start)

    def _paint(self, style: str) -> None:
        self._out.append(change(self._style, style))
        self._style = style

    def _go(self, x: int, y: int, style: str) -> None:
        """Move to a cell and set its style, by the shortest way: over a few cells by writing them again."""
        if self._cursor == (x, y):
            self._paint(style)
            return
        from_x, from_y = self._cursor or (-1, -1)
        moves = [_position(x, y)]
        if from_y == y and 0 <= from_x < x:
            moves.append(_step(x - from_x, "C"))
            texts, styles = self._row(y)
            between, painted = texts[from_x:x], {*styles[from_x:x]}
            if between[0] != "" and None not in between and painted in ({self._style}, {style}):
                again = "".join(filter(None, between))
                if len(again.encode()) <= min(map(len, moves)):
                    self._paint(painted.pop())
                    moves = [again]
        elif 0 <= from_y < y and from_x >= 0:
            down = _step(y - from_y, "B")
            moves.append(down + (_step(from_x - x, "D") if x < from_x else _step(x - from_x, "C")))
            if x < from_x:
                moves.append(down + "\b" * (from_x - x))
        self._out.append(min(moves, key=len))
        self._paint(style)


def _differing(
    texts: list[str | None], styles: list[str], x: int, cells: list[str], style: str
) -> Iterator[tuple[int, int]]:
    """Yield start and stop of each run of cells that differs from what is at `x`; wide characters stay whole."""
    start, at, size = None, 0, len(cells)
    while at < size:
        after = at + 2 if at + 1 < size and cells[at + 1] == "" else at + 1
        same = texts[x + at : x + after] == cells[at:after] and all(old == style for old in styles[x + at : x + after])
        if same and start is not None:
            yield start, at
            start = None
        elif not same and start is None:
            start = at
        at = after
    if start is not None:
        yield start, size


def _position(x: int, y: int) -> str:
    if not x:
        return f"\x1b[{y + 1}H" if y else "\x1b[H"
    return f"\x1b[{y + 1};{x + 1}H"


def _step(count: int, direction: str) -> str:
    """Return a relative move, empty for none."""
    if not count:
        return ""
    return f"\x1b[{direction}" if count == 1 else f"\x1b[{count}{direction}"
