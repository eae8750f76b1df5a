"""Read from the service once, for the commands that print answers.

Waits are reported on standard error and are never longer than the timeout. `plain_table` reads through the monitor
instead, because its reads are saved as history and stop when the service rejects an account.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from hottui.cli import wiring
from hottui.cli.inputs import parse_ids
from hottui.cli.output import CommandError, print_error
from hottui.cli.progress import Progress
from hottui.config.settings import Context, Flags, Settings
from hottui.model.ref import Ref
from hottui.model.tracking import with_request_id
from hottui.monitor.rate_budget import IN_FLIGHT, RateBudget
from hottui.runtime import error_hooks
from hottui.runtime.shutdown import run_until_signal
from hottui.service.errors import ServiceError, Throttled, TimedOut

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading

T = TypeVar("T")
Outcomes: TypeAlias = "list[tuple[Ref, Reading | ServiceError]]"
"""The reading or error of each ref, in order."""

_MAX_ATTEMPTS = 4
"""Attempts per read while the service throttles the account."""


def read_ids(arguments: tuple[str, ...], flags: Flags, timeout: float) -> Outcomes:
    """Read the IDs in the arguments; return the reading or error of each, in order.

    Each read has `timeout` seconds from its first attempt, including the waits that the service requests; a longer wait
    is not started. Raises SettingsError, InvalidName, CommandError.
    """
    settings = wiring.load_settings(flags)
    context = settings.context()
    refs = [context.ref(one) for one in parse_ids(arguments)]
    return run_reads(settings, context, timeout, lambda reader: read_all(refs, reader))


def read_error(ref: Ref, error: ServiceError) -> CommandError:
    """Return `error` with the ID in its message and the request ID in its hint."""
    return CommandError(f"{ref.id}: {error.message}", with_request_id(error.hint, error.request_id), error.exit_code)


def run_reads(
    settings: Settings, context: Context, timeout: float, work: "Callable[[RateLimitedReader], Awaitable[T]]"
) -> T:
    """Return the result of `work`, which reads with the credentials for `context`; a signal ends it."""

    async def run() -> T:
        error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
        async with wiring.client(settings, context) as client:
            return await work(RateLimitedReader(client, timeout))

    return run_until_signal(run())


async def read_all(refs: list[Ref], reader: "RateLimitedReader") -> Outcomes:
    """Return the reading or error of each of `refs`, in order."""
    with Progress(len(refs)) as progress:
        outcomes = await asyncio.gather(*(progress.counting(reader.read(ref)) for ref in refs))
    return list(zip(refs, outcomes, strict=True))


class RateLimitedReader:
    """Reads within the rate budget that the dashboard uses, too: all refs of one command share an account."""

    def __init__(self, client: "Client", timeout: float) -> None:
        self.client = client
        self._timeout = timeout
        self._budget = RateBudget()
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._start_lock = asyncio.Lock()
        self._rng = Random()  # noqa: S311 - jitter, not a secret
        self._throttled_by: Throttled | None = None
        self._wait_until = 0.0
        """The monotonic time until which the service asks to wait."""

    async def read(self, ref: Ref) -> "Reading | ServiceError":
        """Return the reading of a hot update, or the error of the last attempt."""
        return await self.outcome(lambda: self.client.read(ref))

    async def outcome(self, request: Callable[[], Awaitable[T]]) -> T | ServiceError:
        """Return the result of `request`, or the error of the last attempt."""
        repeated = False
        async with self._slots:
            deadline = time.monotonic() + self._timeout
            for _ in range(_MAX_ATTEMPTS):
                started = await self._start(deadline)
                if isinstance(started, ServiceError):
                    return started
                try:
                    async with asyncio.timeout(max(deadline - started, 0.01)):
                        result = await request()
                except TimeoutError:
                    return _no_answer(self._timeout)
                except Throttled as error:
                    last_error: ServiceError = error
                    self._note_throttling(error, started)
                except ServiceError as error:
                    if repeated or not error.repeat:
                        return error
                    repeated, last_error = True, error
                else:
                    self._throttled_by = None
                    return result
                finally:
                    self._budget = self._budget.ended(started, time.monotonic())
            return last_error

    def _note_throttling(self, error: Throttled, started: float) -> None:
        """Delay the next attempt, by the time that the service requests if any, and print that."""
        now = time.monotonic()
        self._budget = self._budget.throttled(started, now, error.wait, self._rng)
        self._throttled_by = error
        opens = max(self._budget.opens_at, now + (error.wait or 0.0))
        if opens > self._wait_until + 1.0 and opens - now <= self._timeout:
            print_error(f"{error.message} Retrying in {opens - now:.0f} s.")
        self._wait_until = max(self._wait_until, opens)

    async def _start(self, deadline: float) -> float | ServiceError:
        """Wait until the budget allows a read; return when that was, or an error when it is after `deadline`."""
        async with self._start_lock:
            while (opens := max(self._wait_until, self._budget.opens_at)) > (
                now := time.monotonic()
            ) or self._budget.full:
                if opens > deadline:
                    return self._too_long(opens - now)
                await asyncio.sleep(max(opens - now, 0.01))
            self._budget = self._budget.started(now)
            return now

    def _too_long(self, wait: float) -> ServiceError:
        """Return the error for a wait that is longer than the timeout."""
        error = self._throttled_by
        if error is None:
            return _no_answer(self._timeout)
        return Throttled(
            f"{error.message} The wait is {wait:.0f} s; --timeout is {self._timeout:g} s.",
            wait=error.wait,
            hint="Try again later, or pass a larger --timeout.",
            request_id=error.request_id,
            code=error.code,
        )


def _no_answer(timeout: float) -> TimedOut:
    return TimedOut(
        f"No answer within {timeout:g} s.", hint="Pass a larger --timeout, or check endpoint, network and proxy."
    )
