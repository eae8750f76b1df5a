"""Key actions on the layout, and what is remembered of it. The public functions are actions of the dashboard."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hottui.model.control_characters import visible
from hottui.tui.layout import ALONE, BELOW, BESIDE, place_of_detail, share
from hottui.tui.layout_file import LayoutSaver

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard

_STEP: Final = 50
"""Thousandths by which a key moves the divider."""
_NO_SPACE: Final = {
    BESIDE: "The terminal is too narrow for the detail right of the table: 120 columns are needed.",
    BELOW: "The terminal is too low for the detail below the table: 30 lines are needed.",
}


class LayoutMemory:
    """The layout in effect, which is saved when it changes; without `save`, it is kept for the session."""

    def __init__(self, screen: "Dashboard") -> None:
        self._screen = screen
        self._saver: LayoutSaver | None = None
        self._has_failed = False
        self.layout = screen.options.layout

    def change(self, **changes: Any) -> None:
        """Set fields of the layout, and save it if they differ."""
        layout = replace(self.layout, **changes)
        if layout != self.layout:
            self.layout = layout
            self.save()

    def save(self) -> None:
        """Save the layout soon."""
        if self._screen.options.save_layout is None:
            return
        if self._saver is None:
            failed = partial(self._failed, asyncio.get_running_loop())
            self._saver = LayoutSaver(self._screen.options.save_layout, failed)
        self._saver.save(self.layout)

    def _failed(self, loop: asyncio.AbstractEventLoop, error: OSError) -> None:
        with suppress(RuntimeError):  # the loop is closed: hottui ends
            loop.call_soon_threadsafe(self._report, error)

    def _report(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._screen.show_message(f"Layout not saved: {visible(error.strerror or str(error))}.", "bar.warning")

    def wait(self, timeout: float) -> None:
        """Wait for at most `timeout` seconds until it is saved."""
        if self._saver is not None:
            self._saver.wait(timeout)


def restore_table(screen: "Dashboard") -> None:
    """Apply order and filter of the table as they are remembered."""
    layout = screen.layout_memory.layout
    if layout.order != screen.table.order:
        screen.table.sort(layout.order)
    if layout.filter:
        screen.table.filter(layout.filter)


def remember_table(screen: "Dashboard") -> None:
    """Remember order and filter of the table."""
    screen.layout_memory.change(order=screen.table.order, filter=screen.table.filter_text)


def arrange(screen: "Dashboard") -> None:
    """Place table and detail as the layout and the size of the terminal ask for."""
    place, layout, styles = screen.place_of_detail, screen.layout_memory.layout, screen.table.styles
    screen.set_class(place == BESIDE, "-beside")
    screen.set_class(place == BELOW, "-below")
    for rule, part, where in (("width", layout.width, BESIDE), ("height", layout.height, BELOW)):
        if screen.detail is not None and place == where:
            setattr(styles, rule, f"{part / 10}%")
        else:
            styles.clear_rule(rule)


def turn(screen: "Dashboard") -> None:
    """Show the detail right of the table instead of below it, or the other way round."""
    place, size = screen.place_of_detail, screen.app.size
    wanted = BELOW if place == BESIDE else BESIDE
    if place == ALONE and place_of_detail(wanted, *size) == ALONE:
        wanted = BELOW
    if place_of_detail(wanted, *size) != wanted:
        screen.show_message(_NO_SPACE[wanted], "bar.warning")
        return
    screen.remove_class("-zoom")
    screen.layout_memory.change(detail=wanted)
    arrange(screen)
    screen.refresh_footer()


def shrink_table(screen: "Dashboard") -> None:
    """Move the divider left or up."""
    _move_divider(screen, -_STEP)


def grow_table(screen: "Dashboard") -> None:
    """Move the divider right or down."""
    _move_divider(screen, _STEP)


def _move_divider(screen: "Dashboard", step: int) -> None:
    place, layout = screen.place_of_detail, screen.layout_memory.layout
    if place == ALONE or screen.has_class("-zoom"):
        screen.show_message("There is no divider: the detail covers the table.")
    elif place == BESIDE:
        screen.layout_memory.change(width=share(layout.width + step, 1000))
    else:
        screen.layout_memory.change(height=share(layout.height + step, 1000))
    arrange(screen)
