"""The table of commands: one entry feeds the key binding, the palette, the help and the hint at the foot.

A command's action is `action_<id>` of the dashboard screen, dots and dashes becoming underscores.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding


class Where(StrEnum):
    """Which part of the dashboard a command belongs to; the order is the help's."""

    TABLE = "Table"
    DETAIL = "Detail"
    PLAN = "Plan"
    ANYWHERE = "Anywhere"


class Command(NamedTuple):
    """One thing a user can do. `hint` is its word at the foot of the screen; without one it stands in the help only."""

    id: str
    keys: tuple[str, ...]
    name: str
    help: str
    where: Where
    hint: str = ""

    @property
    def action(self) -> str:
        """The name of the screen's action."""
        return self.id.replace("-", "_")

    @property
    def shown_keys(self) -> str:
        """The keys as a user reads them."""
        return " ".join(_SHOWN.get(key, key.replace("ctrl+", "^")) for key in self.keys)

    def bindings(self) -> list[Binding]:
        """One binding for each key; the first carries the id that a keymap names."""
        return [
            Binding(key, self.action, self.name, show=False, id=self.id if n == 0 else None)
            for n, key in enumerate(self.keys)
        ]


_SHOWN = {
    "enter": "enter", "escape": "esc", "question_mark": "?", "slash": "/", "space": "space", "plus": "+", "minus": "-",
    "left_square_bracket": "[", "right_square_bracket": "]", "equals_sign": "=", "delete": "del", "tab": "tab",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup", "pagedown": "pgdn",
    "less_than_sign": "<", "exclamation_mark": "!", "greater_than_sign": ">",
}  # fmt: skip

TABS = ("overview", "conf", "batch", "streaming", "plan", "timeline", "answer")
"""The tabs of the detail pane, in the order of their number keys."""

