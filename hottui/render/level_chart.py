"""A chart of levels over time: the parallelism of a job, or its CU, each level lasting until the next change."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hottui.model.cell_width import fit, pad
from hottui.render.local_times import date_time, zone_name
from hottui.render.styled_text import Line, Span, line

UNICODE_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
ASCII_BLOCKS: Final = " .:#"
"""From empty to full, in equal steps."""
_NAME, _SCALE = 14, 7
"""Width in cells of the name and of the scale."""

Points = Sequence[tuple[float, float]]
"""Times in seconds since the epoch, each with the level from then on; the oldest first."""


class Levels(NamedTuple):
    """What one chart shows. `is_current`: the last level was read lately, and is not only the last change known."""

    name: str
    points: Points
    is_current: bool = False


def chart_lines(
    charts: Sequence[Levels],
    *,
    until: float,
    now: float,
    width: int,
    rows: int = 2,
    blocks: str = UNICODE_BLOCKS,
) -> tuple[Line, ...]:
    """Return the charts below each other, on one axis of time from the first point to `now`.

    The levels end at `until`; each chart takes `rows` lines. A chart without points is left out.
    """
    shown = [levels for levels in charts if levels.points]
    if not shown:
        return ()
    begin = min(levels.points[0][0] for levels in shown)
    columns = max(width - _NAME - _SCALE - 4, 8)
    out: list[Line] = []
    for name, points, is_current in shown:
        top = max(level for _, level in points)
        bars = bar_rows(_sampled(points, begin, now, until, columns), top, rows=rows, blocks=blocks)
        last = f"{'now' if is_current and until >= now else 'last'} {_number(points[-1][1])}"
        names = (name, last) if rows > 1 else (f"{name} {_number(points[-1][1])}",)
        for row, bar in enumerate(bars):
            scale = _number(top) if row == 0 else "0" if row == len(bars) - 1 else ""
            out.append(
                line(
                    (f" {fit(names[row] if row < len(names) else '', _NAME)}", "text" if row == 0 else "dim"),
                    (f"{scale:>{_SCALE}} ┤", "dim"),
                    Span(bar, "accent"),
                )
            )
    first, last = f"{date_time(begin)[:16]} {zone_name(begin)}", "now"
    gap = columns - len(first) - len(last)
    axis = first + " " * gap + last if gap > 0 else pad(last, columns)
    out.append(line((" " * (_NAME + _SCALE + 3) + axis, "dim")))
    return tuple(out)


def bar_rows(levels: Sequence[float | None], top: float, *, rows: int = 2, blocks: str = UNICODE_BLOCKS) -> list[str]:
    """Return the bars of `levels` in `rows` texts, the upper one first.

    `top` fills all rows; a level above 0 is always visible, and None is blank.
    """
    steps = len(blocks) - 1
    heights = [_height(level, top, rows * steps) for level in levels]
    return [
        "".join(blocks[max(0, min(height - steps * below, steps))] for height in heights)
        for below in reversed(range(rows))
    ]


def _height(level: float | None, top: float, full: int) -> int:
    if level is None or level <= 0 or top <= 0:
        return 0
    return max(1, min(full, round(level / top * full)))


def _sampled(points: Points, begin: float, now: float, until: float, columns: int) -> list[float | None]:
    """Return for each column the highest level in its time, so that a short peak is visible."""
    step = max(now - begin, 1.0) / columns
    found: list[float | None] = []
    level: float | None = None
    following = 0
    for column in range(columns):
        start, end = begin + column * step, begin + (column + 1) * step
        inside = [level] if level is not None else []
        while following < len(points) and (points[following][0] < end or column == columns - 1):
            level = points[following][1]
            inside.append(level)
            following += 1
        found.append(max(inside) if inside and start <= until else None)
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
