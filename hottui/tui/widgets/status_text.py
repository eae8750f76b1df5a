"""Texts of the header and the trouble line: context, counts by state, and the state of polling."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from hottui.model.cell_width import fit
from hottui.model.control_characters import visible
from hottui.model.state import Freshness
from hottui.model.times import duration
from hottui.model.tracking import Tracked
from hottui.render.glyphs import Glyphs, counted_words
from hottui.render.styled_text import Span

if TYPE_CHECKING:
    from hottui.monitor.snapshot import LoopStatus


Parts = tuple[Span, ...]
TroubleText = tuple[str, str, str]
"""Message, hint and style of a trouble."""
QUIET = "bar.dim"
"""The style of a trouble that is no more than a note."""
_THROTTLED_FOR = 5.0
"""Seconds for which an account may be throttled before the trouble line reports it."""
_COUNTS = {
    "updating": "updating", "failed": "failed", "updated": "updated",
    "stale": "stale", "denied": "denied", "gone": "gone", "waiting": "waiting",
}  # fmt: skip
"""Counted states and freshness, in display order, and the name of their style and glyph."""


_LEAST_CONTEXT = 12
"""Cells of a shortened context at least, unless its first part, the profile, is shorter."""


def head(
    context: str, tracked: tuple[Tracked, ...], loop: "LoopStatus | None", glyphs: Glyphs, width: int
) -> tuple[Parts, Parts]:
    """Return the left and right part of the header.

    As the width shrinks, counts are shown as glyphs, then the name is dropped and the context shortened; the state of
    polling always stays.
    """
    name, place = Span(" hottui ", "bar.title"), Span(f" {visible(context)}", "bar")
    unanswered = count_unanswered(tracked, loop) if loop else Unanswered(0, 0, "")
    full, short, brief = (
        (*_loop(loop, glyphs, bool(tracked), unanswered, brief=brief, reason=reason), Span(" ", "bar"))
        for brief, reason in ((False, True), (False, False), (True, False))
    )
    tally = _tally(tracked)
    words, glyph_counts = (
        (*_counts_in_words(tally), Span("   ", "bar")),
        (*_counts_in_glyphs(tally, glyphs), Span("  ", "bar")),
    )
    whole: Parts = (name, place)
    choices: tuple[tuple[Parts, Parts], ...] = (
        (whole, (*words, *full)), (whole, (*words, *short)),
        (whole, (*glyph_counts, *full)), (whole, (*glyph_counts, *short)), ((place,), (*glyph_counts, *short)),
    )  # fmt: skip
    for left, right in choices:
        if _length(left) + _length(right) <= width:
            return left, right
    profile, rights = cell_len(place.text.partition(" · ")[0]), ((*glyph_counts, *short), (*glyph_counts, *brief))
    for right in rights:
        if width - _length(right) >= min(_LEAST_CONTEXT, profile + 2):
            return (Span(fit(place.text, width - _length(right)), "bar"),), right
    return (), next((right for right in (*rights, short) if _length(right) <= width), brief)


def _length(parts: Parts) -> int:
    return sum(cell_len(span.text) for span in parts)


def _tally(tracked: tuple[Tracked, ...]) -> Counter[str]:
    """Count states and freshness in one pass, because it runs for every snapshot."""
    return Counter(word for one in tracked for word in counted_words(one))


def counted_state(span: Span) -> str:
    """Return the state that `span` of the header counts; empty if it counts none."""
    return next((word for word, name in _COUNTS.items() if span.style == f"bar.{name}"), "")


def window_title(tracked: tuple[Tracked, ...], glyphs: Glyphs) -> str:
    """Return `✖1 ◐2 hottui`: how many have failed and how many are in progress, without zeros."""
    tally = _tally(tracked)
    counts = (f"{getattr(glyphs, _COUNTS[word])}{tally[word]}" for word in ("failed", "updating") if tally[word])
    return " ".join((*counts, "hottui"))


def _counts_in_words(tally: Counter[str]) -> Parts:
    """Return `2 updating  1 failed  39 updated`, without zeros."""
    return tuple(Span(f"  {tally[word]} {word}", f"bar.{name}") for word, name in _COUNTS.items() if tally[word])


def _counts_in_glyphs(tally: Counter[str], glyphs: Glyphs) -> Parts:
    """Return `◐ 2  ✖ 1  ✔ 39`, without zeros."""
    counts = ((tally[word], name) for word, name in _COUNTS.items() if tally[word])
    return tuple(Span(f"  {getattr(glyphs, name)} {count}", f"bar.{name}") for count, name in counts)


def _paused_accounts(count: int, glyphs: Glyphs, *, reason: bool) -> Parts:
    accounts = f"{count} account{'s' * (count != 1)} paused"
    return (Span(f"{glyphs.held} {accounts}{' (access denied)' if reason else ''}  ", "bar.error"),)


def _loop(
    loop: "LoopStatus | None", glyphs: Glyphs, any_tracked: bool, unanswered: "Unanswered", *, brief: bool, reason: bool
) -> tuple[Span, ...]:
    """Return the state of polling: paused accounts, interval, unanswered reads."""
    if loop is None:
        return (Span(f"{glyphs.waiting} connecting", "bar.dim"),)
    held = _paused_accounts(len(loop.holds), glyphs, reason=reason) if loop.holds and not loop.paused else ()
    reading = _reading(loop, glyphs, any_tracked, unanswered)
    if loop.paused or loop.slowed or reading is None:
        silent = () if reading else _unanswered(unanswered, brief=brief, prefix=f"{glyphs.waiting} ")
    else:
        silent = _unanswered(unanswered, brief=brief, prefix=f" {glyphs.dot} ")
    return (*held, *((reading,) if reading else ()), *silent)


class Unanswered(NamedTuple):
    """How many of the polled rows got no answer to their last read, and the most frequent cause."""

    rows: int
    polled: int
    cause: str


def count_unanswered(tracked: tuple[Tracked, ...], loop: "LoopStatus") -> Unanswered:
    """Count unanswered rows among those in progress and those never answered; finished rows are not polled.

    Denied rows are part of the counts by state; they are unanswered only if all other polled rows are, too.
    """
    causes: Counter[str] = Counter()
    read = denied = 0
    for one in tracked:
        if not one.in_progress and (one.summary is not None or one.freshness is Freshness.GONE):
            continue
        read += 1
        cause = one.trouble.cause if one.trouble else ""
        if one.freshness is Freshness.DENIED:
            denied += 1
        elif one.ref in loop.held:
            causes[loop.holds[0].cause if loop.holds else cause] += 1
        elif one.freshness is Freshness.STALE:
            causes[cause] += 1
    silent = causes.total()
    if denied and silent + denied == read:
        causes[loop.holds[0].cause if loop.holds else "permission"] += denied
        silent = read
    return Unanswered(silent, read, causes.most_common(1)[0][0] if causes else "")


def _unanswered(unanswered: Unanswered, *, prefix: str, brief: bool) -> tuple[Span, ...]:
    """Return `no answer from 36 of 46 – timeout`."""
    if not unanswered.rows:
        return ()
    if brief:
        return (Span(f"{prefix}no answer: {unanswered.rows}/{unanswered.polled}", "bar.warning"),)
    cause = f" – {unanswered.cause}" if unanswered.cause else ""
    return (Span(f"{prefix}no answer from {unanswered.rows} of {unanswered.polled}{cause}", "bar.warning"),)


def _reading(loop: "LoopStatus", glyphs: Glyphs, any_tracked: bool, unanswered: Unanswered) -> Span | None:
    """Return the polling interval or why nothing is polled; None if no polled row was answered."""
    interval = f"{loop.interval:g}s"
    if loop.paused:
        return Span(f"{glyphs.paused} paused", "bar.warning")
    if not any_tracked:
        return Span(f"{glyphs.waiting} nothing to poll", "bar.dim")
    if loop.slowed:
        return Span(f"{glyphs.live} throttled by the service", "bar.warning")
    if unanswered.rows and unanswered.rows == unanswered.polled:
        return None
    if loop.period is not None and loop.period > loop.interval * 1.5:
        return Span(f"{glyphs.live} live, every {loop.period:.0f}s (interval {interval})", "bar.warning")
    return Span(f"{glyphs.live} live, every {interval}", "bar.success")


def trouble_lines(found: Sequence[TroubleText], most: int, width: int, key: str = "!") -> tuple[Parts, ...]:
    """Return the worst `most` troubles, each in one line of `width` cells; the last one counts the others."""
    more = len(found) - most
    suffixes = ["" for _ in found[: most - 1]] + [f"  (and {more} more: press {key})" if more > 0 else ""]
    return tuple(
        _trouble_line(message + suffix, hint, style, width)
        for (message, hint, style), suffix in zip(found, suffixes, strict=False)
    )


def _trouble_line(message: str, hint: str, style: str, width: int) -> Parts:
    first = Span(f" {message}  ", style)
    left = width - cell_len(first.text)
    return (first, Span(fit(hint, left), "bar")) if left > 8 else (Span(fit(first.text.rstrip(), width), style),)


def troubles(loop: "LoopStatus | None", now: float) -> list[TroubleText]:
    """Return every trouble of polling as a whole.

    From worst to least: unsaved changes, paused accounts, throttled accounts, a wrong clock, missing permissions that
    only effects need.
    """
    if loop is None:
        return []
    found: list[TroubleText] = []
    if loop.trouble:
        unsaved = f" {loop.unsaved} not saved yet." if loop.unsaved else ""
        found.append((loop.trouble.message + unsaved, loop.trouble.hint, "bar.warning"))
    found += [
        (f"{f'{hold.namespace}: ' if hold.namespace else ''}{hold.message}", hold.hint, "bar.error")
        for hold in loop.holds
    ]
    found += [(slow.message, slow.hint, "bar.warning") for slow in loop.slowed if now - slow.since > _THROTTLED_FOR]
    if loop.clock_offset:
        away = f"{duration(abs(loop.clock_offset))} {'behind' if loop.clock_offset > 0 else 'ahead of'}"
        found.append(
            (f"This machine's clock is {away} the service's.", "hottui corrects for it; set the clock.", "bar.warning")
        )
    if loop.not_permitted:
        found.append((loop.not_permitted, "Effects and jobs are not known there.", QUIET))
    return [(visible(message), visible(hint), style) for message, hint, style in found]
