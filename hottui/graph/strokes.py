"""What lines, boxes and signs look like: box-drawing characters, or ASCII for terminals without them.

Both sets are one to read. A crossing is always the vertical stroke alone; a joint says which arms it has. In ASCII
the corners are told apart (`.` `'` to the left, `,` and the backquote to the right), `{` and `}` point their tip at
the horizontal arm, and `+` has both horizontal arms; its vertical ones are those where the line goes on.
"""

from dataclasses import dataclass

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
"""The arms of a joint, added up."""

HORIZONTAL, VERTICAL = LEFT | RIGHT, UP | DOWN


@dataclass(frozen=True, slots=True)
class Strokes:
    """One set of characters, all of one cell."""

    joints: tuple[str, ...]
    """The character for each sum of arms, 0 to 15."""
    corners: str
    """A box's corners: top left, top right, bottom left, bottom right."""
    top: str
    side: str
    exit_right: str
    exit_left: str
    exit_down: str
    exit_up: str
    open_left: str
    open_right: str
    """The ends of a box of a single row without a frame."""
    arrows: tuple[str, str, str, str]
    """Right, left, down, up."""
    times: str
    becomes: str
    ellipsis: str


UNICODE = Strokes(
    joints=tuple(" ╴╶─╵╯╰┴╷╮╭┬│┤├┼"),
    corners="┌┐└┘",
    top="─",
    side="│",
    exit_right="├",
    exit_left="┤",
    exit_down="┬",
    exit_up="┴",
    open_left="[",
    open_right="]",
    arrows=("▶", "◀", "▼", "▲"),
    times="×",
    becomes="→",
    ellipsis="…",
)

ASCII = Strokes(
    joints=tuple(" ---|'`+|.,+|{}+"),
    corners="++++",
    top="-",
    side="|",
    exit_right="|",
    exit_left="|",
    exit_down="-",
    exit_up="-",
    open_left="[",
    open_right="]",
    arrows=(">", "<", "v", "^"),
    times="x",
    becomes="->",
    ellipsis="~",
)
