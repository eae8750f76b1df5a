"""The table of commands: key bindings, command palette, help and footer hints are all generated from it.

A command's action is the method `action_<id>` of the dashboard, or of the widget or screen of its scope, or of the app
if it works everywhere, with dashes as underscores.
"""

from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding
from textual.keys import key_to_character


class Scope(StrEnum):
    """Where a command works, in the order of the help. The plan is part of the detail and of the comparison."""

    TABLE = "Table"
    DETAIL = "Detail"
    PLAN = "Plan"
    DASHBOARD = "Table and detail"
    COMPARE = "Compare"
    JOB = "Job"
    LOG = "Log"
    EVERYWHERE = "Everywhere"


class Command(NamedTuple):
    """One thing a user can do. `hint` is its label in the footer; a command without one is listed in the help only."""

    id: str
    keys: tuple[str, ...]
    name: str
    help: str
    scope: Scope
    hint: str = ""

    @property
    def action(self) -> str:
        """The name of the action."""
        return self.id.replace("-", "_")

    @property
    def shown_keys(self) -> str:
        """The keys as shown to the user."""
        return " ".join(_SHOWN.get(key) or typed_character(key) or key.replace("ctrl+", "^") for key in self.keys)

    @property
    def first_key(self) -> str:
        """The first of its keys as shown to the user; empty if it has none."""
        return self.shown_keys.split(" ")[0]

    def bindings(self) -> list[Binding]:
        """Return one binding per key, with the ID that a keymap refers to.

        What works everywhere has priority: modal screens hide the app's other bindings. A focused input still gets the
        characters that are typed into it.
        """
        everywhere = self.scope is Scope.EVERYWHERE
        return [
            Binding(key, self.action, self.name, show=False, priority=everywhere, id=self.binding_id(key))
            for key in self.keys
        ]

    def binding_id(self, key: str) -> str:
        """Return the ID of the binding of `key`.

        Of a command that works everywhere, keys that type a character have another ID than those that do not. Textual
        drops the former while an input is focused, and applies the keymap afterwards.
        """
        typed = self.scope is Scope.EVERYWHERE and typed_character(key) is not None
        return f"{self.id}.typed" if typed else self.id


_SEPARATORS = {",": "comma", " ": "space"}


def typed_character(key: str) -> str | None:
    """Return the character that `key` types; None if it types none."""
    character = _PUNCTUATION.get(key) or key_to_character(key)
    return character if character and character.isprintable() else None


def key_of_character(character: str) -> str:
    """Return Textual's name of the key that types `character`."""
    if character in _SEPARATORS:  # of keys in a binding
        return _SEPARATORS[character]
    return next(iter(Binding.make_bindings([Binding(character, "")]))).key


_PUNCTUATION = {key_of_character(character): character for character in "+-/@\\_"}
"""Keys of which Textual does not find the character."""
_SHOWN = {
    "enter": "enter", "escape": "esc", "question_mark": "?", "slash": "/", "space": "space", "plus": "+", "minus": "-",
    "left_square_bracket": "[", "right_square_bracket": "]", "equals_sign": "=", "delete": "del", "tab": "tab",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup", "pagedown": "pgdn",
    "less_than_sign": "<", "exclamation_mark": "!", "asterisk": "*", "dollar_sign": "$", "greater_than_sign": ">",
}  # fmt: skip

