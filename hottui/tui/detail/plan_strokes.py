"""What selection and light do to strokes, so that both are seen without colour: heavy ones, or other signs in ASCII."""

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
"""Joints of which only some arms are heavy: a lit line goes through by two of them at least."""


def lit(text: str, strokes: Strokes) -> str:
    """A piece of a line that is lit."""
    return text.translate(_HEAVY_ASCII if strokes is ASCII else _HEAVY)


def lit_arms(char: str, arms: int, strokes: Strokes) -> str:
    """A stroke of which these arms are lit; ASCII does not tell the others apart."""
    return _HALF.get(char, {}).get(arms) or lit(char, strokes)


def selected(text: str, strokes: Strokes) -> str:
    """A piece of the frame, or a bracket, of the selected box."""
    return lit(text, strokes).translate(_OPEN_ASCII if strokes is ASCII else _OPEN)
