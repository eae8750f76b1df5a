"""What is read now, and when to look again: the schedule, the budgets and the holds together.

Pure but for the dice given: nothing here waits, reads a clock or asks anyone. Times are monotonic seconds.
"""

from collections.abc import Callable, Iterable
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor import schedule
from hottui.monitor.budget import RATE, Budget
from hottui.monitor.holds import Holds, Scope, account_scope, place_scope
from hottui.monitor.schedule import NEVER, Pace, Watch
from hottui.monitor.snapshot import Hold

CONNECTIONS: Final = 10
"""Reads under way over all accounts: as many as the client has connections, so that none waits for one."""
_OUTAGE: Final = 3
"""Reads of an account that failed in a row before the network, not the ref, is taken to be the trouble."""


class Dispatch:
    """Decides for all refs. Of each read that `take` hands out, exactly one of the reports must follow."""

    def __init__(self, account_of: Callable[[Ref], str], pace: Pace, *, rate: float = RATE) -> None:
        self._account_of = account_of
        self._pace = pace
        self._rate = rate
        self._paused = False
        self._watches: dict[Ref, Watch] = {}
        self._accounts: dict[Ref, str] = {}
        self._budgets: dict[str, Budget] = {}
        self._outages: dict[str, int] = {}
        self._begun: dict[Ref, float] = {}
        self.holds: Final = Holds()

    @property
    def in_flight(self) -> int:
        """Reads under way."""
        return len(self._begun)

    @property
    def paused(self) -> bool:
        """Whether only forced reads begin."""
        return self._paused

    @property
    def interval(self) -> float:
        """How often an in-progress ref is to be read, in seconds."""
        return self._pace.interval

    def watches(self, ref: Ref) -> bool:
        """Whether `ref` is tracked here."""
        return ref in self._watches

    # What is tracked, and what the user wants

    def track(self, tracked: Tracked) -> None:
        """Begin to watch; what is watched already goes on as it was."""
        if tracked.ref not in self._watches:
            self._watches[tracked.ref] = schedule.begin(tracked)

    def reconsider(self, tracked: Tracked) -> None:
        """Another process saw it move: what was done here is watched on if it is not done there."""
        if self._watches[tracked.ref].done and tracked.in_progress:
            self._watches[tracked.ref] = Watch(state=tracked.state)

    def untrack(self, ref: Ref, now: float) -> None:
        """Stop watching. A read under way must be cancelled by the caller; it is reported by this call."""
        if ref in self._begun:
            self._end(ref, now)
        self._watches.pop(ref, None)
        account = self._accounts.pop(ref, None)
        if account is not None and self.holds:
            kept = {scope for other in self._accounts for scope in self._scopes(other)}
            self.holds.discard([scope for scope in self.holds.over(account, ref) if scope not in kept])

    def pause(self, on: bool) -> None:
        """Begin no reads but forced ones, or go on."""
        self._paused = on

    def set_interval(self, interval: float, now: float) -> None:
        """Change how often in-progress refs are read."""
        self._pace = Pace(interval, self._pace.rng)
        for ref, watch in self._watches.items():
            self._watches[ref] = schedule.repace(watch, now, self._pace)

    def force(self, refs: Iterable[Ref], now: float) -> None:
        """Read these now, once, paused, held or finished though they be."""
        for ref in refs:
            if ref in self._watches:
                self._watches[ref] = schedule.forced(self._watches[ref])
                if self.holds:
                    self.holds.retry(now, self._account(ref))

    def resume(self, now: float) -> None:
        """After a sleep: backoffs have been slept out. The budget sees to it that there is no burst."""
        for ref, watch in self._watches.items():
            self._watches[ref] = schedule.hasten(watch, now)
        self.holds.retry(now)

    def held(self) -> list[tuple[str, Ref]]:
        """One ref of each account that holds anything."""
        accounts = self.holds.accounts()
        return list(
            {account: (account, ref) for ref, account in self._accounts.items() if account in accounts}.values()
        )

    # What to do

    def take(self, now: float) -> list[Ref]:
        """The reads to begin now: one of each account that may, since a budget spaces its requests."""
        taken: list[Ref] = []
        for account, ref in self._firsts(now).items():
            if self.in_flight >= CONNECTIONS:
                break
            self.holds.probing(self.holds.over(account, ref), ref)
            self._budgets[account] = self._budgets[account].started(now)
            self._begun[ref] = now
            taken.append(ref)
        return taken

    def next_look(self) -> float:
        """When `take` may have something without anything being reported or asked before; infinity for never."""
        if self.in_flight >= CONNECTIONS:
            return NEVER
        nearest, settled = NEVER, {account for account, budget in self._budgets.items() if budget.full}
        for ref, watch in self._watches.items():
            account = self._account(ref)
            if account in settled or ref in self._begun:
                continue
            opens = self._budgets[account].opens
            at = max(schedule.ready_at(watch, paused=self._paused), opens)
            if at < nearest and self.holds:
                at = max(at, self.holds.opens(self.holds.over(account, ref)))
            nearest = min(nearest, at)
            if at == opens:  # none of its others can be earlier
                settled.add(account)
        return nearest

    def _firsts(self, now: float) -> dict[str, Ref]:
        """Of each account that may begin a read, the ref whose turn it is; those with the longest due one first."""
        firsts: dict[str, tuple[tuple[bool, float], Ref]] = {}
        may = {account for account, budget in self._budgets.items() if budget.may_start(now)}
        if not may and len(self._accounts) == len(self._watches):
            return {}
        for ref, watch in self._watches.items():
            if schedule.ready_at(watch, paused=self._paused) > now or ref in self._begun:
                continue
            account = self._account(ref)
            if account not in may and not self._budgets[account].may_start(now):
                continue
            rank = schedule.rank(watch)
            if account in firsts and rank >= firsts[account][0]:
                continue
            if not self.holds or self.holds.opens(self.holds.over(account, ref)) <= now:
                firsts[account] = (rank, ref)
        return {account: ref for account, (_, ref) in sorted(firsts.items(), key=lambda first: first[1][0])}

    # What became of it

    def answered(self, ref: Ref, state: str, now: float) -> None:
        """A good answer came."""
        started = self._end(ref, now)
        account = self._accounts[ref]
        self._watches[ref] = schedule.answered(self._watches[ref], state, started, now, self._pace)
        self._reached(account, ref, started, now)

    def missing(self, ref: Ref, now: float) -> None:
        """The service does not know the ID."""
        started = self._end(ref, now)
        self._watches[ref] = schedule.missing(self._watches[ref], now, self._pace)
        self._reached(self._accounts[ref], ref, started, now)

    def failed(self, ref: Ref, now: float) -> None:
        """No answer came."""
        self._end(ref, now)
        account = self._accounts[ref]
        self._watches[ref] = schedule.failed(self._watches[ref], now, self._pace.rng)
        self._outages[account] = self._outages.get(account, 0) + 1

    def interrupted(self, ref: Ref, now: float) -> None:
        """The read was cut off by a sleep of this machine or process."""
        self._end(ref, now)
        self._watches[ref] = schedule.interrupted(self._watches[ref])

    def throttled(self, ref: Ref, hint: float | None, now: float) -> None:
        """The account asked too much; `hint` is the wait the service named, in seconds."""
        started = self._end(ref, now)
        account = self._accounts[ref]
        self._watches[ref] = schedule.postponed(self._watches[ref], now)
        self._budgets[account] = self._budgets[account].throttled(started, now, hint, self._pace.rng)

    def refused(self, ref: Ref, hold: Hold, now: float, *, place: bool) -> list[Ref]:
        """The account may not read: here (`place`), or at all. Gives the refs that are held by it and not done."""
        account = self._accounts[ref]
        scope: Scope = place_scope(account, ref) if place else account_scope(account)
        started = self._begun[ref]
        if place:  # the key itself was good
            self.holds.accepted([s for s in self.holds.over(account, ref) if s != scope], started)
        self.holds.refused(scope, hold, ref, started, now)
        self._end(ref, now)
        held = [other for other in self._watches if scope in self._scopes(other)]
        self._watches[ref] = schedule.postponed(self._watches[ref], now)
        for other in held:
            self._watches[other] = schedule.unforced(self._watches[other])
        return [other for other in held if not self._watches[other].done]

    def _end(self, ref: Ref, now: float) -> float:
        """The read of `ref` is over, however; gives when it began."""
        started = self._begun.pop(ref)
        account = self._accounts[ref]
        self._budgets[account] = self._budgets[account].ended()
        self.holds.ended(ref, now)
        return started

    def _reached(self, account: str, ref: Ref, started: float, now: float) -> None:
        """The service spoke to the account: what stood in its way is gone."""
        self._budgets[account] = self._budgets[account].answered()
        if self.holds:
            self.holds.accepted(self.holds.over(account, ref), started)
        if self._outages.pop(account, 0) >= _OUTAGE:
            for other, watch in self._watches.items():
                if self._accounts.get(other) == account:
                    self._watches[other] = schedule.hasten(watch, now)

    def _account(self, ref: Ref) -> str:
        account = self._accounts.get(ref)
        if account is None:
            account = self._accounts[ref] = self._account_of(ref)
            self._budgets.setdefault(account, Budget(limit=self._rate))
        return account

    def _scopes(self, ref: Ref) -> tuple[Scope, Scope]:
        account = self._account(ref)
        return account_scope(account), place_scope(account, ref)
