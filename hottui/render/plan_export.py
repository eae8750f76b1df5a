"""A plan as the text of a file, in the format of the file's name."""

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from hottui.graph.difference_marks import NO_MARKS
from hottui.graph.render.dot_mermaid import to_dot, to_mermaid
from hottui.render.plan_legend import legend
from hottui.render.plan_svg import plan_svg

if TYPE_CHECKING:
    from hottui.graph.plan_graph import Level
    from hottui.graph.render.drawing import Drawing
    from hottui.render.plan_drawing import Costs, PlanInput

_LEGEND_WIDTH: Final = 100
"""Width of the legend below a text in cells."""
_NAMES: Final = "The name of the file must end in .svg, .txt, .dot or .mmd (Mermaid)."
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+")


class UnknownFormat(ValueError):
    """The name of a file says no format, or one that cannot show the plan; the message is for the user."""


def file_name(title: str) -> str:
    """Return the name of an SVG for a plan called `title`."""
    name = _NOT_IN_NAMES.sub("-", title)[:60].strip("-")
    return f"plan-{name or 'drawing'}.svg"


def plan_export(
    path: PurePath, *, title: str, plan_input: "PlanInput", drawing: "Drawing", level: "Level", costs: "Costs"
) -> str:
    """Return the text of the file at `path`. Raises UnknownFormat."""
    end = path.suffix.lower()
    if end == ".svg":
        return plan_svg(drawing, title, "", costs)
    if end == ".txt":
        lines = [line.text.removeprefix(" ").rstrip() for line in legend(drawing, costs, _LEGEND_WIDTH)]
        return "\n".join([title, "", drawing.text(), "", *lines, ""])
    if end not in {".dot", ".gv", ".mmd"}:
        raise UnknownFormat(_NAMES)
    if plan_input.marks != NO_MARKS:
        raise UnknownFormat("dot and Mermaid do not show differences; the name must end in .svg or .txt.")
    write = to_mermaid if end == ".mmd" else to_dot
    return write(plan_input.plan, level, plan_input.changes)
