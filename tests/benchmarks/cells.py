"""Count the cells that each burst of output changes: a terminal emulator compares the screen before and after it."""

import statistics
import time
from typing import Any

from hottui.demo.simulation import Simulation
from hottui.model.state import HOT_UPDATING
from tests.benchmarks.report import Row
from tests.benchmarks.screen import Stage
from tests.benchmarks.terminal import COLUMNS, ROWS, OnTerminal
from tests.terminal.ptys import shown

_DOWN, _PAGE_DOWN, _PAGE_UP = b"\x1b[B", b"\x1b[6~", b"\x1b[5~"


class InProgress(Simulation):
    """A simulation whose hot updates all stay in progress."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the result in progress."""
        result = super().result(workspace, namespace, hot_update_id)
        return result and {**result, "status": {**result["status"], "status": HOT_UPDATING}}


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
