"""Key actions that mark hot updates, and the hot updates that other actions are for.

Each function that takes only the screen and returns nothing is an action of the dashboard.
"""

from typing import TYPE_CHECKING

from hottui.render.table_rows import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hottui.model.tracking import Tracked
    from hottui.tui.screens.dashboard import Dashboard


def mark(screen: "Dashboard") -> None:
    """Mark the hot update under the cursor, or no longer."""
    if screen.current is not None:
        ref, marks = screen.current.ref, screen.table.marks
        screen.table.mark(tuple(each for each in marks if each != ref) if ref in marks else (*marks, ref))
        screen.refresh_footer()


def mark_all(screen: "Dashboard") -> None:
    """Mark all hot updates that are shown; if they are marked already, no longer."""
    shown = [row.ref for row in screen.table.rows]
    marks = dict.fromkeys(screen.table.marks)
    unmark = all(ref in marks for ref in shown)
    screen.table.mark([ref for ref in marks if ref not in set(shown)] if unmark else {**marks, **dict.fromkeys(shown)})
    screen.refresh_footer()


def marked(screen: "Dashboard") -> "tuple[Tracked, ...]":
    """Return the marked hot updates, in the order of marking."""
    if not screen.table.marks:
        return ()
    by_ref = {row.ref: row for row in screen.tracked}
    return tuple(by_ref[ref] for ref in screen.table.marks if ref in by_ref)


def targets(screen: "Dashboard") -> "tuple[Tracked, ...]":
    """Return the hot updates that an action is for: the marked ones, or the one under the cursor."""
    return marked(screen) or ((screen.current,) if screen.current else ())


def marked_text(screen: "Dashboard") -> str:
    """Return which one is marked, or how many, and how many of them the filter hides."""
    rows = marked(screen)
    if not rows:
        return ""
    hidden = len({row.ref for row in rows} - {row.ref for row in screen.table.rows})
    count = display_name(rows[0]) if len(rows) == 1 else str(len(rows))
    return f"{count}, {hidden} hidden" if hidden else count


def name_of(rows: "Sequence[Tracked]") -> str:
    """Return the name of one hot update, or how many they are."""
    return display_name(rows[0]) if len(rows) == 1 else f"{len(rows)} hot updates"
