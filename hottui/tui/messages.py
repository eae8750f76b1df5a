"""The messages that bring snapshots, transitions and internal errors to the app and its screens.

The app subscribes to the monitor once and posts `SnapshotChanged` and `TransitionObserved` to every open screen; a
screen that shows them has `on_snapshot_changed` or `on_transition_observed`. A snapshot published by a command of the
monitor is posted before the command returns, so it is handled before anything that the command's caller posts.
"""

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from hottui.model.tracking import Transition
    from hottui.monitor.snapshot import Snapshot


class SnapshotChanged(Message, bubble=False):
    """A new snapshot of the monitor; it replaces an earlier one that has not been handled yet."""

    def __init__(self, snapshot: "Snapshot") -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """Return True for an earlier snapshot: only the last one matters."""
        return isinstance(message, SnapshotChanged)


class TransitionObserved(Message, bubble=False):
    """A hot update was observed in another state, or for the first time."""

    def __init__(self, transition: "Transition") -> None:
        super().__init__()
        self.transition = transition


class KeysChanged(Message):
    """Other keys than before may work in a widget, or do something else."""

    def can_replace(self, message: Message) -> bool:
        """Return True for an earlier one: only the last one matters."""
        return isinstance(message, KeysChanged)


class ErrorReported(Message):
    """An internal error after which hottui continues."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
