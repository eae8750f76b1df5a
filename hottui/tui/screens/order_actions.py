"""Key actions on the order of the rows, and clicks on titles. Each public function is an action of the dashboard."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.render.row_order import RowOrder
from hottui.render.table_columns import TITLES, order_text
from hottui.tui.screens.layout_actions import remember_table
from hottui.tui.screens.reuse import reusable

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard
    from hottui.tui.widgets.live_table import LiveTable

_DEFAULT: Final = "default"
_ABOUT: Final = {
    "STATE": "in progress, failed, updated",
    "FOR": "shortest time first",
    "CHANGE": "severity and reason of failures, else the change",
    "EFFECT": "no effect first, applied last",
    "JOB": "its name, or its ID while that is unknown",
    "SEEN": "latest answer first",
}


def sort(screen: "Dashboard") -> None:
    """Ask for the column to sort by."""
    from hottui.tui.screens.choice_dialog import Choice, SortChoice  # noqa: PLC0415 - rarely needed

    order, glyphs = screen.table.order, screen.appearance.glyphs
    columns = (
        Choice(title, str(number), order_text(order, glyphs) if title == order.column else title,
               "again: reverse" if title == order.column else _ABOUT.get(title, ""))
        for number, title in enumerate(TITLES, 1)
    )  # fmt: skip
    chooser = reusable(screen.app, SortChoice, lambda: SortChoice(screen.appearance))
    if chooser is not None:
        chooser.set_choices("Sort by", (*columns, Choice(_DEFAULT, "0", "default order", "what needs attention first")))
        screen.app.push_screen(chooser, partial(_chosen, screen))


def _chosen(screen: "Dashboard", choice: str | None) -> None:
    if choice == _DEFAULT:
        default_order(screen)
    elif choice is not None:
        _sort_by(screen, choice)


def sort_by_title(screen: "Dashboard", event: "LiveTable.TitleClicked") -> None:
    """Sort by the column whose title was clicked; a second click reverses."""
    if event.title in TITLES:
        _sort_by(screen, event.title)


def _sort_by(screen: "Dashboard", column: str) -> None:
    if column == screen.table.order.column:
        reverse(screen)
    else:
        _show(screen, replace(screen.table.order, column=column, reverse=False))


def reverse(screen: "Dashboard") -> None:
    """Sort in the other direction."""
    order = screen.table.order
    if order.column:
        _show(screen, replace(order, reverse=not order.reverse))
    else:
        key = screen.appearance.key("sort")
        screen.show_message(f"The default order has no other direction. Press {key} to sort by a column.")


def default_order(screen: "Dashboard") -> None:
    """Return to the default order; failures that come first stay there."""
    _show(screen, RowOrder(failures_first=screen.table.order.failures_first))


def failures_first(screen: "Dashboard") -> None:
    """Show failures before all others, or no longer."""
    order = screen.table.order
    _show(screen, replace(order, failures_first=not order.failures_first))


def _show(screen: "Dashboard", order: RowOrder) -> None:
    screen.table.sort(order)
    remember_table(screen)
    direction = ", reversed" if order.reverse else ""
    failures = "Failures first, then" if order.failures_first else "Sorted"
    by = f"by {order.column}{direction}" if order.column else "in the default order"
    screen.show_message(f"{failures} {by}.")
