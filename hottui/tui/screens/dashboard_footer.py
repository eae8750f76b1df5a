"""What the footer of the dashboard shows in the current state."""

from typing import TYPE_CHECKING

from hottui.model.control_characters import shorten
from hottui.tui.commands import Scope
from hottui.tui.hints import dashboard_words
from hottui.tui.screens.full_screen import FooterState
from hottui.tui.screens.marking_actions import marked_text

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard

_LONGEST_FILTER = 60
"""Characters of the filter."""


def footer_state(screen: "Dashboard") -> FooterState:
    """Return the keys of the focused part, its filter, the order, and what is marked."""
    table, pane = screen.table, screen.detail
    marked = marked_text(screen)
    words = dashboard_words(
        paused=screen.snapshot is not None and screen.snapshot.loop.paused,
        first_run=screen.options.first_run is not None,
        marked=bool(marked) and pane is None,
        filtered=bool(table.filter_text if pane is None else pane.words),
        can_undo=bool(screen.former),
        zoomed=screen.has_class("-zoom"),
    )
    if pane is not None and pane.keys.has_focus:
        plan = (Scope.PLAN,) if pane.tab == "plan" else ()
        scopes, words = (*plan, Scope.DETAIL, Scope.DASHBOARD), {**words, **pane.plan_words}
        return FooterState(scopes, " ".join(pane.words), marked, words=words)
    text = table.filter_text
    filtered = f"{shorten(text, _LONGEST_FILTER)} ({table.filter_count})" if text else ""
    return FooterState((Scope.TABLE, Scope.DASHBOARD), filtered, marked, table.hidden_order, words)
