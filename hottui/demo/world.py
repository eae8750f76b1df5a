"""The world: who is in it, where, and what the service would answer about each of them now.

Everything is a function of the seed and the clock. Nothing runs in the background, nothing is remembered.
"""

import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hottui.demo.arrivals import arrivals, crowd
from hottui.demo.cast import CAST
from hottui.demo.casting import HotUpdate, Job
from hottui.demo.result import result_of
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Transition


@dataclass(frozen=True, slots=True)
class Member:
    """A hot update with the IDs the service gave it."""

    id: str
    job_id: str
    request_id: str
    about: HotUpdate

    @property
    def key(self) -> tuple[str, str, str]:
        """What finds it: workspace, namespace, ID."""
        return (self.about.job.place.workspace, self.about.job.place.namespace, self.id)


class World:
    """Some forty hot updates of a data team, and now and then a new one.

    `clock` is in seconds since the epoch; `started` is when the world begins (now, unless given). `size` asks for
    exactly so many hot updates instead, all bookmarked: the first of the cast, then a crowd of which some move over
    half an hour.
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
        about = (*CAST, *arrivals(seed)) if size is None else (*CAST, *crowd(seed, size - len(CAST)))[:size]
        self.members = tuple(self._member(number, each) for number, each in enumerate(about))
        self._by_key = {member.key: member for member in self.members}

    @property
    def second(self) -> float:
        """How long the world has been going, in seconds."""
        return self.clock() - self.started

    def refs(self, endpoint: str) -> tuple[Ref, ...]:
        """The refs of everything the team has bookmarked by now; it grows as new hot updates arrive."""
        return tuple(bookmark.ref for bookmark in self.bookmarks(endpoint))

    def bookmarks(self, endpoint: str) -> tuple[Bookmark, ...]:
        """The team's bookmarks by now, with label and note; they grow as new hot updates arrive."""
        now = self.second
        return tuple(
            Bookmark(_ref(member, endpoint), member.about.label, member.about.note, self._at(member.about.bookmarked))
            for member in self.members
            if member.about.bookmarked <= now
        )

    def history(self, endpoint: str) -> tuple[Transition, ...]:
        """What somebody who watched from the beginning would have observed by now, oldest first."""
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
        """The `data` of the answer now; None when the service does not know it, or no longer, or not yet."""
        member = self._by_key.get((workspace, namespace, hot_update_id))
        state = member.about.life.state(self.second) if member else None
        if member is None or state is None:
            return None
        return result_of(
            member.about, state, hot_update_id=member.id, job_id=member.job_id, request_id=member.request_id
        )

    def denies(self, workspace: str, namespace: str, hot_update_id: str) -> bool:
        """Whether the demo's account may not read this one."""
        member = self._by_key.get((workspace, namespace, hot_update_id))
        return member is not None and member.about.denied

    def _at(self, second: float) -> float:
        return self.started + second

    def _member(self, number: int, about: HotUpdate) -> Member:
        return Member(
            id=self._digest(f"hot-update {number}", 8).hex(),
            job_id=str(uuid.UUID(bytes=self._digest(f"job {_job_key(about.job)}", 16), version=4)),
            request_id=str(uuid.UUID(bytes=self._digest(f"request {number}", 16), version=4)).upper(),
            about=about,
        )

    def _digest(self, what: str, size: int) -> bytes:
        return hashlib.blake2b(f"{self.seed} {what}".encode(), digest_size=size).digest()


def _job_key(job: Job) -> str:
    return f"{job.place.workspace}/{job.place.namespace}/{job.name}"


def _ref(member: Member, endpoint: str) -> Ref:
    workspace, namespace, hot_update_id = member.key
    return Ref(endpoint, workspace, namespace, hot_update_id)
