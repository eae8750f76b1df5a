"""Measure the drawing of plans: `python -m tests.benchmarks.plans FOLDER`.

FOLDER holds plans as JSON. Those named `set_*` are statement sets. `SINGLE.txt` in it may list the single-job plans to
compare (one file name a line); without it all others count. What needs graphviz is left out when `dot` is missing.
Every figure is of this machine and this run; crossings are exact and repeat. Times are processor time, ours and
dot's, so that other work on the machine weighs on neither.
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hottui.graph.draw import draw_plan
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Drawing
from hottui.model.plan import Plan, read_plan
from tests.benchmarks import dot
from tests.benchmarks.counting import count_crossings
from tests.benchmarks.generated import layered_plan
from tests.graph.reader import Misread, Reader


@dataclass(frozen=True)
class Row:
    """Return one line of the table."""

    what: str
    goal: str
    measured: str
    met: bool | None = None


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def load(folder: Path) -> dict[str, Plan]:
    """Return all plans of a folder by name."""
    plans = {}
    for path in sorted(folder.glob("*.json")):
        plan = read_plan(json.loads(path.read_text("utf-8"))).plan
        if plan is not None:
            plans[path.stem] = plan
    return plans


def singles(folder: Path, plans: dict[str, Plan]) -> list[str]:
    """Return the names of the single-job plans to compare."""
    listed = folder / "SINGLE.txt"
    if not listed.exists():
        return [name for name in plans if not name.startswith("set_")]
    return [Path(line.strip()).stem for line in listed.read_text("utf-8").splitlines() if line.strip()]


def timed(work: Callable[[], object], times: int = 3) -> float:
    """Return the median processor time of a few runs, in seconds."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def counted(plan: Plan) -> int:
    """Return the crossings of our layout, counted independently."""
    drawing = draw_plan(plan, level=Level.OPERATOR)
    return count_crossings(drawing.layout_json(), [(edge.source, edge.target) for edge in drawing.edges])


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def crossing_rows(plans: dict[str, Plan], names: list[str], what: str, goal: float, worst: float) -> list[Row]:
    """Compare the totals, and list the plans that exceed the limit for a single one."""
    ours, theirs, beyond = 0, 0, []
    largest = 0.0
    for name in names:
        mine, other = counted(plans[name]), dot.crossings(plans[name])
        ours, theirs = ours + mine, theirs + other
        if other >= 5:
            largest = max(largest, mine / other)
        if mine > (worst * other if other >= 5 else other + 1):
            beyond.append(f"{name} {mine}:{other}")
    ratio = ours / theirs if theirs else 1.0
    return [
        Row(f"{what}: crossings", f"≤ {goal:.2f}× dot", f"{ours} : {theirs} = {ratio:.3f}×", ratio <= goal),
        Row(
            f"{what}: worst plan",
            f"≤ {worst:.2f}× (dot + 1 below 5)",
            f"{largest:.2f}×; beyond: {', '.join(beyond) or 'none'}",
            not beyond,
        ),
    ]


def time_rows(plans: dict[str, Plan], names: list[str]) -> list[Row]:
    """Measure the time for single-job plans."""
    rows = []
    for level in (Level.OPERATOR, Level.VERTEX):
        taken = [timed(partial(draw_plan, plans[name], level=level)) * 1000 for name in names]
        median, p95, most = statistics.median(taken), percentile(taken, 0.95), max(taken)
        met = median <= 1 and p95 <= 30 and most <= 100
        figures = f"{median:.2f} / {p95:.1f} / {most:.1f} ms"
        rows.append(Row(f"time, {level} level: median / p95 / max", "≤ 1 / 30 / 100 ms", figures, met))
    return rows


def process_row(plans: dict[str, Plan], names: list[str]) -> Row:
    """Compare single-job plans with one dot process each: the minimum of five alternating runs.

    The minimum, because other work slows a processor down for some milliseconds at a time.
    """
    ratios = {}
    for name in names:
        ours, theirs = [], []
        for _ in range(5):
            ours.append(timed(partial(draw_plan, plans[name], level=Level.OPERATOR), 1))
            theirs.append(dot.seconds(plans[name]))
        ratios[name] = min(ours) / min(theirs)
    slower = [f"{name} {ratio:.2f}×" for name, ratio in ratios.items() if ratio >= 1]
    figures = f"median {statistics.median(ratios.values()):.3f}×, max {max(ratios.values()):.2f}×"
    note = f"slower: {', '.join(slower) or 'none'}"
    return Row("time beside one dot process", "always less", f"{figures}; {note}", not slower)


