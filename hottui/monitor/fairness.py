"""Which reads may use an account's slots, so that IDs that hang or fail do not block the others. Pure.

A slot is one of the IN_FLIGHT requests that an account may have in flight. IDs whose last read failed, hung or was
very slow share a quarter of the slots. Another quarter is reserved for IDs that have answered, since an ID that was
never read may hang.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hottui.model.ref import Ref
from hottui.monitor.account_holds import AccountHolds, Scope, account_scope, namespace_scope
from hottui.monitor.rate_budget import IN_FLIGHT, RateBudget
from hottui.monitor.schedule import NEVER, Pace, PollState, Rank, rank, rank_by_age
from hottui.monitor.snapshot import Slow

CONNECTIONS: Final = 8
"""Reads in flight over all accounts: the client's connections for results, so that none waits for a connection."""

TROUBLED_SLOTS: Final = IN_FLIGHT // 4
"""Slots of an account for IDs whose last read failed, hung or was very slow."""
TROUBLED_CONNECTIONS: Final = CONNECTIONS // 2
"""The same over all accounts, so that hanging accounts leave connections for the others."""
UNPROVEN_SLOTS: Final = IN_FLIGHT - IN_FLIGHT // 4
"""Slots of an account for IDs that have not answered yet, once some have."""
PROVEN_AFTER: Final = 1
"""Good answers in a row after which an ID is expected to answer again."""
INITIAL_HANG_TIMEOUT: Final = 2.0
"""Seconds after which a read counts as hung, before the first answer."""
SHORTEST_HANG_TIMEOUT: Final = 1.0
"""The lower bound once the latency of answers is known."""
_TIMES_TYPICAL: Final = 4.0
_REMEMBERED: Final = 24
_BY_AGE: Final = 4
"""Every so many reads of an account, the longest overdue ref goes first whatever its state, so that none starves."""


@dataclass(slots=True)
class PolledRef:
    """One ref with its schedule and the outcome of its last reads. One object, to avoid hashing refs at each turn."""

    ref: Ref
    poll: PollState
    account: str = ""
    began: float | None = None
    """When the read in flight began."""
    hung: bool = False
    """Whether the read in flight has taken so long that it counts as troubled."""
    slow: bool = False
    """Whether the last answer took that long."""
    denied: bool = False
    """Whether a permission was missing at the last read."""
    failed_when_proven: bool = False
    """Whether it had answered before when a read failed."""
    answers: int = 0
    """Good answers in a row."""

    @property
    def proven(self) -> bool:
        """Whether it is expected to answer."""
        return self.answers >= PROVEN_AFTER

    @property
    def troubled(self) -> bool:
        """Whether it shares the slots of IDs that fail or hang."""
        return self.hung or self.slow or self.poll.failures > 0

    @property
    def scopes(self) -> tuple[Scope, Scope]:
        """The scopes of holds that include it: its account, and its namespace."""
        return account_scope(self.account), namespace_scope(self.account, self.ref)


@dataclass(frozen=True, slots=True)
class Load:
    """Reads in flight: of one account, and troubled ones over all accounts."""

    troubled: int = 0
    unproven: int = 0
    """Reads of IDs that are troubled or not proven."""
    troubled_connections: int = 0

    def admits(self, *, troubled: bool, proven: bool, some_are_proven: bool) -> bool:
        """Whether one more read of such an ID may begin."""
        if troubled and (self.troubled >= TROUBLED_SLOTS or self.troubled_connections >= TROUBLED_CONNECTIONS):
            return False
        return (proven and not troubled) or not some_are_proven or self.unproven < UNPROVEN_SLOTS


@dataclass(slots=True)
class Latency:
    """Latency of the answers of one account, and when a read counts as hung. In seconds."""

    _last: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def note(self, seconds: float) -> None:
        """Add the latency of an answer."""
        self._last.append(seconds)

    @property
    def hang_timeout(self) -> float:
        """Seconds after which a read counts as hung: several times the latency of the faster answers."""
        if not self._last:
            return INITIAL_HANG_TIMEOUT
        return max(SHORTEST_HANG_TIMEOUT, _TIMES_TYPICAL * sorted(self._last)[len(self._last) // 4])


class Slots:
    """The reads in flight, and which further ones may begin."""

    def __init__(self, budgets: Mapping[str, RateBudget]) -> None:
        self.in_flight: list[PolledRef] = []
        self.latencies: defaultdict[str, Latency] = defaultdict(Latency)
        self.proven: Counter[str] = Counter()
        """The number of proven refs of each account."""
        self._budgets = budgets
        self._taken: Counter[str] = Counter()

    @property
    def free(self) -> int:
        """Connections that are not in use."""
        return CONNECTIONS - len(self.in_flight)

    def take(self, entry: PolledRef, now: float) -> None:
        """Note that a read of `entry` begins."""
        self._taken[entry.account] += 1
        self.in_flight.append(entry)
        entry.began = now

    def release(self, entry: PolledRef) -> None:
        """Note that the read of `entry` has ended."""
        entry.began = None
        entry.hung = False
        self.in_flight.remove(entry)

    def set_answers(self, entry: PolledRef, answers: int) -> None:
        """Set how often `entry` has answered in a row."""
        before, entry.answers = entry.proven, answers
        self.proven[entry.account] += entry.proven - before

    def loads(self) -> "defaultdict[str, Load]":
        """Return the load of each account."""
        if not self.in_flight:
            return defaultdict(Load)
        troubled = Counter(entry.account for entry in self.in_flight if entry.troubled)
        unproven = Counter(entry.account for entry in self.in_flight if entry.troubled or not entry.proven)
        in_all = troubled.total()
        loads: defaultdict[str, Load] = defaultdict(lambda: Load(0, 0, in_all))
        for account, number in unproven.items():
            loads[account] = Load(troubled[account], number, in_all)
        return loads

    def available(self, entry: PolledRef, loads: "defaultdict[str, Load]") -> bool:
        """Whether a read of `entry` may begin as far as slots are concerned."""
        if self.free <= 0 or self._budgets[entry.account].full:
            return False
        some_are_proven = self.proven[entry.account] > 0
        return loads[entry.account].admits(
            troubled=entry.troubled, proven=entry.proven, some_are_proven=some_are_proven
        )

    def hangs_at(self, entry: PolledRef) -> float:
        """Return when the read in flight counts as hung; never if cutting it short would free no needed slot."""
        if entry.began is None or entry.troubled:
            return NEVER
        if entry.proven and self.free > 0 and not self._budgets[entry.account].full:
            return NEVER
        return entry.began + self.latencies[entry.account].hang_timeout

    def rank(self, entry: PolledRef, *, on_hold: bool) -> Rank:
        """Return the sort key of `entry` for the next read of its account; `on_hold` if anything is on hold."""
        by_age = self._taken[entry.account] % _BY_AGE == _BY_AGE - 1
        if by_age and not on_hold:
            return rank_by_age(entry.poll)
        doubtful = entry.troubled or entry.poll.missing_since is not None
        unknown = on_hold and not entry.proven  # a probe should be a read that may succeed
        return rank(entry.poll, troubled=doubtful or unknown)


class PollingState:
    """What the decisions about reads share, and change in place."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.entries: Final[dict[Ref, PolledRef]] = {}
        self.budgets: Final[dict[str, RateBudget]] = {}
        self.slots: Final = Slots(self.budgets)
        self.holds: Final = AccountHolds()
        self.slowed: Final[dict[str, tuple[float, Slow]]] = {}
        """The throttled accounts, until the service answers them again, each with when it was throttled last."""
