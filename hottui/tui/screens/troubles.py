"""The list of current troubles: those of polling as a whole, then those of rows, each with a hint and its rows."""

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Tracked
from hottui.monitor.snapshot import Snapshot
from hottui.render.ages import age
from hottui.render.styled_text import EMPTY, Line, line, wrap
from hottui.tui.appearance import Appearance
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.widgets.status_text import troubles

_NONE = "Nothing is wrong."


class RowTrouble(NamedTuple):
    """One message and hint shared by the last reads of `rows`."""

    message: str
    hint: str
    rows: tuple[Tracked, ...]


def row_troubles(tracked: tuple[Tracked, ...]) -> tuple[RowTrouble, ...]:
    """Return the troubles of rows, those with the most rows first."""
    found: dict[tuple[str, str], list[Tracked]] = {}
    for one in tracked:
        if one.trouble is not None and one.freshness is not Freshness.LIVE:
            found.setdefault((one.trouble.message, one.trouble.hint), []).append(one)
    each = (RowTrouble(message, hint, tuple(rows)) for (message, hint), rows in found.items())
    return tuple(sorted(each, key=lambda trouble: -len(trouble.rows)))


def trouble_lines(snapshot: Snapshot | None, now: float, width: int) -> tuple[tuple[Line, ...], dict[str, Ref]]:
    """Return the list in lines of `width` cells, and the ref of each line's value for lines that lead to a row."""
    out: list[Line] = []
    refs: dict[str, Ref] = {}
    for message, hint, style in troubles(snapshot.loop, now) if snapshot else ():
        out += [*_text(message, style.removeprefix("bar."), width), *_text(hint, "text", width), EMPTY]
    for trouble in row_troubles(snapshot.tracked) if snapshot else ():
        count = f"{len(trouble.rows):,} hot updates: " if len(trouble.rows) > 1 else ""
        out += [
            *_text(count + visible(trouble.message), "warning", width),
            *_text(visible(trouble.hint), "text", width),
        ]
        for one in trouble.rows:
            value = str(len(refs))
            refs[value] = one.ref
            label = visible(shorten(one.bookmark.label, 40)) if one.bookmark else ""
            since = f"{age(now - one.trouble.at)} ago" if one.trouble else ""
            request = f"request {visible(one.trouble.request_id)}" if one.trouble and one.trouble.request_id else ""
            description = "  ".join(filter(None, (visible(one.ref.id), label, since, request)))
            out.append(line((f"   {description}", "accent"), value=value))
        out.append(EMPTY)
    return tuple(out or [line((_NONE, "text"))]), refs


def _text(text: str, style: str, width: int) -> list[Line]:
    return [line((f" {piece}", style)) for piece in wrap(text, width - 2)] if text else []


class Troubles(ModalScreen[Ref | None]):
    """The list as a modal screen; enter goes to the row under the cursor."""

    DEFAULT_CSS = """
    Troubles { align: center middle; }
    Troubles LinesView { width: 90%; max-width: 120; height: 80%; border: round $primary; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,exclamation_mark", "leave", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._snapshot: Snapshot | None = None
        self._refs: dict[str, Ref] = {}
        self._view = LinesView(appearance)
        self._view.border_title = "Troubles"
        self._view.border_subtitle = "enter: go to row, esc: close"

    def compose(self) -> ComposeResult:
        """Yield one view of lines."""
        yield self._view

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Set the snapshot whose troubles are listed when the screen is opened next."""
        self._snapshot = snapshot

    def on_screen_resume(self) -> None:
        """Focus the list and scroll to the top whenever the screen is opened."""
        self._wrap()
        self._view.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the texts to the new width."""
        if not drop_outdated(self, event):
            self._wrap()

    def _wrap(self) -> None:
        width = max(min(self.size.width * 9 // 10, 120) - 4, 20)
        lines, self._refs = trouble_lines(self._snapshot, self._appearance.clock(), width)
        self._view.show(lines, (0, 0, 0))

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_choose(self) -> None:
        """Close and go to the row under the cursor."""
        value = self._view.value
        self.dismiss(self._refs.get(value) if value is not None else None)
