"""How drawing and panel share the Plan tab: side by side, or the panel below where there is little room."""

from dataclasses import dataclass

from hottui.graph.render.drawing import Drawing
from hottui.render.plan_drawing import Window

_NARROW = 90
"""Cells below which the panel stands under the drawing."""


@dataclass(frozen=True, slots=True)
class PlanSplit:
    """The cells of the tab, without the line at its foot."""

    width: int
    height: int

    @property
    def narrow(self) -> bool:
        """Whether the panel stands below."""
        return self.width < _NARROW

    @property
    def panel(self) -> int:
        """The cells across that a panel beside the drawing takes."""
        return min(max(self.width * 3 // 8, 36), 60)

    @property
    def words(self) -> int:
        """The cells to which the panel's words are folded."""
        return max((self.width if self.narrow else self.panel) - 2, 24)

    @property
    def window(self) -> Window:
        """The cells a drawing may take at most."""
        if self.narrow:
            return self.width, max(self.height * 2 // 3, 1)
        return self.width - self.panel, self.height

    def rows(self, drawing: Drawing | None) -> int:
        """The rows that a drawing above the panel gets: no more than it needs, with its scroll bar."""
        most = self.window[1]
        return most if drawing is None else min(most, drawing.height + (drawing.width > self.width))