COMMANDS: tuple[Command, ...] = (
    Command("open", ("enter",), "Open the detail", "Open the detail of the hot update under the cursor.", Where.TABLE, "detail"),
    Command("filter", ("slash",), "Filter", "Show only what holds every word typed: hot updates in the table, keys in Flink conf, nodes in the plan. Escape clears it.", Where.ANYWHERE, "filter"),
    Command("add", ("a",), "Add hot updates", "Bookmark one or more IDs, or the JSON that HotUpdateJob returned.", Where.TABLE, "add"),
    Command("bookmark", ("b",), "Bookmark or not", "Keep the hot update in the store, or keep it for this session only.", Where.TABLE, "bookmark"),
    Command("annotate", ("e",), "Edit label and note", "Give the bookmark a label and a note.", Where.TABLE, "edit"),
    Command("remove", ("x", "delete"), "Remove", "Take the hot update out of the table and the store; nothing changes on the service.", Where.TABLE, "remove"),
    Command("undo", ("u",), "Undo remove", "Restore the hot update or bookmark removed last, for a day also after leaving.", Where.TABLE),
    Command("next-attention", ("n",), "Next that needs a look", "Go to the next hot update that is updating or failed and not yet looked at.", Where.TABLE),
    Command("previous-tab", ("left_square_bracket", "shift+tab"), "Previous tab", "Show the tab to the left.", Where.DETAIL),
    Command("next-tab", ("right_square_bracket", "tab"), "Next tab", "Show the tab to the right; the keys 1 to 7 show one directly.", Where.DETAIL, "tabs"),
    Command("reveal", ("s",), "Show or mask secrets", "Show the values of secret-looking keys, on this screen only.", Where.DETAIL),
    Command("copy-value", ("v",), "Copy value", "Copy the value under the cursor, or the selected node.", Where.DETAIL, "copy value"),
    Command("switch", ("w",), "Switch between table and detail", "Move the keys from the table to the detail pane or back.", Where.DETAIL, "table"),
    Command("zoom", ("z",), "Enlarge the detail", "Give the detail the whole screen, or bring the table back beside it.", Where.DETAIL, "zoom"),
    Command("close", ("escape",), "Back", "Clear the filter, close what is open, go back to the table.", Where.ANYWHERE),
    Command("plan-left", ("left", "h"), "Upstream node", "Select a node that the selected one reads from.", Where.PLAN),
    Command("plan-right", ("right", "l"), "Downstream node", "Select a node that reads from the selected one.", Where.PLAN, "walk"),
    Command("plan-up", ("up", "k"), "Node above", "Select the node above in the drawing.", Where.PLAN),
    Command("plan-down", ("down", "j"), "Node below", "Select the node below in the drawing.", Where.PLAN),
    Command("plan-next-edge", ("space",), "Next edge", "Select an edge of the selected node: its strategy and mode stand in the panel.", Where.PLAN, "edge"),
    Command("plan-next-match", ("n",), "Next match", "Select the next node that holds the words looked for with /.", Where.PLAN),
    Command("plan-next-change", ("c",), "Next changed node", "Select the next node whose parallelism changes.", Where.PLAN, "changed"),
    Command("plan-previous-change", ("C",), "Previous changed node", "Select the previous node whose parallelism changes.", Where.PLAN),
    Command("plan-trace", ("t",), "Trace upstream and downstream", "Light all that the selected node reads from and feeds; dim the rest.", Where.PLAN, "trace"),
    Command("plan-more", ("plus", "equals_sign"), "More detail", "Draw the boxes with more in them.", Where.PLAN, "+/- detail"),
    Command("plan-less", ("minus",), "Less detail", "Draw the boxes with less in them.", Where.PLAN),
    Command("plan-level", ("o",), "Vertices or operators", "Draw JobVertices (chained operators are one box), or every operator.", Where.PLAN, "operators"),
    Command("plan-direction", ("d",), "Left to right or top to bottom", "Turn the drawing.", Where.PLAN),
    Command("plan-fit", ("f",), "Fit", "Choose the detail and direction that show the most of the plan at once.", Where.PLAN, "fit"),
    Command("plan-table", ("m",), "Drawing or tables", "Show nodes and edges as tables instead of the drawing.", Where.PLAN, "tables"),
    Command("pause", ("p",), "Pause or go on", "Stop reading the service, or start again.", Where.ANYWHERE, "pause"),
    Command("refresh", ("r",), "Refresh now", "Read the hot update under the cursor at once, and try a held profile again.", Where.ANYWHERE, "refresh"),
    Command("refresh-all", ("R",), "Refresh all", "Read every hot update once.", Where.ANYWHERE),
    Command("interval", ("i",), "Interval", "Set how often hot updates in progress are read.", Where.ANYWHERE),
    Command("copy-id", ("y",), "Copy ID", "Copy the ID of the hot update.", Where.ANYWHERE, "copy ID"),
    Command("copy-json", ("Y",), "Copy JSON", "Copy the answer as JSON, secrets masked.", Where.ANYWHERE),
    Command("troubles", ("exclamation_mark",), "List troubles", "List what is wrong, with what to do; enter goes to the row.", Where.ANYWHERE),
    Command("theme", ("T",), "Next theme", "Change to the next theme.", Where.ANYWHERE),
    Command("help", ("question_mark", "f1"), "Help", "Show every command and the signs used.", Where.ANYWHERE, "help"),
    Command("palette", ("ctrl+p",), "Palette", "Find a command by typing a part of its name.", Where.ANYWHERE, "palette"),
    Command("suspend", ("ctrl+z",), "Suspend", "Go back to the shell; `fg` returns.", Where.ANYWHERE),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "Quit", "Leave hottui; bookmarks are kept.", Where.ANYWHERE, "quit"),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
FOR_NONE = frozenset({"add", "undo", "interval", "theme", "help", "palette", "suspend", "quit"})
"""The commands that make sense while no hot update is tracked."""


def bindings_for(*places: Where) -> list[Binding]:
    """The bindings of every command of these places."""
    return [binding for command in COMMANDS if command.where in places for binding in command.bindings()]


def hints_for(*places: Where, offers: Callable[[Command], bool] = bool) -> list[tuple[str, str]]:
    """Key and word of the commands that are hinted at the foot, those of the first place first."""
    hinted = [c for place in places for c in COMMANDS if c.where is place and c.hint and offers(c)]
    return [
        (
            c.shown_keys.split(" ")[0] if "/" not in c.hint else c.hint.split(" ")[0],
            c.hint.split(" ", 1)[-1] if "/" in c.hint else c.hint,
        )
        for c in hinted
    ]
