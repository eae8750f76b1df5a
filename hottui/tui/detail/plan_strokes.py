"""Heavy strokes for selected and highlighted parts, so that both are visible without colour."""

from hottui.graph.strokes import ASCII, DOWN, LEFT, RIGHT, UP, Strokes

_HEAVY = str.maketrans("╴╶─╵╯╰┴╷╮╭┬│┤├┼┌┐└┘", "╸╺━╹┛┗┻╻┓┏┳┃┫┣╋┏┓┗┛")
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


def lit(text: str, strokes: Strokes) -> str:
    """Return a highlighted piece of a line."""
    return text.translate(_HEAVY_ASCII if strokes is ASCII else _HEAVY)


def lit_arms(char: str, arms: int, strokes: Strokes) -> str:
    """Return a joint with these arms highlighted; in ASCII all arms look alike."""
    return _HALF.get(char, {}).get(arms) or lit(char, strokes)


def selected(text: str, strokes: Strokes) -> str:
    """Return a piece of the frame of the selected box."""
    return lit(text, strokes).translate(_OPEN_ASCII if strokes is ASCII else _OPEN)
