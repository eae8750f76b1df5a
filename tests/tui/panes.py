"""All that a tab shows of a hot update, made at once."""

from collections.abc import Sequence

from hottui.render.detail_context import DetailContext
from hottui.render.styled_text import Line
from hottui.tui.detail.prepared_text import prepare, shown
from hottui.tui.detail.tabs import Tab


def lines_of(tab: Tab, subject: DetailContext) -> Sequence[Line]:
    """The lines of `tab`, filtered by the words of `subject`."""
    return shown(tab, subject, prepare(tab, subject, None).lines)
