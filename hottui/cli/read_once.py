"""Read from the service once, for all commands that read without polling.

Waits are reported on standard error and are never longer than the timeout.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
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
from hottui.monitor.reader import Consequence, consequence_of
from hottui.runtime import error_hooks
from hottui.runtime.shutdown import run_until_signal
from hottui.service.errors import ServiceError, Throttled, TimedOut

if TYPE_CHECKING:
    from hottui.service.call import Place
    from hottui.service.client import Client
    from hottui.service.reading import Reading

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
    return run_with(partial(wiring.client, settings, context), lambda client: work(RateLimitedReader(client, timeout)))


def run_with(connect: "Callable[[], Client]", work: "Callable[[Client], Awaitable[T]]") -> T:
    """Return the result of `work` with a client, which is closed then; a signal ends it."""

    async def run() -> T:
        error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
        async with connect() as client:
            return await work(client)

    return run_until_signal(run())


async def read_all(refs: Iterable[Ref], reader: "RateLimitedReader") -> Outcomes:
    """Return the reading or error of each of `refs`, in order."""
    listed = tuple(refs)
    with Progress(len(listed)) as progress:
        outcomes = await asyncio.gather(*(progress.counting(reader.read(ref)) for ref in listed))
    return list(zip(listed, outcomes, strict=True))


@dataclass(eq=False, slots=True)
class _Account:
    """What limits the requests of one account. Times are monotonic seconds."""

    budget: RateBudget = field(default_factory=RateBudget)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    start_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    throttled_by: Throttled | None = None
    wait_until: float = 0.0
    """Until when the service asks to wait."""
    rejected_by: ServiceError | None = None
    """Why its key is not accepted: nothing more is sent then."""


class RateLimitedReader:
    """Reads within the rate budget that the dashboard uses, too: all refs of one account share it."""

    def __init__(self, client: "Client", timeout: float) -> None:
        self.client = client
        self.timeout = timeout
        self._accounts: dict[str, _Account] = {}
        self._rng = Random()  # noqa: S311 - jitter, not a secret

    async def read(self, ref: Ref) -> "Reading | ServiceError":
        """Return the reading of a hot update, or the error of the last attempt."""
        return await self.outcome(ref, lambda: self.client.read(ref))

    async def outcome(self, place: "Place", request: Callable[[], Awaitable[T]]) -> T | ServiceError:
        """Return the result of `request`, which reads at `place`, or the error of the last attempt."""
        account = self._accounts.setdefault(self.client.account_of(place), _Account())
        repeated = False
        async with account.slots:
            deadline = time.monotonic() + self.timeout
            for _ in range(_MAX_ATTEMPTS):
                started = await self._start(account, deadline)
                if isinstance(started, ServiceError):
                    return started
                try:
                    async with asyncio.timeout(max(deadline - started, 0.01)):
                        result = await request()
                except TimeoutError:
                    return self.no_answer()
                except Throttled as error:
                    last_error: ServiceError = error
                    self._note_throttling(account, error, started)
                except ServiceError as error:
                    if repeated or not error.repeat:
                        if consequence_of(error) is Consequence.REJECTED:
                            account.rejected_by = error
                        return error
                    repeated, last_error = True, error
                else:
                    account.throttled_by = None
                    return result
                finally:
                    account.budget = account.budget.ended(started, time.monotonic())
            return last_error

    def _note_throttling(self, account: _Account, error: Throttled, started: float) -> None:
        """Delay the next attempt, by the time that the service requests if any, and print that."""
        now = time.monotonic()
        account.budget = account.budget.throttled(started, now, error.wait, self._rng)
        account.throttled_by = error
        opens = max(account.budget.opens_at, now + (error.wait or 0.0))
        if opens > account.wait_until + 1.0 and opens - now <= self.timeout:
            print_error(f"{error.message} Retrying in {opens - now:.0f} s.")
        account.wait_until = max(account.wait_until, opens)

    async def _start(self, account: _Account, deadline: float) -> float | ServiceError:
        """Wait until the budget allows a read; return when that was, or an error if the read is not sent."""
        async with account.start_lock:
            while (opens := max(account.wait_until, account.budget.opens_at)) > (
                now := time.monotonic()
            ) or account.budget.full:
                if opens > deadline:
                    throttled = account.throttled_by
                    return self.no_answer() if throttled is None else self.too_long(throttled, opens - now)
                await asyncio.sleep(max(opens - now, 0.01))
            if account.rejected_by is not None:
                return account.rejected_by
            account.budget = account.budget.started(now)
            return now

    def too_long(self, error: Throttled, wait: float) -> ServiceError:
        """Return the error for a wait of `wait` seconds, which is longer than the timeout."""
        return Throttled(
            f"{error.message} The wait is {wait:.0f} s; --timeout is {self.timeout:g} s.",
            wait=error.wait,
            hint="Try again later, or pass a larger --timeout.",
            request_id=error.request_id,
            code=error.code,
        )

    def no_answer(self) -> ServiceError:
        """Return the error for a read that got no answer within the timeout."""
        return TimedOut(
            f"No answer within {self.timeout:g} s.",
            hint="Pass a larger --timeout, or check endpoint, network and proxy.",
        )
