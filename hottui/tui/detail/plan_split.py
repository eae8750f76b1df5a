"""How the Plan tab is divided between the graph and the side panel."""

from dataclasses import dataclass

from hottui.graph.render.drawing import Drawing
from hottui.render.plan_drawing import Window

_NARROW = 90
"""Width in cells below which the panel is placed under the graph."""


@dataclass(frozen=True, slots=True)
class PlanSplit:
    """The size of the tab in cells, without its bottom line."""

    width: int
    height: int

    @property
    def narrow(self) -> bool:
        """Whether the panel is below the graph."""
        return self.width < _NARROW

    @property
    def panel_width(self) -> int:
        """Width of a panel beside the graph."""
        return min(max(self.width * 3 // 8, 36), 60)

    @property
    def text_width(self) -> int:
        """Width to which the panel's text is wrapped."""
        return max((self.width if self.narrow else self.panel_width) - 2, 24)

    @property
    def window(self) -> Window:
        """Largest size of the graph."""
        if self.narrow:
            return self.width, max(self.height * 2 // 3, 1)
        return self.width - self.panel_width, self.height

    def rows(self, drawing: Drawing | None) -> int:
        """Return the height of a graph above the panel: no more than it needs, scroll bar included."""
        most = self.window[1]
        return most if drawing is None else min(most, drawing.height + (drawing.width > self.width))
