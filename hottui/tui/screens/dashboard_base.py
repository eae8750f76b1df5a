"""What all parts of the dashboard share: what is shown, the live engine, and a word with the user."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.screen import Screen

from hottui.model.control_characters import shorten, visible
from hottui.model.tracking import Tracked, sort_key
from hottui.render.styled_text import Span
from hottui.tui.appearance import Appearance
from hottui.tui.dashboard_options import Connection, DashboardOptions
from hottui.tui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.detail.pane import DetailPane
    from hottui.tui.widgets.prompt import Answered, Prompt


_SAID = 5.0
"""Seconds a message stands at the foot."""


class Notice(NamedTuple):
    """What stands at the foot, and until when; news comes unasked."""

    span: Span
    until: float
    news: bool = False


class DashboardBase(Screen[None]):
    """The dashboard without its commands."""

    def __init__(self, opening: DashboardOptions, look: Appearance) -> None:
        super().__init__()
        self.opening = opening
        self.look = look
        self.snapshot: Snapshot | None = None
        self.tracked = tuple(sorted(opening.tracked, key=sort_key))
        self.connection: Connection | None = None
        self._connected = asyncio.Event()
        self.table = LiveTable(look, _welcome(opening), id="table")
        """The live table. It and the bars are held here: Textual keeps what it found by name, anew for each change."""
        self._prompt: Prompt | None = None
        self.said: Notice | None = None

    @property
    def current(self) -> Tracked | None:
        """The hot update under the cursor."""
        return self.table.current

    @property
    def detail(self) -> "DetailPane | None":
        """The detail pane while it is open."""
        raise NotImplementedError

    @property
    def revealing(self) -> bool:
        """Whether secrets are on the screen."""
        raise NotImplementedError

    async def live(self) -> Connection:
        """The live engine, awaited: what is typed right after the start waits for it, and later keys wait behind."""
        await self._connected.wait()
        assert self.connection is not None, "set before the event"  # noqa: S101
        return self.connection

    def take(self, snapshot: "Snapshot") -> None:
        """Show a snapshot."""
        raise NotImplementedError

    def draw_foot(self) -> None:
        """Draw the bar at the foot."""
        raise NotImplementedError

    def say(self, text: str, style: str = "bar") -> None:
        """Say something at the foot for a moment; what is too long for one line stands in a box for longer."""
        if cell_len(text) >= self.size.width > 0:
            self.app.notify(visible(text), timeout=4 * _SAID, markup=False)
            return
        self.said = Notice(Span(f" {visible(text)}", style), self.look.clock() + _SAID)
        self.draw_foot()

    def tell(self, text: str, style: str) -> None:
        """Tell news at the foot; what answers a key is not overwritten by it."""
        if self.said is None or self.said.news:
            self.said = Notice(Span(f" {visible(text)}", style), self.look.clock() + _SAID, news=True)
            self.draw_foot()

    def ask(
        self,
        title: str,
        value: str,
        done: "Answered",
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
        selected: bool = False,
    ) -> None:
        """Ask at the foot; `done` is given the answer, or None, once the keys are back where they were.

        What is typed replaces a `selected` value.
        """
        if self.has_class("-asking"):
            return
        if self._prompt is None:
            from hottui.tui.widgets.prompt import Prompt  # noqa: PLC0415 - the widget's import is off the start-up path

            self._prompt = Prompt()
            self.mount(self._prompt)
        keys = self.focused
        self.add_class("-asking")

        def answered(text: str | None) -> Awaitable[None] | None:
            self.remove_class("-asking")
            self.set_focus(keys)  # at once: what follows may ask again, and must find them there
            return done(text)

        self._prompt.ask(title, value, answered, changed, hint=hint, selected=selected)


def name_of(tracked: Tracked) -> str:
    """What the user calls it: its label, else its ID."""
    return visible(shorten((tracked.bookmark.label if tracked.bookmark else "") or tracked.ref.id, 40))


def _welcome(opening: DashboardOptions) -> str:
    """What a newcomer reads in the empty table."""
    if opening.place is None:
        return f"No hot update is tracked yet, and hottui does not know where to look.\n{opening.place_missing}"
    return (
        "No hot update is tracked yet.\nPress a and give the ID that HotUpdateJob returned; ? tells everything else. "
        "Or in a shell: hottui add ID --label WORDS"
    )
