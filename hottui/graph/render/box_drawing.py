"""Box-drawing characters for lines, boxes and arrows, and an ASCII alternative.

Both sets are unambiguous. A crossing is drawn as the vertical stroke alone; a joint shows which arms it has. In ASCII
the corners differ (`.` `'` to the left, `,` and the backquote to the right), the tip of `{` and `}` points at the
horizontal arm, and `+` has both horizontal arms; its vertical arms are those where the line continues.
"""

from dataclasses import dataclass

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
"""The arms of a joint, as bit flags."""

HORIZONTAL, VERTICAL = LEFT | RIGHT, UP | DOWN


@dataclass(frozen=True, slots=True)
class Strokes:
    """One set of characters. Each is one cell wide, but in ASCII those of texts: `becomes`, `ellipsis`."""

    joints: tuple[str, ...]
    """The character for each combination of arms, 0 to 15."""
    corners: str
    """A box's corners: top left, top right, bottom left, bottom right."""
    top: str
    side: str
    exit_right: str
    exit_left: str
    exit_down: str
    exit_up: str
    open_left: str
    open_right: str
    """The ends of a one-row box without a frame."""
    arrows: tuple[str, str, str, str]
    """Right, left, down, up."""
    times: str
    becomes: str
    """Between the parallelism before and after."""
    unmoved: str
    """Between the parallelism that runs and the requested one."""
    ellipsis: str


UNICODE = Strokes(
    joints=tuple(" ╴╶─╵╯╰┴╷╮╭┬│┤├┼"),
    corners="┌┐└┘",
    top="─",
    side="│",
    exit_right="├",
    exit_left="┤",
    exit_down="┬",
    exit_up="┴",
    open_left="[",
    open_right="]",
    arrows=("▶", "◀", "▼", "▲"),
    times="×",
    becomes="→",
    unmoved="≠",
    ellipsis="…",
)

ASCII = Strokes(
    joints=tuple(" ---|'`+|.,+|{}+"),
    corners="++++",
    top="-",
    side="|",
    exit_right="|",
    exit_left="|",
    exit_down="-",
    exit_up="-",
    open_left="[",
    open_right="]",
    arrows=(">", "<", "v", "^"),
    times="x",
    becomes="->",
    unmoved="#",
    ellipsis="...",
)

_HEAVY = str.maketrans("╴╶─╵╯╰┴╷╮╭┬│┤├┼┌┐└┘╌╎", "╸╺━╹┛┗┻╻┓┏┳┃┫┣╋┏┓┗┛╍╏")
_HEAVY_ASCII = str.maketrans("-|'`+.,{}", "=########")
_OPEN = str.maketrans("[]", "▐▌")
_OPEN_ASCII = str.maketrans("[]", "##")

_HALF = {
    "├": {UP | RIGHT: "┡", DOWN | RIGHT: "┢", UP | DOWN: "┠"},
    "┤": {UP | LEFT: "┩", DOWN | LEFT: "┪", UP | DOWN: "┨"},
    "┬": {LEFT | DOWN: "┱", RIGHT | DOWN: "┲", LEFT | RIGHT: "┯"},
    "┴": {LEFT | UP: "┹", RIGHT | UP: "┺", LEFT | RIGHT: "┷"},
    "┼": {
        LEFT | UP: "╃", RIGHT | UP: "╄", LEFT | DOWN: "╅", RIGHT | DOWN: "╆", LEFT | RIGHT: "┿", UP | DOWN: "╂",
        LEFT | UP | RIGHT: "╇", LEFT | DOWN | RIGHT: "╈", UP | DOWN | LEFT: "╉", UP | DOWN | RIGHT: "╊",
    },
}  # fmt: skip
"""Joints with some heavy arms; a highlighted line has at least two."""


_DASHED = str.maketrans("─│", "╌╎")


def dashed(text: str, strokes: Strokes) -> str:
    """Return a piece of a line, dashed; in ASCII, where no dash is unambiguous, unchanged."""
    return text if strokes is ASCII else text.translate(_DASHED)


def highlighted(text: str, strokes: Strokes) -> str:
    """Return a highlighted piece of a line."""
    return text.translate(_HEAVY_ASCII if strokes is ASCII else _HEAVY)


def highlighted_arms(char: str, arms: int, strokes: Strokes) -> str:
    """Return a joint with these arms highlighted; in ASCII all arms look alike."""
    return _HALF.get(char, {}).get(arms) or highlighted(char, strokes)


def selected(text: str, strokes: Strokes) -> str:
    """Return a piece of the frame of the selected box."""
    return highlighted(text, strokes).translate(_OPEN_ASCII if strokes is ASCII else _OPEN)
