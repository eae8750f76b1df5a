"""The signs on screen, in Unicode and in ASCII for terminals that have nothing else."""

import re
from typing import Final, NamedTuple

from rich.cells import cell_len

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import Tracked


class Glyphs(NamedTuple):
    """One sign for each thing that is never told by colour alone."""

    init: str
    updating: str
    updated: str
    failed: str
    unknown: str
    waiting: str
    gone: str
    denied: str
    stale: str
    bookmark: str
    changed: str
    live: str
    paused: str
    held: str
    cursor: str
    rule: str
    dot: str
    arrow: str
    ellipsis: str


UNICODE: Final = Glyphs(
    init="○", updating="◐", updated="✔", failed="✖", unknown="◇", waiting="·", gone="∅", denied="⊘", stale="!",
    bookmark="★", changed="±", live="●", paused="‖", held="▲", cursor="▌", rule="─", dot="·", arrow="→", ellipsis="…",
)  # fmt: skip
ASCII: Final = Glyphs(
    init="o", updating="~", updated="+", failed="x", unknown="?", waiting=".", gone="0", denied="-", stale="!",
    bookmark="*", changed="%", live="*", paused="=", held="^", cursor=">", rule="-", dot="-", arrow="->", ellipsis=".",
)  # fmt: skip

_KNOWN = {INIT: "init", HOT_UPDATING: "updating", HOT_UPDATED: "updated", FAILED: "failed"}
_NO_ANSWER = {Freshness.GONE: "gone", Freshness.DENIED: "denied"}


def state_name(tracked: Tracked) -> str:
    """Which sign and which colour stand for it: a field of Glyphs and a style of the palette."""
    if tracked.freshness is Freshness.GONE:
        return "gone"
    if tracked.summary is None:
        return _NO_ANSWER.get(tracked.freshness, "waiting")
    return _KNOWN.get(tracked.state, "unknown")


def state_word(tracked: Tracked) -> str:
    """The word in the table: the service's state without its `HOT_`, or the freshness where there is no state.

    Capitals are the service's; `gone` is hottui's own word, as `waiting` and `denied` are.
    """
    if tracked.freshness is Freshness.GONE or tracked.summary is None:
        return tracked.freshness.value
    return tracked.state.removeprefix("HOT_") or "no state"


_LINES = str.maketrans(
    {
        **dict.fromkeys("─━╌╍┄┅═", "-"),
        **dict.fromkeys("│┃║╎╏▌▐▋▍▉▎▏▕▊", "|"),
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


GROUPS = 8
"""How many colours the slot sharing groups of a plan take turns in."""
