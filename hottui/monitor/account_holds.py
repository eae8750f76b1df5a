"""Accounts that are on hold because the service rejected their key, token, signature, clock or permission.

Retrying every ID would not help, so a single read probes for all of them from time to time. Pure: the clock is passed
in, as monotonic seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from hottui.model.ref import Ref
from hottui.monitor.schedule import DENIED_WAITS
from hottui.monitor.snapshot import Hold

if TYPE_CHECKING:
    from hottui.service.call import Place

Scope: TypeAlias = tuple[str, ...]
"""What is on hold: `(account,)`, or `(account, workspace, namespace)` if a permission is missing there."""

PROBES: Final = DENIED_WAITS
"""Seconds before the first, second and every later probe."""


def account_scope(account: str) -> Scope:
    """Return the scope of a whole account."""
    return (account,)


def namespace_scope(account: str, place: "Place") -> Scope:
    """Return the scope of the account in the namespace of `place`: permissions are granted per namespace."""
    return (account, place.workspace, place.namespace)


@dataclass(frozen=True, slots=True)
class ActiveHold:
    """One hold: how it is shown, when it began, and when it is probed next."""

    hold: Hold
    began: float
    probe_at: float
    rejections: int = 1
    probe: Ref | None = None
    """The ref whose read is the running probe."""

    def opens_at(self) -> float:
        """Return when the next probe may begin; infinity while one is running."""
        return float("inf") if self.probe else self.probe_at


class AccountHolds:
    """All holds. A ref may be on hold with its account, with its namespace, or with both."""

    def __init__(self) -> None:
        self._held: dict[Scope, ActiveHold] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def shown(self) -> tuple[Hold, ...]:
        """Return all holds, oldest first."""
        return tuple(held.hold for held in self._held.values())

    def accounts(self) -> frozenset[str]:
        """Return the accounts with at least one hold."""
        return frozenset(scope[0] for scope in self._held)

    def scopes_of(self, account: str, place: "Place") -> list[Scope]:
        """Return the scopes on hold that include `place`."""
        return (
            [s for s in (account_scope(account), namespace_scope(account, place)) if s in self._held]
            if self._held
            else []
        )

    def opens_at(self, scopes: Iterable[Scope]) -> float:
        """Return when a ref in these scopes may be read as a probe; minus infinity without scopes."""
        return max((self._held[scope].opens_at() for scope in scopes), default=float("-inf"))

    def probe_started(self, scopes: Iterable[Scope], ref: Ref) -> None:
        """Note that a read of `ref` has begun as the probe of these scopes."""
        for scope in scopes:
            self._held[scope] = replace(self._held[scope], probe=ref)

    def rejected(self, scope: Scope, hold: Hold, ref: Ref, started: float, now: float) -> None:
        """Note a rejected read of `ref` that began at `started`. The first of several at once begins the hold."""
        held = self._held.get(scope)
        if held is None:
            self._held[scope] = ActiveHold(hold, began=now, probe_at=now + PROBES[0])
        elif held.probe == ref and started >= held.began:
            wait = PROBES[min(held.rejections, len(PROBES) - 1)]
            shown = replace(hold, since=held.hold.since)
            self._held[scope] = ActiveHold(shown, held.began, now + wait, held.rejections + 1)

    def probe_ended(self, ref: Ref, now: float) -> None:
        """Note that the probe `ref` ended without a verdict: it is repeated after the shortest wait."""
        for scope, held in self._held.items():
            if held.probe == ref:
                self._held[scope] = replace(held, probe=None, probe_at=max(held.probe_at, now + PROBES[0]))

    def accepted(self, scopes: Iterable[Scope], started: float, ended_at: float | None = None) -> list[Scope]:
        """End the holds that an answer to a read that began at `started` disproves; returns their scopes.

        A denial may concern a single ID, so for the hold of a namespace the time of the answer counts, `ended_at`.
        """
        latest = started if ended_at is None else ended_at
        ended = [scope for scope in scopes if (started if len(scope) == 1 else latest) >= self._held[scope].began]
        for scope in ended:
            del self._held[scope]
        return ended

    def retry(self, now: float, account: str | None = None) -> None:
        """Allow the next probe at once, for one account or for all."""
        for scope, held in self._held.items():
            if account in (None, scope[0]):
                self._held[scope] = replace(held, probe_at=min(held.probe_at, now))

    def discard(self, scopes: Iterable[Scope]) -> None:
        """Remove holds of scopes in which nothing is tracked any more."""
        for scope in scopes:
            self._held.pop(scope, None)
