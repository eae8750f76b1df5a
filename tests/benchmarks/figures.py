"""Measure what the dashboard writes and uses while it is open, and its start, beside other programs in the same run.

`python -m tests.benchmarks.figures [--seconds N] [--runs N]`. Bytes and changed cells are exact: a terminal emulator
compares the screen before and after each burst of output. Times are those of the processor, as ratios to a Textual
hello-world.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from compileall import compile_dir
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import hottui
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from tests.benchmarks import stage
from tests.benchmarks.cells import Bursts, InProgress, paging
from tests.benchmarks.report import Row, show
from tests.benchmarks.screen import PYTHON, Stage, medians, set_up
from tests.benchmarks.terminal import OnTerminal, run

_DOWN = b"\x1b[B"
_LINK_DELAY, _LINK_RATE = 0.1, 64_000.0
"""The slow link for which the time of a key is computed: seconds there and back, bytes per second."""
_REFERENCES = [PYTHON, "-m", "tests.benchmarks.references"]


@contextmanager
def begun(folder: Path, rows: int) -> Iterator[Stage]:
    """Serve hot updates that have just begun, all bookmarked, so that their ages count in seconds."""
    world = InProgress(size=rows)
    home = folder / f"begun-{rows}"
    path = home / "data" / "hottui" / "hottui.db"
    path.parent.mkdir(parents=True)
    with serving(DemoService(world)) as endpoint:
        stage.furnish(path, world, endpoint, at=time.time())
        yield Stage(home, endpoint, b"")


class Watched(NamedTuple):
    """Output and cost of a program per second, and the bytes for each cell that changed."""

    written: float
    share: float
    per_cell: float


def watch(program: OnTerminal, seconds: float, *, cells: bool = True) -> Watched:
    """Watch `program` for `seconds`; without `cells`, changed cells are not counted, which takes time of its own."""
    bursts = Bursts(program) if cells else None
    if bursts is not None:
        bursts.read_for(0.2)
    cpu, began, skipped = program.cpu(), time.monotonic(), len(bursts.sizes) if bursts else 0
    written = bursts.read_for(seconds) if bursts else program.read_for(seconds)
    took = time.monotonic() - began
    changed = sum(bursts.cells[skipped:]) if bursts else 0
    return Watched(written / took, (program.cpu() - cpu) / took, written / changed if changed else 0.0)


class Key(NamedTuple):
    """A cursor key: median bytes, and the 95th percentile of its time over the slow link, in seconds."""

    written: float
    p95: float


def press(program: OnTerminal, times: int = 20) -> Key:
    """Type the cursor key; what follows within 150 ms of each other counts as its effect."""
    sizes, delays = [], []
    for _ in range(times):
        before = len(program.output)
        program.send(_DOWN)
        took = program.answer_time(0.15)
        size = len(program.output) - before
        sizes.append(size)
        delays.append(_LINK_DELAY + size / _LINK_RATE + took)
    return Key(statistics.median(sizes), statistics.quantiles(delays, n=20)[-1])


def _open(opened: Stage) -> OnTerminal:
    program = opened.open()
    program.read_until(b"SEEN")
    program.read_for(2)
    return program


def finished(folder: Path, seconds: float) -> list[Row]:
    """Measure 40 finished hot updates, in the first minute and later."""
    with set_up(folder, 40) as opened:
        program = _open(opened)
        first = watch(program, 60.0)
        later = watch(program, seconds, cells=False)
        key = press(program)
        program.kill()
    return [
        Row("40 finished, first minute: bytes", f"{first.written:,.0f} B/s", "≤ 300 B/s", first.written <= 300),
        Row("the same: CPU", f"{first.share:.2%}"),
        Row("40 finished, later: bytes", f"{later.written:,.0f} B/s", "≤ 30 B/s", later.written <= 30),
        Row("the same: CPU", f"{later.share:.2%}", "≤ 0.25 %", later.share <= 0.0025),
        Row("the same: a cursor key", f"{key.written:.0f} B", "≤ 400 B", key.written <= 400),
    ]


def in_progress(folder: Path, seconds: float) -> list[Row]:
    """Measure hot updates in progress whose ages count in seconds."""
    with begun(folder, 20) as opened:
        program = _open(opened)
        few = watch(program, min(seconds, 40))
        key = press(program)
        program.kill()
    with begun(folder, 1000) as opened:
        program = _open(opened)
        many = watch(program, min(seconds, 40), cells=False)
        program.kill()
    return [
        Row("20 in progress: bytes", f"{few.written:,.0f} B/s", "≤ 700 B/s", few.written <= 700),
        Row("the same: CPU", f"{few.share:.2%}"),
        Row("the same: bytes per changed cell", f"{few.per_cell:.1f}", "≤ 25", few.per_cell <= 25),
        Row("the same: a cursor key while ages tick", f"{key.written:.0f} B", "≤ 400 B", key.written <= 400),
        Row("that key over 100 ms and 64 kB/s, p95", f"{key.p95 * 1000:.0f} ms", "≤ 125 ms", key.p95 <= 0.125),
        Row("1,000 in progress: bytes", f"{many.written:,.0f} B/s", "≤ 1,500 B/s", many.written <= 1_500),
        Row("the same: CPU", f"{many.share:.2%}"),
    ]


def others(seconds: float) -> list[Row]:
    """Measure a plain DataTable with 20 ages that tick, and htop if it is installed."""
    program = run([*_REFERENCES, "ticking", "20"])
    program.read_until(b"SEEN")
    program.read_for(2)
    plain, key = watch(program, min(seconds, 20)), press(program)
    program.kill()
    rows = [
        Row("plain DataTable, 20 ages that tick: bytes", f"{plain.written:,.0f} B/s", "reference"),
        Row("the same: CPU", f"{plain.share:.2%}", "reference"),
        Row("the same: a cursor key while ages tick", f"{key.written:.0f} B", "reference"),
    ]
    if shutil.which("htop") is None:
        return [*rows, Row("htop", "not installed", "reference")]
    program = run(["htop"])
    program.read_for(3)
    top = watch(program, min(seconds, 20))
    program.kill()
    return [*rows, Row("htop: bytes", f"{top.written:,.0f} B/s", "reference"), Row("htop: CPU", f"{top.share:.2%}")]


def starts(folder: Path, runs: int) -> list[Row]:
    """Measure the start, as ratios to a Textual hello-world."""
    home = {name: str(folder / "demo") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}

    def demo() -> OnTerminal:
        return run([PYTHON, "-m", "hottui", "demo"], {**home, "COLORTERM": ""})

    with set_up(folder, 40) as few:
        programs: tuple[tuple[Callable[[], OnTerminal], bytes], ...] = (
            (lambda: run([*_REFERENCES, "hello"]), b"painted-now"),
            (few.open, few.last),
            (demo, b"SEEN"),
        )
        hello, ours, shown = medians(programs, runs)
    program = demo()
    program.read_for(20)
    settled = len(program.output)
    program.kill()
    few_cpu, demo_cpu = ours.cpu / hello.cpu, shown.cpu / hello.cpu
    few_wall, demo_wall = ours.wall / hello.wall, shown.wall / hello.wall
    return [
        Row("Textual hello-world, CPU to its first screen", f"{hello.cpu * 1000:.0f} ms", "reference"),
        Row("40 bookmarks: CPU to the first table / hello-world", f"{few_cpu:.2f}", "≤ 1.25", few_cpu <= 1.25),
        Row("`hottui demo`: CPU to the first table / hello-world", f"{demo_cpu:.2f}", "≤ 1.6", demo_cpu <= 1.6),
        Row("40 bookmarks: time to the first table / hello-world", f"{few_wall:.2f}", "≤ 0.4", few_wall <= 0.4),
        Row("`hottui demo`: time to the first table / hello-world", f"{demo_wall:.2f}", "≤ 0.4", demo_wall <= 0.4),
        Row("`hottui demo`: bytes in the first 20 s", f"{settled:,} B", "≤ 20,000 B", settled <= 20_000),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long each screen is watched")
    parser.add_argument("--runs", type=int, default=5, help="starts of each program; the median counts")
    given = parser.parse_args()
    compile_dir(Path(hottui.__file__).parent, quiet=1)  # compiled as by pip: the start of an installed program counts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = starts(folder, given.runs)
        rows += finished(folder / "finished", given.seconds)
        rows += in_progress(folder, given.seconds)
        with set_up(folder, 200) as opened:
            rows += paging(opened)
        rows += others(given.seconds)
    show("The dashboard at 120x40", rows)


if __name__ == "__main__":
    main()
