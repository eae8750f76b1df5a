"""Reading hot updates once, for the commands that print answers.

Whatever is waited for is said on standard error, and no wait is longer than the time limit.
"""

import asyncio
import time
from random import Random
from typing import TYPE_CHECKING

from hottui.cli import wiring
from hottui.cli.inputs import given_ids
from hottui.cli.output import print_error
from hottui.cli.progress import Progress
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import with_request_id
from hottui.monitor.rate_budget import IN_FLIGHT, RateBudget
from hottui.runtime import error_hooks
from hottui.runtime.shutdown import run_until_signal
from hottui.service.errors import ServiceError, Throttled, TimedOut

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading


_ATTEMPTS = 4
"""Times that a read is tried while the service says that the account asks too much."""


def read_given(words: tuple[str, ...], flags: Flags, timeout: float) -> "tuple[list[tuple[Ref, Reading]], int]":
    """Read the IDs of a command line, in their order: the good answers, and the largest exit code that occurred.

    Each is waited for at most `timeout` seconds from its first attempt, pauses that the service asks for included; a
    pause that would last longer is not waited for. What failed is said on standard error. Raises SettingsError,
    InvalidName, Stop.
    """
    settings = wiring.load_settings(flags)
    context = settings.context()
    refs = [context.ref(one) for one in given_ids(words)]
    outcomes = run_until_signal(_read_all(refs, wiring.client(settings, context), timeout))
    code: int = ExitCode.OK
    good = []
    for ref, outcome in zip(refs, outcomes, strict=True):
        if isinstance(outcome, ServiceError):
            print_error(f"{ref.id}: {outcome.message}", with_request_id(outcome.hint, outcome.request_id))
            code = max(code, outcome.exit_code)
        else:
            good.append((ref, outcome))
    return good, code


async def _read_all(
    refs: list[Ref],
    client: "Client",
    timeout: float,  # noqa: ASYNC109
) -> "list[Reading | ServiceError]":
    error_hooks.current_hooks().hear_tasks(asyncio.get_running_loop())
    async with client:
        turns = _Turns(client, timeout)
        with Progress(len(refs)) as progress:
            return list(await asyncio.gather(*(progress.counting(turns.read(ref)) for ref in refs)))


class _Turns:
    """Reads within the budget that the dashboard keeps to as well: all refs of one command have one account."""

    def __init__(self, client: "Client", timeout: float) -> None:
        self._client = client
        self._timeout = timeout
        self._budget = RateBudget()
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._next = asyncio.Lock()
        self._rng = Random()  # noqa: S311 - dice for pauses, no secret
        self._refusal: Throttled | None = None
        self._opens = 0.0
        """Until when the service asks to wait."""

    async def read(self, ref: Ref) -> "Reading | ServiceError":
        """The answer, or what came instead."""
        repeated = False
        async with self._places:
            end = time.monotonic() + self._timeout
            for _ in range(_ATTEMPTS):
                started = await self._turn(end)
                if isinstance(started, ServiceError):
                    return started
                try:
                    async with asyncio.timeout(max(end - started, 0.01)):
                        reading = await self._client.read(ref)
                except TimeoutError:
                    return _no_answer(self._timeout)
                except Throttled as error:
                    refusal: ServiceError = error
                    self._throttled(error, started)
                except ServiceError as error:
                    if repeated or not error.repeat:
                        return error
                    repeated, refusal = True, error
                else:
                    self._refusal = None
                    return reading
                finally:
                    self._budget = self._budget.ended(started, time.monotonic())
            return refusal

    def _throttled(self, error: Throttled, started: float) -> None:
        """Wait before the next attempt, and say so; as long as the service asks, where it says how long."""
        now = time.monotonic()
        self._budget = self._budget.throttled(started, now, error.wait, self._rng)
        self._refusal = error
        opens = max(self._budget.opens, now + (error.wait or 0.0))
        if opens > self._opens + 1.0 and opens - now <= self._timeout:
            print_error(f"{error.message} Trying again in {opens - now:.0f} s.")
        self._opens = max(self._opens, opens)

    async def _turn(self, end: float) -> float | ServiceError:
        """Wait until the budget allows for one more: when that was, or why it is not waited for until `end`."""
        async with self._next:
            while (opens := max(self._opens, self._budget.opens)) > (now := time.monotonic()) or self._budget.full:
                if opens > end:
                    return self._gave_up(opens - now)
                await asyncio.sleep(max(opens - now, 0.01))
            self._budget = self._budget.started(now)
            return now

    def _gave_up(self, wait: float) -> ServiceError:
        """What is told instead of an answer where the wait is too long."""
        refusal = self._refusal
        if refusal is None:
            return _no_answer(self._timeout)
        return Throttled(
            f"{refusal.message} That is {wait:.0f} s from now, and --timeout is {self._timeout:g} s.",
            wait=refusal.wait,
            hint="Try again later, or pass a larger --timeout.",
            request_id=refusal.request_id,
            code=refusal.code,
        )


def _no_answer(timeout: float) -> TimedOut:
    return TimedOut(
        f"No answer within {timeout:g} s.", hint="Pass a larger --timeout, or check endpoint, network and proxy."
    )
