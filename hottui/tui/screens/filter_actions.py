"""Key actions on filters, and the clicks that filter. Each public function is an action of the dashboard."""

from typing import TYPE_CHECKING

from hottui.render.row_filter import toggle_state
from hottui.tui.screens.layout_actions import remember_table
from hottui.tui.widgets.status_text import counted_state

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard
    from hottui.tui.widgets.header_footer import Bar


def edit_filter(screen: "Dashboard") -> None:
    """Ask for the filter of the table or of the open tab, which is applied as the user types."""
    pane, table = screen.detail, screen.table
    if pane is not None and not table.has_focus:
        before = " ".join(pane.words)

        def done(text: str | None) -> None:
            pane.filter(before if text is None else text)
            screen.refresh_footer()

        screen.open_prompt("Filter", before, done, pane.filter, hint="all words must match")
        return
    before = table.filter_text

    def done_with_table(text: str | None) -> None:
        table.filter(before if text is None else text)
        remember_table(screen)
        screen.refresh_footer()
        if table.filter_problem:
            screen.show_message(f"{table.filter_problem}.", "bar.warning")

    screen.open_prompt(
        "Filter",
        before,
        done_with_table,
        table.filter,
        hint="words  !not  /regex/  state:failed  label:  job:  effect:none  is:unread",
        status=lambda: table.filter_problem or table.filter_count,
    )


def filter_by_count(screen: "Dashboard", event: "Bar.Clicked") -> None:
    """Filter by the state of which the count in the header was clicked; a second click shows all states again."""
    state = counted_state(event.span) if event.bar is screen.header else ""
    if state and not screen.has_class("-asking"):
        screen.table.filter(toggle_state(screen.table.filter_text, state))
        remember_table(screen)
        screen.refresh_bars()
