"""The help screen, generated from the table of commands and the glyphs, so that it cannot be out of date."""

from hottui.model.cell_width import fit
from hottui.render.glyphs import Glyphs
from hottui.render.row_filter import FORMS
from hottui.render.styled_text import Line, heading, line, wrap
from hottui.tui.appearance import Appearance
from hottui.tui.commands import COMMANDS, Command, Scope
from hottui.tui.screens.list_dialog import ListDialog

_KEY_WIDTH, _NAME_WIDTH = 16, 24
"""Width in cells of the key column and of the names beside the glyphs."""
_GLYPHS = (
    ("bookmark", "accent", "before the state", "bookmarked: saved in the store; otherwise kept for this session only"),
    ("marked", "changed", "before the state", "marked: keys act on all marked hot updates"),
    ("init", "init", "INIT", "accepted, not started"),
    ("updating", "updating", "HOT_UPDATING", "in progress; usually takes 5 seconds to a minute"),
    ("updated", "updated", "HOT_UPDATED", "done"),
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


def help_lines(glyphs: Glyphs, width: int, commands: tuple[Command, ...] = COMMANDS) -> tuple[Line, ...]:
    """Return the help in lines of `width` cells: commands by scope, filter, glyphs, columns, order of the rows."""
    out: list[Line] = []
    for scope in Scope:
        out += heading(scope.value)
        for command in commands:
            if command.scope is scope:
                out += _entry(command.shown_keys, command.help, width)
        for keys, text in _NAVIGATION.get(scope, ()):
            out += _entry(keys, text, width)
    out += heading("Filter of the table")
    for form, meaning in FORMS:
        out += _entry(form, meaning, width)
    out += heading("Glyphs")
    named = {command.id: command.first_key for command in commands}
    for name, style, word, meaning in _GLYPHS:
        out += _glyph_entry(getattr(glyphs, name), style, word, meaning.format(**named), width)
    out += heading("Columns")
    for name, meaning in _COLUMNS:
        out += _entry(name, meaning, width)
    out += heading("Order of the table")
    out += [line((f" {piece}", "text")) for text in _ORDER for piece in wrap(text, width - 2)]
    return tuple(out)


def _glyph_entry(glyph: str, style: str, name: str, meaning: str, width: int) -> list[Line]:
    pieces = wrap(meaning, width - _NAME_WIDTH - 4)
    first = line((f" {fit(glyph, 2)}{fit(name, _NAME_WIDTH)}", style), (pieces[0], "text"))
    return [first, *(line((" " * (_NAME_WIDTH + 3), "text"), (piece, "text")) for piece in pieces[1:])]


def _entry(keys: str, text: str, width: int) -> list[Line]:
    pieces = wrap(text, width - _KEY_WIDTH - 2)
    first = line((f" {fit(keys, _KEY_WIDTH)}", "accent"), (pieces[0], "text"))
    return [first, *(line((" " * (_KEY_WIDTH + 1), "text"), (piece, "text")) for piece in pieces[1:])]


class Help(ListDialog[None]):
    """The help as a modal screen."""

    DEFAULT_CSS = "Help LinesView { height: 90%; }"

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "Help", "esc: close")

    def lines(self, width: int) -> tuple[Line, ...]:
        """Return the help."""
        return help_lines(self.appearance.glyphs, width - 2, self.appearance.commands)
