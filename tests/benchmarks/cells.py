"""Measure bytes per changed cell while rows tick, change and scroll.

`python -m tests.benchmarks.cells [--seconds N]`. Bytes and cells are exact: a terminal emulator compares the screen
before and after each burst of output.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.state import HOT_UPDATING
from tests.benchmarks import stage
from tests.benchmarks.report import Row, show
from tests.benchmarks.screen import Stage, set_up
from tests.benchmarks.terminal import COLUMNS, ROWS, OnTerminal
from tests.terminal.ptys import shown

_DOWN, _PAGE_DOWN, _PAGE_UP = b"\x1b[B", b"\x1b[6~", b"\x1b[5~"


class InProgress(Simulation):
    """A simulation whose hot updates all stay in progress."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the result in progress."""
        result = super().result(workspace, namespace, hot_update_id)
        return result and {**result, "status": {**result["status"], "status": HOT_UPDATING}}


@contextmanager
def in_progress(folder: Path, rows: int) -> Iterator[Stage]:
    """Serve hot updates in progress, all bookmarked."""
    world = InProgress(size=rows, started=time.time() - 3_600.0)
    home = folder / f"in-progress-{rows}"
    path = home / "data" / "hottui" / "hottui.db"
    path.parent.mkdir(parents=True)
    with serving(DemoService(world)) as endpoint:
        stage.furnish(path, world, endpoint)
        yield Stage(home, endpoint, b"")


class Bursts:
    """Output in bursts: the bytes of each, and the cells it changed."""

    def __init__(self, program: OnTerminal) -> None:
        self._program = program
        self.sizes: list[int] = []
        self.cells: list[int] = []
        self._screen = shown(b"", COLUMNS, ROWS)
        self._at = 0

    def read_for(self, seconds: float) -> int:
        """Read for `seconds`; return the number of bytes."""
        end, total = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            self._program.read_for(min(left, 0.1))
            total += self._count()
        return total

    def _count(self) -> int:
        size = len(self._program.output) - self._at
        if size:
            self._at += size
            before = self._screen.looks()
            self._screen = shown(bytes(self._program.output), COLUMNS, ROWS)
            after = self._screen.looks()
            self.sizes.append(size)
            self.cells.append(
                sum(a != b for one, two in zip(before, after, strict=True) for a, b in zip(one, two, strict=True))
            )
        return size


def _per_cell(bursts: Bursts, since: int = 0) -> float:
    return sum(bursts.sizes[since:]) / max(sum(bursts.cells[since:]), 1)


def ticking(stage: Stage, name: str, seconds: float, goal: int) -> list[Row]:
    """Measure bytes, CPU and bytes per changed cell while nothing is typed, then of a cursor key."""
    program = stage.open()
    program.read_until(b"SEEN")
    program.read_for(2)
    bursts = Bursts(program)
    bursts.read_for(0.5)
    since, cpu = len(bursts.sizes), program.cpu()
    written = bursts.read_for(seconds) / seconds
    share, each = (program.cpu() - cpu) / seconds, _per_cell(bursts, since)
    keys = []
    for _ in range(15):
        program.send(_DOWN)
        keys.append(program.read_for(0.3))
    program.kill()
    key = statistics.median(keys)
    return [
        Row(f"{name}: bytes", f"{written:,.0f} B/s", f"≤ {goal} B/s", written <= goal),
        Row(f"{name}: CPU", f"{share:.2%}"),
        Row(f"{name}: bytes per changed cell", f"{each:.1f}", "≤ 25", each <= 25),
        Row(f"{name}: a cursor key", f"{key:.0f} B", "≤ 400 B", key <= 400),
    ]


def paging(stage: Stage) -> list[Row]:
    """Measure page down and page up."""
    program = stage.open()
    program.read_until(b"SEEN")
    program.read_for(20)
    pages, cpu = [], program.cpu()
    for key in (_PAGE_DOWN, _PAGE_DOWN, _PAGE_UP) * 4:
        program.send(key)
        pages.append(program.read_for(0.7))
    cpu = (program.cpu() - cpu) / len(pages)
    program.kill()
    page = statistics.median(pages)
    return [
        Row("a page", f"{page:,.0f} B", "≤ 6,000 B", page <= 6_000),
        Row("a page: CPU", f"{cpu * 1000:.0f} ms"),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the screen is watched")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        rows: list[Row] = []
        with set_up(path, 40) as finished:
            rows += ticking(finished, "40 finished", seconds, 300)
        with in_progress(path, 20) as ongoing:
            rows += ticking(ongoing, "20 in progress", seconds, 700)
        with set_up(path, 200) as many:
            rows += paging(many)
        show("Changed cells at 120x40", rows)


if __name__ == "__main__":
    main()
