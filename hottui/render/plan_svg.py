"""Export a drawing as SVG with a title and the legend of the Plan tab."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from hottui.graph.render.svg import SVG_COLORS, SvgText, to_svg
from hottui.render.plan_legend import legend

if TYPE_CHECKING:
    from hottui.graph.render.drawing import Drawing
    from hottui.render.plan_drawing import Costs
    from hottui.render.styled_text import Line


_WIDTH: Final = 76
"""Width of the legend in cells."""
_FILLS: Final = {
    "dim": SVG_COLORS.muted,
    "changed": SVG_COLORS.changed,
    "strategy": SVG_COLORS.strategy,
    "stale": SVG_COLORS.problem,
    **{f"group.{n}": fill for n, fill in enumerate(SVG_COLORS.groups)},
}
"""Fill colours of the styles that differ from plain text."""


def plan_svg(drawing: "Drawing", title: str, about: str, costs: "Costs") -> str:
    """Return `drawing` as SVG; `about` follows the title in a muted colour."""
    lines = legend(drawing, costs, _WIDTH)
    parts = [
        [_svg_texts(line) for line in part] for filled, part in groupby(lines, lambda line: bool(line.text)) if filled
    ]
    heading = [SvgText(title, bold=True), SvgText(f"  {about}" if about else "", SVG_COLORS.muted)]
    return to_svg(drawing, heading, parts)


def _svg_texts(line: "Line") -> list[SvgText]:
    """Return a line of the legend without its left margin."""
    first, *more = line.spans
    spans = [first._replace(text=first.text.removeprefix(" ")), *more]
    bold = {"header", "bold"}
    return [SvgText(span.text, _FILLS.get(span.style, SVG_COLORS.text), span.style in bold) for span in spans]
