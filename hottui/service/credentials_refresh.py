"""Caches and refreshes credentials from the vendor's library, without blocking the event loop.

The library is called on a thread, one call at a time, and all concurrent callers get the same result. The thread is a
daemon, so that a look-up that hangs does not delay the end of the program.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from hottui.service.credentials import Credentials
from hottui.service.credentials_library import CredentialsLibrary
from hottui.service.errors import ServiceError

T = TypeVar("T")

CHECK_INTERVAL: Final = 2.0
"""Seconds between two checks whether the files have changed."""

REFRESH_INTERVAL: Final = 60.0
"""Seconds after which temporary credentials are requested again. The library caches them and renews them a quarter of
an hour before they expire, so most of these calls return at once."""

FAILURE_CACHED: Final = 30.0
"""Seconds that the error of a failed look-up is cached: outside ECS, each takes two seconds."""

LOOKUP_TIMEOUT: Final = 12.0
"""Seconds that a caller waits for a look-up, which then continues. Less than the deadline of a read, so that the error
gives the reason."""


class LibraryCredentials:
    """Credentials that the vendor's library finds for `profile` of `~/.aliyun/config.json`; None: by its default chain.

    They are cached, and looked up again when a credentials file has changed, after `forget`, and once a minute if they
    are temporary; if that refresh fails, the cached ones stay in use.
    """

    def __init__(
        self,
        profile: str | None = None,
        *,
        library: CredentialsLibrary | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        timeout: float = LOOKUP_TIMEOUT,
    ) -> None:
        self._profile = profile
        self._library = library or CredentialsLibrary(profile)
        self._monotonic = monotonic
        self._timeout = timeout
        self._lookup: asyncio.Future[Credentials] | None = None
        self._found: Credentials | None = None
        self._failure: ServiceError | None = None
        self._forgotten = False
        self._checked_at = float("-inf")
        self._refreshed_at = float("-inf")

    @property
    def name(self) -> str:
        """`aliyun:PROFILE`, or `default`."""
        return f"aliyun:{self._profile}" if self._profile else "default"

    async def get(self) -> Credentials:
        """Return the current credentials. Raises CredentialsMissing, or Unreachable if the network is the reason."""
        recent = self._monotonic() - self._checked_at < CHECK_INTERVAL
        if recent and self._found is not None and not self._forgotten:
            return self._found
        lookup = self._lookup
        if lookup is None or lookup.get_loop() is not asyncio.get_running_loop():
            lookup = self._lookup = _run_on_daemon_thread(self._find)
            lookup.add_done_callback(self._finished)
        done, _ = await asyncio.wait({lookup}, timeout=self._timeout)
        if not done:
            raise self._library.timeout_error(self._timeout)
        return lookup.result()

    def forget(self) -> None:
        """Make the next `get` look up the credentials again."""
        self._forgotten = True

    def changed(self) -> bool:
        """Return whether a credentials file has changed since it was last read."""
        return self._library.changed()

    def _finished(self, lookup: asyncio.Future[Credentials]) -> None:
        if self._lookup is lookup:
            self._lookup = None
        if not lookup.cancelled():
            lookup.exception()  # mark as retrieved: without a waiting caller, asyncio would log it

    def _find(self) -> Credentials:
        """Return cached or new credentials. Runs on the thread. Raises CredentialsMissing or Unreachable."""
        now = self._checked_at = self._monotonic()
        age = now - self._refreshed_at
        if self._forgotten or self._library.changed():
            self._forgotten = False
            self._library.forget()
            self._found = self._failure = None
        elif self._failure is not None and age < FAILURE_CACHED:
            raise type(self._failure)(self._failure.message, hint=self._failure.hint)
        elif self._found is not None and (self._found.security_token is None or age < REFRESH_INTERVAL):
            return self._found
        try:
            self._found, self._failure = self._library.find(), None
        except ServiceError as failure:
            if self._found is None:
                self._failure = failure
                raise
        finally:
            self._refreshed_at = self._monotonic()
        return self._found


def _run_on_daemon_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not future.done():
            outcome()

    def run() -> None:
        try:
            outcome: Callable[[], None] = partial(future.set_result, work())
        except Exception as error:  # noqa: BLE001 — passed to the caller
            outcome = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the loop has been closed, so no caller is waiting
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, name="hottui-credentials", daemon=True).start()
    return future
