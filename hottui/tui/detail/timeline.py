"""The Timeline tab: the observed transitions and how long each state lasted. The API returns no timestamps."""

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
"""Characters shown of a state; the service may send unknown ones of any length."""


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what head and body depend on."""
    return (subject.transitions, subject.width if not subject.transitions else 0)


def head(subject: DetailContext) -> tuple[Line, ...]:
    """Return the column titles."""
    if not subject.transitions:
        return ()
    return (line((f" {pad('OBSERVED', 21)}{pad('STATE', _state_width(subject.transitions) + 2)}LASTED", "header")),)


def body(subject: DetailContext) -> LazyLines:
    """Return all transitions but the last, oldest first."""
    transitions = subject.transitions
    if not transitions:
        return fixed(note("No transitions observed yet.", subject.width))
    state_width = _state_width(transitions)

    def row(index: int) -> Line:
        lasted = duration(transitions[index + 1].at - transitions[index].at)
        return _row(transitions[index], lasted, subject.glyphs, state_width)

    widest_duration = 12
    return MappedLines(range(len(transitions) - 1), row, width=21 + state_width + 4 + widest_duration)


def tail(subject: DetailContext) -> tuple[Line, ...]:
    """Return the last transition, whose duration still grows, and a note on the times."""
    transitions = subject.transitions
    if not transitions:
        return ()
    last, first = transitions[-1], transitions[0]
    lasted = "since then" if is_final(last.state) else f"{duration(subject.now - last.at)} so far"
    out = [_row(last, lasted, subject.glyphs, _state_width(transitions))]
    if len(transitions) > 1:
        out += [EMPTY, line((f" First to last transition: {duration(last.at - first.at)}", "text"))]
    earlier = "; the first may have started earlier" if not first.previous else ""
    text = f"The API returns no timestamps. Times are when hottui first observed the state{earlier}."
    return (*out, EMPTY, *note(text, subject.width))


def _state_width(transitions: Sequence[Transition]) -> int:
    return max(cells(_state(state)) for state in {transition.state for transition in transitions}) + 3


def _state(state: str) -> str:
    return visible(clip(state, _LONGEST_STATE)) or "(none)"


def _row(transition: Transition, lasted: str, glyphs: Glyphs, state_width: int) -> Line:
    name = state_name(Tracked(transition.ref, summary=Summary(transition.state)))
    at = clock_time(transition.at)
    return line(
        (f" {pad(at, 21)}", "dim"),
        (f"{getattr(glyphs, name)} {pad(_state(transition.state), state_width)}", name),
        (lasted, "text"),
        value=f"{at} {transition.state}",
    )
