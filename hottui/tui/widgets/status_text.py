"""The words of the bars: where hottui looks, how many are in which state, and how the loop is."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from hottui.model.cell_width import fit
from hottui.model.control_characters import visible
from hottui.model.state import FAILED, Freshness
from hottui.model.tracking import Tracked
from hottui.render.ages import duration
from hottui.render.glyphs import Glyphs
from hottui.render.styled_text import Span

if TYPE_CHECKING:
    from hottui.monitor.snapshot import LoopStatus


Parts = tuple[Span, ...]
_PASSING = 5.0
"""Seconds for which an account may be slowed before it is worth a line."""
_TOLD_BESIDE = frozenset({Freshness.STALE, Freshness.DENIED, Freshness.GONE})
_WORDS = {
    "updating": "updating", "failed": "failed", "done": "updated",
    "stale": "stale", "denied": "denied", "gone": "gone", "waiting": "waiting",
}  # fmt: skip
"""What is counted, in the order in which it is told, and the name of its style and sign."""


def head(
    context: str, tracked: tuple[Tracked, ...], loop: "LoopStatus | None", glyphs: Glyphs, width: int
) -> tuple[Parts, Parts]:
    """The parts of the top bar; on a narrow screen the counts become signs, then the context gives way to them, never
    the loop's state."""
    name, place = Span(" hottui ", "bar.title"), Span(f" {visible(context)}", "bar")
    full, brief = (
        (*_loop(loop, glyphs, tracked, brief=brief), Span(" ", "bar")) for brief in (False, True)
    )  # fmt: skip
    tally = _tally(tracked)
    words, signs = (*_in_words(tally), Span("   ", "bar")), (*_in_signs(tally, glyphs), Span("  ", "bar"))
    whole: Parts = (name, place)
    choices: tuple[tuple[Parts, Parts], ...] = (
        (whole, (*words, *full)), (whole, (*signs, *full)), ((name,), (*words, *full)), ((), (*words, *full)),
        ((name,), (*signs, *full)), ((), (*signs, *full)), ((name,), (*signs, *brief)), ((), (*signs, *brief)),
        ((), full),
    )  # fmt: skip
    fitting = ((left, right) for left, right in choices if _length(left) + _length(right) <= width)
    return next(fitting, ((), brief))


def _length(parts: Parts) -> int:
    return sum(cell_len(span.text) for span in parts)


def _tally(tracked: tuple[Tracked, ...]) -> Counter[str]:
    """How many are in which state and how fresh, in one pass over all: this is done for every snapshot."""
    tally: Counter[str] = Counter()
    for one in tracked:
        fresh = one.freshness
        if one.summary is None:
            if fresh is Freshness.WAITING:
                tally["waiting"] += 1
        elif one.state == FAILED:
            tally["failed"] += 1
        elif fresh is not Freshness.GONE:
            tally["updating" if one.in_progress else "done"] += 1
        if fresh in _TOLD_BESIDE:
            tally[fresh.value] += 1
    return tally


def _in_words(tally: Counter[str]) -> Parts:
    """`2 updating  1 failed  39 done`, without the zeros."""
    return tuple(Span(f"  {tally[word]} {word}", f"bar.{name}") for word, name in _WORDS.items() if tally[word])


def _in_signs(tally: Counter[str], glyphs: Glyphs) -> Parts:
    """`◐ 2  ✖ 1  ✔ 39`."""
    told = ((tally[word], name) for word, name in _WORDS.items() if tally[word])
    return tuple(Span(f"  {getattr(glyphs, name)} {count}", f"bar.{name}") for count, name in told)


def _loop(loop: "LoopStatus | None", glyphs: Glyphs, tracked: tuple[Tracked, ...], *, brief: bool) -> tuple[Span, ...]:
    """What is held, and how the reading goes."""
    if loop is None:
        return (Span(f"{glyphs.waiting} connecting", "bar.dim"),)
    held = (Span(f"{glyphs.held} {len(loop.holds)} held  ", "bar.error"),) if loop.holds and not loop.paused else ()
    silence = silence_of(tracked, loop)
    reading = _reading(loop, glyphs, tracked, silence)
    if loop.paused or loop.slowed or reading is None:
        silent = () if reading else _silence(silence, brief=brief, sign=f"{glyphs.waiting} ")
    else:
        silent = _silence(silence, brief=brief, sign=f" {glyphs.dot} ")
    return (*held, *((reading,) if reading else ()), *silent)


