"""Named styles, built from a theme's colours, the strips drawn with them, and filters for plainer terminals."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rich.color import Color as AnsiColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from hottui.model.control_characters import visible
from hottui.render.ascii_line import ascii_line
from hottui.render.glyphs import GROUPS, UNICODE, Glyphs
from hottui.render.styled_text import Span
from hottui.tui.commands import COMMANDS, Command


def to_strip(spans: Iterable[Span], styles: dict[str, Style], over: Style | None = None) -> Strip:
    """Return a strip of `spans`: adjacent spans of one style are merged, `over` (the cursor) is added to every style.

    The last line of defence: control characters that a pane did not escape are escaped here.
    """
    segments: list[Segment] = []
    for span in spans:
        style = styles[span.style]
        if not span.text.isprintable():
            span = Span(visible(span.text), span.style)  # noqa: PLW2901
        if over is not None:
            style += over
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + span.text, style)
        else:
            segments.append(Segment(span.text, style))
    return Strip(segments)


SCROLLBARS = """
    scrollbar-size: 1 1;
    scrollbar-color: $line; scrollbar-color-hover: $line; scrollbar-color-active: $primary;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background; scrollbar-corner-color: $background;
"""
"""Textual CSS for unobtrusive scrollbars of one cell."""

PLAIN_CURSORS = ("reverse", "underline")
"""Cursors without a colour of their own."""

PALETTE = {
    "black": "#000000", "red": "#cd0000", "green": "#00cd00", "yellow": "#cdcd00",
    "blue": "#0000ee", "magenta": "#cd00cd", "cyan": "#00cdcd", "white": "#e5e5e5",
    "bright-black": "#7f7f7f", "bright-red": "#ff0000", "bright-green": "#00ff00", "bright-yellow": "#ffff00",
    "bright-blue": "#5c5cff", "bright-magenta": "#ff00ff", "bright-cyan": "#00ffff", "bright-white": "#ffffff",
}  # fmt: skip
"""The 16 colours of a terminal, in the order of their numbers, with xterm's values."""

STATES = ("init", "updating", "updated", "failed", "unknown", "waiting", "stale", "gone", "denied")


def build_styles(colors: Mapping[str, str], *, plain_cursor: bool = False) -> dict[str, Style]:
    """Return every style by name.

    `colors` are a theme's variables by name (`foreground`, `background`, `state-failed`, `group-3`, …) as `#rrggbb`;
    `cursor` and `cursor-away` may be `reverse` or `underline` instead. With a plain cursor they always are.
    """
    cursor, cursor_away = ("reverse", "underline") if plain_cursor else (colors["cursor"], colors["cursor-away"])
    ink, paper = colors["foreground"], colors["background"]

    def on(color: str, *, bold: bool = False) -> Style:
        return Style(color=color, bgcolor=paper, bold=bold or None)

    dim = on(colors["muted"])
    bar = Style(color=ink, bgcolor=colors["bar"])
    styles = {
        "text": on(ink),
        "bold": on(ink, bold=True),
        "dim": dim,
        "rule": on(colors["line"]),
        "header": on(colors["muted"], bold=True),
        "title": on(colors["primary"], bold=True),
        "accent": on(colors["accent"]),
        "changed": on(colors["changed"], bold=True),
        "secret": on(colors["muted"]),
        "error": on(colors["error"]),
        "warning": on(colors["warning"]),
        "success": on(colors["success"]),
        "tab": dim,
        "tab.open": Style(color=colors["primary"], bgcolor=paper, bold=True, underline=True),
        "bar": bar,
        "bar.dim": Style(color=colors["muted"], bgcolor=colors["bar"]),
        "bar.key": Style(color=colors["accent"], bgcolor=colors["bar"], bold=True),
        "bar.title": Style(color=colors["primary"], bgcolor=colors["bar"], bold=True),
        "bar.error": Style(color=colors["error"], bgcolor=colors["bar"], bold=True),
        "bar.warning": Style(color=colors["warning"], bgcolor=colors["bar"], bold=True),
        "bar.success": Style(color=colors["success"], bgcolor=colors["bar"]),
        "cursor": _cursor(cursor),
        "cursor.away": _cursor(cursor_away),
        "failed.low": on(colors["state-failed"]),
        "box": on(colors["line"]),
        "edge": on(colors["edge"]),
        "edge.lit": on(colors["lit"], bold=True),
        "box.selected": on(colors["lit"], bold=True),
        "strategy": on(colors["accent"], bold=True),
    }
    styles |= {state: on(colors[f"state-{state}"], bold=state in {"failed", "updating"}) for state in STATES}
    styles |= {f"bar.{state}": Style(color=colors[f"state-{state}"], bgcolor=colors["bar"]) for state in STATES}
    styles |= {f"group.{n}": on(colors[f"group-{n}"]) for n in range(GROUPS)}
    return styles


def _cursor(how: str) -> Style:
    return Style(reverse=how == "reverse", underline=how == "underline") if how in PLAIN_CURSORS else Style(bgcolor=how)


@dataclass(slots=True)
class Appearance:
    """Glyphs, clock and styles that widgets share; the app replaces the styles when the theme changes."""

    glyphs: Glyphs = UNICODE
    clock: Callable[[], float] = time.time
    plain_cursor: bool = False
    """Whether the cursor is shown in reverse video, because there are too few colours for a shade."""
    styles: dict[str, Style] = field(default_factory=dict)
    commands: tuple[Command, ...] = COMMANDS
    """The commands with the keys in effect."""

    def key(self, id: str) -> str:  # noqa: A002
        """Return the first key of a command as shown to the user."""
        return next(command.first_key for command in self.commands if command.id == id)

    def use_colors(self, colors: Mapping[str, str]) -> None:
        """Build the styles from a theme's colours."""
        self.styles = build_styles(colors, plain_cursor=self.plain_cursor)


class AsciiFilter(LineFilter):
    """Replace all non-ASCII characters, in Textual's own widgets as well."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the segments in ASCII."""
        texts = ascii_line([text for text, _, _ in segments])
        return [Segment(text, style, control) for text, (_, style, control) in zip(texts, segments, strict=True)]


class PaletteFilter(LineFilter):
    """Replace colors by the nearest of the terminal's own 16, which may look different from xterm's."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the segments in the terminal's own colors."""
        return [Segment(text, _of_palette(style) if style else style, control) for text, style, control in segments]


@lru_cache(1024)
def _of_palette(style: Style) -> Style:
    return style + Style(color=_nearest(style.color), bgcolor=_nearest(style.bgcolor))


def _nearest(color: AnsiColor | None) -> AnsiColor | None:
    """Return the nearest color of the palette by number; None for None."""
    if color is None or color.triplet is None or color.type is not ColorType.TRUECOLOR:
        return color
    red, green, blue = color.triplet

    def distance(number: int) -> int:
        other = list(PALETTE.values())[number]
        r, g, b = (int(other[n : n + 2], 16) for n in (1, 3, 5))
        return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2

    return AnsiColor.from_ansi(min(range(len(PALETTE)), key=distance))


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
