"""Glyphs and words for states, in Unicode and in ASCII for terminals without it."""

import re
from typing import Final, NamedTuple

from rich.cells import cell_len

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness, state_text
from hottui.model.tracking import Tracked


class Glyphs(NamedTuple):
    """One glyph for each thing that must not be shown by colour alone."""

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
    applied: str
    partial: str
    differs: str
    superseded: str
    drifted: str
    marked: str
    ascending: str
    descending: str


UNICODE: Final = Glyphs(
    init="○", updating="◐", updated="✔", failed="✖", unknown="◇", waiting="·", gone="∅", denied="⊘", stale="!",
    bookmark="★", changed="±", live="●", paused="‖", held="▲", cursor="▌", rule="─", dot="·", arrow="→", ellipsis="…",
    applied="✔", partial="◑", differs="≠", superseded="»", drifted="≈",
    marked="■", ascending="↑", descending="↓",
)  # fmt: skip
ASCII: Final = Glyphs(
    init="o", updating="~", updated="+", failed="x", unknown="?", waiting=".", gone="0", denied="-", stale="!",
    bookmark="*", changed="%", live="*", paused="=", held="^", cursor=">", rule="-", dot="-", arrow="->",
    ellipsis="...", applied="+", partial="/", differs="#", superseded=">", drifted="~",
    marked="#", ascending="^", descending="v",
)  # fmt: skip

_KNOWN = {INIT: "init", HOT_UPDATING: "updating", HOT_UPDATED: "updated", FAILED: "failed"}
_COUNTED_FRESHNESS: Final = frozenset({Freshness.STALE, Freshness.DENIED, Freshness.GONE})
_NO_ANSWER = {Freshness.GONE: "gone", Freshness.DENIED: "denied"}


def state_name(tracked: Tracked) -> str:
    """Return the name of its glyph and style: a field of Glyphs and a name in the palette."""
    if tracked.freshness is Freshness.GONE:
        return "gone"
    if tracked.summary is None:
        return _NO_ANSWER.get(tracked.freshness, "waiting")
    return _KNOWN.get(tracked.state, "unknown")


def state_word(tracked: Tracked) -> str:
    """Return the word in the table: the service's state without `HOT_`, or the freshness if there is no state.

    The service's words are in capitals; `gone`, `waiting` and `denied` are hottui's own.
    """
    if tracked.freshness is Freshness.GONE or tracked.summary is None:
        return freshness_word(tracked)
    return state_text(tracked.state)


def freshness_word(tracked: Tracked) -> str:
    """Return the freshness: `waiting`, not `stale`, for what was never read, since there is no answer to be stale."""
    never_read = tracked.summary is None and tracked.freshness is Freshness.STALE
    return (Freshness.WAITING if never_read else tracked.freshness).value


def counted_words(tracked: Tracked) -> tuple[str, ...]:
    """Return the words under which the header counts it: its state, and its freshness unless that is good."""
    freshness = freshness_word(tracked)
    if tracked.summary is None:
        return () if freshness == Freshness.LIVE else (freshness,)
    if tracked.state == FAILED:
        state = "failed"
    elif freshness == Freshness.GONE:
        return (freshness,)
    else:
        state = "updating" if tracked.in_progress else "updated"
    return (state, freshness) if freshness in _COUNTED_FRESHNESS else (state,)


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
        "≠": "#",
        "░": ".",
    }
)
_REST = re.compile(r"[^\x00-\x7f]")


def to_ascii(text: str) -> str:
    """Return `text` with every non-ASCII character replaced by ASCII of the same width in cells, `?` by default."""
    return text if text.isascii() else _REST.sub(lambda match: "?" * cell_len(match[0]), text.translate(_LINES))


def ascii_text(text: str) -> str:
    """Return `text` in ASCII, with whole arrows and ellipses: for lines in which no width has to stay."""
    return to_ascii(text.replace(UNICODE.arrow, ASCII.arrow).replace(UNICODE.ellipsis, ASCII.ellipsis))


_ARROW_KEYS: Final = {"←": "left", "→": "right", "↑": "up", "↓": "down"}


def key_names(keys: str, glyphs: Glyphs) -> str:
    """Return `keys` as shown to the user; in ASCII the arrow keys are words."""
    if glyphs.arrow == UNICODE.arrow:
        return keys
    return " ".join(_ARROW_KEYS.get(key, key) for key in keys.split(" "))


_MARKS: Final = {"+": "success", "-": "error", "±": "changed"}


def mark_style(mark: str) -> str:
    """Return the style of a mark of a comparison: `+` added, `-` removed, `±` changed."""
    return _MARKS.get(mark, "text")


def severity_style(severity: str) -> str:
    """Return the style of a failure's severity: LOW is not bold."""
    return "failed.low" if severity.upper() == "LOW" else "failed"


GROUPS = 8
"""Number of colours for slot sharing groups; they repeat in a plan with more groups."""