def window_row(plan: Plan) -> Row:
    """Measure windows of 200x60 cells all over the largest set."""
    drawing = draw_plan(plan, level=Level.OPERATOR)
    drawing.rows(0, 0, 1, 1)
    spots = [(x, y) for x in range(0, drawing.width, 200) for y in range(0, drawing.height, 60)]
    taken = [timed(partial(drawing.rows, *spot, 200, 60)) * 1000 for spot in spots]
    median = statistics.median(taken)
    size = f"{len(plan.nodes)} nodes, {drawing.width}x{drawing.height} cells"
    return Row(
        f"a 200x60 window of {size}", "< 3 ms median", f"{median:.2f} ms median, {max(taken):.2f} ms max", median < 3
    )


def generated_row(nodes: int, goal: float) -> Row:
    """Measure a generated plan in its own process, to find its memory usage."""
    command = [sys.executable, "-m", "tests.benchmarks.plans", "--generated", str(nodes)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, run.stdout.split())
    met = seconds <= goal and megabytes < 50
    return Row(f"{nodes:,} generated nodes", f"≤ {goal} s, < 50 MB more", f"{seconds:.2f} s, {megabytes:.0f} MB", met)


def draw_generated(nodes: int) -> None:
    """Draw one generated plan and print seconds and megabytes."""
    plan = layered_plan(nodes)
    draw_plan(layered_plan(50), level=Level.OPERATOR)
    before = peak_kilobytes()
    taken = timed(partial(draw_plan, plan, level=Level.OPERATOR), 1)
    say(f"{taken} {(peak_kilobytes() - before) / 1024}")


def peak_kilobytes() -> int:
    """Return the peak memory of this process, which Linux does not inherit from the parent."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def reads_back(drawing: Drawing) -> bool:
    """Whether the drawing can be parsed back to exactly its plan."""
    try:
        return sorted(Reader(drawing).edges()) == sorted((e.source, e.target, e.label) for e in drawing.edges)
    except Misread:
        return False


def reading_row(plans: dict[str, Plan]) -> Row:
    """Check all plans at both levels."""
    wrong = [
        f"{name} ({level})" for name, p in plans.items() for level in Level if not reads_back(draw_plan(p, level=level))
    ]
    measured = f"{2 * len(plans) - len(wrong)} of {2 * len(plans)} exact{': not ' if wrong else ''}{', '.join(wrong)}"
    return Row("read back, both levels", "all exact", measured, not wrong)


def measure(folder: Path) -> list[Row]:
    """Print the whole table."""
    plans = load(folder)
    names = singles(folder, plans)
    sets = [name for name in plans if name.startswith("set_")]
    say(f"{len(plans)} plans, {len(names)} single jobs, {len(sets)} sets; {os.cpu_count()} processors\n")
    gc.collect()
    gc.freeze()  # the plans stay in memory: collecting garbage among them is not part of drawing
    rows: list[Row] = []
    if dot.available():
        rows += crossing_rows(plans, names, f"{len(names)} single jobs", 0.98, 1.25)
        rows += crossing_rows(plans, sets, f"{len(sets)} sets", 1.0, 1.4)
    else:
        rows.append(Row("crossings", "beside dot", "dot is not installed: not compared"))
    rows += time_rows(plans, names)
    if dot.available():
        rows.append(process_row(plans, names))
    rows += [generated_row(1_000, 0.6), generated_row(5_000, 2.0)]
    rows.append(window_row(max(plans.values(), key=lambda plan: len(plan.nodes))))
    rows.append(reading_row(plans))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the drawing of plans.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--generated", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.generated:
        draw_generated(arguments.generated)
        return 0
    if arguments.folder is None:
        parser.error("name the folder of plans")
    rows = measure(arguments.folder)
    marks = {True: "yes", False: "NO", None: "-"}
    say("| what | goal | measured | met |\n|---|---|---|---|")
    for row in rows:
        say(f"| {row.what} | {row.goal} | {row.measured} | {marks[row.met]} |")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
