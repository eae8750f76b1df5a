"""The journal interface for saving changes in the background, and the null journal for running without a store.

`store_journal` has the implementation that writes to a store.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hottui.model.ref import Ref
from hottui.model.tracking import Trouble

if TYPE_CHECKING:
    from hottui.store.store import Store

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Write:
    """One change of the store. It replaces a pending write with the same `key`."""

    act: Callable[["Store"], Any]
    refs: tuple[Ref, ...] = ()
    """The refs whose bookmarks it changes: until it is written, the store's rows of these are outdated."""
    key: Hashable = None
    on_done: Callable[[Any], None] | None = None
    """Called on the event loop with the result of `act`."""
    description: str = ""
    """What the user changed, to name it if it was not saved; empty for observations."""
    is_answer: bool = False
    """Whether it saves an answer: an unexpected exception in it is reported, and does not end the journal."""


class Journal(Protocol):
    """Saves changes in the background. Methods are called on the event loop, except `read`."""

    @property
    def persistent(self) -> bool:
        """Whether there is a store."""
        ...

    @property
    def trouble(self) -> Trouble | None:
        """Why changes cannot be saved, or what was repaired lately; None if there is nothing to report."""
        ...

    @property
    def unsaved(self) -> int:
        """The number of changes that could not be saved."""
        ...

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """Descriptions of the user's changes that are not saved yet, in order."""
        ...

    def start(self) -> None:
        """Begin to write; earlier writes wait until then."""
        ...

    async def watch(self) -> None:
        """Wait for the end of the journal, and raise what ended it unexpectedly."""
        ...

    async def close(self, within: float = 2.0) -> None:
        """Write what is pending within `within` seconds, and stop."""
        ...

    async def wait_until_saved(self, within: float) -> bool:
        """Wait at most `within` seconds until the user's changes so far are saved; whether they are."""
        ...

    def unconfirmed(self, ref: Ref) -> bool:
        """Whether the store's row of `ref` may be outdated because a change of its bookmark is pending."""
        ...

    def write(self, write: Write) -> None:
        """Add a write to the queue."""
        ...

    def write_prepared(self, key: Hashable, prepare: Callable[[], Write]) -> None:
        """Call `prepare`, which may be slow, in another thread, and add its write to the queue.

        It replaces a pending one with the same key, and is dropped if the journal is closed before it has ended.
        """
        ...

    async def wait_until_prepared(self, within: float) -> None:
        """Wait at most `within` seconds for the writes of `write_prepared`."""
        ...

    def mark_seen(self, ref: Ref, at: float) -> None:
        """Note that the service repeated the saved answer about `ref` at `at`; written later with others."""
        ...

    def discard_seen(self, ref: Ref) -> None:
        """Discard what `mark_seen` noted about `ref`."""
        ...

    def read(self, query: "Callable[[Store], _T]", default: _T) -> _T:
        """Return the result of `query`, or `default` if there is no store or it raises StoreError. Thread-safe."""
        ...


class NullJournal(Journal):
    """The journal without a store: saves nothing, reports nothing."""

    persistent = False
    trouble = None
    unsaved = 0
    unsaved_changes = ()

    def start(self) -> None:
        """Do nothing."""

    async def watch(self) -> None:
        """Return at once."""

    async def close(self, within: float = 2.0) -> None:
        """Do nothing."""

    async def wait_until_saved(self, within: float) -> bool:  # noqa: ARG002 - part of the interface
        """Return True: there is nothing to save."""
        return True

    def unconfirmed(self, ref: Ref) -> bool:  # noqa: ARG002 - part of the interface
        """Return False: nothing is pending."""
        return False

    def write(self, write: Write) -> None:
        """Do nothing."""

    def write_prepared(self, key: Hashable, prepare: Callable[[], Write]) -> None:
        """Do nothing."""

    async def wait_until_prepared(self, within: float) -> None:
        """Return at once."""

    def mark_seen(self, ref: Ref, at: float) -> None:
        """Do nothing."""

    def discard_seen(self, ref: Ref) -> None:
        """Do nothing."""

    def read(self, query: "Callable[[Store], _T]", default: _T) -> _T:  # noqa: ARG002 - part of the interface
        """Return `default`."""
        return default
