"""The list of current troubles: those of polling as a whole, then those of rows, each with a hint and its rows."""

from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Tracked
from hottui.monitor.snapshot import Snapshot
from hottui.render.ages import age
from hottui.render.styled_text import EMPTY, Line, line, wrap
from hottui.tui.appearance import Appearance
from hottui.tui.screens.list_dialog import ListDialog
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


class Troubles(ListDialog[Ref | None]):
    """The list as a modal screen; enter goes to the row under the cursor."""

    MAX_WIDTH = 120
    DEFAULT_CSS = "Troubles LinesView { height: 80%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("exclamation_mark", "leave", show=False, id="troubles"),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "Troubles", "enter: go to row, esc: close")
        self._snapshot: Snapshot | None = None
        self._refs: dict[str, Ref] = {}

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Set the snapshot whose troubles are listed when the screen is opened next."""
        self._snapshot = snapshot

    def lines(self, width: int) -> tuple[Line, ...]:
        """Return the troubles."""
        lines, self._refs = trouble_lines(self._snapshot, self.appearance.clock(), width - 2)
        return lines

    def action_choose(self) -> None:
        """Close and go to the row under the cursor."""
        value = self.view.value
        self.dismiss(self._refs.get(value) if value is not None else None)
