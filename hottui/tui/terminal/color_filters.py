"""Line filters for terminals without Unicode (ASCII only) and for NO_COLOR."""

from collections.abc import Mapping
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from hottui.render.glyphs import to_ascii


class AsciiFilter(LineFilter):
    """Replace all non-ASCII characters, in Textual's own widgets as well."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the segments in ASCII."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]


class ColorlessFilter(LineFilter):
    """Remove all colors; bold, underline and reverse video stay. Textual's own NO_COLOR filter leaves greys."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the segments in the terminal's default colors."""
        return [Segment(text, _colorless(style) if style else style, control) for text, style, control in segments]


@lru_cache(1024)
def _colorless(style: Style) -> Style:
    return style.without_color


def colors_unwanted(environment: Mapping[str, str]) -> bool:
    """Return whether NO_COLOR is set and not empty, as no-color.org defines it."""
    return bool(environment.get("NO_COLOR"))
