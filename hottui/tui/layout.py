"""What the dashboard looks like: theme, tab, where the detail is, order and filter of the table.

`layout_file.py` remembers it for each profile. To remember more, add a field with a default here, check it in `_parse`
there, call `layout_memory.change` of the dashboard when it changes, and apply it in `restore_table` of
`screens/layout_actions.py` or where the widget is created.
"""

from dataclasses import dataclass
from typing import Final

from hottui.render.row_order import RowOrder

TABS: Final = ("overview", "conf", "batch", "streaming", "plan", "timeline", "answer")
"""The tabs of the detail pane, in the order of their number keys. They are here because Textual is not imported."""
BESIDE, BELOW, ALONE = "beside", "below", "alone"
"""Where the detail is: right of the table, below it, or in its place."""
SHARES: Final = range(150, 851)
"""The part of the table, in thousandths."""
_WIDE, _VAST, _TALL = 120, 200, 30
"""Columns from which the detail may be right of the table, and is by default; lines from which it may be below."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`detail` is where the user wants the detail; empty for whatever suits the terminal.

    `width` and `height` are the part of the table in thousandths, with the detail beside or below it. `theme` is empty
    for the configured one.
    """

    theme: str = ""
    tab: str = TABS[0]
    detail: str = ""
    width: int = 500
    height: int = 340
    order: RowOrder = RowOrder()  # noqa: RUF009 - immutable
    filter: str = ""


def place_of_detail(wanted: str, columns: int, lines: int) -> str:
    """Return where the detail is in a terminal of this size."""
    if wanted == BESIDE and columns >= _WIDE:
        return BESIDE
    if wanted == BELOW and lines >= _TALL:
        return BELOW
    if columns >= _VAST:
        return BESIDE
    return BELOW if columns >= _WIDE and lines >= _TALL else ALONE


def share(cells: int, total: int) -> int:
    """Return the least part of `total` that is `cells`, within SHARES."""
    return max(SHARES.start, min(-(-1000 * cells // max(total, 1)), SHARES.stop - 1))
