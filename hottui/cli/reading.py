"""Reading hot updates once, for the commands that print answers."""

import asyncio
import time
from random import Random
from typing import TYPE_CHECKING

from hottui import unheard
from hottui.cli import house
from hottui.cli.exits import DONE, code_of
from hottui.cli.given import given_ids
from hottui.cli.signals import run_until_signal
from hottui.cli.stop import say
from hottui.model.ref import Ref
from hottui.model.tracking import with_request_id
from hottui.monitor.budget import IN_FLIGHT, Budget
from hottui.service.errors import ServiceError, Throttled
from hottui.settings import Flags, resolve

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading

_ATTEMPTS = 4
"""Times that a read is tried while the service says that the account asks too much."""


def read_given(words: tuple[str, ...], flags: Flags) -> "tuple[list[tuple[Ref, Reading]], int]":
    """Read the IDs of a command line, in their order: the good answers, and the largest exit code that occurred.

    What failed is said on standard error. Raises SettingsError, InvalidName, Stop.
    """
    known = house.settings()
    context = resolve(known, flags)
    refs = [context.ref(one) for one in given_ids(words)]
    outcomes = run_until_signal(_read_all(refs, house.client(known, context, flags)))
    code, good = DONE, []
    for ref, outcome in zip(refs, outcomes, strict=True):
        if isinstance(outcome, ServiceError):
            say(f"{ref.id}: {outcome.sentence}", with_request_id(outcome.hint, outcome.request_id))
            code = max(code, code_of(outcome))
        else:
            good.append((ref, outcome))
    return good, code


async def _read_all(refs: list[Ref], client: "Client") -> "list[Reading | ServiceError]":
    unheard.current().hear_tasks(asyncio.get_running_loop())
    async with client:
        turns = _Turns(client)
        return list(await asyncio.gather(*(turns.read(ref) for ref in refs)))


class _Turns:
    """Reads within the budget that the dashboard keeps to as well: all refs of one command have one account."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._budget = Budget()
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._next = asyncio.Lock()
        self._rng = Random()  # noqa: S311 - dice for pauses, no secret

    async def read(self, ref: Ref) -> "Reading | ServiceError":
        """The answer, or what came instead."""
        repeated = False
        async with self._places:
            for _ in range(_ATTEMPTS):
                started = await self._turn()
                try:
                    return await self._client.read(ref)
                except Throttled as error:
                    refusal: ServiceError = error
                    self._budget = self._budget.throttled(started, time.monotonic(), error.wait, self._rng)
                except ServiceError as error:
                    if repeated or not error.repeat:
                        return error
                    repeated, refusal = True, error
                finally:
                    self._budget = self._budget.ended(started, time.monotonic())
            return refusal

    async def _turn(self) -> float:
        """Wait until the budget allows for one more; returns when that was."""
        async with self._next:
            while not self._budget.may_start(now := time.monotonic()):  # noqa: ASYNC110 - a refusal moves the time
                await asyncio.sleep(max(self._budget.opens - now, 0.01))
            self._budget = self._budget.started(now)
            return now
