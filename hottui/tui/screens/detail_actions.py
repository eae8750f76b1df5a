"""Key actions on the table and the detail: open, close, tabs, secrets, focus, zoom.

Each public function is an action of the dashboard, apart from `hide`.
"""

import asyncio
from typing import TYPE_CHECKING

from hottui.tui.background_thread import import_in_thread
from hottui.tui.layout import TABS
from hottui.tui.screens.layout_actions import arrange, remember_table

if TYPE_CHECKING:
    from hottui.tui.detail.pane import DetailPane
    from hottui.tui.screens.dashboard import Dashboard


async def open_detail(screen: "Dashboard") -> None:
    """Open and focus the detail."""
    if screen.current is None:
        return
    pane = await _show(screen)
    pane.keys.focus()


async def _show(screen: "Dashboard") -> "DetailPane":
    """Show the detail pane, and load the hot update under the cursor into it."""
    if screen.pane is None:
        pane_class = await import_in_thread(_detail_pane)
        if screen.pane is None:  # a click may have opened it meanwhile
            screen.pane = pane_class(screen.appearance)
            await screen.body.mount(screen.pane)
            await screen.pane.open(TABS.index(screen.layout_memory.layout.tab))
    screen.pane.display = True
    screen.add_class("-detail")
    arrange(screen)
    screen.tick_soon()
    if screen.detail_loading is not None:
        screen.detail_loading.follow()
    screen.load_detail()
    return screen.pane


def hide(screen: "Dashboard") -> None:
    """Close the detail; secrets are masked when it is opened again."""
    screen.remove_class("-detail", "-zoom")
    if screen.pane is not None:
        screen.pane.display = False
    arrange(screen)
    screen.secrets_shown = False
    screen.table.focus()
    if screen.detail_loading is not None:
        screen.detail_loading.follow()


def _detail_pane() -> "type[DetailPane]":
    from hottui.tui.detail.pane import DetailPane  # noqa: PLC0415 - pydantic comes with it

    return DetailPane


def close(screen: "Dashboard") -> None:
    """Go back one step: clear the detail's filter, close the detail, unmark all, or clear the table's filter."""
    pane = screen.detail
    if pane is not None and pane.words:
        pane.filter("")
    elif pane is not None:
        hide(screen)
    elif screen.table.marks:
        screen.table.mark(())
    elif screen.table.filter_text:
        screen.table.filter("")
        remember_table(screen)
    screen.refresh_bars()


async def open_tab(screen: "Dashboard", number: int) -> None:
    """Open tab `number`, counted from 1, and the detail if it is closed."""
    if screen.detail is None:
        await open_detail(screen)
    if screen.detail is not None:
        await screen.detail.open(number - 1)
        screen.detail.keys.focus()
        screen.refresh_footer()
        screen.tick_soon()


async def next_tab(screen: "Dashboard", step: int = 1) -> None:
    """Open the tab to the right."""
    if screen.detail is not None:
        await open_tab(screen, (screen.detail.number + step) % len(TABS) + 1)


async def previous_tab(screen: "Dashboard") -> None:
    """Open the tab to the left."""
    await next_tab(screen, -1)


async def reveal(screen: "Dashboard") -> None:
    """Show or mask secrets. They are not stored: an answer loaded from the store is read again to show them."""
    if screen.detail is None or screen.current is None:
        return
    from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

    screen.secrets_shown = not screen.secrets_shown
    ref, monitor = screen.current.ref, await screen.wait_for_monitor()
    observation = await asyncio.to_thread(monitor.observation, ref)
    if screen.secrets_shown and observation is not None and MASK in observation.answer:
        monitor.refresh(ref)
        screen.show_message("Secrets are not stored; reading the answer again.")
    screen.load_detail()


async def show_arithmetic(screen: "Dashboard") -> None:
    """Show or hide the arithmetic of the costs in the Overview."""
    if screen.detail is not None:
        if screen.detail.tab != "overview":
            await open_tab(screen, TABS.index("overview") + 1)
        screen.detail.toggle_arithmetic()


def switch_zone(screen: "Dashboard") -> None:
    """Show the times of the timeline in UTC or in local time."""
    if screen.detail is not None:
        screen.show_message("Timeline in UTC." if screen.detail.toggle_utc() else "Timeline in local time.")


def switch_focus(screen: "Dashboard") -> None:
    """Focus the table or the detail; close a full-screen detail."""
    pane = screen.detail
    if pane is None:
        return
    if screen.table.has_focus:
        pane.keys.focus()
    elif not screen.fits_both:
        hide(screen)
    else:
        screen.remove_class("-zoom")
        screen.table.focus()


def zoom(screen: "Dashboard") -> None:
    """Show the detail full screen, or the table beside it."""
    if screen.detail is not None and screen.fits_both:
        screen.toggle_class("-zoom")
        screen.detail.keys.focus()
        screen.refresh_footer()


def next_attention(screen: "Dashboard") -> None:
    """Move the cursor to the next hot update that is updating, or that failed and has not been opened."""
    rows, cursor = screen.table.rows, screen.table.cursor
    at = next((n for n, tracked in enumerate(rows) if tracked.ref == cursor), -1)
    found = [t for t in (*rows[at + 1 :], *rows[: at + 1]) if t.in_progress or t.needs_attention]
    if found:
        screen.table.move_to(found[0].ref)
    else:
        screen.show_message("Nothing needs attention.")
