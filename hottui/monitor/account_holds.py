"""Accounts that wait because the service refused their key, token, signature, clock or permission.

Asking again for each ID would not help, so one read is tried now and then on behalf of all. Pure: the clock is passed
in, as monotonic seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from hottui.model.ref import Ref
from hottui.monitor.schedule import DENIED_WAITS
from hottui.monitor.snapshot import Hold

Scope: TypeAlias = tuple[str, ...]
"""What is held: `(account,)`, or `(account, workspace, namespace)` when a permission is missing there."""

PROBES: Final = DENIED_WAITS
"""Seconds before the first, second and every later try."""


def account_scope(account: str) -> Scope:
    """Everything of the account."""
    return (account,)


def place_scope(account: str, ref: Ref) -> Scope:
    """What the account may see at the workspace and namespace of `ref`: permissions are given there."""
    return (account, ref.workspace, ref.namespace)


@dataclass(frozen=True, slots=True)
class Held:
    """One hold: what is told of it, since when it holds, and when it is tried again."""

    hold: Hold
    began: float
    probe_at: float
    refusals: int = 1
    probe: Ref | None = None
    """The read that is being tried for all."""

    def opens(self) -> float:
        """When the next try may begin; never while one is under way."""
        return float("inf") if self.probe else self.probe_at


class AccountHolds:
    """All holds. A ref is held by its account, by its place, or by both."""

    def __init__(self) -> None:
        self._held: dict[Scope, Held] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def told(self) -> tuple[Hold, ...]:
        """What the status line says, oldest first."""
        return tuple(held.hold for held in self._held.values())

    def accounts(self) -> frozenset[str]:
        """The accounts that hold anything."""
        return frozenset(scope[0] for scope in self._held)

    def over(self, account: str, ref: Ref) -> list[Scope]:
        """The holds that `ref` is under."""
        return [s for s in (account_scope(account), place_scope(account, ref)) if s in self._held] if self._held else []

    def opens(self, scopes: Iterable[Scope]) -> float:
        """When a ref under these holds may be tried for all; minus infinity without holds."""
        return max((self._held[scope].opens() for scope in scopes), default=float("-inf"))

    def probing(self, scopes: Iterable[Scope], ref: Ref) -> None:
        """Note that `ref` is being tried for all under these holds."""
        for scope in scopes:
            self._held[scope] = replace(self._held[scope], probe=ref)

    def refused(self, scope: Scope, hold: Hold, ref: Ref, started: float, now: float) -> None:
        """Note a refusal of a read of `ref` begun at `started`. The first of several at once begins the hold."""
        held = self._held.get(scope)
        if held is None:
            self._held[scope] = Held(hold, began=now, probe_at=now + PROBES[0])
        elif held.probe == ref and started >= held.began:
            wait = PROBES[min(held.refusals, len(PROBES) - 1)]
            told = replace(hold, since=held.hold.since)
            self._held[scope] = Held(told, held.began, now + wait, held.refusals + 1)

    def ended(self, ref: Ref, now: float) -> None:
        """Note that a try ended without saying whether the refusal stands: it is repeated after the shortest wait."""
        for scope, held in self._held.items():
            if held.probe == ref:
                self._held[scope] = replace(held, probe=None, probe_at=max(held.probe_at, now + PROBES[0]))

    def accepted(self, scopes: Iterable[Scope], started: float, ended_at: float | None = None) -> list[Scope]:
        """End the holds that an answer to a read begun at `started` disproves; these are returned.

        Denials may concern single IDs, so an answer under way at the same time disproves the hold of a namespace; it
        came at `ended_at`.
        """
        latest = started if ended_at is None else ended_at
        ended = [scope for scope in scopes if (started if len(scope) == 1 else latest) >= self._held[scope].began]
        for scope in ended:
            del self._held[scope]
        return ended

    def retry(self, now: float, account: str | None = None) -> None:
        """Let the next try begin at once, for one account or for all."""
        for scope, held in self._held.items():
            if account in (None, scope[0]):
                self._held[scope] = replace(held, probe_at=min(held.probe_at, now))

    def discard(self, scopes: Iterable[Scope]) -> None:
        """Forget holds over which nothing is tracked any more."""
        for scope in scopes:
            self._held.pop(scope, None)
