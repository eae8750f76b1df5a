"""What follows from the outcome of a read: the next read, the rate budget, account holds and the end of outages.

Pure except for the random source of the Pace. Times are monotonic seconds.
"""

from dataclasses import replace
from typing import Final

from hottui.model.ref import Ref
from hottui.monitor import schedule
from hottui.monitor.account_holds import Scope, account_scope, namespace_scope
from hottui.monitor.fairness import PolledRef, PollingState
from hottui.monitor.snapshot import Hold, Slow

_DENIALS: Final = 3
"""IDs of one namespace denied in a row, without an answer in between, after which the namespace is put on hold."""
_OUTAGE: Final = 3
"""Failed reads of an account in a row from which the network, not the ref, is assumed to be the cause."""


class ReadOutcomes:
    """Applies the outcome of each read to the state that it shares with the Dispatcher."""

    def __init__(self, state: PollingState) -> None:
        self._state = state
        self._outages: dict[str, int] = {}
        self._denials: dict[Scope, set[Ref]] = {}

    def answered(self, ref: Ref, state: str, now: float) -> None:
        """After a good answer."""
        entry = self._state.entries[ref]
        started = self.end(entry, now)
        entry.poll = schedule.answered(entry.poll, state, started, now, self._state.pace)
        self._state.slots.latencies[entry.account].note(now - started)
        entry.slow = now - started > self._state.slots.latencies[entry.account].hang_timeout
        entry.denied = False
        self._reached(entry, started, now)
        self._state.slots.set_answers(entry, entry.answers + 1)

    def missing(self, ref: Ref, now: float) -> None:
        """After the ID was not found."""
        entry = self._state.entries[ref]
        started = self.end(entry, now)
        entry.poll = schedule.missing(entry.poll, now, self._state.pace)
        entry.denied = False
        self._state.slots.set_answers(entry, 0)
        self._reached(entry, started, now)

    def failed(self, ref: Ref, now: float) -> None:
        """After a read failed."""
        entry = self._state.entries[ref]
        self.end(entry, now)
        entry.poll = schedule.failed(entry.poll, now, self._state.pace.rng)
        entry.failed_when_proven = entry.failed_when_proven or entry.proven
        self._state.slots.set_answers(entry, 0)
        self._outages[entry.account] = self._outages.get(entry.account, 0) + 1

    def interrupted(self, ref: Ref, now: float) -> None:
        """After a read was interrupted, for example by a suspend."""
        entry = self._state.entries[ref]
        self.end(entry, now)
        entry.poll = schedule.interrupted(entry.poll)

    def throttled(self, ref: Ref, slow: Slow, retry_after: float | None, now: float) -> None:
        """After the account was throttled. `retry_after` is in seconds, if the service gave it."""
        entry = self._state.entries[ref]
        started = self.end(entry, now)
        entry.poll = schedule.postponed(entry.poll, now)
        budget = self._state.budgets[entry.account].throttled(started, now, retry_after, self._state.pace.rng)
        self._state.budgets[entry.account] = budget
        known = self._state.slowed.get(entry.account)
        since = known[1].since if known else slow.since
        slow = replace(slow, since=since, until=slow.since + max(budget.opens_at - now, 0.0))
        self._state.slowed[entry.account] = (now, slow)

    def rejected(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """Put the account on hold. Returns its refs that are on hold and not done."""
        entry = self._state.entries[ref]
        scope = account_scope(entry.account)
        started = now if entry.began is None else entry.began
        self._state.holds.rejected(scope, hold, ref, started, now)
        self.end(entry, now)
        entry.poll = schedule.postponed(entry.poll, now)
        return self._held_by(scope)

    def denied(self, ref: Ref, hold: Hold, now: float) -> list[Ref]:
        """After a permission was denied. Returns the refs of its namespace that are not done, if that is now on hold.

        A denial may concern a single ID. The namespace is put on hold if several IDs in a row were denied that had
        answered before, or if none has answered, or if nothing else is read in it.
        """
        entry = self._state.entries[ref]
        whole, namespace = entry.scopes
        started = now if entry.began is None else entry.began
        if self._state.holds.scopes_of(entry.account, ref)[:1] == [whole]:  # the key itself was accepted
            self._state.holds.accepted([whole], started)
        here = [other for other in self._state.entries.values() if not other.poll.done and other.scopes[1] == namespace]
        denials = self._denials.setdefault(namespace, set())
        if entry.proven or not (entry.denied or any(other.proven for other in here)):
            denials.add(ref)
        entry.denied = True
        alone = all(other.denied for other in here)
        held = alone or len(denials) >= _DENIALS or namespace in self._state.holds.scopes_of(entry.account, ref)
        if held:
            self._state.holds.rejected(namespace, hold, ref, started, now)
        self.end(entry, now)
        entry.poll = schedule.denied(entry.poll, now)
        self._state.slots.set_answers(entry, 0)
        return self._held_by(namespace) if held else []

    def end(self, entry: PolledRef, now: float) -> float:
        """Note that the read of `entry` has ended; returns when it began."""
        started = now if entry.began is None else entry.began
        self._state.slots.release(entry)
        self._state.budgets[entry.account] = self._state.budgets[entry.account].ended(started, now)
        self._state.holds.probe_ended(entry.ref, now)
        return started

    def _held_by(self, scope: Scope) -> list[Ref]:
        """Return the refs in `scope` that are not done; forced reads of them are cancelled, since they would fail."""
        held = [other for other in self._state.entries.values() if scope in other.scopes]
        for other in held:
            other.poll = schedule.unforced(other.poll)
        return [other.ref for other in held if not other.poll.done]

    def _reached(self, entry: PolledRef, started: float, now: float) -> None:
        """End throttling, holds and outages of the account: the service has answered it."""
        account = entry.account
        self._state.budgets[account] = self._state.budgets[account].answered()
        if self._denials:
            self._denials.pop(namespace_scope(account, entry.ref), None)
        if account in self._state.slowed and started >= self._state.slowed[account][0]:
            del self._state.slowed[account]
        ended = self._state.holds.accepted(self._state.holds.scopes_of(account, entry.ref), started, now)
        for other in self._state.entries.values() if ended else ():
            if not set(ended).isdisjoint(other.scopes):
                other.poll = schedule.make_due(other.poll, now)
        if self._outages.pop(account, 0) >= _OUTAGE:
            everything = not self._state.slots.proven[account]  # otherwise only some IDs fail
            for other in self._state.entries.values():
                if other.account == account:
                    other.poll = schedule.end_backoff(other.poll, now, reset=everything and other.failed_when_proven)
