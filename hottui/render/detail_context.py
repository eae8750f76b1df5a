"""What the panes are about: one hot update with all that is known of it at a moment."""

from dataclasses import dataclass

from hottui.model.answer import Answer
from hottui.model.tracking import Tracked, Transition
from hottui.render.glyphs import Glyphs


@dataclass(frozen=True)
class DetailContext:
    """One hot update on its way to the screen. Times are seconds since the epoch, widths are in cells."""

    tracked: Tracked
    now: float
    width: int
    glyphs: Glyphs
    answer: Answer | None = None
    """Its secrets are masked unless `reveal` is set: no pane has to think of them."""
    answered: float | None = None
    """When `answer` was read."""
    unreadable: str = ""
    """Why the kept answer cannot be read."""
    before: Answer | None = None
    """The answer of the hot update that was seen before this one for the same job."""
    transitions: tuple[Transition, ...] = ()
    reveal: bool = False
    """Whether secrets are shown, on this screen only."""
    words: tuple[str, ...] = ()
    """The filter of the pane."""
