"""Scroll keys and scrollbar styles shared by all scrolling widgets."""

from textual.binding import Binding

ROWS = (
    Binding("up,k", "move(-1)", show=False),
    Binding("down,j", "move(1)", show=False),
    Binding("pageup,ctrl+u", "page(-1)", show=False),
    Binding("pagedown,ctrl+d", "page(1)", show=False),
    Binding("home,g", "move(-1000000000)", show=False),
    Binding("end,G", "move(1000000000)", show=False),
)
"""Key bindings of a list of rows: the argument of `move` is in rows, that of `page` in pages."""

BARS = """
    scrollbar-size: 1 1;
    scrollbar-color: $line; scrollbar-color-hover: $line; scrollbar-color-active: $primary;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background; scrollbar-corner-color: $background;
"""
"""Textual CSS for unobtrusive scrollbars of one cell."""
