"""A monitor without store, service and polling: a test sets what is tracked, and commands only change that.

Like the real one it publishes a snapshot before a command returns.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from hottui.demo.in_process import observations
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.job_insight import Insight
from hottui.model.masking import mask_answer
from hottui.model.ref import JobRef, Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition, Trouble, sort_key
from hottui.monitor.job_history import HISTORY_ACTIONS, JobHistory
from hottui.monitor.known_job import KnownJob
from hottui.monitor.snapshot import Hold, LoopStatus, Snapshot
from hottui.monitor.transitions import observed, unread

_CONFIRMED_AFTER = 10.0
"""Seconds after its last transition at which a finished hot update was read for the last time."""
_DENIED = Trouble(
    0.0,
    "Access denied: this key isn't allowed to read hot updates in this namespace (NoPermission – The user has no "
    "permission on namespace finance).",
    "Request the RAM permission stream:GetHotUpdateJobResult (included in the system policy "
    "AliyunStreamReadOnlyAccess), and check workspace and namespace.",
    cause="permission",
)
_GONE = Trouble(
    0.0,
    "Hot update not found.",
    "Check ID, workspace, namespace and region; a new ID can take a moment to appear.",
    cause="not found",
)


@dataclass(frozen=True)
class World:
    """Tracked hot updates with their last answers and transitions."""

    tracked: tuple[Tracked, ...] = ()
    answers: tuple[Observation, ...] = ()
    history: tuple[Transition, ...] = ()
    holds: tuple[Hold, ...] = ()


def world_of(simulation: Simulation, *, denied: bool = True) -> World:
    """Return every hot update of `simulation` as a monitor shows it that has read each one once.

    A finished one was confirmed before, and its answer is masked, as the store returns it.
    """
    now, endpoint = simulation.clock(), ENDPOINT_IN_PROCESS
    rows = {mark.ref: Tracked(mark.ref, mark) for mark in simulation.bookmarks(endpoint)}
    answers: dict[Ref, Observation] = {}
    history = []
    for observation, transition in observations(simulation, endpoint):
        rows[observation.ref], _ = observed(rows[observation.ref], observation)
        answers[observation.ref] = observation
        history.append(transition)
    holds = []
    for ref, row in list(rows.items()):
        if simulation.denies(ref.workspace, ref.namespace, ref.id):
            if not denied:
                del rows[ref]
                continue
            rows[ref] = unread(row, Freshness.DENIED, replace(_DENIED, at=now))
            holds.append(Hold("account", _DENIED.message, _DENIED.hint, now, ref.namespace, _DENIED.cause))
        elif is_final(row.state) and row.since is not None:
            rows[ref] = replace(row, seen=row.since + _CONFIRMED_AFTER)
            answers[ref] = replace(answers[ref], answer=mask_answer(answers[ref].answer))
        elif simulation.result(ref.workspace, ref.namespace, ref.id) is None:
            rows[ref] = unread(row, Freshness.GONE, replace(_GONE, at=now))
        else:
            text = f'{{"requestId":"R-1",{answers[ref].answer[1:]}'
            answers[ref] = replace(answers[ref], at=now, request_id="R-1", answer=text)
            rows[ref] = replace(row, seen=now)
    return World(tuple(sorted(rows.values(), key=sort_key)), tuple(answers.values()), tuple(history), tuple(holds))


class StubMonitor:
    """Implements `hottui.monitor.interface.LiveMonitor`. Everything is saved at once."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.rows = {row.ref: row for row in world.tracked}
        self.answers = {answer.ref: answer for answer in world.answers}
        self.history = list(world.history)
        self.loop = LoopStatus(
            paused=False, interval=2.0, period=None, in_flight=0, holds=world.holds, unsaved=0, trouble=None
        )
        self.jobs: dict[JobRef, KnownJob] = {}
        self.histories: dict[JobRef, tuple[JobHistory, ...]] = {}
        """What `load_job_history` yields."""
        self.requested_history: list[tuple[JobRef, frozenset[str]]] = []
        """The arguments of each call of `load_job_history`."""
        self.insights: dict[Ref, Insight] = {}
        self.unwatched: dict[Ref, tuple[tuple[float, float], ...]] = {}
        """What `gaps` returns."""
        self.open_details: set[Ref] = set()
        self.refreshed: list[Ref | None] = []
        """The argument of each call of `refresh`."""
        self._removed: dict[Ref, Tracked] = {}
        self._listeners: list[tuple[Callable[[Snapshot], None], Callable[[Transition], None]]] = []

    # For tests

    def publish(self) -> None:
        """Send a snapshot to the listeners."""
        snapshot = self.snapshot()
        for on_snapshot, _ in self._listeners:
            on_snapshot(snapshot)

    def set_rows(self, *rows: Tracked) -> None:
        """Track these, or replace what is tracked with the same ref, and publish."""
        self.rows |= {row.ref: row for row in rows}
        self.publish()

    def observe(self, ref: Ref, state: str) -> None:
        """Publish a read of `ref` in `state`, with its transition."""
        row = self.rows[ref]
        assert row.summary is not None
        answer = replace(self.answers[ref], at=self._clock(), summary=replace(row.summary, state=state))
        self.answers[ref] = answer
        row, transition = observed(row, answer)
        if transition is not None:
            self.history.append(transition)
            for _, on_transition in self._listeners:
                on_transition(transition)
        self.set_rows(row)

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """Return all bookmarks."""
        return tuple(row.bookmark for row in self.rows.values() if row.bookmark is not None)

    # The protocol

    def listen(self, on_snapshot: Callable[[Snapshot], None], on_transition: Callable[[Transition], None]) -> None:
        self._listeners.append((on_snapshot, on_transition))

    def snapshot(self) -> Snapshot:
        return Snapshot(tuple(sorted(self.rows.values(), key=sort_key)), self.loop, self._clock())

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def track(self, refs: Iterable[Ref], bookmark: bool = False, label: str = "") -> None:
        for ref in refs:
            row = self.rows.setdefault(ref, self._removed.pop(ref, Tracked(ref)))
            if bookmark and row.bookmark is None:
                self.rows[ref] = replace(row, bookmark=Bookmark(ref, label, "", self._clock()))
        self.publish()

    def untrack(self, ref: Ref) -> None:
        self._removed[ref] = replace(self.rows.pop(ref), bookmark=None)
        self.publish()

    def bookmark(self, ref: Ref, label: str = "", note: str = "") -> None:
        self.set_rows(replace(self.rows[ref], bookmark=Bookmark(ref, label, note, self._clock())))

    def unbookmark(self, ref: Ref) -> None:
        self.set_rows(replace(self.rows[ref], bookmark=None))

    def annotate(self, ref: Ref, label: str, note: str) -> None:
        bookmark = self.rows[ref].bookmark
        assert bookmark is not None
        self.set_rows(replace(self.rows[ref], bookmark=replace(bookmark, label=label, note=note)))

    async def removed(self) -> Tracked | None:
        return None

    def restore(self, removed: Tracked) -> None:
        self.set_rows(removed)

    def mark_viewed(self, ref: Ref) -> None:
        self.set_rows(replace(self.rows[ref], viewed=True))

    def pause(self, on: bool) -> None:
        self.loop = replace(self.loop, paused=on)
        self.publish()

    def refresh(self, ref: Ref | None = None) -> None:
        self.refreshed.append(ref)

    def set_interval(self, seconds: float) -> None:
        self.loop = replace(self.loop, interval=seconds)
        self.publish()

    def observation(self, ref: Ref) -> Observation | None:
        return self.answers.get(ref)

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        return tuple(one for one in self.history if one.ref == ref)

    def job_of(self, ref: Ref) -> JobRef | None:
        summary = self.rows[ref].summary if ref in self.rows else None
        return JobRef.of(ref, summary.job_id) if summary and summary.job_id else None

    def job(self, job: JobRef) -> KnownJob:
        return self.jobs.get(job) or KnownJob(job)

    def hot_updates_of(self, job: JobRef) -> tuple[Tracked, ...]:
        found = [row for row in self.rows.values() if self.job_of(row.ref) == job]
        return tuple(sorted(found, key=lambda row: row.since or 0.0, reverse=True))

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        return self.unwatched.get(ref, ())

    def insight(self, ref: Ref) -> Insight | None:
        return self.insights.get(ref)

    async def load_job_history(
        self, job: JobRef, actions: Collection[str] = HISTORY_ACTIONS
    ) -> AsyncIterator[JobHistory]:
        self.requested_history.append((job, frozenset(actions)))
        for history in self.histories.get(job, (JobHistory(job, complete=True),)):
            yield history

    def open_detail(self, ref: Ref) -> None:
        self.open_details.add(ref)

    def close_detail(self, ref: Ref) -> None:
        self.open_details.discard(ref)

    async def wait_until_saved(self, within: float) -> bool:
        return True

    async def wait_until_answers_saved(self, within: float) -> None:
        pass

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        return ()

    @property
    def store_trouble(self) -> Trouble | None:
        return None
