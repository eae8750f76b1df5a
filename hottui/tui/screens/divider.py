"""The part of the dashboard with table and detail, and the divider between them, which the mouse moves."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Container

from hottui.tui.layout import BELOW, BESIDE, share
from hottui.tui.screens.layout_actions import arrange

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard


class Body(Container):
    """Holds table and detail. The divider is the left border of the detail, or its title if it is below the table."""

    def __init__(self, dashboard: "Dashboard") -> None:
        super().__init__(id="body")
        self._dashboard = dashboard
        self._is_dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag the divider if it is under the mouse."""
        screen, pane = self._dashboard, self._dashboard.detail
        if pane is None or not screen.table.display or not pane.region.contains(*event.screen_offset):
            return
        beside = screen.place_of_detail == BESIDE
        if (event.screen_x == pane.region.x) if beside else (event.screen_y == pane.region.y):
            self._is_dragged = True
            pane.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the divider to the mouse."""
        if not self._is_dragged:
            return
        screen, memory = self._dashboard, self._dashboard.layout_memory
        if screen.place_of_detail == BESIDE:
            memory.layout = replace(memory.layout, width=share(event.screen_x - self.region.x, self.region.width))
        elif screen.place_of_detail == BELOW:
            memory.layout = replace(memory.layout, height=share(event.screen_y - self.region.y, self.region.height))
        arrange(screen)

    def on_mouse_up(self) -> None:
        """End dragging, and remember where the divider is."""
        if self._is_dragged:
            self._is_dragged = False
            self.app.capture_mouse(None)
            self._dashboard.layout_memory.save()
