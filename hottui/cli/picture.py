"""A drawing as a picture for a chat or a ticket: with what it is of, and the legend of the Plan tab."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from hottui.graph.svg import COLOURS, Words, to_svg
from hottui.tui.detail.plan_text import legend

if TYPE_CHECKING:
    from hottui.graph.drawing import Drawing
    from hottui.tui.detail.plan_picture import Costs
    from hottui.tui.lines import Line

_WIDTH: Final = 76
"""Cells to which the legend is folded."""
_FILLS: Final = {
    "dim": COLOURS.muted,
    "changed": COLOURS.changed,
    "strategy": COLOURS.strategy,
    "stale": COLOURS.problem,
    **{f"group.{n}": fill for n, fill in enumerate(COLOURS.groups)},
}
"""The palette's styles that are not just text."""


def picture(drawing: "Drawing", title: str, about: str, costs: "Costs") -> str:
    """`drawing` as SVG; `about` follows the title in a quiet voice."""
    lines = legend(drawing, costs, _WIDTH)
    parts = [[_words(line) for line in part] for filled, part in groupby(lines, lambda line: bool(line.text)) if filled]
    heading = [Words(title, bold=True), Words(f"  {about}" if about else "", COLOURS.muted)]
    return to_svg(drawing, heading, parts)


def _words(line: "Line") -> list[Words]:
    """A line of the legend, without the blank that keeps it off a panel's edge."""
    first, *more = line.spans
    spans = [first._replace(text=first.text.removeprefix(" ")), *more]
    bold = {"header", "bold"}
    return [Words(span.text, _FILLS.get(span.style, COLOURS.text), span.style in bold) for span in spans]
