"""Key actions to compare: choose what the hot update under the cursor is compared with, mark one, show the comparison.

Each public function is an action of the dashboard.
"""

from functools import partial
from typing import TYPE_CHECKING

from hottui.render.table_rows import display_name
from hottui.tui.background_thread import import_in_thread
from hottui.tui.screens.marking_actions import marked
from hottui.tui.screens.reuse import reusable

if TYPE_CHECKING:
    from hottui.model.tracking import Tracked
    from hottui.tui.screens.choice_dialog import Choice, ComparisonChoice
    from hottui.tui.screens.comparison import ComparisonScreen
    from hottui.tui.screens.comparison_loading import Pair
    from hottui.tui.screens.dashboard import Dashboard

_MARK = "mark"


async def compare(screen: "Dashboard") -> None:
    """Compare the two marked hot updates; unless two are marked, ask what the one under the cursor is compared with."""
    await screen.wait_for_monitor()
    rows = marked(screen)
    if len(rows) == 2:
        await _compare_marked(screen, *rows)
        return
    chooser_class = await import_in_thread(_load)
    app, tracked = screen.app, screen.current
    if tracked is None:
        return
    chooser = reusable(app, chooser_class, lambda: chooser_class(screen.appearance))
    if chooser is not None:
        chooser.set_choices(f"Compare {display_name(tracked)} with", choices(screen, tracked))
        app.push_screen(chooser, partial(_chosen, screen, tracked))


def choices(screen: "Dashboard", tracked: "Tracked") -> "tuple[Choice, ...]":
    """Return what `tracked` can be compared with, and what it cannot with the reason."""
    from hottui.tui.detail.loader import earlier_of  # noqa: PLC0415 - pydantic comes with it
    from hottui.tui.screens.choice_dialog import Choice  # noqa: PLC0415 - rarely needed
    from hottui.tui.screens.comparison_loading import Against  # noqa: PLC0415 - pydantic comes with it

    rows, earlier = marked(screen), earlier_of(tracked, screen.tracked)
    other = rows[0] if len(rows) == 1 else None
    is_marked = tracked in rows
    why = "this hot update is marked; select another row" if is_marked else "none yet; press m"
    if len(rows) > 2:
        why = f"{len(rows)} are marked; mark one or two"
    job = tracked.summary.job_id if tracked.summary else ""
    unknown = "its job is not known yet"
    return (
        Choice(Against.MARKED, "1", "the marked hot update", display_name(other) if other and not is_marked else why,
               other is not None and not is_marked),
        Choice(Against.PREDECESSOR, "2", "its predecessor",
               display_name(earlier) if earlier else "none is tracked" if job else unknown,
               earlier is not None),
        Choice(Against.BEFORE, "3", "the job before it", "what it ran with, if known" if job else unknown, bool(job)),
        Choice(Against.RUNNING, "4", "the job as it runs", f"job {tracked.job}" if job else unknown, bool(job)),
        Choice(_MARK, "m", "no longer mark it" if is_marked else "mark it",
               "" if is_marked else "then D on another row"),
    )  # fmt: skip


async def _chosen(screen: "Dashboard", tracked: "Tracked", choice: str | None) -> None:
    if choice is None:
        return
    if choice == _MARK:
        toggle_mark(screen, tracked)
        return
    from hottui.tui.detail.loader import earlier_of  # noqa: PLC0415 - as above
    from hottui.tui.screens.comparison_loading import Against, Pair  # noqa: PLC0415 - as above

    against = Against(choice)
    other = None
    if against is Against.MARKED:
        other = next(iter(marked(screen)), None)
    elif against is Against.PREDECESSOR:
        other = earlier_of(tracked, screen.tracked)
    await _open(screen, Pair(tracked, against, other))


async def _compare_marked(screen: "Dashboard", first: "Tracked", second: "Tracked") -> None:
    await import_in_thread(_load)
    from hottui.tui.screens.comparison_loading import Against, Pair  # noqa: PLC0415 - as above

    await _open(screen, Pair(second, Against.MARKED, first))


async def _open(screen: "Dashboard", pair: "Pair") -> None:
    monitor = await screen.wait_for_monitor()
    screen_class = await import_in_thread(_load_screen)
    comparison = reusable(screen.app, screen_class, lambda: screen_class(screen, monitor))
    if comparison is not None:
        comparison.set_pair(pair)
        screen.app.push_screen(comparison)


def toggle_mark(screen: "Dashboard", tracked: "Tracked") -> None:
    """Mark `tracked` as the first side of a comparison, or no longer."""
    marks = screen.table.marks
    if tracked.ref in marks:
        screen.table.mark(ref for ref in marks if ref != tracked.ref)
        screen.show_message(f"{display_name(tracked)} is no longer marked.")
    else:
        screen.table.mark((*marks, tracked.ref))
        key = screen.appearance.key("compare")
        screen.show_message(f"Marked {display_name(tracked)}. Press {key} on another hot update to compare them.")


def _load() -> "type[ComparisonChoice]":
    from hottui.tui.detail import loader  # noqa: F401, PLC0415 - needed for the choices
    from hottui.tui.screens.choice_dialog import ComparisonChoice  # noqa: PLC0415 - rarely needed

    return ComparisonChoice


def _load_screen() -> "type[ComparisonScreen]":
    from hottui.tui.screens.comparison import ComparisonScreen  # noqa: PLC0415 - rarely needed

    return ComparisonScreen
