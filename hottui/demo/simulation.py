"""The simulation behind the demo: its hot updates, their bookmarks and history, and the current answers.

Everything is a function of the seed and the clock. There are no background tasks and no mutable state.
"""

import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hottui.demo.arrivals import arrivals, crowd
from hottui.demo.job_types import HotUpdate, Job
from hottui.demo.jobs import DEMO_UPDATES
from hottui.demo.result import result_of
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Transition


@dataclass(frozen=True, slots=True)
class SimulatedUpdate:
    """A hot update with its IDs."""

    id: str
    job_id: str
    request_id: str
    about: HotUpdate

    @property
    def key(self) -> tuple[str, str, str]:
        """Its workspace, namespace and ID."""
        return (self.about.job.place.workspace, self.about.job.place.namespace, self.id)


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
        about = (
            (*DEMO_UPDATES, *arrivals(seed))
            if size is None
            else (*DEMO_UPDATES, *crowd(seed, size - len(DEMO_UPDATES)))[:size]
        )
        self.members = tuple(self._member(number, each) for number, each in enumerate(about))
        self._by_key = {member.key: member for member in self.members}

    @property
    def second(self) -> float:
        """Seconds since the start of the simulation."""
        return self.clock() - self.started

    def refs(self, endpoint: str) -> tuple[Ref, ...]:
        """Return the refs of all current bookmarks."""
        return tuple(bookmark.ref for bookmark in self.bookmarks(endpoint))

    def bookmarks(self, endpoint: str) -> tuple[Bookmark, ...]:
        """Return the current bookmarks with label and note; new ones are added as hot updates arrive."""
        now = self.second
        return tuple(
            Bookmark(_ref(member, endpoint), member.about.label, member.about.note, self._at(member.about.bookmarked))
            for member in self.members
            if member.about.bookmarked <= now
        )

    def history(self, endpoint: str) -> tuple[Transition, ...]:
        """Return the transitions observable so far, oldest first."""
        now = self.second
        seen: list[Transition] = []
        for member in self.members:
            if member.about.denied or member.about.bookmarked > now:
                continue
            previous = ""
            for second, state in member.about.life.reached(now):
                seen.append(Transition(_ref(member, endpoint), self._at(second), state, previous))
                previous = state
        return tuple(sorted(seen, key=lambda transition: (transition.at, transition.ref)))

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the current `data` of the answer, or None if the service does not know the ID now."""
        member = self._by_key.get((workspace, namespace, hot_update_id))
        state = member.about.life.state(self.second) if member else None
        if member is None or state is None:
            return None
        return result_of(
            member.about, state, hot_update_id=member.id, job_id=member.job_id, request_id=member.request_id
        )

    def denies(self, workspace: str, namespace: str, hot_update_id: str) -> bool:
        """Return whether the demo's account is denied access to this one."""
        member = self._by_key.get((workspace, namespace, hot_update_id))
        return member is not None and member.about.denied

    def _at(self, second: float) -> float:
        return self.started + second

    def _member(self, number: int, about: HotUpdate) -> SimulatedUpdate:
        return SimulatedUpdate(
            id=self._digest(f"hot-update {number}", 8).hex(),
            job_id=str(uuid.UUID(bytes=self._digest(f"job {_job_key(about.job)}", 16), version=4)),
            request_id=str(uuid.UUID(bytes=self._digest(f"request {number}", 16), version=4)).upper(),
            about=about,
        )

    def _digest(self, what: str, size: int) -> bytes:
        return hashlib.blake2b(f"{self.seed} {what}".encode(), digest_size=size).digest()


def _job_key(job: Job) -> str:
    return f"{job.place.workspace}/{job.place.namespace}/{job.name}"


def _ref(member: SimulatedUpdate, endpoint: str) -> Ref:
    workspace, namespace, hot_update_id = member.key
    return Ref(endpoint, workspace, namespace, hot_update_id)
