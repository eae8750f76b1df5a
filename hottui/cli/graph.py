"""`hottui graph`: draw a plan as text, or export it as JSON, DOT, Mermaid or SVG."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

import click

from hottui.cli.completers import complete_id_or_file
from hottui.cli.options import ascii_option, location_options, number, timeout_option
from hottui.cli.output import emit, json_line, print_error, supports_glyphs, terminal_width, writes_unicode
from hottui.config.settings import Flags
from hottui.errors import ExitCode

if TYPE_CHECKING:
    from hottui.cli.plan_source import PlanSource
    from hottui.graph.plan_graph import Level
    from hottui.graph.render.drawing import Drawing
    from hottui.render.plan_drawing import Costs

_PROGRESS_AFTER: Final = 0.5
"""Seconds of drawing after which progress is shown."""
_NAMES: Final = 1
"""The level of detail tried first: names and parallelism."""
_LEGEND_WIDTH: Final = 100
"""Width of the legend in cells when the terminal's width is unknown."""

Draw = Callable[[int, str], "Drawing"]
"""Draws a plan at a level of detail, in a direction."""


@click.command()
@click.argument("source", metavar="ID|FILE|-", shell_complete=complete_id_or_file)
@click.option(
    "--level",
    type=click.Choice(["vertex", "operator"]),
    default="vertex",
    show_default=True,
    metavar="vertex|operator",
    help="What a box represents: a vertex (operators chained into one task) or an operator.",
)
@click.option(
    "--detail",
    type=number(int, 0, 2, "0, 1 or 2"),
    metavar="0|1|2",
    help="What a box shows: 0 ID and parallelism, 1 names, 2 descriptions too. Default: names if they fit.",
)
@click.option(
    "--direction",
    type=click.Choice(["lr", "tb"]),
    metavar="lr|tb",
    help="Left to right or top to bottom. Default: whichever fits.",
)
@ascii_option
@click.option(
    "--width",
    type=number(int, 0, 1_000_000, "a number of cells from 0 to 1,000,000"),
    metavar="N",
    help="Maximum line width in cells, 0 for unlimited. Default: the terminal's width.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "dot", "mermaid", "svg"]),
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="text, json (the layout), dot, mermaid or svg.",
)
@location_options
@timeout_option
def graph(
    *,
    source: str,
    level: str,
    detail: int | None,
    direction: str | None,
    ascii_only: bool,
    width: int | None,
    output: str,
    flags: Flags,
    timeout: float,
) -> int:
    """Draw the plan of a hot update in EXPERT mode, secrets masked.

    Read the plan from the service (an ID), a file, or standard input (-): a resource plan as the service returns it
    or as plain JSON, a complete answer, or the output of `hottui get -o json`. The drawing and its legend go to
    standard output, problems of the plan to standard error. Exit codes: 3 access denied, 4 not found, 5 unreachable
    or unavailable, 6 no readable plan.

    JSON fields: `nodes` maps each box's id to [layer, position in the layer], `names` to its name; `dummies` gives
    the same pair for an edge in each layer it crosses ("SOURCE->TARGET@LAYER"); `crossings` is the number of edge
    crossings with one line per edge; `width` and `height` are the size of the drawing in cells.

    \b
    Examples:
      hottui graph 98fe2c01
      hottui graph plan.json -o svg > plan.svg
    """
    from hottui.cli.plan_source import plan_from  # noqa: PLC0415 - imports pydantic
    from hottui.graph.plan_graph import Level  # noqa: PLC0415

    plan_source = plan_from(source, flags, timeout)
    if output in ("dot", "mermaid"):
        _emit_export(plan_source, Level(level), output)
        return ExitCode.OK
    limit = _limit(width) if output == "text" else 0
    ascii_only = output != "svg" and (ascii_only or (output == "text" and not supports_glyphs()))
    with _progress() as report:
        drawing = fitting(_drawer(plan_source, level, ascii_only, report), detail, direction, limit)
    if output == "json":
        emit(json_line(_layout(plan_source, drawing)))
    elif output == "svg":
        _emit_svg(plan_source, drawing)
    else:
        _emit_text(plan_source, drawing, limit, ascii_only)
    for problem in drawing.problems:
        print_error(problem)
    return ExitCode.OK


def _limit(width: int | None) -> int:
    """Return the maximum line width in cells; 0 for unlimited."""
    if width is not None:
        return width
    return terminal_width()


def _drawer(plan_source: "PlanSource", level: str, ascii_only: bool, report: Callable[[str, float], None]) -> Draw:
    from hottui.graph.draw import draw_plan  # noqa: PLC0415
    from hottui.graph.plan_graph import Level  # noqa: PLC0415
    from hottui.graph.render.box_drawing import ASCII, UNICODE  # noqa: PLC0415
    from hottui.graph.render.drawing import Direction  # noqa: PLC0415

    def draw(detail: int, direction: str) -> "Drawing":
        return draw_plan(
            plan_source.plan,
            level=Level(level),
            detail=detail,
            direction=Direction(direction),
            changes=plan_source.changes,
            strokes=ASCII if ascii_only else UNICODE,
            progress=report,
        )

    return draw


