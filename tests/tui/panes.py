"""All that a tab shows of a hot update, made at once."""

from collections.abc import Sequence

from hottui.tui.detail.preparing import prepare, shown
from hottui.tui.detail.subject import Subject
from hottui.tui.detail.tabs import Tab
from hottui.tui.lines import Line


def lines_of(tab: Tab, subject: Subject) -> Sequence[Line]:
    """The lines of `tab`, filtered by the words of `subject`."""
    return shown(tab, subject, prepare(tab, subject, None).lines)
