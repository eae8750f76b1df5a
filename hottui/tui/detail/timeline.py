"""Timeline: the transitions observed here, with how long each state lasted. The service itself tells no times."""

from collections.abc import Sequence

from hottui.model.cell_width import cells, pad
from hottui.model.control_characters import visible
from hottui.model.state import is_final
from hottui.model.tracking import Summary, Tracked, Transition
from hottui.render.ages import clock_time, duration
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import Glyphs, state_name
from hottui.render.lazy_lines import LazyLines, MappedLines, fixed
from hottui.render.styled_text import EMPTY, Line, clip, line, note

_LONGEST_STATE = 60
"""Characters shown of a state, which the service may make up."""


def depends(subject: DetailContext) -> tuple[object, ...]:
    """What all lines but the last ones are made of."""
    return (subject.transitions, subject.width if not subject.transitions else 0)


def head(subject: DetailContext) -> tuple[Line, ...]:
    """The titles of the columns."""
    if not subject.transitions:
        return ()
    return (line((f" {pad('OBSERVED', 21)}{pad('STATE', _state_width(subject.transitions) + 2)}LASTED", "header")),)


def body(subject: DetailContext) -> LazyLines:
    """All transitions but the last, the oldest first."""
    moves = subject.transitions
    if not moves:
        return fixed(note("No transition has been observed yet.", subject.width))
    state_width = _state_width(moves)

    def row(index: int) -> Line:
        lasted = duration(moves[index + 1].at - moves[index].at)
        return _row(moves[index], lasted, subject.glyphs, state_width)

    widest_duration = 12
    return MappedLines(range(len(moves) - 1), row, width=21 + state_width + 4 + widest_duration)


def tail(subject: DetailContext) -> tuple[Line, ...]:
    """The last transition, whose state still lasts, and where the times come from."""
    moves = subject.transitions
    if not moves:
        return ()
    last, first = moves[-1], moves[0]
    lasted = "since then" if is_final(last.state) else f"{duration(subject.now - last.at)} so far"
    out = [_row(last, lasted, subject.glyphs, _state_width(moves))]
    if len(moves) > 1:
        out += [EMPTY, line((f" From the first to the last: {duration(last.at - first.at)}", "text"))]
    began = " (it may have begun before that)" if not first.previous else ""
    words = f"Times are when hottui saw the state for the first time{began}; the service gives none."
    return (*out, EMPTY, *note(words, subject.width))


def _state_width(moves: Sequence[Transition]) -> int:
    return max(cells(_state(state)) for state in {move.state for move in moves}) + 3


def _state(state: str) -> str:
    return visible(clip(state, _LONGEST_STATE)) or "(none)"


def _row(move: Transition, lasted: str, glyphs: Glyphs, state_width: int) -> Line:
    name = state_name(Tracked(move.ref, summary=Summary(move.state)))
    at = clock_time(move.at)
    return line(
        (f" {pad(at, 21)}", "dim"),
        (f"{getattr(glyphs, name)} {pad(_state(move.state), state_width)}", name),
        (lasted, "text"),
        value=f"{at} {move.state}",
    )
