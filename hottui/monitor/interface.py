"""The part of the monitor that screens and commands use. All methods are called on the event loop."""

from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hottui.model.ref import JobRef, Ref
from hottui.model.tracking import Observation, Tracked, Transition, Trouble
from hottui.monitor.job_history import HISTORY_ACTIONS, JobHistory

if TYPE_CHECKING:
    from hottui.model.job_insight import Insight
    from hottui.monitor.known_job import KnownJob
    from hottui.monitor.snapshot import Snapshot


class Answers(Protocol):
    """The last answers and the transitions. All methods may wait for the store: call them in a thread."""

    def observation(self, ref: Ref) -> Observation | None:
        """Return the last good answer."""

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """Return the transitions, oldest first."""

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        """Return begin and end of each time in which the hot update was in progress and not read."""


class Jobs(Answers, Protocol):
    """What is known of the jobs behind the hot updates. `job` and `insight` may wait for the store."""

    def job_of(self, ref: Ref) -> JobRef | None:
        """Return the job of `ref`; None as long as it is not known."""

    def job(self, job: JobRef) -> "KnownJob":
        """Return the last answers about `job`."""

    def hot_updates_of(self, job: JobRef) -> tuple[Tracked, ...]:
        """Return the tracked hot updates of `job`, the latest first."""

    def insight(self, ref: Ref) -> "Insight | None":
        """Return what the job of `ref` ran with before, and the effect of the hot update."""

    def load_job_history(self, job: JobRef, actions: Collection[str] = HISTORY_ACTIONS) -> "AsyncIterator[JobHistory]":
        """Read the history of `job`, by default by all of HISTORY_ACTIONS: yields what is loaded after each answer."""

    def open_detail(self, ref: Ref) -> None:
        """Read the job of `ref` at once, then every 30 seconds."""

    def close_detail(self, ref: Ref) -> None:
        """Stop reading the job of `ref` every 30 seconds."""


class MonitorCommands(Jobs, Protocol):
    """What the dashboard calls for keys. A command that changes something publishes a snapshot before it returns."""

    def batch(self) -> AbstractContextManager[None]:
        """Return a context in which commands publish one snapshot at its end."""

    def track(self, refs: Iterable[Ref], bookmark: bool = False, label: str = "") -> None:
        """Track `refs`; with `bookmark`, also bookmark them."""

    def untrack(self, ref: Ref) -> None:
        """Stop tracking `ref` and remove its bookmark."""

    def bookmark(self, ref: Ref, label: str = "", note: str = "") -> None:
        """Bookmark `ref`."""

    def unbookmark(self, ref: Ref) -> None:
        """Remove the bookmark of `ref`."""

    def annotate(self, ref: Ref, label: str, note: str) -> None:
        """Set label and note of the bookmark of `ref`."""

    async def removed(self) -> Tracked | None:
        """Return the bookmark removed last, or None."""

    def restore(self, removed: Tracked) -> None:
        """Track and bookmark what `removed` returned."""

    def mark_viewed(self, ref: Ref) -> None:
        """Note that the user has opened the detail of `ref`."""

    def pause(self, on: bool) -> None:
        """Pause or resume polling."""

    def refresh(self, ref: Ref | None = None) -> None:
        """Read `ref`, or everything, once now."""

    def set_interval(self, seconds: float) -> None:
        """Set the polling interval."""

    async def wait_until_saved(self, within: float) -> bool:
        """Wait at most `within` seconds until all changes so far are saved; whether they are."""

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """Descriptions of the user's changes that are not saved yet."""


class LiveMonitor(MonitorCommands, Protocol):
    """What the app and the command line use in addition."""

    def listen(self, on_snapshot: "Callable[[Snapshot], None]", on_transition: Callable[[Transition], None]) -> None:
        """Add listeners for each changed snapshot and each transition."""

    def snapshot(self) -> "Snapshot":
        """Return the current snapshot."""

    async def wait_until_answers_saved(self, within: float) -> None:
        """Wait at most `within` seconds for large answers, which are masked first."""

    @property
    def store_trouble(self) -> Trouble | None:
        """Why changes cannot be saved; None if there is no error."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The monitor, the coroutine function that runs it, and the one that closes its client and store."""

    monitor: LiveMonitor
    run: Callable[[], Coroutine[Any, Any, None]]
    close: Callable[[], Coroutine[Any, Any, None]]
