"""The dispatcher driven by a simulated clock: hours of reads in milliseconds."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor.fairness import CONNECTIONS
from hottui.monitor.rate_budget import IN_FLIGHT
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.schedule import Pace
from hottui.monitor.snapshot import Hold, Slow
from hottui.service.call import Place


@dataclass(frozen=True)
class Read:
    """One read that began."""

    at: float
    ref: Ref
    account: str


Outcome = str
"""A state; or one of `failed`, `missing`, `throttled`, `refused`, `forbidden`, `interrupted`."""


class Simulation:
    """Reads take `latency` and end with `outcome`. The invariants are checked after each step."""

    def __init__(
        self,
        refs: list[Ref],
        outcome: Callable[[Ref, float], Outcome],
        *,
        latency: Callable[[Ref], float] = lambda ref: 0.05,
        account_of: Callable[[Place], str] = lambda place: place.endpoint,
        interval: float = 2.0,
        seed: int = 1,
    ) -> None:
        self.now = 0.0
        self.reads: list[Read] = []
        self.answers: dict[Ref, list[tuple[float, str]]] = defaultdict(list)
        self.dispatch = Dispatcher(account_of, Pace(interval, Random(seed)))
        self.outcome = outcome
        self._latency = latency
        self._account_of = account_of
        self._under_way: dict[Ref, int] = {}
        self._ends: list[tuple[float, int, Ref]] = []
        self._numbers = count()
        for ref in refs:
            self.dispatch.track(Tracked(ref))

    def of(self, ref: Ref) -> list[float]:
        """Return the times at which reads of `ref` began."""
        return [read.at for read in self.reads if read.ref == ref]

    def untrack(self, ref: Ref) -> None:
        if ref in self.dispatch:
            self._under_way.pop(ref, None)
            self.dispatch.untrack(ref, self.now)

    def run(self, seconds: float) -> None:
        """Simulate `seconds`."""
        until = self.now + seconds
        for _ in range(200_000):
            self._begin()
            ends = self._ends[0][0] if self._ends else float("inf")
            following = max(min(self.dispatch.next_turn(), ends, self.next_beside()), self.now)
            if following > until:
                self.now = until
                return
            stuck = following == self.now and ends > self.now
            assert not stuck, "due, but cannot be taken"
            self.now = following
            while self._ends and self._ends[0][0] <= self.now:
                _, number, ref = heapq.heappop(self._ends)
                if self._under_way.get(ref) == number:
                    del self._under_way[ref]
                    self._end(ref, self.outcome(ref, self.now))
        raise AssertionError("the dispatcher is in a busy loop")

    def next_beside(self) -> float:
        """When something else than the dispatch wants a turn."""
        return float("inf")

    def _begin(self) -> None:
        while self._cut() or self._take():
            self._check()

    def _cut(self) -> bool:
        cut = self.dispatch.overdue(self.now)
        for ref in cut:
            del self._under_way[ref]
            self.dispatch.outcomes.failed(ref, self.now)
        return bool(cut)

    def _take(self) -> bool:
        taken = self.dispatch.take(self.now)
        for ref in taken:
            assert ref not in self._under_way, "a ref is read twice at once"
            number = next(self._numbers)
            self._under_way[ref] = number
            self.reads.append(Read(self.now, ref, self._account_of(ref)))
            heapq.heappush(self._ends, (self.now + self._latency(ref), number, ref))
        return bool(taken)

    def _check(self) -> None:
        by_account = Counter(self._account_of(ref) for ref in self._under_way)
        assert all(number <= IN_FLIGHT for number in by_account.values())
        assert self.dispatch.in_flight == len(self._under_way) <= CONNECTIONS

    def _end(self, ref: Ref, outcome: Outcome) -> None:
        outcomes, now = self.dispatch.outcomes, self.now
        match outcome:
            case "failed":
                outcomes.failed(ref, now)
            case "missing":
                outcomes.missing(ref, now)
            case "interrupted":
                outcomes.interrupted(ref, now)
            case "throttled":
                outcomes.throttled(ref, Slow(self._account_of(ref), "Too many.", "", now), None, now)
            case "refused":
                outcomes.rejected(ref, Hold(self._account_of(ref), "Refused.", "", now), now)
            case "forbidden":
                outcomes.denied(ref, Hold(self._account_of(ref), "Denied.", "", now, ref.namespace), now)
            case state:
                self.answers[ref].append((now, state))
                outcomes.answered(ref, state, now)


def most_in_a_second(reads: list[Read]) -> int:
    """Return the maximum number of reads of one account that began within any one second."""
    times: dict[str, list[float]] = defaultdict(list)
    for read in reads:
        times[read.account].append(read.at)
    most = 0
    for each in times.values():
        first = 0
        for last, at in enumerate(each):
            while each[first] <= at - 1.0 + 1e-9:
                first += 1
            most = max(most, last - first + 1)
    return most
