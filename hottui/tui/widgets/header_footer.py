"""One-line bars: the header, the footer with key hints, and the line for troubles."""

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from hottui.render.styled_text import Span
from hottui.tui.appearance import Appearance, to_strip

Parts = tuple[Span, ...]
_FIRST = ("help", "quit")


class Bar(Widget):
    """One line with a left and a right part, redrawn only when its text changes."""

    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    def __init__(self, look: Appearance, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._look = look
        self._left: Parts = ()
        self._right: Parts = ()

    def show(self, left: Parts, right: Parts = ()) -> None:
        """Set both parts."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    @property
    def text(self) -> str:
        """The text of both parts."""
        return "".join(span.text for span in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Return left part, gap, right part; the left part is cut when both do not fit."""
        styles, width = self._look.styles, self.size.width
        right = cell_len("".join(span.text for span in self._right))
        left = to_strip(self._left, styles).adjust_cell_length(max(width - right, 0), styles["bar"])
        return Strip.join([left, to_strip(self._right, styles)]).adjust_cell_length(width, styles["bar"])


def fitting_hints(pairs: list[tuple[str, str]], width: int) -> Parts:
    """Return as many `key word` hints as fit into `width` cells; help and quit have priority."""
    fitting: set[str] = set()
    left = width - 1
    for key, word in sorted(pairs, key=lambda pair: pair[1] not in _FIRST):
        left -= cell_len(key) + cell_len(word) + 3
        if left < 0:
            break
        fitting.add(word)
    shown = ((Span(f" {key}", "bar.key"), Span(f" {word} ", "bar.dim")) for key, word in pairs if word in fitting)
    return tuple(span for spans in shown for span in spans)
