"""Named styles, built from a theme's colours, the strips drawn with them, and filters for plainer terminals."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from hottui.model.control_characters import visible
from hottui.render.glyphs import GROUPS, UNICODE, Glyphs, to_ascii
from hottui.render.styled_text import Span


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

STATES = ("init", "updating", "updated", "failed", "unknown", "waiting", "stale", "gone", "denied")


def build_styles(colors: Mapping[str, str], *, plain_cursor: bool = False) -> dict[str, Style]:
    """Return every style by name.

    `colors` are a theme's variables by name (`foreground`, `background`, `state-failed`, `group-3`, …) as `#rrggbb`.
    With a plain cursor, the selected row is reversed or underlined instead of shaded.
    """
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
        "cursor": Style(reverse=True) if plain_cursor else Style(bgcolor=colors["cursor"]),
        "cursor.away": Style(underline=True) if plain_cursor else Style(bgcolor=colors["cursor-away"]),
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


@dataclass(slots=True)
class Appearance:
    """Glyphs, clock and styles that widgets share; the app replaces the styles when the theme changes."""

    glyphs: Glyphs = UNICODE
    clock: Callable[[], float] = time.time
    plain_cursor: bool = False
    """Whether the cursor is shown in reverse video, because there are too few colours for a shade."""
    styles: dict[str, Style] = field(default_factory=dict)

    def use_colors(self, colors: Mapping[str, str]) -> None:
        """Build the styles from a theme's colours."""
        self.styles = build_styles(colors, plain_cursor=self.plain_cursor)


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