def fitting(draw: Draw, detail: int | None, direction: str | None, limit: int) -> "Drawing":
    """Return the first drawing no wider than `limit` (0: unlimited) among the open options, else the narrowest.

    Names are tried before ids, left to right before top to bottom.
    """
    details = (_NAMES, 0) if detail is None else (detail,)
    directions = ("lr", "tb") if direction is None else (direction,)
    tried = []
    for each_detail, each_direction in product(details, directions):
        drawing = draw(each_detail, each_direction)
        if not limit or drawing.width <= limit:
            return drawing
        tried.append(drawing)
    return min(tried, key=lambda drawing: drawing.width)


def _layout(plan_source: "PlanSource", drawing: "Drawing") -> dict[str, object]:
    """Return the layout as documented in the command's help."""
    from hottui.graph.labels import member_name  # noqa: PLC0415
    from hottui.graph.plan_graph import prepare  # noqa: PLC0415

    names = {member.id: member_name(member) for member in prepare(plan_source.plan, drawing.level).members}
    return {**drawing.layout_json(), "names": names}


def _emit_text(plan_source: "PlanSource", drawing: "Drawing", limit: int, ascii_only: bool) -> None:
    """Write the drawing with its legend, and a warning to standard error if it was truncated."""
    lines = drawn(drawing, limit)
    if plan_source.plan.groups or drawing.strategies:
        lines += ["", *_legend(plan_source, drawing, limit or _LEGEND_WIDTH)]
    if ascii_only:
        from hottui.render.glyphs import to_ascii  # noqa: PLC0415

        lines = [to_ascii(line) for line in lines]
    emit("\n".join(lines))
    if limit and drawing.width > limit:
        print_error(
            f"The drawing is {drawing.width:,} columns wide and was truncated at {limit:,}.",
            "Pass --width 0 for all of it (page it with `less -S`), or --detail 0 for a smaller one.",
        )


def drawn(drawing: "Drawing", limit: int) -> list[str]:
    """Return the rows of the drawing, truncated at `limit` with an ellipsis."""
    if not limit or drawing.width <= limit:
        return drawing.text().split("\n")
    rows, ellipsis = [], drawing.strokes.ellipsis[:limit]
    cut = limit - len(ellipsis)
    for inside, beyond in zip(
        drawing.rows(0, 0, cut, drawing.height),
        drawing.rows(cut, 0, drawing.width - cut, drawing.height),
        strict=True,
    ):
        more = "".join(run.text for run in beyond).strip()
        rows.append("".join(run.text for run in inside) + (ellipsis if more else ""))
    return [row.rstrip() for row in rows]


def _emit_export(plan_source: "PlanSource", level: "Level", output: str) -> None:
    from hottui.graph.plan_graph import prepare  # noqa: PLC0415
    from hottui.graph.render.dot_mermaid import to_dot, to_mermaid  # noqa: PLC0415

    write = to_dot if output == "dot" else to_mermaid
    text = write(plan_source.plan, level, plan_source.changes, ascii_only=not writes_unicode())
    emit(text.rstrip("\n"))
    graph = prepare(plan_source.plan, level)
    if output == "mermaid":
        _warn_of_mermaid_limits(text, len(graph.links))
    for problem in graph.problems:
        print_error(problem)


def _warn_of_mermaid_limits(text: str, edges: int) -> None:
    """Warn of a diagram that exceeds Mermaid's default limits."""
    from hottui.graph.render.dot_mermaid import MERMAID_CHARACTERS, MERMAID_EDGES  # noqa: PLC0415

    characters = len(text.encode("utf-16-le")) // 2
    limits = (
        (edges, MERMAID_EDGES, "edges", "maxEdges"),
        (characters, MERMAID_CHARACTERS, "characters", "maxTextSize"),
    )
    for found, most, what, setting in limits:
        if found > most:
            print_error(
                f"This plan has {found:,} {what}; Mermaid draws at most {most:,} by default.",
                f"Raise its `{setting}`, or use -o svg or -o dot.",
            )


def _emit_svg(plan_source: "PlanSource", drawing: "Drawing") -> None:
    from hottui.render.plan_svg import plan_svg  # noqa: PLC0415 - off the start-up path

    svg = plan_svg(drawing, plan_source.title, plan_source.about, _costs(plan_source)).rstrip("\n")
    emit(svg if writes_unicode() else svg.encode("ascii", "xmlcharrefreplace").decode())


def _legend(plan_source: "PlanSource", drawing: "Drawing", width: int) -> list[str]:
    """Return the legend of the Plan tab: groups, cost and strategy letters."""
    from hottui.render.plan_legend import legend  # noqa: PLC0415 - off the start-up path

    lines = legend(replace(drawing, problems=()), _costs(plan_source), width)
    return [line.text.removeprefix(" ").rstrip() for line in lines]


def _costs(plan_source: "PlanSource") -> "Costs":
    from hottui.render.plan_drawing import PlanInput, costs  # noqa: PLC0415 - off the start-up path

    return costs(PlanInput(plan_source.plan, plan_source.changes, None, plan_source.jobmanager))


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Show the progress of a long drawing on an interactive terminal, and erase it at the end."""
    started, shown = time.monotonic(), ""
    interactive = sys.stderr.isatty()

    def report(stage: str, done: float) -> None:
        nonlocal shown
        text = f"drawing: {stage} {done:.0%}"
        if interactive and text != shown and time.monotonic() - started >= _PROGRESS_AFTER:
            shown = text
            _overwrite_line(text)

    try:
        yield report
    finally:
        if shown:
            _overwrite_line("")


def _overwrite_line(text: str) -> None:
    """Overwrite the current line of standard error."""
    with suppress(OSError):  # standard error is closed
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
