"""Run a monitor until a condition holds, for the commands that wait for hot updates or print their transitions."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from hottui.cli.output import print_error
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Transition
from hottui.runtime import error_hooks
from hottui.runtime.shutdown import run_until_signal
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.monitor.interface import Connection
    from hottui.monitor.snapshot import Slow, Snapshot
    from hottui.service.reading import Reading

T = TypeVar("T")

_SAVED_WITHIN: Final = 2.0
"""Seconds to wait at the end for large answers to be saved."""
_LONGEST_TURN: Final = 0.5
"""Seconds between two checks: conditions also depend on the time."""


class LastErrors:
    """The exit code of the last read of each ref if it failed; rows do not have it."""

    def __init__(self) -> None:
        self._codes: dict[Ref, int] = {}

    def record(self, ref: Ref, outcome: "Reading | ServiceError") -> None:
        """Record the outcome of one read."""
        if isinstance(outcome, ServiceError):
            self._codes[ref] = outcome.exit_code
        else:
            self._codes.pop(ref, None)

    def code(self, ref: Ref) -> int | None:
        """Return the exit code; None if the last read of `ref` did not fail."""
        return self._codes.get(ref)


def follow(
    connect: "Callable[[], Connection]",
    until: "Callable[[Snapshot, tuple[Transition, ...]], T | None]",
    timeout: float | None = None,
) -> T | None:
    """Run a monitor; return the first value of `until` that is not None, or None after `timeout` seconds.

    `until` is called with each changed snapshot, and with the transitions since its last call.
    A signal ends the run.
    """
    return run_until_signal(_follow(connect, until, timeout))


async def _follow(
    connect: "Callable[[], Connection]",
    until: "Callable[[Snapshot, tuple[Transition, ...]], T | None]",
    timeout: float | None,  # noqa: ASYNC109 - the end of the wait, not an error
) -> T | None:
    error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
    deadline = None if timeout is None else time.monotonic() + timeout
    connection = connect()
    monitor, changed = connection.monitor, asyncio.Event()
    pending: list[Transition] = []
    monitor.listen(lambda _: changed.set(), pending.append)
    running = asyncio.ensure_future(connection.run())
    try:
        while True:
            transitions = tuple(pending)
            pending.clear()
            found = until(monitor.snapshot(), transitions)
            left = _LONGEST_TURN if deadline is None else min(_LONGEST_TURN, deadline - time.monotonic())
            if found is not None or left <= 0:
                await monitor.wait_until_answers_saved(_SAVED_WITHIN)
                return found
            if running.done():  # only an error ends it
                running.result()
            changed.clear()
            waiting = asyncio.create_task(changed.wait())
            await asyncio.wait((running, waiting), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await connection.close()


class Pauses:
    """The pauses requested by the service: each is new once, until it has ended."""

    def __init__(self) -> None:
        self._accounts: frozenset[str] = frozenset()

    def new(self, snapshot: "Snapshot") -> "list[Slow]":
        """Return the pauses that the snapshot before this one did not have."""
        before, self._accounts = self._accounts, frozenset(slow.account for slow in snapshot.loop.slowed)
        return [slow for slow in snapshot.loop.slowed if slow.account not in before]


class TroublePrinter:
    """Prints why reads fail and why they are delayed: each reason once until it changes."""

    def __init__(self) -> None:
        self._troubles: dict[Ref, str] = {}
        self._pauses = Pauses()

    def update(self, snapshot: "Snapshot", note: "Callable[[Tracked], str]" = lambda _: "") -> None:
        """Print what is new in `snapshot`; `note` adds to the message about a row."""
        for row in snapshot.tracked:
            trouble = row.trouble
            if trouble is None:
                if self._troubles.pop(row.ref, None):
                    print_error(f"{row.ref.id}: Reads succeed again.")
            elif not trouble.interim and self._troubles.get(row.ref) != trouble.message:
                self._troubles[row.ref] = trouble.message
                print_error(f"{row.ref.id}: {trouble.message}{note(row)}", trouble.advice)
        for pause in self._pauses.new(snapshot):
            print_error(pause.message)
