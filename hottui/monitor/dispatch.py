"""What is read now, and when to look again: the schedule, the budgets and the holds together.

Pure but for the dice given: nothing here waits, reads a clock or asks anyone. Times are monotonic seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor import schedule
from hottui.monitor.budget import RATE, Budget
from hottui.monitor.holds import Holds, Scope, account_scope, place_scope
from hottui.monitor.schedule import NEVER, Pace, Rank, Watch, rank, rank_by_age
from hottui.monitor.snapshot import Hold, Slow

CONNECTIONS: Final = 10
"""Reads under way over all accounts: as many as the client has connections, so that none waits for one."""
_BY_AGE: Final = 4
"""Of so many reads of an account one goes by age alone, whatever moves: so none starves."""
_OUTAGE: Final = 3
"""Reads of an account that failed in a row before the network, not the ref, is taken to be the trouble."""


@dataclass(slots=True)
class _Entry:
    """One ref here. Kept together, because hashing a thousand refs at each look is what would cost."""

    ref: Ref
    watch: Watch
    account: str = ""
    begun: float | None = None
    """When the read under way began."""


class Dispatch:
    """Decides for all refs. Of each read that `take` hands out, exactly one of the reports must follow."""

    def __init__(self, account_of: Callable[[Ref], str], pace: Pace, *, rate: float = RATE) -> None:
        self._account_of = account_of
        self._pace = pace
        self._rate = rate
        self._paused = False
        self._entries: dict[Ref, _Entry] = {}
        self._unplaced: list[_Entry] = []
        self._budgets: dict[str, Budget] = {}
        self._outages: dict[str, int] = {}
        self._slowed: dict[str, tuple[float, Slow]] = {}
        self._taken: Counter[str] = Counter()
        self._in_flight = 0
        self.holds: Final = Holds()

    @property
    def in_flight(self) -> int:
        """Reads under way."""
        return self._in_flight

    @property
    def paused(self) -> bool:
        """Whether only forced reads begin."""
        return self._paused

    @property
    def interval(self) -> float:
        """How often an in-progress ref is to be read, in seconds."""
        return self._pace.interval

    @property
    def slowed(self) -> tuple[Slow, ...]:
        """The accounts that the service throttled, until it answers them again."""
        return tuple(slow for _, slow in self._slowed.values())

    def reads(self, ref: Ref) -> bool:
        """Whether a read of `ref` is under way: handed out, and not reported yet."""
        entry = self._entries.get(ref)
        return entry is not None and entry.begun is not None

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._entries

    # What is tracked, and what the user wants

    def track(self, tracked: Tracked) -> None:
        """Begin to watch; what is watched already goes on as it was."""
        if tracked.ref not in self._entries:
            entry = self._entries[tracked.ref] = _Entry(tracked.ref, schedule.begin(tracked))
            self._unplaced.append(entry)

    def reconsider(self, tracked: Tracked) -> None:
        """Another process saw it move: what was done here is watched on if it is not done there."""
        entry = self._entries[tracked.ref]
        if entry.watch.done and tracked.in_progress:
            entry.watch = Watch(state=tracked.state)

    def untrack(self, ref: Ref, now: float) -> None:
        """Stop watching. A read under way must be cancelled by the caller; it is reported by this call."""
        entry = self._entries.pop(ref)
        if entry.begun is not None:
            self._end(entry, now)
        if entry in self._unplaced:
            self._unplaced.remove(entry)
        elif self.holds:
            kept = {scope for other in self._entries.values() for scope in _scopes(other)}
            self.holds.discard([scope for scope in _scopes(entry) if scope not in kept])

    def pause(self, on: bool) -> None:
        """Begin no reads but forced ones, or go on."""
        self._paused = on

    def set_interval(self, interval: float, now: float) -> None:
        """Change how often in-progress refs are read."""
        self._pace = Pace(interval, self._pace.rng)
        for entry in self._entries.values():
            entry.watch = schedule.repace(entry.watch, now, self._pace)

    def force(self, refs: Iterable[Ref], now: float) -> None:
        """Read these now, once, paused, held or finished though they be."""
        for ref in refs:
            entry = self._entries.get(ref)
            if entry is not None:
                entry.watch = schedule.forced(entry.watch)
                self.holds.retry(now, entry.account)

    def resume(self, now: float) -> None:
        """After a sleep: backoffs have been slept out. The budget sees to it that there is no burst."""
        for entry in self._entries.values():
            entry.watch = schedule.hasten(entry.watch, now)
        self.holds.retry(now)

    def held(self) -> dict[str, Ref]:
        """The accounts that hold anything, each with one of its refs."""
        accounts = self.holds.accounts()
        return {entry.account: entry.ref for entry in self._entries.values() if entry.account in accounts}

    # What to do

    def take(self, now: float) -> list[Ref]:
        """The reads to begin now: mostly one of each account that may, since a budget spaces its requests."""
        self._place()
        taken: list[Ref] = []
        while firsts := self._firsts(now)[: CONNECTIONS - self._in_flight]:
            for entry in firsts:
                self.holds.probing(self.holds.over(entry.account, entry.ref), entry.ref)
                self._budgets[entry.account] = self._budgets[entry.account].started(now)
                self._taken[entry.account] += 1
                self._in_flight += 1
                entry.begun = now
                taken.append(entry.ref)
        return taken

    def next_look(self) -> float:
        """When `take` may have something without anything being reported or asked before; infinity for never."""
        self._place()
        if self._in_flight >= CONNECTIONS:
            return NEVER
        opens = {account: budget.opens for account, budget in self._budgets.items() if not budget.full}
        nearest = NEVER
        for entry in self._entries.values():
            if entry.begun is not None or entry.account not in opens:
                continue
            at = max(schedule.ready_at(entry.watch, paused=self._paused), opens[entry.account])
            if self.holds and at < nearest:
                at = max(at, self.holds.opens(self.holds.over(entry.account, entry.ref)))
            nearest = min(nearest, at)
            if at == opens[entry.account]:  # none of its others can be earlier
                del opens[entry.account]
                if not opens:
                    break
        return nearest

    def _firsts(self, now: float) -> list[_Entry]:
        """Of each account that may begin a read, the one whose turn it is; those with the longest due one first."""
        may = {account for account, budget in self._budgets.items() if budget.may_start(now)}
        firsts: dict[str, tuple[Rank, _Entry]] = {}
        rank_in = {account: rank_by_age if self._taken[account] % _BY_AGE == _BY_AGE - 1 else rank for account in may}
        for entry in self._entries.values() if may else ():
            account = entry.account
            if account not in may or entry.begun is not None:
                continue
            if schedule.ready_at(entry.watch, paused=self._paused) > now:
                continue
            turn = rank_in[account](entry.watch)
            if account in firsts and turn >= firsts[account][0]:
                continue
            if not self.holds or self.holds.opens(self.holds.over(account, entry.ref)) <= now:
                firsts[account] = (turn, entry)
        return [entry for _, entry in sorted(firsts.values(), key=itemgetter(0))]

    def _place(self) -> None:
        """Find the accounts of what was tracked since: only now, so that tracking does not wait for the reader."""
        for entry in self._unplaced:
            entry.account = self._account_of(entry.ref)
            self._budgets.setdefault(entry.account, Budget(limit=self._rate))
        self._unplaced.clear()

    # What became of it

    def answered(self, ref: Ref, state: str, now: float) -> None:
        """A good answer came."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.watch = schedule.answered(entry.watch, state, started, now, self._pace)
        self._reached(entry, started, now)

    def missing(self, ref: Ref, now: float) -> None:
        """The service does not know the ID."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.watch = schedule.missing(entry.watch, now, self._pace)
        self._reached(entry, started, now)

    def failed(self, ref: Ref, now: float) -> None:
        """No answer came."""
        entry = self._entries[ref]
        self._end(entry, now)
        entry.watch = schedule.failed(entry.watch, now, self._pace.rng)
        self._outages[entry.account] = self._outages.get(entry.account, 0) + 1

    def interrupted(self, ref: Ref, now: float) -> None:
        """The read was cut off by a sleep of this machine or process."""
        entry = self._entries[ref]
        self._end(entry, now)
        entry.watch = schedule.interrupted(entry.watch)

    def throttled(self, ref: Ref, slow: Slow, hint: float | None, now: float) -> None:
        """The account asked too much; `slow` tells of it, `hint` is the wait the service named, in seconds."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.watch = schedule.postponed(entry.watch, now)
        budget = self._budgets[entry.account].throttled(started, now, hint, self._pace.rng)
        self._budgets[entry.account] = budget
        known = self._slowed.get(entry.account)
        since = known[1].since if known else slow.since
        told = replace(slow, since=since, until=slow.since + max(budget.opens - now, 0.0))
        self._slowed[entry.account] = (now, told)

    def refused(self, ref: Ref, hold: Hold, now: float, *, place: bool) -> list[Ref]:
        """The account may not read: here (`place`), or at all. Gives the refs that are held by it and not done."""
        entry = self._entries[ref]
        wide, narrow = _scopes(entry)
        scope = narrow if place else wide
        started = now if entry.begun is None else entry.begun
        if place and self.holds.over(entry.account, ref)[:1] == [wide]:  # the key itself was good
            self.holds.accepted([wide], started)
        self.holds.refused(scope, hold, ref, started, now)
        self._end(entry, now)
        entry.watch = schedule.postponed(entry.watch, now)
        held = [other for other in self._entries.values() if scope in _scopes(other)]
        for other in held:
            other.watch = schedule.unforced(other.watch)
        return [other.ref for other in held if not other.watch.done]

    def _end(self, entry: _Entry, now: float) -> float:
        """The read of `entry` is over, however; gives when it began."""
        started = now if entry.begun is None else entry.begun
        entry.begun = None
        self._in_flight -= 1
        self._budgets[entry.account] = self._budgets[entry.account].ended(started, now)
        self.holds.ended(entry.ref, now)
        return started

    def _reached(self, entry: _Entry, started: float, now: float) -> None:
        """The service spoke to the account: what stood in its way is gone."""
        account = entry.account
        self._budgets[account] = self._budgets[account].answered()
        if account in self._slowed and started >= self._slowed[account][0]:
            del self._slowed[account]
        ended = self.holds.accepted(self.holds.over(account, entry.ref), started)
        for other in self._entries.values() if ended else ():
            if not set(ended).isdisjoint(_scopes(other)):
                other.watch = schedule.promptly(other.watch, now)
        if self._outages.pop(account, 0) >= _OUTAGE:
            for other in self._entries.values():
                if other.account == account:
                    other.watch = schedule.hasten(other.watch, now)


def _scopes(entry: _Entry) -> tuple[Scope, Scope]:
    """What may hold `entry`: its account, its place."""
    return account_scope(entry.account), place_scope(entry.account, entry.ref)
