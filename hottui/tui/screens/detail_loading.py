"""Loads the hot update under the cursor into the detail pane, again and again while it changes, one load at a time."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hottui.analysis.failure_explanation import AROUND
from hottui.model.ref import JobRef, Ref
from hottui.model.state import FAILED
from hottui.model.tracking import Tracked
from hottui.monitor.job_history import DIAGNOSIS, EVENTS, JobHistory
from hottui.tui.detail.job_analysis import JobAnalysisLoader
from hottui.tui.detail.loader import DetailLoader
from hottui.tui.slow_updates import UsualDurations
from hottui.tui.workers import start_worker

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.tui.screens.dashboard import Dashboard

_QUICK, _PAUSE = 0.25, 5.0
"""Seconds that loading may take without a pause after it, and the longest pause."""


@dataclass
class _Load:
    """A hot update being loaded, with or without its secrets, and whether to load it again."""

    what: tuple[Ref, bool]
    again: bool = True


@dataclass(frozen=True)
class _HistoryRequest:
    """What was requested of the history of a job, and for which state of the hot update."""

    ref: Ref
    state: str
    actions: frozenset[str]

    def includes(self, other: "_HistoryRequest") -> bool:
        """Whether `other` needs no request of its own."""
        return (self.ref, self.state) == (other.ref, other.state) and self.actions >= other.actions


class DetailLoading:
    """The worker of the dashboard that fills its detail pane."""

    def __init__(self, screen: "Dashboard", monitor: "MonitorCommands", usual: UsualDurations) -> None:
        self._screen = screen
        self._usual = usual
        self._monitor = monitor
        self._loader = DetailLoader(monitor, screen.appearance)
        self._job_analysis = JobAnalysisLoader(monitor)
        self._load: _Load | None = None
        self._opened: Ref | None = None
        """The hot update whose job the monitor reads because its detail is open."""
        self._history: JobHistory | None = None
        """What is loaded of the history of the job of the open hot update."""
        self._requested: _HistoryRequest | None = None

    def follow(self) -> None:
        """Make the monitor read the job of the hot update in the open detail, and no longer the last one's."""
        screen = self._screen
        ref = screen.current.ref if screen.detail is not None and screen.current is not None else None
        if ref == self._opened:
            return
        if self._opened is not None:
            self._monitor.close_detail(self._opened)
        self._opened = ref
        if ref is not None:
            self._monitor.open_detail(ref)

    async def check_job(self) -> None:
        """Load the hot update again if something new is known of its job, which its row need not show."""
        current = self._screen.current
        if current is not None and await self._job_analysis.has_news(current):
            self.request()

    def _load_history(self, tracked: Tracked, actions: frozenset[str]) -> None:
        """Load what `actions` return about the job, once for each state of the hot update."""
        request, job = _HistoryRequest(tracked.ref, tracked.state, actions), self._monitor.job_of(tracked.ref)
        if job is None or not actions or (self._requested is not None and self._requested.includes(request)):
            return
        if self._requested is None or self._requested.ref != tracked.ref:
            self._history = None
        self._requested = request
        start_worker(self._screen, partial(self._read_history, tracked, job, actions), "history", exclusive=True)

    async def _read_history(self, tracked: Tracked, job: JobRef, actions: frozenset[str]) -> None:
        """Read the history back to before the hot update; what was read before stays until there is more."""
        since = (tracked.since or 0.0) - AROUND
        histories = self._monitor.load_job_history(job, actions)
        async for history in histories:
            oldest = history.events[-1].created_at if history.events else None
            done = oldest is not None and oldest < since and (history.diagnosis is not None or DIAGNOSIS not in actions)
            if done or history.complete or self._history is None or len(history.events) > len(self._history.events):
                self._history = history
                self.request()
            if done:
                break
        if isinstance(histories, AsyncGenerator):
            await histories.aclose()

    def request(self, *, history_too: bool = False) -> None:
        """Load the hot update under the cursor; with `history_too`, request what is shown of its job's history again.

        If it is being loaded already, it is loaded again after that instead of being cancelled: a large answer that
        changes often would otherwise never be shown.
        """
        if history_too and self._requested is not None:
            self._requested = replace(self._requested, actions=frozenset())
        current, load = self._screen.current, self._load
        if load is not None and current is not None and load.what == (current.ref, self._screen.secrets_shown):
            load.again = True
        else:
            start_worker(self._screen, self._run, "subject", exclusive=True)

    async def _run(self) -> None:
        if self._screen.current is None:
            return
        load = self._load = _Load((self._screen.current.ref, self._screen.secrets_shown))
        try:
            while load.again:
                load.again = False
                began = time.monotonic()
                await self._load_once()
                took = time.monotonic() - began
                if took > _QUICK:  # leave as much time for everything else
                    await asyncio.sleep(min(took, _PAUSE))
        finally:
            if self._load is load:
                self._load = None

    async def _load_once(self) -> None:
        screen = self._screen
        tracked, pane = screen.current, screen.detail
        if tracked is None or pane is None:
            return
        self._load_history(tracked, _history_for(tracked, pane.tab))
        about_job = partial(
            self._job_analysis.load,
            history=self._history if self._requested and self._requested.ref == tracked.ref else None,
            usual=self._usual.usual(tracked.ref),
        )
        pane.show(await self._loader.load(tracked, screen.tracked, reveal=screen.secrets_shown, about_job=about_job))
        if not tracked.viewed:  # this may move its row: only after the table has its new size
            screen.call_after_refresh(self._monitor.mark_viewed, tracked.ref)
        screen.refresh_footer()


def _history_for(tracked: Tracked, tab: str) -> frozenset[str]:
    """Return the actions that a tab shows: events in the timeline, also the diagnosis in the Overview of a failure."""
    if tab == "timeline":
        return frozenset({EVENTS})
    return frozenset({EVENTS, DIAGNOSIS}) if tab == "overview" and tracked.state == FAILED else frozenset()