class Silence(NamedTuple):
    """How many of the rows that are read brought no answer the last time, and the most frequent cause."""

    silent: int
    read: int
    cause: str


def silence_of(tracked: tuple[Tracked, ...], loop: "LoopStatus") -> Silence:
    """The silence among the rows in progress and those never answered. What has finished is not read.

    Rows that are denied are counted where the states are; they are silent only where all others are.
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
    return Silence(silent, read, causes.most_common(1)[0][0] if causes else "")


def _silence(silence: Silence, *, sign: str, brief: bool) -> tuple[Span, ...]:
    """`no answer from 36 of 46 – timeout`."""
    if not silence.silent:
        return ()
    if brief:
        return (Span(f"{sign}no answer: {silence.silent}/{silence.read}", "bar.warning"),)
    cause = f" – {silence.cause}" if silence.cause else ""
    return (Span(f"{sign}no answer from {silence.silent} of {silence.read}{cause}", "bar.warning"),)


def _reading(loop: "LoopStatus", glyphs: Glyphs, tracked: tuple[Tracked, ...], silence: Silence) -> Span | None:
    """How often rows are read; None where none of those that are read is answered."""
    every = f"{loop.interval:g}s"
    if loop.paused:
        return Span(f"{glyphs.paused} paused", "bar.warning")
    if not tracked:
        return Span(f"{glyphs.waiting} nothing to watch", "bar.dim")
    if loop.slowed:
        return Span(f"{glyphs.live} slowed by the service", "bar.warning")
    if silence.silent and silence.silent == silence.read:
        return None
    if loop.period is not None and loop.period > loop.interval * 1.5:
        return Span(f"{glyphs.live} live, every {loop.period:.0f}s (asked for {every})", "bar.warning")
    return Span(f"{glyphs.live} live, every {every}", "bar.success")


def trouble(loop: "LoopStatus | None", now: float) -> tuple[str, str, str]:
    """What is wrong with the loop as a whole, what to do about it, and the style to say it in; empty if nothing is.

    The gravest is said: what is not saved, then who is not read at all, then who is read more slowly.
    """
    said = _troubles(loop, now) if loop else []
    if not said:
        return "", "", "bar"
    message, hint, style = said[0]
    more = f"  (and {len(said) - 1} more: press !)" if len(said) > 1 else ""
    return visible(message) + more, visible(hint), style


def trouble_line(said: tuple[str, str, str], width: int) -> Parts:
    """The same in one line of `width` cells."""
    message, hint, style = said
    first = Span(f" {message}  ", style)
    left = width - cell_len(first.text)
    return (first, Span(fit(hint, left), "bar")) if left > 8 else (Span(fit(first.text.rstrip(), width), style),)


def troubles(loop: "LoopStatus | None", now: float) -> list[tuple[str, str, str]]:
    """All that is wrong with the loop, as `trouble` tells the gravest of it."""
    return _troubles(loop, now) if loop else []


def _troubles(loop: "LoopStatus", now: float) -> list[tuple[str, str, str]]:
    said: list[tuple[str, str, str]] = []
    if loop.trouble:
        unsaved = f" {loop.unsaved} not saved yet." if loop.unsaved else ""
        said.append((loop.trouble.message + unsaved, loop.trouble.hint, "bar.warning"))
    said += [
        (f"{f'{hold.namespace}: ' if hold.namespace else ''}{hold.message}", hold.hint, "bar.error")
        for hold in loop.holds
    ]
    said += [(slow.message, slow.hint, "bar.warning") for slow in loop.slowed if now - slow.since > _PASSING]
    if loop.clock_offset:
        away = f"{duration(abs(loop.clock_offset))} {'behind' if loop.clock_offset > 0 else 'ahead of'}"
        said.append(
            (f"This machine's clock is {away} the service's.", "hottui allows for it; set the clock.", "bar.warning")
        )
    return said
