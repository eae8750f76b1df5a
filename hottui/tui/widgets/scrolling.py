"""How one moves and what a scrollbar looks like, the same wherever there is more than fits."""

from textual.binding import Binding

ROWS = (
    Binding("up,k", "move(-1)", show=False),
    Binding("down,j", "move(1)", show=False),
    Binding("pageup,ctrl+u", "page(-1)", show=False),
    Binding("pagedown,ctrl+d", "page(1)", show=False),
    Binding("home,g", "move(-1000000000)", show=False),
    Binding("end,G", "move(1000000000)", show=False),
)
"""Keys of what is a list of rows: `move` is given rows, `page` screens."""

BARS = """
    scrollbar-size: 1 1;
    scrollbar-color: $line; scrollbar-color-hover: $line; scrollbar-color-active: $primary;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background; scrollbar-corner-color: $background;
"""
"""Rules of Textual CSS for bars of one cell that do not shout."""
