"""Which refs to read now, and when to check again: combines schedule, rate budgets, slots and account holds.

Pure except for the given random source: nothing here waits or reads a clock. Times are monotonic seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor import schedule
from hottui.monitor.fairness import TROUBLED_SLOTS, PolledRef, PollingState
from hottui.monitor.rate_budget import RATE, RateBudget
from hottui.monitor.read_outcomes import ReadOutcomes
from hottui.monitor.schedule import NEVER, Pace, PollState, Rank
from hottui.monitor.snapshot import Slow
from hottui.monitor.spare_budget import SpareBudget

if TYPE_CHECKING:
    from hottui.service.call import Place


class Dispatcher:
    """Decides for all refs. For each read that `take` returns, exactly one method of `outcomes` must be called."""

    def __init__(self, account_of: "Callable[[Place], str]", pace: Pace, *, rate: float = RATE) -> None:
        self._look_up_account = account_of
        self._accounts: dict[tuple[str, str, str], str] = {}
        self._rate = rate
        self._paused = False
        self._without_account: list[PolledRef] = []
        self._state = PollingState(pace)
        self.holds: Final = self._state.holds
        self.outcomes: Final = ReadOutcomes(self._state)
        self.spare: Final = SpareBudget(self._state)

    @property
    def in_flight(self) -> int:
        """The number of reads in flight."""
        return len(self._state.slots.in_flight)

    @property
    def paused(self) -> bool:
        """Whether only forced reads begin."""
        return self._paused

    @property
    def interval(self) -> float:
        """The polling interval in seconds."""
        return self._state.pace.interval

    @property
    def slowed(self) -> tuple[Slow, ...]:
        """The throttled accounts, until the service answers them again."""
        return tuple(slow for _, slow in self._state.slowed.values())

    def reads(self, ref: Ref) -> bool:
        """Whether a read of `ref` is in flight: returned by `take`, without an outcome yet."""
        entry = self._state.entries.get(ref)
        return entry is not None and entry.began is not None

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._state.entries

    # Tracking and commands

    def track(self, tracked: Tracked) -> None:
        """Begin to poll `tracked`; a ref that is already polled keeps its schedule."""
        if tracked.ref not in self._state.entries:
            entry = self._state.entries[tracked.ref] = PolledRef(tracked.ref, schedule.initial(tracked))
            self._without_account.append(entry)

    def reconsider(self, tracked: Tracked) -> None:
        """Poll a finished ref again if another process observed that it is in progress."""
        entry = self._state.entries[tracked.ref]
        if entry.poll.done and tracked.in_progress:
            entry.poll = PollState(state=tracked.state)

    def untrack(self, ref: Ref, now: float) -> None:
        """Remove a ref. The caller cancels its read in flight, for which no method of `outcomes` is called."""
        entry = self._state.entries.pop(ref)
        if entry.began is not None:
            self.outcomes.end(entry, now)
        if entry in self._without_account:
            self._without_account.remove(entry)
            return
        self._state.slots.set_answers(entry, 0)
        if self.holds:
            kept = {scope for other in self._state.entries.values() for scope in other.scopes}
            self.holds.discard([scope for scope in entry.scopes if scope not in kept])

    def pause(self, on: bool) -> None:
        """Begin only forced reads, or resume."""
        self._paused = on

    def set_interval(self, interval: float, now: float) -> None:
        """Set the polling interval of in-progress refs."""
        pace = self._state.pace = Pace(interval, self._state.pace.rng)
        for entry in self._state.entries.values():
            entry.poll = schedule.change_interval(entry.poll, now, pace)

    def force(self, refs: Iterable[Ref], now: float) -> None:
        """Read these once now, even if paused, on hold or finished."""
        for ref in refs:
            entry = self._state.entries.get(ref)
            if entry is not None:
                entry.poll = schedule.forced(entry.poll)
                self.holds.retry(now, entry.account)

    def resume(self, now: float) -> None:
        """End all backoffs after a suspend. The rate budget prevents a burst."""
        for entry in self._state.entries.values():
            entry.poll = schedule.end_backoff(entry.poll, now)
        self.holds.retry(now)

    @property
    def held_refs(self) -> frozenset[Ref]:
        """The refs that are not read because of a hold."""
        if not self.holds:
            return frozenset()
        entries = self._state.entries.values()
        return frozenset(e.ref for e in entries if not e.poll.done and self.holds.scopes_of(e.account, e.ref))

    def held(self) -> dict[str, Ref]:
        """Return the accounts on hold, each with one of its refs."""
        accounts = self.holds.accounts()
        return {entry.account: entry.ref for entry in self._state.entries.values() if entry.account in accounts}

    def account_of(self, place: "Place") -> str:
        """Return the account that a request at `place` uses; looked up once for each namespace."""
        key = (place.endpoint, place.workspace, place.namespace)
        if key not in self._accounts:
            self._accounts[key] = self._look_up_account(place)
        return self._accounts[key]

    # Decisions

    def overdue(self, now: float) -> list[Ref]:
        """Return the reads to cancel and report as failed: they hang, and others wait for their slots.

        As many as there are slots for troubled refs may continue until their deadline.
        """
        self._find_accounts()
        slots = self._state.slots
        if not any(slots.hangs_at(entry) <= now for entry in slots.in_flight):
            return []
        waiting: Counter[str] = Counter()
        loads = slots.loads()
        for entry in self._state.entries.values():
            if not entry.troubled and self._ready_at(entry) <= now and not slots.available(entry, loads):
                waiting[entry.account] += 1
        connections = slots.free <= 0
        cut: list[Ref] = []
        for entry in sorted(slots.in_flight, key=lambda entry: entry.began or 0.0) if waiting else ():
            account = entry.account
            others = waiting.total() if connections else waiting[account]
            if len(cut) >= others or now < slots.hangs_at(entry):
                continue
            if loads[account].troubled < TROUBLED_SLOTS:
                entry.hung = True
                loads = slots.loads()
            else:
                cut.append(entry.ref)
        return cut

    def take(self, now: float) -> list[Ref]:
        """Return the reads to begin now: usually at most one of each account, since its budget spaces requests."""
        self._find_accounts()
        slots = self._state.slots
        taken: list[Ref] = []
        while firsts := self._firsts(now)[: slots.free]:
            for entry in firsts:
                if not slots.available(entry, slots.loads()):
                    continue  # another account took the last slot for troubled refs
                self.holds.probe_started(self.holds.scopes_of(entry.account, entry.ref), entry.ref)
                self._state.budgets[entry.account] = self._state.budgets[entry.account].started(now)
                slots.take(entry, now)
                taken.append(entry.ref)
        return taken

    def next_turn(self) -> float:
        """Return when to call `take` and `overdue` again if no outcome or command comes before; infinity for never."""
        self._find_accounts()
        slots, nearest = self._state.slots, NEVER
        loads = slots.loads()
        hang_at: dict[str, float] = {}
        for entry in slots.in_flight:
            if entry.account not in hang_at or slots.hangs_at(entry) < hang_at[entry.account]:
                hang_at[entry.account] = slots.hangs_at(entry)
        earliest = min((budget.opens_at for budget in self._state.budgets.values()), default=NEVER)
        for entry in self._state.entries.values():
            if nearest <= earliest:
                break  # the others may not begin earlier
            if entry.began is not None:
                continue
            at = schedule.ready_at(entry.poll, paused=self._paused)
            if at >= nearest:
                continue
            at = max(at, self._ready_at(entry))
            if at < nearest and not slots.available(entry, loads):
                if entry.troubled:
                    continue  # a slot is free only after a read ends
                full = slots.free <= 0
                at = max(at, min(hang_at.values(), default=NEVER) if full else hang_at.get(entry.account, NEVER))
            nearest = min(nearest, at)
        return nearest

    def _ready_at(self, entry: PolledRef) -> float:
        """Return when a read may begin as far as schedule, budget and holds are concerned."""
        if entry.began is not None:
            return NEVER
        at = max(schedule.ready_at(entry.poll, paused=self._paused), self._state.budgets[entry.account].opens_at)
        return max(at, self.holds.opens_at(self.holds.scopes_of(entry.account, entry.ref))) if self.holds else at

    def _firsts(self, now: float) -> list[PolledRef]:
        """Return the next ref of each account that may begin a read, sorted by rank."""
        may = {account for account, budget in self._state.budgets.items() if budget.may_start(now)}
        firsts: dict[str, tuple[Rank, PolledRef]] = {}
        slots = self._state.slots
        loads = slots.loads()
        for entry in self._state.entries.values() if may else ():
            account = entry.account
            if account not in may or entry.began is not None:
                continue
            if schedule.ready_at(entry.poll, paused=self._paused) > now:
                continue
            if account in firsts and schedule.rank_by_age(entry.poll) >= firsts[account][0]:
                continue  # whatever else is taken into account, it does not go before that one
            turn = slots.rank(entry, on_hold=bool(self.holds))
            if account in firsts and turn >= firsts[account][0]:
                continue
            if not slots.available(entry, loads):
                continue
            if not self.holds or self.holds.opens_at(self.holds.scopes_of(account, entry.ref)) <= now:
                firsts[account] = (turn, entry)
        return [entry for _, entry in sorted(firsts.values(), key=itemgetter(0))]

    def _find_accounts(self) -> None:
        """Look up the accounts of new refs. Not in `track`, which must not wait for the reader."""
        for entry in self._without_account:
            entry.account = self.account_of(entry.ref)
            self._state.budgets.setdefault(entry.account, RateBudget(limit=self._rate))
        self._without_account.clear()
