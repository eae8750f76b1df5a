"""Measure the screen: the start up to the first table, and bytes and CPU while it is open.

`python -m tests.benchmarks.screen [--runs N] [--seconds N]`. Ratios are to a Textual hello-world and a plain
DataTable in the same run: machines differ and are shared, ratios less so.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import hottui
from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.model.tracking import sort_key
from hottui.store.store import Store
from tests.benchmarks import stage
from tests.benchmarks.report import Row, show
from tests.benchmarks.terminal import OnTerminal, run

PYTHON = sys.executable
_LAST = b"row0000000000024"
"""The ID in the last row of the DataTable that hottui shows, too."""
_DOWN, _UP = b"\x1b[B", b"\x1b[A"
_IN_SIGHT = 37
"""Rows of the table at 120x40, without titles and bars."""


@dataclass(frozen=True)
class Stage:
    """A home folder with bookmarks, and the served simulation that they belong to."""

    home: Path
    endpoint: str
    last: bytes
    """The beginning of the ID in the last visible row."""

    def open(self) -> OnTerminal:
        """The command and environment with which a user starts `hottui`."""
        return run([PYTHON, "-m", "hottui"], self._environment())

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "COLORTERM": "",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
            "HOTTUI_ENDPOINT": self.endpoint,
            "HOTTUI_WORKSPACE": "a14bd0f3c95e47",
        }


@contextmanager
def set_up(folder: Path, rows: int, period: float = 0.0) -> Iterator[Stage]:
    """Serve a simulation of `rows` finished hot updates, all bookmarked."""
    world = stage.Quiet(rows, period)
    home = folder / f"home-{rows}-{period}"
    path = home / "data" / "hottui" / "hottui.db"
    path.parent.mkdir(parents=True)
    with serving(DemoService(world)) as endpoint:
        stage.furnish(path, world, endpoint)
        store = Store.open(path)
        shown = sorted(store.tracked(), key=sort_key)[:_IN_SIGHT]
        store.close()
        yield Stage(home, endpoint, shown[-1].ref.id[:9].encode())


@dataclass(frozen=True)
class Start:
    """The cost of a program until its marker was drawn: CPU seconds, wall seconds, bytes."""

    cpu: float
    wall: float
    written: float


def start(make: Callable[[], OnTerminal], marker: bytes) -> Start:
    """Start a program once."""
    program = make()
    wall = program.read_until(marker)
    written = len(program.output)
    return Start(program.kill(), wall, written)


def medians(programs: Sequence[tuple[Callable[[], OnTerminal], bytes]], runs: int) -> list[Start]:
    """Return the median start of each program. They alternate, so that a slow minute affects all alike."""
    rounds = [[start(*program) for program in programs] for _ in range(runs)]
    return [
        Start(*(statistics.median(values) for values in zip(*map(astuple, its), strict=True)))
        for its in zip(*rounds, strict=True)
    ]


def starts(folder: Path, runs: int) -> list[Row]:
    """Measure the start and its references."""
    module = [PYTHON, "-m", "tests.benchmarks.references"]
    with set_up(folder, 40) as few, set_up(folder, 1000) as many:
        hello, plain, ours, large = medians(
            (
                (lambda: run([*module, "hello"]), b"painted-now"),
                (lambda: run([*module, "datatable", "1000"]), _LAST),
                (few.open, few.last),
                (many.open, many.last),
            ),
            runs,
        )
    to_hello, to_plain = ours.cpu / hello.cpu, large.cpu / plain.cpu
    return [
        Row("hello-world, CPU to first paint", f"{hello.cpu * 1000:.0f} ms", "reference"),
        Row("DataTable with 1,000 rows, CPU to first paint", f"{plain.cpu * 1000:.0f} ms", "reference"),
        Row("40 bookmarks, CPU to first table / hello-world", f"{to_hello:.2f}", "≤ 1.30", to_hello <= 1.3),
        Row("1,000 bookmarks, CPU to first table / DataTable", f"{to_plain:.2f}", "< 1", to_plain < 1),
        Row("40 bookmarks, wall time / hello-world", f"{ours.wall / hello.wall:.2f}", ""),
        Row("bytes written by then, 40 bookmarks", f"{ours.written:,.0f}", "< 40,000", ours.written < 40_000),
        Row("bytes written by then, 1,000 bookmarks", f"{large.written:,.0f}", "< 40,000", large.written < 40_000),
    ]


def standing(folder: Path, seconds: float) -> list[Row]:
    """Measure bytes and CPU while idle and for a cursor key."""
    with set_up(folder, 41) as quiet:
        program = quiet.open()
        program.read_until(quiet.last)
        program.read_for(20)  # the confirming reads of finished hot updates
        cpu, written = program.cpu(), program.read_for(seconds)
        share = (program.cpu() - cpu) / seconds
        keys = []
        for n in range(20):
            program.send(_DOWN if n < 10 else _UP)
            keys.append(program.read_for(0.3))
        program.kill()
    key = statistics.median(keys)
    return [
        Row("nothing changes, 40 rows in view", f"{written / seconds:.1f} B/s", "< 60 B/s", written / seconds < 60),
        Row("nothing changes, CPU", f"{share:.2%}", "< 0.3 %", share < 0.003),
        Row("a cursor key", f"{key:.0f} B", "< 600 B", key < 600),
    ]


def changing(folder: Path) -> list[Row]:
    """Measure the bytes for one changing row, read every two seconds."""
    bursts: list[int] = []
    with set_up(folder, 42, period=5.0) as restless:
        program = restless.open()
        program.read_until(restless.last)
        program.read_for(20)
        end = time.monotonic() + 45
        while time.monotonic() < end:
            before = len(program.output)
            program.read_until_quiet(0.15)
            burst = bytes(program.output[before:])
            if b"INIT" in burst or b"UPDATING" in burst:
                bursts.append(len(burst))
        program.kill()
    if not bursts:
        return [Row("one changed row", "not seen", "< 400 B", False)]
    row = statistics.median(bursts)
    return [Row(f"one changed row (median of {len(bursts)})", f"{row:.0f} B", "< 400 B", row < 400)]


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="starts of each program; the median counts")
    parser.add_argument("--seconds", type=float, default=30, help="how long the idle screen is watched")
    given = parser.parse_args()
    compile_dir(Path(hottui.__file__).parent, quiet=1)  # compiled as by pip: the start of an installed program counts
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        rows = [*starts(path, given.runs), *standing(path, given.seconds), *changing(path)]
        show("The screen at 120x40", rows)


if __name__ == "__main__":
    main()
