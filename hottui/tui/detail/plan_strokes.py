"""What selection and light do to strokes, so that both are seen without colour: heavy ones, or other signs in ASCII."""

from hottui.graph.strokes import ASCII, Strokes

_HEAVY = str.maketrans("╴╶─╵╯╰┴╷╮╭┬│┤├┼┌┐└┘", "╸╺━╹┛┗┻╻┓┏┳┃┫┣╋┏┓┗┛")
_HEAVY_ASCII = str.maketrans("-|'`+.,{}", "=########")
_OPEN = str.maketrans("[]", "▐▌")
_OPEN_ASCII = str.maketrans("[]", "##")


def lit(text: str, strokes: Strokes) -> str:
    """A piece of a line that is lit."""
    return text.translate(_HEAVY_ASCII if strokes is ASCII else _HEAVY)


def selected(text: str, strokes: Strokes) -> str:
    """A piece of the frame, or a bracket, of the selected box."""
    return lit(text, strokes).translate(_OPEN_ASCII if strokes is ASCII else _OPEN)