COMMANDS: tuple[Command, ...] = (
    Command("open", ("enter",), "Open the detail", "Open the detail of the hot update under the cursor.", Scope.TABLE, "detail"),
    Command("filter", ("slash",), "Filter", "Show only matches for all words: hot updates in the table (more forms below), keys in Flink conf, nodes in the plan. Escape clears it.", Scope.DASHBOARD, "filter"),
    Command("add", ("a",), "Add hot updates", "Bookmark one or more IDs; pasting the JSON that HotUpdateJob returned works too.", Scope.TABLE, "add"),
    Command("bookmark", ("b",), "Add or remove bookmark", "Save the hot update in the store, or keep it for this session only.", Scope.TABLE, "bookmark"),
    Command("annotate", ("e",), "Edit label and note", "Edit the bookmark's label and note.", Scope.TABLE, "edit"),
    Command("remove", ("x", "delete"), "Remove", "Remove the hot update from the table and the store; nothing changes on the service.", Scope.TABLE, "remove"),
    Command("undo", ("u",), "Undo", "Undo the last change of labels or removal of hot updates or bookmarks, all of it; a removal also after a restart, within 24 hours.", Scope.TABLE),
    Command("next-attention", ("n",), "Next that needs attention", "Go to the next hot update that is updating, or that failed and has not been opened.", Scope.TABLE),
    Command("compare", ("D",), "Compare", "Compare the two marked hot updates, or the one under the cursor with a marked one, with its predecessor, with what the job ran with before, or with the job as it runs.", Scope.TABLE, "compare"),
    Command("mark", ("space",), "Mark", "Mark the hot update, or no longer. Remove, bookmark, edit label, copy, refresh, export and compare then act on all marked ones; escape unmarks.", Scope.TABLE),
    Command("mark-all", ("asterisk",), "Mark all", "Mark all hot updates that are shown, or no longer.", Scope.TABLE),
    Command("export", ("E",), "Export answers", "Write the answers to a new file as JSON, one per line, secrets masked.", Scope.TABLE),
    Command("sort", ("o",), "Sort", "Choose the column to sort by; the same column again reverses. A click on a title does the same.", Scope.TABLE, "sort"),
    Command("sort-reverse", ("I",), "Reverse the order", "Sort by the same column in the other direction.", Scope.TABLE),
    Command("sort-default", ("0",), "Default order", "Return to the default order: see the end of this help.", Scope.TABLE),
    Command("failures-first", ("F",), "Failures first", "Show failures before all others, or no longer. They stay there, dimmed, once they were opened.", Scope.TABLE),
    Command("set-up", ("S",), "Set up a connection", "Enter region, workspace and credentials; checked with one call, then saved as a profile.", Scope.TABLE, "set up"),
    Command("demo", ("O",), "Open the demo", "Open the dashboard on a simulated service, without an account.", Scope.TABLE, "demo"),
    Command("previous-tab", ("left_square_bracket", "shift+tab"), "Previous tab", "Open the tab to the left.", Scope.DETAIL),
    Command("next-tab", ("right_square_bracket", "tab"), "Next tab", "Open the tab to the right; keys 1 to 7 open a tab directly.", Scope.DETAIL, "tabs"),
    Command("reveal", ("s",), "Show or mask secrets", "Show or mask the values of keys that look like secrets; shown values cannot be copied.", Scope.DETAIL),
    Command("arithmetic", ("dollar_sign",), "Show or hide the arithmetic of costs", "Show or hide how the costs in the Overview are computed, and what they assume.", Scope.DETAIL),
    Command("utc", ("U",), "Timeline in UTC or local time", "Show the times of the timeline in UTC, or in local time again.", Scope.DETAIL),
    Command("copy-value", ("v",), "Copy value", "Copy the value under the cursor, or the selected node.", Scope.DETAIL, "copy value"),
    Command("switch", ("w",), "Switch between table and detail", "Move the focus to the table, or back to the detail.", Scope.DETAIL, "table"),
    Command("zoom", ("z",), "Enlarge the detail", "Show the detail full screen, or show the table beside it again.", Scope.DETAIL, "zoom"),
    Command("turn", ("W",), "Detail right or below", "Show the detail right of the table, or below it; remembered.", Scope.DETAIL),
    Command("shrink-table", ("less_than_sign",), "Smaller table", "Move the divider between table and detail left or up; the mouse drags it.", Scope.DETAIL),
    Command("grow-table", ("greater_than_sign",), "Larger table", "Move the divider between table and detail right or down.", Scope.DETAIL),
    Command("close", ("escape",), "Back", "Clear the filter, close the detail, return to the table; unmark all, then clear the filter of the table.", Scope.DASHBOARD),
    Command("plan-left", ("left", "h"), "Upstream node", "Select a node upstream of the selected one.", Scope.PLAN),
    Command("plan-right", ("right", "l"), "Downstream node", "Select a node downstream of the selected one.", Scope.PLAN, "move"),
    Command("plan-up", ("up", "k"), "Node above", "Select the node above in the drawing.", Scope.PLAN),
    Command("plan-down", ("down", "j"), "Node below", "Select the node below in the drawing.", Scope.PLAN),
    Command("plan-next-edge", ("space",), "Next edge", "Select the next edge of the selected node; the side panel shows its strategy and mode.", Scope.PLAN, "edge"),
    Command("plan-next-match", ("n",), "Next match", "Select the next node that matches the filter.", Scope.PLAN),
    Command("plan-next-change", ("c",), "Next change", "Select the next node or edge that changes or differs.", Scope.PLAN, "changed"),
    Command("plan-previous-change", ("C",), "Previous change", "Select the previous node or edge that changes or differs.", Scope.PLAN),
    Command("plan-trace", ("t",), "Trace upstream and downstream", "Highlight everything upstream and downstream.", Scope.PLAN, "trace"),
    Command("plan-more", ("plus", "equals_sign"), "More detail", "Show more in each box.", Scope.PLAN, "+/- detail"),
    Command("plan-less", ("minus",), "Less detail", "Show less in each box.", Scope.PLAN),
    Command("plan-level", ("o",), "Vertices or operators", "Show one box per JobVertex (chained operators), or one per operator.", Scope.PLAN, "operators"),
    Command("plan-direction", ("d",), "Left to right or top to bottom", "Switch the direction of the drawing.", Scope.PLAN),
    Command("plan-fit", ("f",), "Fit", "Choose the detail and direction that fit most of the plan on the screen.", Scope.PLAN, "fit"),
    Command("plan-export", ("E",), "Write the plan to a file", "Write the plan as SVG, text, dot or Mermaid, by the end of the file's name.", Scope.PLAN),
    Command("plan-table", ("m",), "Drawing or tables", "Show nodes and edges as tables instead of the drawing.", Scope.PLAN, "tables"),
    Command("compare-view", ("tab", "left_square_bracket", "right_square_bracket"), "Differences or plans", "Show the differences as text, or both plans in one drawing; keys 1 and 2 open one directly.", Scope.COMPARE, "other view"),
    Command("compare-swap", ("x",), "Swap", "Swap the first and the second side.", Scope.COMPARE, "swap"),
    Command("compare-close", ("escape", "q"), "Close the comparison", "Clear the filter, or return to the table.", Scope.COMPARE, "close"),
    Command("compare-filter", ("slash",), "Filter the comparison", "Show only differences that match all words, or select the nodes that do. Escape clears it.", Scope.COMPARE, "filter"),
    Command("compare-refresh", ("r",), "Refresh the comparison", "Read both sides now.", Scope.COMPARE, "refresh"),
    Command("compare-copy-value", ("v",), "Copy value", "Copy the value under the cursor, or the selected node.", Scope.COMPARE, "copy value"),
    Command("job-open", ("enter",), "Go to the hot update", "Return to the table, to the hot update under the cursor.", Scope.JOB, "hot update"),
    Command("job-next-part", ("tab", "right_square_bracket"), "Next part", "Go to the next part: fields, changes, events.", Scope.JOB, "next part"),
    Command("job-previous-part", ("shift+tab", "left_square_bracket"), "Previous part", "Go to the previous part.", Scope.JOB),
    Command("job-refresh", ("r",), "Refresh the job", "Read the job and its history now.", Scope.JOB, "refresh"),
    Command("job-copy-id", ("y",), "Copy job ID", "Copy the ID of the job.", Scope.JOB, "copy ID"),
    Command("job-copy-value", ("v",), "Copy value", "Copy the value under the cursor.", Scope.JOB, "copy value"),
    Command("job-close", ("escape", "q", "J"), "Close the job", "Return to the table.", Scope.JOB, "close"),
    Command("log-open", ("enter",), "Go to the hot update", "Return to the table, to the hot update of the entry under the cursor.", Scope.LOG, "hot update"),
    Command("log-filter", ("slash",), "Filter the log", "Show only entries that match all words, of the kind, the text and the ID. Escape clears it.", Scope.LOG, "filter"),
    Command("log-copy-value", ("v",), "Copy entry", "Copy the text of the entry under the cursor.", Scope.LOG, "copy entry"),
    Command("log-close", ("escape", "q", "L"), "Close the log", "Clear the filter, or return to the table.", Scope.LOG, "close"),
    Command("job", ("J",), "Show the job", "Show the job of the hot update: its health, every known change of it, parallelism and CU over time.", Scope.DASHBOARD, "job"),
    Command("pause", ("p",), "Pause or resume", "Pause or resume polling.", Scope.DASHBOARD, "pause"),
    Command("refresh", ("r",), "Refresh now", "Read the hot update under the cursor now; if its account is paused, retry it.", Scope.DASHBOARD, "refresh"),
    Command("refresh-all", ("R",), "Refresh all", "Read every hot update once.", Scope.DASHBOARD),
    Command("interval", ("i",), "Polling interval", "Set how often hot updates in progress are read.", Scope.DASHBOARD),
    Command("copy-id", ("y",), "Copy ID", "Copy the ID of the hot update.", Scope.DASHBOARD, "copy ID"),
    Command("copy-json", ("Y",), "Copy JSON", "Copy the answer as JSON, secrets masked.", Scope.DASHBOARD),
    Command("troubles", ("exclamation_mark",), "List troubles", "List what is wrong and what to do; enter goes to the affected row.", Scope.DASHBOARD),
    Command("log", ("L",), "Show the log", "Show the transitions, troubles and notifications of this session, the newest last; enter goes to the hot update. On the plan, L scrolls.", Scope.DASHBOARD),
    Command("place", ("P",), "Show a profile or all", "Show only the hot updates of a profile, which is also where new ones are added, or all.", Scope.DASHBOARD),
    Command("theme", ("T",), "Choose a theme", "List the themes, each shown at once; escape restores the one before.", Scope.DASHBOARD),
    Command("help", ("question_mark", "f1"), "Help", "Show all keys and glyphs, or close them.", Scope.EVERYWHERE, "help"),
    Command("command-palette", ("ctrl+p",), "Palette", "Search commands by name, and hot updates by label, job or ID.", Scope.EVERYWHERE, "palette"),
    Command("redraw", ("ctrl+l",), "Redraw", "Redraw the screen, over what another program has written to the terminal.", Scope.EVERYWHERE),
    Command("suspend-process", ("ctrl+z",), "Suspend", "Return to the shell; `fg` resumes hottui.", Scope.EVERYWHERE),
    Command("exit", ("q",), "Quit", "Quit hottui; bookmarks stay saved.", Scope.DASHBOARD, "quit"),
    Command("quit", ("ctrl+q", "ctrl+c"), "Quit from any screen", "Quit hottui from any screen.", Scope.EVERYWHERE),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
FIRST_RUN = frozenset({"set-up", "demo"})
"""IDs of the commands that work only while no location is configured."""
WITHOUT_ROWS = frozenset({"add", "undo", "interval", "log", "theme", "exit"})
"""IDs of the dashboard's commands that work while no hot update is tracked."""
SCROLL_KEYS = (
    Binding("up,k", "move(-1)", show=False),
    Binding("down,j", "move(1)", show=False),
    Binding("pageup,ctrl+u", "page(-1)", show=False),
    Binding("pagedown,ctrl+d", "page(1)", show=False),
    Binding("home,g", "move(-1000000000)", show=False),
    Binding("end,G", "move(1000000000)", show=False),
)
"""Key bindings of a list of rows: the argument of `move` is in rows, that of `page` in pages."""
MOVES = frozenset(key for binding in SCROLL_KEYS for key in binding.key.split(",")) | {"left", "h", "right", "l"}
"""Keys that move the cursor or scroll in every list."""


def bindings_for(*scopes: Scope) -> list[Binding]:
    """Return the bindings of every command in `scopes`."""
    return [binding for command in COMMANDS if command.scope in scopes for binding in command.bindings()]


def is_available(
    command: Command,
    *,
    first_run: bool,
    can_add: bool,
    has_rows: bool,
    detail_open: bool,
    has_plan: bool,
    fits_both: bool,
) -> bool:
    """Return whether `command` works on a dashboard in this state.

    `first_run`: nothing is configured yet; `can_add`: a location for new hot updates is configured; `fits_both`: the
    terminal is large enough for the table beside the detail.
    """
    if command.scope is Scope.EVERYWHERE:
        return True
    if command.id in FIRST_RUN or (command.id == "add" and not can_add):
        return first_run
    if not has_rows:
        return command.id in WITHOUT_ROWS
    if command.scope in {Scope.DETAIL, Scope.PLAN} and not detail_open:
        return False
    if command.scope is Scope.PLAN and not has_plan:
        return False
    return command.id != "zoom" or fits_both
