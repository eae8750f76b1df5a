"""The part of the dashboard that all its actions use: its state, the connection, messages and prompts."""

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
"""Seconds for which a message is shown in the footer."""


class Notice(NamedTuple):
    """A message in the footer and when it expires; `news` marks one that is not the answer to a key."""

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
        """The live table. It and the bars are attributes because Textual caches each query by name."""
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
        """Wait for the connection: keys typed right after the start wait for it, and later keys after them."""
        await self._connected.wait()
        assert self.connection is not None, "set before the event"  # noqa: S101
        return self.connection

    def take(self, snapshot: "Snapshot") -> None:
        """Show a snapshot."""
        raise NotImplementedError

    def draw_foot(self) -> None:
        """Draw the footer."""
        raise NotImplementedError

    def say(self, text: str, style: str = "bar") -> None:
        """Show a message in the footer for 5 s; one that is too long for a line is shown in a notification for 20 s."""
        if cell_len(text) >= self.size.width > 0:
            self.app.notify(visible(text), timeout=4 * _SAID, markup=False)
            return
        self.said = Notice(Span(f" {visible(text)}", style), self.look.clock() + _SAID)
        self.draw_foot()

    def tell(self, text: str, style: str) -> None:
        """Show news in the footer, unless it shows the answer to a key."""
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
        """Ask in place of the footer; `done` is called with the answer, or None, after the focus has returned.

        Typing replaces a `selected` value.
        """
        if self.has_class("-asking"):
            return
        if self._prompt is None:
            from hottui.tui.widgets.prompt import Prompt  # noqa: PLC0415 - the widget's import is off the start-up path

            self._prompt = Prompt()
            self.mount(self._prompt)
        focused = self.focused
        self.add_class("-asking")

        def answered(text: str | None) -> Awaitable[None] | None:
            self.remove_class("-asking")
            self.set_focus(focused)  # at once: `done` may ask again, and must find the focus there
            return done(text)

        self._prompt.ask(title, value, answered, changed, hint=hint, selected=selected)


def name_of(tracked: Tracked) -> str:
    """Return the label of `tracked`, or its ID without one."""
    return visible(shorten((tracked.bookmark.label if tracked.bookmark else "") or tracked.ref.id, 40))


def _welcome(opening: DashboardOptions) -> str:
    """Return the text of the empty table."""
    if opening.place is None:
        return f"No hot updates are tracked yet.\n{opening.place_missing}"
    return (
        "No hot updates are tracked yet.\nPress a and enter the ID that HotUpdateJob returned (? for help), "
        "or run: hottui add ID --label TEXT"
    )
