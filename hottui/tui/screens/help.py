"""The help screen, generated from the table of commands and the glyphs, so that it cannot be out of date."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from hottui.model.cell_width import fit
from hottui.render.glyphs import Glyphs, key_names
from hottui.render.row_filter import FORMS
from hottui.render.styled_text import Line, heading, line, note, wrap
from hottui.tui.appearance import Appearance
from hottui.tui.commands import COMMANDS, Command, Scope
from hottui.tui.screens.list_dialog import ListDialog
from hottui.tui.widgets.prompt import Prompt

_KEY_WIDTH, _NAME_WIDTH = 16, 24
"""Width in cells of the key column and of the names beside the glyphs."""
_GLYPHS = (
    ("bookmark", "accent", "before the state", "bookmarked: saved in the store; otherwise kept for this session only"),
    ("marked", "changed", "before the state", "marked: keys act on all marked hot updates"),
    ("init", "init", "INIT", "accepted, not started"),
    ("updating", "updating", "UPDATING", "in progress; usually takes 5 seconds to a minute"),
    ("updated", "updated", "UPDATED", "done: HOT_UPDATED in the answer"),
    ("failed", "failed", "FAILED", "failed; severity and reason come first, then the change"),
    ("unknown", "unknown", "other", "a state that hottui does not know, shown verbatim; polling continues"),
    ("waiting", "waiting", "waiting", "not read yet"),
    ("gone", "gone", "gone", "the service does not know this ID, or no longer does"),
    ("denied", "denied", "denied", "access denied: credentials or permissions were rejected"),
    ("stale", "stale", "stale (after a state)", "the last read failed; the last good answer is shown"),
    ("applied", "updated", "applied", "effect: everything that was asked for is what runs"),
    ("partial", "warning", "partial", "effect: some of it runs"),
    ("differs", "error", "no effect", "effect: nothing of it runs; on a plan: a vertex that did not move"),
    ("superseded", "dim", "superseded", "effect: a later hot update of the same job asked for something else"),
    ("drifted", "warning", "drifted", "effect: it was applied, and changed afterwards by other means"),
    ("failed", "error", "job failed", "effect: the job has failed since"),
    ("gone", "gone", "job gone", "effect: the job was cancelled, has finished, or no longer exists"),
    ("live", "success", "live", "polling hot updates in progress; the actual interval follows"),
    ("paused", "warning", "paused", "polling is paused; {pause} resumes it"),
    ("held", "error", "account paused", "access was denied; {refresh} retries"),
)
"""A field of Glyphs, its style, its name or position, and its meaning."""
_NAVIGATION = {
    Scope.TABLE: (
        ("↑ ↓ j k g G", "Move the cursor; page up and page down move by a page."),
        ("click", "A count in the header shows only the hot updates in that state; a second click shows all."),
    ),
    Scope.PLAN: (
        ("enter", "Focus the side panel, to scroll and copy there, or return to the graph."),
        ("g G H L", "Select the first or last node; scroll left or right by half a screen."),
    ),
}
"""Keys that move the cursor and are not commands of their own."""
_ORDER = (
    "In progress first, then failures that have not been opened, then the rest by time of the last transition.",
    "Opening the detail of a failure moves it to the rest.",
    "In any order, rows with equal values stay in this one, and rows without a value come last.",
)
_COLUMNS = (
    ("FOR", "time since hottui first observed the state; the API returns no timestamps"),
    ("CHANGE", "what was requested; before the arrow, the previous value, if the deployment settings still have it"),
    ("EFFECT", "how much of what was asked for the running job carries; empty until the hot update has ended"),
    ("JOB", "the name of the job's deployment, or its ID while the name is unknown"),
    ("SEEN", "age of the last good answer; none once finished: it is read once more, then never again"),
)


class _Entry(NamedTuple):
    """An entry in its lines, and further words that a search finds it by."""

    lines: tuple[Line, ...]
    words: str = ""

    def matches(self, words: tuple[str, ...]) -> bool:
        """Return whether every word (in lower case) occurs in it."""
        text = " ".join((*(line.text for line in self.lines), self.words)).lower()
        return all(word in text for word in words)


def help_lines(
    glyphs: Glyphs, width: int, commands: tuple[Command, ...] = COMMANDS, words: tuple[str, ...] = ()
) -> tuple[Line, ...]:
    """Return the help in lines of `width` cells, the entries that match all `words` below their headings."""
    out: list[Line] = []
    for name, entries in _sections(glyphs, width, commands):
        found = [entry for entry in entries if not words or entry.matches(words)]
        if found:
            out += heading(name)
            out += (line for entry in found for line in entry.lines)
    return tuple(out) or note(f"Nothing in the help matches {' '.join(words)}.", width)


def _sections(glyphs: Glyphs, width: int, commands: tuple[Command, ...]) -> Iterator[tuple[str, list[_Entry]]]:
    """Yield heading and entries: commands by scope, filter, glyphs, columns, order of the rows."""
    for scope in Scope:
        own = [command for command in commands if command.scope is scope]
        texts = [(each.shown_keys, each.help, f"{each.name} {each.id}") for each in own]
        texts += [(keys, text, "") for keys, text in _NAVIGATION.get(scope, ())]
        yield scope.value, [_entry(key_names(keys, glyphs), text, width, words) for keys, text, words in texts]
    yield "Filter of the table", [_entry(form, meaning, width) for form, meaning in FORMS]
    named = {command.id: command.first_key for command in commands}
    yield (
        "Glyphs",
        [
            _glyph_entry(getattr(glyphs, name), style, word, meaning.format(**named), width)
            for name, style, word, meaning in _GLYPHS
        ],
    )
    yield "Columns", [_entry(name, meaning, width) for name, meaning in _COLUMNS]
    order = [tuple(line((f" {piece}", "text")) for piece in wrap(text, width - 2)) for text in _ORDER]
    yield "Order of the table", [_Entry(lines) for lines in order]


def _glyph_entry(glyph: str, style: str, name: str, meaning: str, width: int) -> _Entry:
    pieces = wrap(meaning, width - _NAME_WIDTH - 4)
    first = line((f" {fit(glyph, 2)}{fit(name, _NAME_WIDTH)}", style), (pieces[0], "text"))
    rest = (line((" " * (_NAME_WIDTH + 3), "text"), (piece, "text")) for piece in pieces[1:])
    return _Entry((first, *rest))


def _entry(keys: str, text: str, width: int, words: str = "") -> _Entry:
    pieces = wrap(text, width - _KEY_WIDTH - 2)
    first = line((f" {fit(keys, _KEY_WIDTH)}", "accent"), (pieces[0], "text"))
    rest = (line((" " * (_KEY_WIDTH + 1), "text"), (piece, "text")) for piece in pieces[1:])
    return _Entry((first, *rest), words)


class Help(ListDialog[None]):
    """The help as a modal screen. It opens at the part about what is open below it, and shows what a search finds."""

    DEFAULT_CSS = """
    Help LinesView { height: 90%; }
    Help Prompt { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", show=False, id="filter")]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "Help", "")
        self._scope = Scope.TABLE
        self._words: tuple[str, ...] = ()
        self._prompt: Prompt | None = None
        self._show_keys()

    def set_scope(self, scope: Scope) -> None:
        """Set the part at which the help opens next, with all entries."""
        self._scope = scope
        self._search("")

    @property
    def first_line(self) -> int:
        """The blank line above the heading of the part."""
        lines = self.view.lines
        return next((n - 1 for n, each in enumerate(lines) if each.text.strip() == self._scope.value), 0)

    def lines(self, width: int) -> tuple[Line, ...]:
        """Return the help, or what the search finds."""
        return help_lines(self.appearance.glyphs, width - 2, self.appearance.commands, self._words)

    def _show_keys(self) -> None:
        escape = "clear search" if self._words else "close"
        self.view.border_title = f"Help: {' '.join(self._words)}".replace("[", "\\[") if self._words else "Help"
        self.view.border_subtitle = f"{self.appearance.key('filter')}: search, esc: {escape}"

    def _search(self, text: str) -> None:
        self._words = tuple(text.lower().split())
        self._show_keys()
        if self.is_mounted:
            self.show_from_top()

    def action_search(self) -> None:
        """Ask for words; every entry with all of them is shown."""
        before = " ".join(self._words)
        if self._prompt is None:
            self._prompt = Prompt()
            self.mount(self._prompt)

        def done(text: str | None) -> None:
            self._search(before if text is None else text)
            self.view.focus()

        self._prompt.ask("Search", before, done, self._search, hint="all words must match")

    def action_leave(self) -> None:
        """Clear the search, or close."""
        if self._words:
            self._search("")
        else:
            super().action_leave()
