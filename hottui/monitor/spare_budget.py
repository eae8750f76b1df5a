"""Requests that the rate budget allows beside polling. Pure: the clock is passed in.

One begins only if the budget opens again before the next read of the account is due, and never while the account is
throttled or on hold.
"""

from typing import TYPE_CHECKING, Final

from hottui.monitor import schedule
from hottui.monitor.fairness import PollingState
from hottui.monitor.schedule import JITTER, NEVER

if TYPE_CHECKING:
    from hottui.service.call import Place

_ROUNDING: Final = 1e-9
"""Seconds by which two sums of the same times may differ."""


class SpareBudget:
    """Decides by the state that it shares with the Dispatcher. Times are monotonic seconds."""

    def __init__(self, state: PollingState) -> None:
        self._state = state

    def opens_at(self, account: str, place: "Place", now: float, *, paused: bool = False) -> float:
        """Return when a request of `account` at `place` may begin; infinity if none may before something changes."""
        budget = self._state.budgets.get(account)
        if budget is None or account in self._state.slowed or self._state.holds.scopes_of(account, place):
            return NEVER
        at = budget.opens_beside(now)
        if at == NEVER:
            return NEVER
        reopens_at = budget.reopens_beside(at)
        return NEVER if self._is_read_due(account, reopens_at, now, paused=paused) else at

    def started(self, account: str, now: float) -> None:
        """Note that such a request begins."""
        self._state.budgets[account] = self._state.budgets[account].started_beside(now)

    def _is_read_due(self, account: str, before: float, now: float, *, paused: bool) -> bool:
        """Whether a read of a hot update of `account` may be due before that time.

        One in flight is due again half an interval after its answer. One that may not begin before another read ends
        is not waited for: else a few IDs that hang would block everything else.
        """
        slots, loads = self._state.slots, None
        again = now + self._state.pace.interval * (1 - JITTER) / 2
        for entry in self._state.entries.values():
            if entry.account != account:
                continue
            due = again if entry.began is not None else schedule.ready_at(entry.poll, paused=paused)
            if due + _ROUNDING >= before:
                continue
            if entry.began is not None or not entry.troubled:
                return True
            loads = slots.loads() if loads is None else loads
            if slots.available(entry, loads):
                return True
        return False
