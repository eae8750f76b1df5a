"""What is known of jobs and of the hot updates of them: in memory for the session and, for bookmarks, in the store."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.model.job_insight import Insight
from hottui.model.ref import JobRef, Ref
from hottui.monitor.job_api import JobCall
from hottui.monitor.journal import Journal, Write
from hottui.monitor.known_job import KnownJob, saved_job
from hottui.monitor.permissions import Permission

if TYPE_CHECKING:
    from hottui.model.lenient_parsing import LenientModel
    from hottui.store.store import Store

CAPACITY: Final = 64
"""Jobs whose answers are in memory; those of bookmarks are in the store as well."""
_MANY_ITEMS: Final = 1_000
"""Items of an effect whose masking takes tens of milliseconds."""


class KnownJobs:
    """What is known of each job; of the least recently used only what the store has.

    Thread-safe: views may be filled in worker threads.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._lock = threading.Lock()
        self._capacity = capacity
        self._jobs: OrderedDict[JobRef, KnownJob] = OrderedDict()

    def get(self, job: JobRef) -> KnownJob | None:
        """Return what is in memory about `job`."""
        with self._lock:
            known = self._jobs.get(job)
            if known is not None:
                self._jobs.move_to_end(job)
            return known

    def put(self, known: KnownJob) -> None:
        """Replace what is known of a job."""
        with self._lock:
            self._jobs[known.ref] = known
            self._jobs.move_to_end(known.ref)
            while len(self._jobs) > self._capacity:
                self._jobs.popitem(last=False)


class JobCache:
    """Without a store it lasts as long as this object. `job` and `insight` may block on the store; they are
    thread-safe. All other methods are called on the event loop.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._clock = clock
        self._jobs = KnownJobs()
        self._insights: dict[Ref, Insight] = {}

    # Jobs

    def known(self, job: JobRef) -> KnownJob:
        """Return what is in memory about `job`."""
        return self._jobs.get(job) or KnownJob(job)

    def put(self, known: KnownJob) -> None:
        """Replace what is known of a job."""
        self._jobs.put(known)

    async def load(self, job: JobRef) -> None:
        """Fetch what the store has about `job`, unless something is in memory."""
        if self._jobs.get(job) is None and self._journal.persistent:
            saved = await asyncio.to_thread(self._saved, job)
            if self._jobs.get(job) is None:
                self._jobs.put(saved)

    def job(self, job: JobRef) -> KnownJob:
        """Return what is known of `job`, in memory or in the store."""
        return self._jobs.get(job) or self._saved(job)

    def save_answer(self, job: JobRef, call: JobCall, value: "LenientModel", at: float) -> None:
        """Save a good answer about `job`."""

        def act(store: "Store") -> None:
            answer = value.model_dump(mode="json", by_alias=True, exclude_none=True)
            store.jobs.record_answer(job, call.value, at, answer)

        self._journal.write(Write(act, key=(job, call), is_answer=True))

    def save_permission(self, permission: Permission, *, granted: bool) -> None:
        """Save whether an action was granted, for `hottui info`."""
        at = self._clock()

        def act(store: "Store") -> None:
            from hottui.store.jobs import SavedPermission  # noqa: PLC0415 - imports sqlite3

            store.jobs.record_permission(
                SavedPermission(
                    permission.account, permission.workspace, permission.namespace, permission.action, granted, at
                )
            )

        self._journal.write(Write(act, key=permission, is_answer=True))

    def _saved(self, job: JobRef) -> KnownJob:
        answers = self._journal.read(lambda store: store.jobs.answers(job), None)
        return saved_job(job, {call: (saved.at, saved.answer) for call, saved in (answers or {}).items()})

    # Hot updates

    def in_memory(self, refs: Iterable[Ref]) -> bool:
        """Whether `insight` does not block for any of `refs`."""
        return not self._journal.persistent or all(ref in self._insights for ref in refs)

    def cached(self, ref: Ref) -> Insight | None:
        """Return what is in memory about `ref`."""
        return self._insights.get(ref)

    def insight(self, ref: Ref) -> Insight | None:
        """Return what is known of `ref`, in memory or in the store."""
        return self._insights.get(ref) or self._journal.read(lambda store: store.jobs.insight(ref), None)

    def keep(self, insight: Insight, *, bookmarked: bool) -> None:
        """Keep `insight`, and save it if it is new."""
        before = self._insights.get(insight.ref)
        self._insights[insight.ref] = insight
        if bookmarked and (before is None or replace(before, at=insight.at) != insight):
            self._save(insight)

    def save_all(self, refs: Iterable[Ref]) -> None:
        """Save what is in memory about `refs`, which were just bookmarked."""
        for ref in refs:
            if ref in self._insights:
                self._save(self._insights[ref])

    def _save(self, insight: Insight) -> None:
        key = (insight.ref, "insight")
        if insight.effect is not None and len(insight.effect.items) >= _MANY_ITEMS:
            self._journal.write_prepared(key, partial(_write_of_many_items, insight))
        else:
            self._journal.write(Write(lambda store: store.jobs.record(insight), key=key, is_answer=True))

    def forget(self, ref: Ref) -> None:
        """Remove `ref` from memory."""
        self._insights.pop(ref, None)


def _write_of_many_items(insight: Insight) -> Write:
    """Return the write of an insight, masked."""
    from hottui.store.jobs import masked_insight  # noqa: PLC0415 - imports sqlite3

    safe = masked_insight(insight)
    return Write(lambda store: store.jobs.record_masked(safe), key=(insight.ref, "large insight"), is_answer=True)
