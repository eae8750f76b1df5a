"""What is read now, and when to look again: the schedule, the budgets and the holds together.

Pure but for the dice given: nothing here waits, reads a clock or asks anyone. Times are monotonic seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor import schedule
from hottui.monitor.account_holds import AccountHolds, Scope, account_scope, place_scope
from hottui.monitor.fairness import PROVEN_AFTER, TROUBLED_SLOTS, Latency, Load
from hottui.monitor.rate_budget import RATE, RateBudget
from hottui.monitor.schedule import NEVER, Pace, PollState, Rank, rank, rank_by_age
from hottui.monitor.snapshot import Hold, Slow

CONNECTIONS: Final = 10
"""Reads under way over all accounts: as many as the client has connections, so that none waits for one."""
_BY_AGE: Final = 4
"""Of so many reads of an account one goes by age alone, whatever moves or fails: so none starves."""
_DENIALS: Final = 3
"""So many IDs of one namespace denied one after another, none answered between them, and the namespace is held."""
_OUTAGE: Final = 3
"""Reads of an account that failed in a row before the network, not the ref, is taken to be the trouble."""


@dataclass(slots=True)
class _Entry:
    """One ref here. Kept together, because hashing a thousand refs at each look is what would cost."""

    ref: Ref
    watch: PollState
    account: str = ""
    begun: float | None = None
    """When the read under way began."""
    hung: bool = False
    """Whether the read under way has taken so long that it counts as troubled."""
    slow: bool = False
    """Whether the last answer took that long."""
    denied: bool = False
    """Whether a permission was missing at the last read."""
    cut_off: bool = False
    """Whether it was expected to answer when it failed."""
    answers: int = 0
    """Good answers in a row."""

    @property
    def proven(self) -> bool:
        """Whether it is expected to answer."""
        return self.answers >= PROVEN_AFTER

    @property
    def troubled(self) -> bool:
        """Whether it shares the slots of those that fail or hang."""
        return self.hung or self.slow or self.watch.failures > 0


class Dispatcher:
    """Decides for all refs. Of each read that `take` hands out, exactly one of the reports must follow."""

    def __init__(self, account_of: Callable[[Ref], str], pace: Pace, *, rate: float = RATE) -> None:
        self._account_of = account_of
        self._pace = pace
        self._rate = rate
        self._paused = False
        self._entries: dict[Ref, _Entry] = {}
        self._unplaced: list[_Entry] = []
        self._budgets: dict[str, RateBudget] = {}
        self._outages: dict[str, int] = {}
        self._slowed: dict[str, tuple[float, Slow]] = {}
        self._taken: Counter[str] = Counter()
        self._under_way: list[_Entry] = []
        self._proven: Counter[str] = Counter()
        self._latencies: defaultdict[str, Latency] = defaultdict(Latency)
        self._denials: dict[Scope, set[Ref]] = {}
        self.holds: Final = AccountHolds()

    @property
    def in_flight(self) -> int:
        """Reads under way."""
        return len(self._under_way)

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
            entry.watch = PollState(state=tracked.state)

    def untrack(self, ref: Ref, now: float) -> None:
        """Stop watching. A read under way must be cancelled by the caller; it is reported by this call."""
        entry = self._entries.pop(ref)
        if entry.begun is not None:
            self._end(entry, now)
        if entry in self._unplaced:
            self._unplaced.remove(entry)
            return
        self._count(entry, 0)
        if self.holds:
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

    @property
    def held_refs(self) -> frozenset[Ref]:
        """What is not read because of a hold."""
        if not self.holds:
            return frozenset()
        entries = self._entries.values()
        return frozenset(e.ref for e in entries if not e.watch.done and self.holds.over(e.account, e.ref))

    def held(self) -> dict[str, Ref]:
        """The accounts that hold anything, each with one of its refs."""
        accounts = self.holds.accounts()
        return {entry.account: entry.ref for entry in self._entries.values() if entry.account in accounts}

    # What to do

    def overdue(self, now: float) -> list[Ref]:
        """Reads to be cut short, and reported as failed: they hang, and others wait for their slots.

        Up to the slots of the troubled go on; they have the whole time that a read may take.
        """
        self._place()
        waiting: Counter[str] = Counter()
        loads = self._loads()
        for entry in self._entries.values():
            if not entry.troubled and self._ready_at(entry) <= now and not self._has_slot(entry, loads):
                waiting[entry.account] += 1
        connections = len(self._under_way) >= CONNECTIONS
        cut: list[Ref] = []
        for entry in sorted(self._under_way, key=lambda entry: entry.begun or 0.0) if waiting else ():
            account = entry.account
            others = waiting.total() if connections else waiting[account]
            if len(cut) >= others or now < self._hangs_at(entry):
                continue
            if loads[account].troubled < TROUBLED_SLOTS:
                entry.hung = True
                loads = self._loads()
            else:
                cut.append(entry.ref)
        return cut

    def take(self, now: float) -> list[Ref]:
        """The reads to begin now: mostly one of each account that may, since a budget spaces its requests."""
        self._place()
        taken: list[Ref] = []
        while firsts := self._firsts(now)[: CONNECTIONS - len(self._under_way)]:
            for entry in firsts:
                if not self._has_slot(entry, self._loads()):
                    continue  # another account took the last one that the troubled have
                self.holds.probing(self.holds.over(entry.account, entry.ref), entry.ref)
                self._budgets[entry.account] = self._budgets[entry.account].started(now)
                self._taken[entry.account] += 1
                self._under_way.append(entry)
                entry.begun = now
                taken.append(entry.ref)
        return taken

    def next_look(self) -> float:
        """When `take` or `overdue` may have something without a report or a command before; infinity for never."""
        self._place()
        loads, nearest = self._loads(), NEVER
        hang_at: dict[str, float] = {}
        for entry in self._under_way:
            if entry.account not in hang_at or self._hangs_at(entry) < hang_at[entry.account]:
                hang_at[entry.account] = self._hangs_at(entry)
        for entry in self._entries.values():
            if entry.begun is not None:
                continue
            at = schedule.ready_at(entry.watch, paused=self._paused)
            if at >= nearest:
                continue
            at = max(at, self._ready_at(entry))
            if at < nearest and not self._has_slot(entry, loads):
                if entry.troubled:
                    continue  # until a read ends
                full = len(self._under_way) >= CONNECTIONS
                at = max(at, min(hang_at.values(), default=NEVER) if full else hang_at.get(entry.account, NEVER))
            nearest = min(nearest, at)
        return nearest

    def _ready_at(self, entry: _Entry) -> float:
        """From when on a read may begin, as far as schedule, budget and holds are concerned."""
        if entry.begun is not None:
            return NEVER
        at = max(schedule.ready_at(entry.watch, paused=self._paused), self._budgets[entry.account].opens)
        return max(at, self.holds.opens(self.holds.over(entry.account, entry.ref))) if self.holds else at

    def _hangs_at(self, entry: _Entry) -> float:
        """From when on the read under way may be cut short; never where that would leave no slot to another kind."""
        if entry.begun is None or entry.troubled:
            return NEVER
        if entry.proven and len(self._under_way) < CONNECTIONS and not self._budgets[entry.account].full:
            return NEVER
        return entry.begun + self._latencies[entry.account].patience

    def _loads(self) -> "defaultdict[str, Load]":
        """What is under way, for each account."""
        troubled = Counter(entry.account for entry in self._under_way if entry.troubled)
        unproven = Counter(entry.account for entry in self._under_way if entry.troubled or not entry.proven)
        in_all = troubled.total()
        loads: defaultdict[str, Load] = defaultdict(lambda: Load(0, 0, in_all))
        for account, number in unproven.items():
            loads[account] = Load(troubled[account], number, in_all)
        return loads

    def _has_slot(self, entry: _Entry, loads: "defaultdict[str, Load]") -> bool:
        """Whether one more read of this kind may be under way."""
        if len(self._under_way) >= CONNECTIONS or self._budgets[entry.account].full:
            return False
        some_are_proven = self._proven[entry.account] > 0
        return loads[entry.account].admits(
            troubled=entry.troubled, proven=entry.proven, some_are_proven=some_are_proven
        )

    def _firsts(self, now: float) -> list[_Entry]:
        """Of each account that may begin a read, the one whose turn it is; those with the longest due one first."""
        may = {account for account, budget in self._budgets.items() if budget.may_start(now)}
        firsts: dict[str, tuple[Rank, _Entry]] = {}
        loads = self._loads()
        for entry in self._entries.values() if may else ():
            account = entry.account
            if account not in may or entry.begun is not None:
                continue
            if schedule.ready_at(entry.watch, paused=self._paused) > now:
                continue
            turn = self._turn(entry)
            if account in firsts and turn >= firsts[account][0]:
                continue
            if not self._has_slot(entry, loads):
                continue
            if not self.holds or self.holds.opens(self.holds.over(account, entry.ref)) <= now:
                firsts[account] = (turn, entry)
        return [entry for _, entry in sorted(firsts.values(), key=itemgetter(0))]

    def _turn(self, entry: _Entry) -> Rank:
        """The place of `entry` in the turn that its account has now."""
        by_age = self._taken[entry.account] % _BY_AGE == _BY_AGE - 1
        if by_age and not self.holds:
            return rank_by_age(entry.watch)
        doubtful = entry.troubled or entry.watch.missing_since is not None
        unknown = bool(self.holds) and not entry.proven  # the one read tried for all is to be one that may succeed
        return rank(entry.watch, troubled=doubtful or unknown)

    def _place(self) -> None:
        """Find the accounts of what was tracked since: only now, so that tracking does not wait for the reader."""
        for entry in self._unplaced:
            entry.account = self._account_of(entry.ref)
            self._budgets.setdefault(entry.account, RateBudget(limit=self._rate))
        self._unplaced.clear()

    # What became of it

    def answered(self, ref: Ref, state: str, now: float) -> None:
        """A good answer came."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.watch = schedule.answered(entry.watch, state, started, now, self._pace)
        self._latencies[entry.account].note(now - started)
        entry.slow = now - started > self._latencies[entry.account].patience
        entry.denied = False
        self._reached(entry, started, now)
        self._count(entry, entry.answers + 1)

    def missing(self, ref: Ref, now: float) -> None:
        """The service does not know the ID."""
        entry = self._entries[ref]
        started = self._end(entry, now)
        entry.watch = schedule.missing(entry.watch, now, self._pace)
        entry.denied = False
        self._count(entry, 0)
        self._reached(entry, started, now)

    def failed(self, ref: Ref, now: float) -> None:
        """No answer came."""
        entry = self._entries[ref]
        self._end(entry, now)
        entry.watch = schedule.failed(entry.watch, now, self._pace.rng)
        entry.cut_off = entry.cut_off or entry.proven
        self._count(entry, 0)
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

    def refused(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """The account may not read at all. Gives the refs that are held by it and not done."""
        entry = self._entries[ref]
        scope = account_scope(entry.account)
        started = now if entry.begun is None else entry.begun
        self.holds.refused(scope, hold, ref, started, now)
        self._end(entry, now)
        entry.watch = schedule.postponed(entry.watch, now)
        return self._held_by(scope)

    def denied(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """The account may not read this ID. Gives the refs not done in its namespace, where that is held now.

        A denial may concern one ID. The namespace is held where several in a row were denied that had answered before,
        or where none has answered, or where nothing else is read in it.
        """
        entry = self._entries[ref]
        wide, place = _scopes(entry)
        started = now if entry.begun is None else entry.begun
        if self.holds.over(entry.account, ref)[:1] == [wide]:  # the key itself was good
            self.holds.accepted([wide], started)
        here = [other for other in self._entries.values() if not other.watch.done and _scopes(other)[1] == place]
        denials = self._denials.setdefault(place, set())
        if entry.proven or not (entry.denied or any(other.proven for other in here)):
            denials.add(ref)
        entry.denied = True
        alone = all(other.denied for other in here)
        held = alone or len(denials) >= _DENIALS or place in self.holds.over(entry.account, ref)
        if held:
            self.holds.refused(place, hold, ref, started, now)
        self._end(entry, now)
        entry.watch = schedule.denied(entry.watch, now)
        self._count(entry, 0)
        return self._held_by(place) if held else []

    def _held_by(self, scope: Scope) -> list[Ref]:
        """What `scope` holds and is not done; a forced read of it would bring nothing."""
        held = [other for other in self._entries.values() if scope in _scopes(other)]
        for other in held:
            other.watch = schedule.unforced(other.watch)
        return [other.ref for other in held if not other.watch.done]

    def _end(self, entry: _Entry, now: float) -> float:
        """The read of `entry` is over, however; gives when it began."""
        started = now if entry.begun is None else entry.begun
        entry.begun = None
        entry.hung = False
        self._under_way.remove(entry)
        self._budgets[entry.account] = self._budgets[entry.account].ended(started, now)
        self.holds.ended(entry.ref, now)
        return started

    def _count(self, entry: _Entry, answers: int) -> None:
        """Note how often `entry` has answered in a row."""
        before, entry.answers = entry.proven, answers
        self._proven[entry.account] += entry.proven - before

    def _reached(self, entry: _Entry, started: float, now: float) -> None:
        """The service spoke to the account: what stood in its way is gone."""
        account = entry.account
        self._budgets[account] = self._budgets[account].answered()
        if self._denials:
            self._denials.pop(place_scope(account, entry.ref), None)
        if account in self._slowed and started >= self._slowed[account][0]:
            del self._slowed[account]
        ended = self.holds.accepted(self.holds.over(account, entry.ref), started, now)
        for other in self._entries.values() if ended else ():
            if not set(ended).isdisjoint(_scopes(other)):
                other.watch = schedule.promptly(other.watch, now)
        if self._outages.pop(account, 0) >= _OUTAGE:
            everything = not self._proven[account]  # else only some IDs fail
            for other in self._entries.values():
                if other.account == account:
                    other.watch = schedule.hasten(other.watch, now, forgiven=everything and other.cut_off)


def _scopes(entry: _Entry) -> tuple[Scope, Scope]:
    """What may hold `entry`: its account, its place."""
    return account_scope(entry.account), place_scope(entry.account, entry.ref)
