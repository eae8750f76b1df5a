"""Everything on screen in ASCII, for terminals and locales that have nothing else."""

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_LINES = str.maketrans(
    {
        **dict.fromkeys("─━╌╍┄┅═", "-"),
        **dict.fromkeys("│┃║╎╏▌▐▎▏▕▊", "|"),
        **dict.fromkeys("┌┐└┘╭╮╰╯├┤┬┴┼╔╗╚╝", "+"),
        **dict.fromkeys("▁▂▃▄▅▆▇█▔▀", "#"),
        **dict.fromkeys("–—‐‑", "-"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("→▶", ">"),
        **dict.fromkeys("←◀", "<"),
        **dict.fromkeys("↑▲", "^"),
        **dict.fromkeys("↓▼", "v"),
        **dict.fromkeys("·…", "."),
        **dict.fromkeys("•●★", "*"),
        "×": "x",
        "±": "%",
    }
)
_REST = re.compile(r"[^\x00-\x7f]")


def to_ascii(text: str) -> str:
    """`text` with a sign of the same width in cells for everything outside ASCII; what has none becomes `?`."""
    return text if text.isascii() else _REST.sub(lambda match: "?" * cell_len(match[0]), text.translate(_LINES))


class AsciiFilter(LineFilter):
    """Applies to every line of every widget, Textual's own included."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The same segments in ASCII."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
