"""The screen of a job: what it is, every known change of it, and what the service's diagnosis and events say.

The job is read as long as the screen is open; its diagnosis, events and history when it is opened.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.monitor.interface import MonitorCommands
from hottui.render.job_changes import selected_lines
from hottui.render.job_context import JobContext
from hottui.render.job_fields import state_text
from hottui.render.job_text import JobText, job_text
from hottui.render.styled_text import Span
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance
from hottui.tui.commands import Command, Scope, bindings_for
from hottui.tui.screens import copy_actions
from hottui.tui.screens.full_screen import FooterState, FullScreen
from hottui.tui.screens.job_loader import JobLoader
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.workers import start_worker

_LOW = 30
"""Lines of the terminal below which the charts take less space."""
_LOADING = "job"
"""The group of the workers that load what this screen shows."""
_EVERY = 1.0
"""Seconds between two checks for other answers about the job."""


class JobScreen(FullScreen[Ref | None]):
    """Created once and opened for one job after the other; enter goes to the hot update under the cursor."""

    DEFAULT_CSS = """
    JobScreen #job-lines { height: 1fr; }
    JobScreen #job-selected { height: 3; border-top: solid $line; scrollbar-size: 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(Scope.JOB)]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance)
        self._title = Bar(appearance, id="job-title")
        self._view = LinesView(appearance, id="job-lines")
        self._selected = LinesView(appearance, id="job-selected")
        self._selected.can_focus = False
        self._monitor: MonitorCommands | None = None
        self._ref: Ref | None = None
        self._loader: JobLoader | None = None
        self._opened: JobLoader | None = None
        """The loader in use while the screen is open."""
        self._changed = asyncio.Event()
        self._subject: JobContext | None = None
        self._text: JobText | None = None

    def compose(self) -> ComposeResult:
        """Yield the title, the lines, the selected change, and the footer."""
        yield self._title
        yield self._view
        yield self._selected
        yield self._footer

    def set_job(self, monitor: MonitorCommands, ref: Ref, loader: JobLoader, first: JobContext | None) -> None:
        """Set the job that is shown when the screen is opened next, and the hot update from which it is opened.

        `first` is shown at once; without it, what is saved is shown when it is loaded.
        """
        self._monitor, self._ref, self._loader, self._subject = monitor, ref, loader, first

    def on_mount(self) -> None:
        """Start the clock for ages and messages."""
        self.set_interval(_EVERY, self._tick)

    def on_screen_resume(self) -> None:
        """Load the job whenever the screen is opened; under a screen that was over it, it is still loading."""
        self._view.focus()
        if self._opened is self._loader:
            return
        self._stop()  # if it was closed and opened again at once
        self._opened, self._text = self._loader, None
        self.refresh_footer()
        if self._subject is not None:
            self._show(self._subject)
        if self._monitor is not None and self._ref is not None:
            self._monitor.open_detail(self._ref)
        self._start()

    def on_screen_suspend(self) -> None:
        """Stop loading, and forget the job: the screen may be opened for another one."""
        if self in self.app.screen_stack:
            return  # under the help or the palette
        self._stop()
        self._opened = None
        self._subject = self._text = None
        self._view.show((), (None, 0, 0))
        self._selected.show((), (None, 0, 0))
        self._title.show(())

    def _start(self) -> None:
        """Start loading. The workers are the app's: keys wait for those of a screen, which has to be complete."""
        for load in (self._load, self._read_history):
            start_worker(self.app, partial(_reported, load), _LOADING)

    def _stop(self) -> None:
        self.app.workers.cancel_group(self.app, _LOADING)

    async def _load(self) -> None:
        """Show what is known of the job, and again whenever that has changed."""
        loader = self._loader
        if loader is None:
            return
        if self._subject is None:
            self._show(await loader.first())
        while True:
            self._changed.clear()
            self._show(await loader.load())
            while not (self._changed.is_set() or await loader.has_changed()):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _EVERY)

    async def _read_history(self) -> None:
        if self._loader is not None:
            await self._loader.read_history(self._changed.set)

    # Drawing

    @property
    def footer_state(self) -> FooterState:
        """The keys of the job."""
        return FooterState((Scope.JOB,))

    def _tick(self) -> None:
        self.expire_message()
        if self._subject is not None and self.is_current:
            self._show(replace(self._subject, now=self.appearance.clock()))

    def on_resize(self, event: events.Resize) -> None:
        """Lay the text out for the new size."""
        if not drop_outdated(self, event):
            self.refresh_footer()
            if self._subject is not None:
                self._show(self._subject)

    def _show(self, context: JobContext) -> None:
        self._subject = context = replace(
            context,
            width=max(self.app.size.width - 1, 20),
            glyphs=self.appearance.glyphs,
            is_low=self.app.size.height < _LOW,
        )
        text, before = job_text(context), self._text
        place = _place(self._view.place, before, text)
        self._text = text
        self._view.show(text.lines, None if place == self._view.place else place, width=text.lines.width)
        state = state_text(context)
        self._title.show(
            (
                Span(" Job", "bar.dim"),
                Span(f" {visible(context.name)}", "bar.title"),
                Span(f"  {state.text}", f"bar.{state.style}"),
            ),
            (Span(f"{visible(context.job_id)} ", "bar.dim"),),
        )
        self._show_selected()

    def _show_selected(self) -> None:
        change = self._text.change_at(self._view.place[0]) if self._text else None
        self._selected.show(selected_lines(change, self.app.size.width) if change else (), (0, 0, 0))

    def on_lines_view_moved(self) -> None:
        """Show the change under the cursor in full."""
        self._show_selected()

    # Keys

    def is_available(self, command: Command) -> bool:
        """Return whether `command` works here."""
        return command.scope in {Scope.JOB, Scope.EVERYWHERE}

    def action_job_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_job_open(self) -> None:
        """Close and go to the hot update under the cursor."""
        refs = self._loader.hot_updates if self._loader else {}
        ref = refs.get(self._view.value or "")
        if ref is not None:
            self.dismiss(ref)
        else:
            self.show_message("This line is not a tracked hot update. Select one under Changes.")

    def action_job_next_part(self) -> None:
        """Go to the beginning of the next part: fields, changes, events."""
        self._go_to_part(1)

    def action_job_previous_part(self) -> None:
        """Go to the beginning of the part, or of the one before it."""
        self._go_to_part(-1)

    def _go_to_part(self, step: int) -> None:
        if self._text is None:
            return
        at, starts = self._view.place[0] or 0, self._text.sections
        following = [start for start in starts if start > at] if step > 0 else [s for s in reversed(starts) if s < at]
        self._view.move_to(following[0] if following else starts[0 if step > 0 else -1])

    def action_job_refresh(self) -> None:
        """Read the job and its history again."""
        if self._monitor is not None and self._ref is not None:
            self._monitor.refresh(self._ref)
            self._stop()
            self._start()
            self.show_message("Reading the job again.")

    def action_job_copy_id(self) -> None:
        """Copy the ID of the job."""
        if self._loader is not None:
            copy_actions.copy(self, self._loader.job.job_id, "job ID")

    def action_job_copy_value(self) -> None:
        """Copy the value under the cursor."""
        copy_actions.copy_shown_value(self, self._view.value)


async def _reported(load: Callable[[], Coroutine[None, None, None]]) -> None:
    """Await `load`; an error is reported, and the screen stays as it is."""
    try:
        await load()
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)


def _place(place: tuple[int | None, int, int], before: JobText | None, text: JobText) -> tuple[int | None, int, int]:
    """Return cursor and scroll position for `text`, so that what is looked at does not move.

    The cursor begins at the first change; as long as it is in the first part, nothing is scrolled.
    """
    cursor, x, y = place
    if before is None or cursor is None or (not before.story and text.story and cursor == 0):
        return (text.first_change if text.story else 0, 0, 0)
    moved = cursor
    change = before.change_at(cursor)
    if change is not None:
        same = (n for n, other in enumerate(text.story) if (other.source, other.id) == (change.source, change.id))
        found = next(same, None)
        moved = cursor if found is None else text.first_change + found
    elif cursor >= before.first_event:
        moved = text.first_event + cursor - before.first_event
    return (moved, x, max(y + moved - cursor, 0) if y > 0 else 0)
