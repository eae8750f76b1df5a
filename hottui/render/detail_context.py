"""The input of the detail panes: one hot update with everything known about it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hottui.model.tracking import Tracked, Transition
from hottui.render.glyphs import Glyphs

if TYPE_CHECKING:
    from hottui.model.answer import Answer


@dataclass(frozen=True)
class DetailContext:
    """One hot update to be rendered. Times are seconds since the epoch, widths are in cells."""

    tracked: Tracked
    now: float
    width: int
    glyphs: Glyphs
    answer: "Answer | None" = None
    """Secrets are masked here already unless `reveal` is set; panes do not mask."""
    answered: float | None = None
    """When `answer` was read."""
    unreadable: str = ""
    """Why the stored answer cannot be read."""
    before: "Answer | None" = None
    """The answer of the previous hot update of the same job."""
    transitions: tuple[Transition, ...] = ()
    reveal: bool = False
    """Whether secrets are shown, in the dashboard only."""
    words: tuple[str, ...] = ()
    """The pane's filter: words that must all match."""
