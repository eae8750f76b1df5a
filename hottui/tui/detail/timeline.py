"""Timeline: the transitions observed here, with how long each state lasted. The service itself tells no times."""

from hottui.model.state import is_final
from hottui.model.text import visible
from hottui.model.tracking import Summary, Tracked, Transition
from hottui.tui.ages import clock_time, duration
from hottui.tui.detail.fields import note
from hottui.tui.detail.subject import Subject
from hottui.tui.glyphs import state_name
from hottui.tui.lines import EMPTY, Line, line, pad


def lines(subject: Subject) -> tuple[Line, ...]:
    """The pane, the oldest transition first."""
    moves = subject.transitions
    if not moves:
        return note("No transition has been observed yet.", subject.width)
    word_width = max(len(visible(move.state)) for move in moves) + 3
    out = [line((f" {pad('OBSERVED', 21)}{pad('STATE', word_width + 2)}LASTED", "header"))]
    for number, move in enumerate(moves):
        last = number == len(moves) - 1
        end = subject.now if last else moves[number + 1].at
        out.append(_row(move, end, subject, word_width, last=last))
    if len(moves) > 1:
        whole = f" From the first to the last: {duration(moves[-1].at - moves[0].at)}"
        out += [EMPTY, line((whole, "text"))]
    first = moves[0]
    began = " (it may have begun before that)" if not first.previous else ""
    return (
        *out,
        EMPTY,
        *note(f"Times are when hottui saw the state for the first time{began}; the service gives none.", subject.width),
    )


def _row(move: Transition, end: float, subject: Subject, word_width: int, *, last: bool) -> Line:
    name = state_name(Tracked(move.ref, summary=Summary(move.state)))
    sign = getattr(subject.glyphs, name)
    lasted = duration(end - move.at)
    if last:
        lasted = "since then" if is_final(move.state) else f"{lasted} so far"
    at = clock_time(move.at)
    return line(
        (f" {pad(at, 21)}", "dim"),
        (f"{sign} {pad(visible(move.state) or '(none)', word_width)}", name),
        (lasted, "text"),
        value=f"{at} {move.state}",
    )
