"""What has happened in this session: transitions, troubles and notifications, as far as they fit."""

from collections import deque
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.state import FAILED, state_text
from hottui.model.tracking import Summary, Tracked, Transition
from hottui.render.glyphs import Glyphs, state_name
from hottui.render.styled_text import clip
from hottui.render.table_rows import display_name

if TYPE_CHECKING:
    from hottui.monitor.snapshot import LoopStatus, Snapshot

MOST_ENTRIES: Final = 2_000
"""Older ones are dropped."""
_LONGEST: Final = 1_000
"""Characters of an entry."""
STATE, TROUBLE, OVER, NOTIFIED = "state", "trouble", "over", "notified"
"""The kinds of entries."""


class Entry(NamedTuple):
    """One line. `number` counts all entries of the session; `ref` is the hot update it is about, or the first one."""

    number: int
    at: float
    kind: str
    text: str
    style: str
    ref: Ref | None = None


class SessionLog:
    """Entries, oldest first."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._count = 0
        self._moved: list[Transition] = []
        self._failing: dict[Ref, str] = {}
        self._general: dict[Hashable, str] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that are kept."""
        return tuple(self._entries)

    @property
    def count(self) -> int:
        """The number of entries so far, with those that were dropped."""
        return self._count

    def add(self, at: float, kind: str, text: str, style: str = "text", ref: Ref | None = None) -> None:
        """Add an entry."""
        self._count += 1
        self._entries.append(Entry(self._count, at, kind, visible(clip(text, _LONGEST)), style, ref))

    def add_transition(self, transition: Transition) -> None:
        """Add a transition; its entry comes with the next snapshot, which has the reason of a failure."""
        self._moved.append(transition)

    def add_snapshot(self, snapshot: "Snapshot") -> None:
        """Add the transitions until `snapshot`, and troubles that have begun or ended with it."""
        if self._moved:
            moved, self._moved = self._moved, []
            rows = {row.ref: row for row in snapshot.tracked}
            for transition in moved:
                self._add_moved(transition, rows.get(transition.ref, Tracked(transition.ref)))
        self._compare_reads(snapshot)
        general = dict(_general_troubles(snapshot.loop))
        for key, message in general.items():
            if key not in self._general:
                self.add(snapshot.at, TROUBLE, message, "warning")
        for key, message in self._general.items():
            if key not in general:
                self.add(snapshot.at, OVER, message, "success")
        self._general = general

    def _add_moved(self, transition: Transition, row: Tracked) -> None:
        state = state_text(transition.state)
        before = state_text(transition.previous) if transition.previous else ""
        moved = f"{before} {self._glyphs.arrow} {state}" if before else f"{state} when first read"
        summary = row.summary if row.summary and row.state == transition.state else Summary(transition.state)
        why = summary.failure if transition.state == FAILED and summary.reason else summary.change
        name = state_name(Tracked(row.ref, summary=Summary(transition.state)))
        text = f"{getattr(self._glyphs, name)} {display_name(row)}: {moved}{f'  {why}' if why else ''}"
        self.add(transition.at, STATE, text, name, row.ref)

    def _compare_reads(self, snapshot: "Snapshot") -> None:
        failing = {row.ref: row.trouble.message for row in snapshot.tracked if row.trouble and not row.trouble.interim}
        if failing == self._failing:
            return
        before, self._failing = self._failing, failing
        begun: dict[str, list[Tracked]] = {}
        ended: list[Tracked] = []
        for row in snapshot.tracked:
            message = failing.get(row.ref)
            if message is None and row.ref in before:
                ended.append(row)
            elif message is not None and before.get(row.ref) != message:
                begun.setdefault(message, []).append(row)
        for message, rows in begun.items():
            advice = rows[0].trouble.advice if rows[0].trouble else ""
            self.add(snapshot.at, TROUBLE, f"{_names(rows)}: {message} {advice}".strip(), "warning", rows[0].ref)
        if ended:
            self.add(snapshot.at, OVER, f"{_names(ended)}: read again", "success", ended[0].ref)


def _names(rows: list[Tracked]) -> str:
    return display_name(rows[0]) if len(rows) == 1 else f"{len(rows):,} hot updates"


def _general_troubles(loop: "LoopStatus") -> Iterator[tuple[Hashable, str]]:
    """Yield a key and the message of each trouble of polling as a whole."""
    if loop.trouble:
        yield "store", f"{loop.trouble.message} {loop.trouble.hint}".strip()
    for hold in loop.holds:
        place = f"{hold.namespace}: " if hold.namespace else ""
        yield ("hold", hold.account, hold.namespace), f"{place}{hold.message} {hold.hint}".strip()
    for slow in loop.slowed:
        yield ("slow", slow.account), f"{slow.message} {slow.hint}".strip()
    if loop.paused:
        yield "paused", "Polling is paused."
    if loop.not_permitted:
        yield "permissions", loop.not_permitted
