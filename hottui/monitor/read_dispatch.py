"""Which refs to read now, and when to check again: combines schedule, rate budgets, slots and account holds.

Pure except for the given random source: nothing here waits or reads a clock. Times are monotonic seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import itemgetter
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor import schedule
from hottui.monitor.account_holds import AccountHolds, Scope, account_scope, namespace_scope
from hottui.monitor.fairness import TROUBLED_SLOTS, PolledRef, Slots
from hottui.monitor.rate_budget import RATE, RateBudget
from hottui.monitor.schedule import NEVER, Pace, PollState, Rank
from hottui.monitor.snapshot import Hold, Slow

_DENIALS: Final = 3
"""IDs of one namespace denied in a row, without an answer in between, after which the namespace is put on hold."""
_OUTAGE: Final = 3
"""Failed reads of an account in a row from which the network, not the ref, is assumed to be the cause."""


class Dispatcher:
    """Decides for all refs. For each read that `take` returns, exactly one of the outcome methods must be called."""

    def __init__(self, account_of: Callable[[Ref], str], pace: Pace, *, rate: float = RATE) -> None:
        self._account_of = account_of
        self._pace = pace
        self._rate = rate
        self._paused = False
        self._entries: dict[Ref, PolledRef] = {}
        self._without_account: list[PolledRef] = []
        self._budgets: dict[str, RateBudget] = {}
        self._outages: dict[str, int] = {}
        self._slowed: dict[str, tuple[float, Slow]] = {}
        self._slots = Slots(self._budgets)
        self._denials: dict[Scope, set[Ref]] = {}
        self.holds: Final = AccountHolds()

    @property
    def in_flight(self) -> int:
        """The number of reads in flight."""
        return len(self._slots.in_flight)

    @property
    def paused(self) -> bool:
        """Whether only forced reads begin."""
        return self._paused

    @property
    def interval(self) -> float:
        """The polling interval in seconds."""
        return self._pace.interval

    @property
    def slowed(self) -> tuple[Slow, ...]:
        """The throttled accounts, until the service answers them again."""
        return tuple(slow for _, slow in self._slowed.values())

    def reads(self, ref: Ref) -> bool:
        """Whether a read of `ref` is in flight: returned by `take`, without an outcome yet."""
        entry = self._entries.get(ref)
        return entry is not None and entry.began is not None

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._entries

    # Tracking and commands

    def track(self, tracked: Tracked) -> None:
        """Begin to poll; what is watched already goes on as it was."""
        if tracked.ref not in self._entries:
            entry = self._entries[tracked.ref] = PolledRef(tracked.ref, schedule.initial(tracked))
            self._without_account.append(entry)

    def reconsider(self, tracked: Tracked) -> None:
        """Poll a finished ref again if another process observed that it is in progress."""
        entry = self._entries[tracked.ref]
        if entry.poll.done and tracked.in_progress:
            entry.poll = PollState(state=tracked.state)

    def untrack(self, ref: Ref, now: float) -> None:
        """Remove a ref. The caller cancels its read in flight, for which no outcome method is called."""
        entry = self._entries.pop(ref)
        if entry.began is not None:
            self._end(entry, now)
        if entry in self._without_account:
            self._without_account.remove(entry)
            return
        self._slots.set_answers(entry, 0)
        if self.holds:
            kept = {scope for other in self._entries.values() for scope in _scopes(other)}
            self.holds.discard([scope for scope in _scopes(entry) if scope not in kept])

    def pause(self, on: bool) -> None:
        """Begin only forced reads, or resume."""
        self._paused = on

    def set_interval(self, interval: float, now: float) -> None:
        """Set the polling interval of in-progress refs."""
        self._pace = Pace(interval, self._pace.rng)
        for entry in self._entries.values():
            entry.poll = schedule.change_interval(entry.poll, now, self._pace)

    def force(self, refs: Iterable[Ref], now: float) -> None:
        """Read these once now, even if paused, on hold or finished."""
        for ref in refs:
            entry = self._entries.get(ref)
            if entry is not None:
                entry.poll = schedule.forced(entry.poll)
                self.holds.retry(now, entry.account)

    def resume(self, now: float) -> None:
        """End all backoffs after a suspend. The rate budget prevents a burst."""
        for entry in self._entries.values():
            entry.poll = schedule.end_backoff(entry.poll, now)
        self.holds.retry(now)

    @property
    def held_refs(self) -> frozenset[Ref]:
        """The refs that are not read because of a hold."""
        if not self.holds:
            return frozenset()
        entries = self._entries.values()
        return frozenset(e.ref for e in entries if not e.poll.done and self.holds.scopes_of(e.account, e.ref))

    def held(self) -> dict[str, Ref]:
        """Return the accounts on hold, each with one of its refs."""
        accounts = self.holds.accounts()
        return {entry.account: entry.ref for entry in self._entries.values() if entry.account in accounts}

    # Decisions

    def overdue(self, now: float) -> list[Ref]:
        """Return the reads to cancel and report as failed: they hang, and others wait for their slots.

        As many as there are slots for troubled refs may continue until their deadline.
        """
        self._find_accounts()
        waiting: Counter[str] = Counter()
        loads = self._slots.loads()
        for entry in self._entries.values():
            if not entry.troubled and self._ready_at(entry) <= now and not self._slots.available(entry, loads):
                waiting[entry.account] += 1
        connections = self._slots.free <= 0
        cut: list[Ref] = []
        for entry in sorted(self._slots.in_flight, key=lambda entry: entry.began or 0.0) if waiting else ():
            account = entry.account
            others = waiting.total() if connections else waiting[account]
            if len(cut) >= others or now < self._slots.hangs_at(entry):
                continue
            if loads[account].troubled < TROUBLED_SLOTS:
                entry.hung = True
                loads = self._slots.loads()
            else:
                cut.append(entry.ref)
        return cut

    def take(self, now: float) -> list[Ref]:
        """Return the reads to begin now: usually at most one of each account, since its budget spaces requests."""
        self._find_accounts()
        taken: list[Ref] = []
        while firsts := self._firsts(now)[: self._slots.free]:
            for entry in firsts:
                if not self._slots.available(entry, self._slots.loads()):
                    continue  # another account took the last slot for troubled refs
                self.holds.probe_started(self.holds.scopes_of(entry.account, entry.ref), entry.ref)
                self._budgets[entry.account] = self._budgets[entry.account].started(now)
                self._slots.take(entry, now)
                taken.append(entry.ref)
        return taken

    def next_look(self) -> float:
        """Return when to call `take` and `overdue` again if no outcome or command comes before; infinity for never."""
        self._find_accounts()
        loads, nearest = self._slots.loads(), NEVER
        hang_at: dict[str, float] = {}
        for entry in self._slots.in_flight:
            if entry.account not in hang_at or self._slots.hangs_at(entry) < hang_at[entry.account]:
                hang_at[entry.account] = self._slots.hangs_at(entry)
        for entry in self._entries.values():
            if entry.began is not None:
                continue
            at = schedule.ready_at(entry.poll, paused=self._paused)
            if at >= nearest:
                continue
            at = max(at, self._ready_at(entry))
            if at < nearest and not self._slots.available(entry, loads):
                if entry.troubled:
                    continue  # a slot is free only after a read ends
                full = self._slots.free <= 0
                at = max(at, min(hang_at.values(), default=NEVER) if full else hang_at.get(entry.account, NEVER))
            nearest = min(nearest, at)
        return nearest

    def _ready_at(self, entry: PolledRef) -> float:
        """Return when a read may begin as far as schedule, budget and holds are concerned."""
        if entry.began is not None:
            return NEVER
        at = max(schedule.ready_at(entry.poll, paused=self._paused), self._budgets[entry.account].opens_at)
        return max(at, self.holds.opens_at(self.holds.scopes_of(entry.account, entry.ref))) if self.holds else at

    def _firsts(self, now: float) -> list[PolledRef]:
        """Return the next ref of each account that may begin a read, sorted by rank."""
        may = {account for account, budget in self._budgets.items() if budget.may_start(now)}
        firsts: dict[str, tuple[Rank, PolledRef]] = {}
        loads = self._slots.loads()
        for entry in self._entries.values() if may else ():
            account = entry.account
            if account not in may or entry.began is not None:
                continue
            if schedule.ready_at(entry.poll, paused=self._paused) > now:
                continue
            turn = self._slots.rank(entry, on_hold=bool(self.holds))
            if account in firsts and turn >= firsts[account][0]:
                continue
            if not self._slots.available(entry, loads):
                continue
            if not self.holds or self.holds.opens_at(self.holds.scopes_of(account, entry.ref)) <= now:
                firsts[account] = (turn, entry)
        return [entry for _, entry in sorted(firsts.values(), key=itemgetter(0))]

    def _find_accounts(self) -> None:
        """Look up the accounts of new refs. Not in `track`, which must not wait for the reader."""
        for entry in self._without_account:
            entry.account = self._account_of(entry.ref)
            self._budgets.setdefault(entry.account, RateBudget(limit=self._rate))
        self._without_account.clear()

    # Outcomes

    def answered(self, ref: Ref, state: str, now: float) -> None:
        """After a good answer."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.poll = schedule.answered(entry.poll, state, started, now, self._pace)
        self._slots.latencies[entry.account].note(now - started)
        entry.slow = now - started > self._slots.latencies[entry.account].hang_timeout
        entry.denied = False
        self._reached(entry, started, now)
        self._slots.set_answers(entry, entry.answers + 1)

    def missing(self, ref: Ref, now: float) -> None:
        """After the ID was not found."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.poll = schedule.missing(entry.poll, now, self._pace)
        entry.denied = False
        self._slots.set_answers(entry, 0)
        self._reached(entry, started, now)

    def failed(self, ref: Ref, now: float) -> None:
        """After a read failed."""
        entry = self._entries[ref]
        self._end(entry, now)
        entry.poll = schedule.failed(entry.poll, now, self._pace.rng)
        entry.failed_when_proven = entry.failed_when_proven or entry.proven
        self._slots.set_answers(entry, 0)
        self._outages[entry.account] = self._outages.get(entry.account, 0) + 1

    def interrupted(self, ref: Ref, now: float) -> None:
        """After a read was interrupted, for example by a suspend."""
        entry = self._entries[ref]
        self._end(entry, now)
        entry.poll = schedule.interrupted(entry.poll)

    def throttled(self, ref: Ref, slow: Slow, retry_after: float | None, now: float) -> None:
        """After the account was throttled. `retry_after` is in seconds, if the service gave it."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.poll = schedule.postponed(entry.poll, now)
        budget = self._budgets[entry.account].throttled(started, now, retry_after, self._pace.rng)
        self._budgets[entry.account] = budget
        known = self._slowed.get(entry.account)
        since = known[1].since if known else slow.since
        slow = replace(slow, since=since, until=slow.since + max(budget.opens_at - now, 0.0))
        self._slowed[entry.account] = (now, slow)

    def rejected(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """Put the account on hold. Returns its refs that are on hold and not done."""
        entry = self._entries[ref]
        scope = account_scope(entry.account)
        started = now if entry.began is None else entry.began
        self.holds.rejected(scope, hold, ref, started, now)
        self._end(entry, now)
        entry.poll = schedule.postponed(entry.poll, now)
        return self._held_by(scope)

    def denied(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """After a permission was denied. Returns the refs of its namespace that are not done, if that is now on hold.

        A denial may concern a single ID. The namespace is put on hold if several IDs in a row were denied that had
        answered before, or if none has answered, or if nothing else is read in it.
        """
        entry = self._entries[ref]
        whole, namespace = _scopes(entry)
        started = now if entry.began is None else entry.began
        if self.holds.scopes_of(entry.account, ref)[:1] == [whole]:  # the key itself was accepted
            self.holds.accepted([whole], started)
        here = [other for other in self._entries.values() if not other.poll.done and _scopes(other)[1] == namespace]
        denials = self._denials.setdefault(namespace, set())
        if entry.proven or not (entry.denied or any(other.proven for other in here)):
            denials.add(ref)
        entry.denied = True
        alone = all(other.denied for other in here)
        held = alone or len(denials) >= _DENIALS or namespace in self.holds.scopes_of(entry.account, ref)
        if held:
            self.holds.rejected(namespace, hold, ref, started, now)
        self._end(entry, now)
        entry.poll = schedule.denied(entry.poll, now)
        self._slots.set_answers(entry, 0)
        return self._held_by(namespace) if held else []

    def _held_by(self, scope: Scope) -> list[Ref]:
        """Return the refs in `scope` that are not done; forced reads of them are cancelled, since they would fail."""
        held = [other for other in self._entries.values() if scope in _scopes(other)]
        for other in held:
            other.poll = schedule.unforced(other.poll)
        return [other.ref for other in held if not other.poll.done]

    def _end(self, entry: PolledRef, now: float) -> float:
        """Note that the read of `entry` has ended; returns when it began."""
        started = now if entry.began is None else entry.began
        self._slots.release(entry)
        self._budgets[entry.account] = self._budgets[entry.account].ended(started, now)
        self.holds.probe_ended(entry.ref, now)
        return started

    def _reached(self, entry: PolledRef, started: float, now: float) -> None:
        """End throttling, holds and outages of the account: the service has answered it."""
        account = entry.account
        self._budgets[account] = self._budgets[account].answered()
        if self._denials:
            self._denials.pop(namespace_scope(account, entry.ref), None)
        if account in self._slowed and started >= self._slowed[account][0]:
            del self._slowed[account]
        ended = self.holds.accepted(self.holds.scopes_of(account, entry.ref), started, now)
        for other in self._entries.values() if ended else ():
            if not set(ended).isdisjoint(_scopes(other)):
                other.poll = schedule.make_due(other.poll, now)
        if self._outages.pop(account, 0) >= _OUTAGE:
            everything = not self._slots.proven[account]  # otherwise only some IDs fail
            for other in self._entries.values():
                if other.account == account:
                    other.poll = schedule.end_backoff(other.poll, now, reset=everything and other.failed_when_proven)


def _scopes(entry: PolledRef) -> tuple[Scope, Scope]:
    """Return the scopes that include `entry`: its account, and its namespace."""
    return account_scope(entry.account), namespace_scope(entry.account, entry.ref)
