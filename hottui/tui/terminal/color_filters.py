"""Everything on screen in ASCII, or without colours, where there is nothing else or nothing else is wanted."""

from collections.abc import Mapping
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from hottui.render.glyphs import to_ascii


class AsciiFilter(LineFilter):
    """Applies to every line of every widget, Textual's own included."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The same segments in ASCII."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]


class ColorlessFilter(LineFilter):
    """No colour at all; bold, underline and reverse video stay. Textual's own way to heed NO_COLOR leaves greys."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The same segments in the terminal's own two colours."""
        return [Segment(text, _colorless(style) if style else style, control) for text, style, control in segments]


@lru_cache(1024)
def _colorless(style: Style) -> Style:
    return style.without_color


def colors_unwanted(environment: Mapping[str, str]) -> bool:
    """Whether the user wants no colours: NO_COLOR is there and not empty, as no-color.org defines it."""
    return bool(environment.get("NO_COLOR"))
