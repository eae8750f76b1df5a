"""The actions that the service denied, so that they are not tried again and again. Pure: the clock is passed in.

Permissions are granted by action and namespace. A denied action is shown in one line; it neither marks a hot update as
failed nor puts its account on hold.
"""

from dataclasses import dataclass
from typing import Final

from hottui.model.tracking import Trouble
from hottui.service.errors import PermissionDenied

DENIED_FOR: Final = 1800.0
"""Seconds for which a denied action is not tried again."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One action in one namespace, with the account's key."""

    account: str
    workspace: str
    namespace: str
    action: str


class Permissions:
    """Which actions were denied or granted, as far as known. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._denied: dict[Permission, tuple[float, Trouble]] = {}
        self._granted: set[Permission] = set()

    def denied(self, permission: Permission, trouble: Trouble, now: float) -> None:
        """Note a denial, with what to show instead of an answer."""
        self._granted.discard(permission)
        self._denied[permission] = (now, trouble)

    def granted(self, permission: Permission) -> bool:
        """Note an answer; whether that was not known before."""
        new = permission not in self._granted
        self._denied.pop(permission, None)
        self._granted.add(permission)
        return new

    def denial(self, permission: Permission, now: float) -> Trouble | None:
        """Return why the action is not tried now; None if it may be: never denied, or not within DENIED_FOR."""
        at, trouble = self._denied.get(permission, (now - DENIED_FOR, None))
        return trouble if now - at < DENIED_FOR else None

    def check(self, permission: Permission, now: float) -> None:
        """Raise PermissionDenied if the action is not tried now."""
        denial = self.denial(permission, now)
        if denial is not None:
            raise PermissionDenied(denial.message, hint=denial.hint, request_id=denial.request_id)

    def line(self) -> str:
        """Return one line about what is denied: `Not permitted in team: FlinkApiProxy, GetJob.` Else empty text."""
        by_namespace: dict[str, set[str]] = {}
        for permission in self._denied:
            by_namespace.setdefault(permission.namespace, set()).add(permission.action)
        parts = [f"{namespace}: {', '.join(sorted(by_namespace[namespace]))}" for namespace in sorted(by_namespace)]
        return f"Not permitted in {'; '.join(parts)}." if parts else ""
