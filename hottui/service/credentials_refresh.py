"""Credentials through the vendor's library, without its waits on the event loop.

The library is called on a thread of its own, one call at a time, whose outcome all who wait share. The thread is a
daemon: a look-up that hangs does not keep the program from ending.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from hottui.service.credentials import Credentials
from hottui.service.credentials_library import VendorLibrary
from hottui.service.errors import ServiceError

T = TypeVar("T")

LOOKED_AT_EVERY: Final = 2.0
"""Seconds between two looks at the files."""

ASKED_EVERY: Final = 60.0
"""Seconds after which the library is asked again for temporary credentials. It keeps them itself and renews them a
quarter of an hour before they expire, so most of these calls return at once."""

FAILURE_KEPT: Final = 30.0
"""Seconds that a failed look-up is remembered: off ECS, the metadata service costs two seconds each time."""


WAITED_FOR: Final = 12.0
"""Seconds that a caller waits for a look-up, which goes on: less than a read may take, so that the reason is told."""


class VendorCredentials:
    """What the vendor's library finds: for `profile` of `~/.aliyun/config.json`, or by its default chain for None.

    Found credentials are kept. They are looked for anew when a file that they may come from has changed, after
    `forget`, and once a minute when they are temporary; when that last look fails, those at hand stay.
    """

    def __init__(
        self,
        profile: str | None = None,
        *,
        library: VendorLibrary | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = WAITED_FOR,
    ) -> None:
        self._profile = profile
        self._library = library or VendorLibrary(profile)
        self._monotonic = monotonic
        self._patience = patience
        self._flight: asyncio.Future[Credentials] | None = None
        self._found: Credentials | None = None
        self._failure: ServiceError | None = None
        self._forgotten = False
        self._looked_at = float("-inf")
        self._asked_at = float("-inf")

    @property
    def name(self) -> str:
        """`aliyun:PROFILE`, or `default`."""
        return f"aliyun:{self._profile}" if self._profile else "default"

    async def get(self) -> Credentials:
        """The credentials as of now. Raises CredentialsMissing, or Unreachable where the network is the reason."""
        recent = self._monotonic() - self._looked_at < LOOKED_AT_EVERY
        if recent and self._found is not None and not self._forgotten:
            return self._found
        flight = self._flight
        if flight is None or flight.get_loop() is not asyncio.get_running_loop():
            flight = self._flight = _on_a_daemon_thread(self._look)
            flight.add_done_callback(self._landed)
        done, _ = await asyncio.wait({flight}, timeout=self._patience)
        if not done:
            raise self._library.no_answer(self._patience)
        return flight.result()

    def forget(self) -> None:
        """Let the next `get` build everything anew."""
        self._forgotten = True

    def changed(self) -> bool:
        """Whether a file that the credentials may come from is another than when they were read."""
        return self._library.changed()

    def _landed(self, flight: asyncio.Future[Credentials]) -> None:
        if self._flight is flight:
            self._flight = None
        if not flight.cancelled():
            flight.exception()  # looked at, so that asyncio does not report it when nobody waits any more

    def _look(self) -> Credentials:
        """Runs on the thread. Raises CredentialsMissing and Unreachable."""
        now = self._looked_at = self._monotonic()
        age = now - self._asked_at
        if self._forgotten or self._library.changed():
            self._forgotten = False
            self._library.forget()
            self._found = self._failure = None
        elif self._failure is not None and age < FAILURE_KEPT:
            raise type(self._failure)(self._failure.message, hint=self._failure.hint)
        elif self._found is not None and (self._found.security_token is None or age < ASKED_EVERY):
            return self._found
        try:
            self._found, self._failure = self._library.find(), None
        except ServiceError as failure:
            if self._found is None:
                self._failure = failure
                raise
        finally:
            self._asked_at = self._monotonic()
        return self._found


def _on_a_daemon_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not future.done():
            outcome()

    def run() -> None:
        try:
            outcome: Callable[[], None] = partial(future.set_result, work())
        except Exception as error:  # noqa: BLE001 — handed to whoever waits
            outcome = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the loop may have been closed meanwhile: nobody waits then
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, name="hottui-credentials", daemon=True).start()
    return future
