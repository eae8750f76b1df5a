"""`hottui graph`: a plan drawn in letters, or as data and pictures for other tools."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

import click

from hottui.cli.options import ascii_option, location_options, number, timeout_option
from hottui.cli.output import emit, json_line, print_error, supports_glyphs, terminal_width, writes_unicode
from hottui.config.settings import Flags
from hottui.errors import ExitCode

if TYPE_CHECKING:
    from hottui.cli.plan_source import PlanSource
    from hottui.graph.plan_graph import Level
    from hottui.graph.render.drawing import Drawing
    from hottui.render.plan_drawing import Costs

_PATIENCE: Final = 0.5
"""Seconds a drawing may take before its progress is told."""
_NAMED: Final = 1
"""The detail that is tried first: names and what they run with."""
_LEGEND: Final = 100
"""Cells the legend is folded to where nothing says how wide the reader's screen is."""

Draw = Callable[[int, str], "Drawing"]
"""Draws at a detail, in a direction."""


@click.command()
@click.argument("source", metavar="ID|FILE|-")
@click.option(
    "--level",
    type=click.Choice(["vertex", "operator"]),
    default="vertex",
    show_default=True,
    metavar="vertex|operator",
    help="What a box is: operators chained into one task, or one operator.",
)
@click.option(
    "--detail",
    type=number(int, 0, 2, "0, 1 or 2"),
    metavar="0|1|2",
    help="What a box says: id and parallelism, names, or descriptions too. Unless given, names where they fit.",
)
@click.option(
    "--direction",
    type=click.Choice(["lr", "tb"]),
    metavar="lr|tb",
    help="Left to right or top to bottom. Unless given, the one that fits.",
)
@ascii_option
@click.option(
    "--width",
    type=number(int, 0, 1_000_000, "a number of cells from 0 to 1,000,000"),
    metavar="N",
    help="Cells that a line of text may take, 0 for no end; the terminal's width unless given.",
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

    The plan comes from the service (an ID), from a file, or from standard input: a resource plan as the service writes
    it or as plain JSON, a whole answer, or what `hottui get -o json` prints. Drawing and legend go to standard output;
    what is wrong with the plan is said on standard error. Exit codes: 3 refused, 4 not found, 5 unreachable or
    unavailable, 6 no plan that can be read.

    The fields of json: `nodes` has [layer, position in the layer] of each box by its id, `names` what stands in it,
    `dummies` the same two for an edge in each layer that it passes ("SOURCE->TARGET@LAYER"), `crossings` how often
    edges cross with a line for each, `width` and `height` the size of the drawing in cells.
    """
    from hottui.cli.plan_source import plan_from  # noqa: PLC0415 - pydantic comes with it
    from hottui.graph.plan_graph import Level  # noqa: PLC0415

    given = plan_from(source, flags, timeout)
    if isinstance(given, int):
        return given
    if output in ("dot", "mermaid"):
        _emit_export(given, Level(level), output)
        return ExitCode.OK
    limit = _limit(width) if output == "text" else 0
    ascii_only = output != "svg" and (ascii_only or (output == "text" and not supports_glyphs()))
    with _progress() as told:
        drawing = fitting(_drawer(given, level, ascii_only, told), detail, direction, limit)
    if output == "json":
        emit(json_line(_layout(given, drawing)))
    elif output == "svg":
        _emit_picture(given, drawing)
    else:
        _emit_text(given, drawing, limit, ascii_only)
    for problem in drawing.problems:
        print_error(problem)
    return ExitCode.OK


def _limit(width: int | None) -> int:
    """Cells a line may take; 0 for no limit."""
    if width is not None:
        return width
    return terminal_width()


def _drawer(given: "PlanSource", level: str, ascii_only: bool, told: Callable[[str, float], None]) -> Draw:
    from hottui.graph.draw import draw_plan  # noqa: PLC0415
    from hottui.graph.plan_graph import Level  # noqa: PLC0415
    from hottui.graph.render.box_drawing import ASCII, UNICODE  # noqa: PLC0415
    from hottui.graph.render.drawing import Direction  # noqa: PLC0415

    def draw(detail: int, direction: str) -> "Drawing":
        return draw_plan(
            given.plan,
            level=Level(level),
            detail=detail,
            direction=Direction(direction),
            changes=given.changes,
            strokes=ASCII if ascii_only else UNICODE,
            progress=told,
        )

    return draw


def fitting(draw: Draw, detail: int | None, direction: str | None, limit: int) -> "Drawing":
    """The first drawing no wider than `limit` (0: any) of those that were left open; else the narrowest.

    Names are tried before ids, and left to right before top to bottom.
    """
    details = (_NAMED, 0) if detail is None else (detail,)
    directions = ("lr", "tb") if direction is None else (direction,)
    tried = []
    for one, way in product(details, directions):
        drawing = draw(one, way)
        if not limit or drawing.width <= limit:
            return drawing
        tried.append(drawing)
    return min(tried, key=lambda drawing: drawing.width)


def _layout(given: "PlanSource", drawing: "Drawing") -> dict[str, object]:
    """The layout as the help of the command describes it."""
    from hottui.graph.labels import member_name  # noqa: PLC0415
    from hottui.graph.plan_graph import prepare  # noqa: PLC0415

    names = {member.id: member_name(member) for member in prepare(given.plan, drawing.level).members}
    return {**drawing.layout_json(), "names": names}


def _emit_text(given: "PlanSource", drawing: "Drawing", limit: int, ascii_only: bool) -> None:
    """The drawing, a legend below it, and on standard error what is wrong."""
    lines = drawn(drawing, limit)
    if given.plan.groups or drawing.strategies:
        lines += ["", *_legend(given, drawing, limit or _LEGEND)]
    if ascii_only:
        from hottui.render.glyphs import to_ascii  # noqa: PLC0415

        lines = [to_ascii(line) for line in lines]
    emit("\n".join(lines))
    if limit and drawing.width > limit:
        print_error(
            f"The drawing has {drawing.width:,} columns and is cut after {limit:,}.",
            "--width 0 shows all of it, for example in `less -S`; --detail 0 makes it smaller.",
        )


def drawn(drawing: "Drawing", limit: int) -> list[str]:
    """The rows of the drawing; what goes on beyond `limit` ends with an ellipsis."""
    if not limit or drawing.width <= limit:
        return drawing.text().split("\n")
    rows = []
    for inside, beyond in zip(
        drawing.rows(0, 0, limit - 1, drawing.height),
        drawing.rows(limit - 1, 0, drawing.width - limit + 1, drawing.height),
        strict=True,
    ):
        more = "".join(run.text for run in beyond).strip()
        rows.append("".join(run.text for run in inside) + (drawing.strokes.ellipsis if more else ""))
    return [row.rstrip() for row in rows]


def _emit_export(given: "PlanSource", level: "Level", output: str) -> None:
    from hottui.graph.plan_graph import prepare  # noqa: PLC0415
    from hottui.graph.render.dot_mermaid import to_dot, to_mermaid  # noqa: PLC0415

    write = to_dot if output == "dot" else to_mermaid
    text = write(given.plan, level, given.changes, ascii_only=not writes_unicode())
    emit(text.rstrip("\n"))
    graph = prepare(given.plan, level)
    if output == "mermaid":
        _say_beyond_mermaid(text, len(graph.links))
    for problem in graph.problems:
        print_error(problem)


def _say_beyond_mermaid(text: str, edges: int) -> None:
    """What Mermaid does not draw as it comes."""
    from hottui.graph.render.dot_mermaid import MERMAID_CHARACTERS, MERMAID_EDGES  # noqa: PLC0415

    letters = len(text.encode("utf-16-le")) // 2
    limits = ((edges, MERMAID_EDGES, "edges", "maxEdges"), (letters, MERMAID_CHARACTERS, "letters", "maxTextSize"))
    for found, most, what, setting in limits:
        if found > most:
            print_error(
                f"Mermaid draws {most:,} {what} unless its `{setting}` is raised; this plan has {found:,}.",
                "-o svg and -o dot know no such end.",
            )


def _emit_picture(given: "PlanSource", drawing: "Drawing") -> None:
    from hottui.render.plan_svg import plan_svg  # noqa: PLC0415 - Textual comes with it

    made = plan_svg(drawing, given.title, given.about, _costs(given)).rstrip("\n")
    emit(made if writes_unicode() else made.encode("ascii", "xmlcharrefreplace").decode())


def _legend(given: "PlanSource", drawing: "Drawing", width: int) -> list[str]:
    """Groups, cost and letters, in the words of the Plan tab."""
    from hottui.render.plan_legend import legend  # noqa: PLC0415 - Textual comes with it

    lines = legend(replace(drawing, problems=()), _costs(given), width)
    return [line.text.removeprefix(" ").rstrip() for line in lines]


def _costs(given: "PlanSource") -> "Costs":
    from hottui.render.plan_drawing import PlanInput, costs  # noqa: PLC0415 - Textual comes with it

    return costs(PlanInput(given.plan, given.changes, None, given.jobmanager))


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Tells a person at the terminal what a long drawing is at, and wipes it away in the end."""
    begun, shown = time.monotonic(), ""
    watched = sys.stderr.isatty()

    def told(stage: str, done: float) -> None:
        nonlocal shown
        text = f"drawing: {stage} {done:.0%}"
        if watched and text != shown and time.monotonic() - begun >= _PATIENCE:
            shown = text
            _write_over(text)

    try:
        yield told
    finally:
        if shown:
            _write_over("")


def _write_over(text: str) -> None:
    """Write a line of standard error anew."""
    with suppress(OSError):  # nobody looks any more
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
