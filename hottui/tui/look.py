"""How everything looks at the moment: styles, signs and the clock, shared by all widgets of one app."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.style import Style

from hottui.tui.glyphs import UNICODE, Glyphs
from hottui.tui.palette import build


@dataclass(slots=True)
class Look:
    """The one mutable thing widgets read while they draw; the app changes it when the theme changes."""

    glyphs: Glyphs = UNICODE
    clock: Callable[[], float] = time.time
    plain_cursor: bool = False
    """Whether the cursor is told by reverse video, because there are too few colours for a shade."""
    styles: dict[str, Style] = field(default_factory=dict)

    def wear(self, colors: Mapping[str, str]) -> None:
        """Take the styles of a theme's colours."""
        self.styles = build(colors, plain_cursor=self.plain_cursor)
