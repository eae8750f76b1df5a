"""The help: generated from the table of commands and the signs, so that it cannot say something else."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from hottui.model.cell_width import fit
from hottui.render.glyphs import Glyphs
from hottui.render.styled_text import Line, heading, line, wrap
from hottui.tui.appearance import Appearance
from hottui.tui.commands import COMMANDS, Where
from hottui.tui.widgets.lines_view import LinesView

_KEYS, _WORD = 16, 24
"""Cells of the column of keys, and of the words beside the signs."""
_SIGNS = (
    ("bookmark", "accent", "before the state", "a bookmark: kept in the store; without it, kept for this session"),
    ("init", "init", "INIT", "accepted, not begun"),
    ("updating", "updating", "HOT_UPDATING", "under way; usually 5 seconds to a minute"),
    ("updated", "updated", "HOT_UPDATED", "done"),
    ("failed", "failed", "FAILED", "failed; its severity and reason come first, then the change"),
    ("unknown", "unknown", "another word", "a state hottui does not know, shown as it came and watched on"),
    ("waiting", "waiting", "waiting", "not read yet"),
    ("gone", "gone", "gone", "the service does not know the ID (any more)"),
    ("denied", "denied", "denied", "credentials or permission were refused"),
    ("stale", "stale", "stale (behind a state)", "the last read failed; the last good answer stays"),
    ("live", "success", "live", "hot updates in progress are read; the real period stands behind"),
    ("paused", "warning", "paused", "nothing is read until p is pressed again"),
    ("held", "error", "held", "an account that was refused; r tries it again"),
)
"""A field of Glyphs, its style, where it stands or the word beside it, and the meaning."""
_MOVING = {
    Where.TABLE: (("↑ ↓ j k g G", "Move the cursor; page up and page down by screens."),),
    Where.PLAN: (
        ("enter", "Give the keys to the panel, to scroll and copy there, or take them back."),
        ("g G H L", "The first and the last node; scroll to the side by half a window."),
    ),
}
"""Keys that move within a part and are no commands of their own."""
_ORDER = (
    "What moves stands first, then failures nobody has looked at, then the rest by the time of the last change.",
    "A failure whose detail was opened counts as looked at.",
)
_COLUMNS = (
    ("FOR", "time since the present state was first seen here; the service tells no times"),
    ("CHANGE", "what was asked for; an older value the target setting still names stands before the arrow"),
    ("SEEN", "age of the last good answer; a finished hot update is read once more, then no longer"),
)


def help_lines(glyphs: Glyphs, width: int) -> tuple[Line, ...]:
    """Commands by place, then the signs, the columns and the order of the rows."""
    out: list[Line] = []
    for where in Where:
        out += heading(where.value)
        for command in COMMANDS:
            if command.where is where:
                out += _entry(command.shown_keys, command.help, width)
        for keys, text in _MOVING.get(where, ()):
            out += _entry(keys, text, width)
    out += heading("Signs")
    for name, style, word, meaning in _SIGNS:
        out += _sign(getattr(glyphs, name), style, word, meaning, width)
    out += heading("Columns")
    for name, meaning in _COLUMNS:
        out += _entry(name, meaning, width)
    out += heading("Order of the table")
    out += [line((f" {piece}", "text")) for text in _ORDER for piece in wrap(text, width - 2)]
    return tuple(out)


def _sign(sign: str, style: str, word: str, meaning: str, width: int) -> list[Line]:
    pieces = wrap(meaning, width - _WORD - 4)
    first = line((f" {fit(sign, 2)}{fit(word, _WORD)}", style), (pieces[0], "text"))
    return [first, *(line((" " * (_WORD + 3), "text"), (piece, "text")) for piece in pieces[1:])]


def _entry(keys: str, text: str, width: int) -> list[Line]:
    pieces = wrap(text, width - _KEYS - 2)
    first = line((f" {fit(keys, _KEYS)}", "accent"), (pieces[0], "text"))
    return [first, *(line((" " * (_KEYS + 1), "text"), (piece, "text")) for piece in pieces[1:])]


class Help(ModalScreen[None]):
    """The help over the dashboard."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help LinesView { width: 90%; max-width: 100; height: 90%; border: round $primary; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", show=False),
        Binding("ctrl+c", "app.quit", show=False),
    ]

    def __init__(self, look: Appearance) -> None:
        super().__init__()
        self._glyphs = look.glyphs
        self._view = LinesView(look)
        self._view.border_title = "Help"
        self._view.border_subtitle = "esc closes"

    def compose(self) -> ComposeResult:
        """One view of lines."""
        yield self._view

    def on_screen_resume(self) -> None:
        """Take the keys, and begin at the top each time."""
        self._fold()
        self._view.focus()

    def on_resize(self) -> None:
        """Fold the texts to the new width."""
        self._fold()

    def _fold(self) -> None:
        width = max(min(self.size.width * 9 // 10, 100) - 4, 20)
        self._view.show(help_lines(self._glyphs, width), (0, 0, 0))
