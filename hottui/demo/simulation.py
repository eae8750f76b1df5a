"""The simulation behind the demo: its hot updates, their bookmarks and history, and the current answers.

Everything is a function of the seed and the clock. There are no background tasks and no mutable state.
"""

import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from hottui.demo.generated_updates import arrivals, crowd
from hottui.demo.job_types import HotUpdate, Job, SimulatedJob
from hottui.demo.jobs import DEMO_UPDATES
from hottui.demo.result import result_of
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Transition

ENDPOINT_IN_PROCESS: Final = "http://127.0.0.1"
"""The endpoint of the demo without a socket."""


@dataclass(frozen=True, slots=True)
class SimulatedUpdate:
    """A hot update with its IDs."""

    id: str
    job_id: str
    request_id: str
    spec: HotUpdate

    @property
    def key(self) -> tuple[str, str, str]:
        """Its workspace, namespace and ID."""
        return (self.spec.job.namespace.workspace, self.spec.job.namespace.name, self.id)


class Simulation:
    """About forty hot updates of a data team, and new ones from time to time.

    `clock` is in seconds since the epoch; `started` is the start of the simulation (default: now). With `size`, there
    are exactly that many hot updates, all bookmarked: the predefined ones first, then generated ones, some of which
    change over half an hour.
    """

    def __init__(
        self,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
        *,
        size: int | None = None,
        started: float | None = None,
    ) -> None:
        self.seed = seed
        self.clock = clock
        self.started = clock() if started is None else started
        specs = (
            (*DEMO_UPDATES, *arrivals(seed))
            if size is None
            else (*DEMO_UPDATES, *crowd(seed, size - len(DEMO_UPDATES)))[:size]
        )
        self.updates = tuple(self._simulated(number, each) for number, each in enumerate(specs))
        self._by_key = {update.key: update for update in self.updates}

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the simulation."""
        return self.clock() - self.started

    def refs(self, endpoint: str) -> tuple[Ref, ...]:
        """Return the refs of all current bookmarks."""
        return tuple(bookmark.ref for bookmark in self.bookmarks(endpoint))

    def bookmarks(self, endpoint: str) -> tuple[Bookmark, ...]:
        """Return the current bookmarks with label and note; new ones are added as hot updates arrive."""
        now = self.elapsed
        return tuple(
            Bookmark(
                _ref(update, endpoint),
                update.spec.label,
                update.spec.note,
                self._at(update.spec.bookmarked),
            )
            for update in self.updates
            if update.spec.bookmarked <= now
        )

    def history(self, endpoint: str) -> tuple[Transition, ...]:
        """Return the transitions observable so far, oldest first."""
        now = self.elapsed
        seen: list[Transition] = []
        for update in self.updates:
            if update.spec.denied or update.spec.bookmarked > now:
                continue
            previous = ""
            for second, state in update.spec.lifecycle.reached(now):
                seen.append(Transition(_ref(update, endpoint), self._at(second), state, previous))
                previous = state
        return tuple(sorted(seen, key=lambda transition: (transition.at, transition.ref)))

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the current `data` of the answer, or None if the service does not know the ID now."""
        update = self._by_key.get((workspace, namespace, hot_update_id))
        state = update.spec.lifecycle.state(self.elapsed) if update else None
        if update is None or state is None:
            return None
        return result_of(
            update.spec, state, hot_update_id=update.id, job_id=update.job_id, request_id=update.request_id
        )

    @cached_property
    def jobs(self) -> tuple[SimulatedJob, ...]:
        """The jobs behind the hot updates. Built on first use: the first frame does not need them."""
        updates: dict[Job, list[SimulatedUpdate]] = {}
        for update in self.updates:
            updates.setdefault(update.spec.job, []).append(update)
        return tuple(
            SimulatedJob(
                id=of_job[0].job_id,
                deployment_id=str(uuid.UUID(bytes=self._digest(f"deployment {_job_key(job)}", 16), version=4)),
                spec=job,
                updates=tuple(update.spec for update in of_job),
                at=self._at,
                gone=min(update.spec.lifecycle.gone for update in of_job),
            )
            for job, of_job in updates.items()
        )

    def denies(self, workspace: str, namespace: str, hot_update_id: str) -> bool:
        """Return whether the demo's account is denied access to this one."""
        update = self._by_key.get((workspace, namespace, hot_update_id))
        return update is not None and update.spec.denied

    def _at(self, second: float) -> float:
        return self.started + second

    def _simulated(self, number: int, spec: HotUpdate) -> SimulatedUpdate:
        return SimulatedUpdate(
            id=self._digest(f"hot-update {number}", 8).hex(),
            job_id=str(uuid.UUID(bytes=self._digest(f"job {_job_key(spec.job)}", 16), version=4)),
            request_id=str(uuid.UUID(bytes=self._digest(f"request {number}", 16), version=4)).upper(),
            spec=spec,
        )

    def _digest(self, what: str, size: int) -> bytes:
        return hashlib.blake2b(f"{self.seed} {what}".encode(), digest_size=size).digest()


def _job_key(job: Job) -> str:
    return f"{job.namespace.workspace}/{job.namespace.name}/{job.name}"


def _ref(update: SimulatedUpdate, endpoint: str) -> Ref:
    workspace, namespace, hot_update_id = update.key
    return Ref(endpoint, workspace, namespace, hot_update_id)
