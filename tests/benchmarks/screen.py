"""What the screen costs: the start to the first painted table, and bytes and CPU while it stands open.

`python -m tests.benchmarks.screen [--runs N] [--seconds N]`. Ratios are to a Textual hello-world and a plain
DataTable in the same run: machines differ and are shared, ratios less so.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import stage
from tests.benchmarks.report import Row, show
from tests.benchmarks.terminal import OnTerminal, run

PYTHON = sys.executable
_DOWN, _UP = b"\x1b[B", b"\x1b[A"


def dashboard(home: Path) -> OnTerminal:
    """`hottui` as a user starts it, with the bookmarks of `home`."""
    return run([PYTHON, "-m", "hottui"], _environment(home))


def _environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "COLORTERM": "",
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "stage",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "stage",
    }


def home_with(folder: Path, rows: int) -> Path:
    """A home folder with so many bookmarks in its store."""
    home = folder / f"home{rows}"
    path = home / "data" / "hottui" / "hottui.db"
    path.parent.mkdir(parents=True)
    stage.furnish(path, rows, time.time())
    return home


def start(make: "object", marker: bytes, runs: int) -> tuple[float, float, float]:
    """Median CPU seconds, wall seconds and bytes until `marker` is painted."""
    cpu, wall, written = [], [], []
    for _ in range(runs):
        program: OnTerminal = make()  # type: ignore[operator]
        wall.append(program.read_until(marker))
        written.append(len(program.output))
        cpu.append(program.kill())
    return statistics.median(cpu), statistics.median(wall), statistics.median(written)


def starts(folder: Path, runs: int) -> list[Row]:
    """The start, beside its references."""
    few, many = home_with(folder, 40), home_with(folder, 1000)
    module = [PYTHON, "-m", "tests.benchmarks.stage"]
    hello = start(lambda: run([*module, "hello"]), b"painted-now", runs)
    plain = start(lambda: run([*module, "datatable", "1000"]), b"stage00000000010", runs)
    ours = start(lambda: dashboard(few), b"stage00000000001", runs)
    large = start(lambda: dashboard(many), b"stage00000000001", runs)
    return [
        Row("hello-world, CPU to first paint", f"{hello[0] * 1000:.0f} ms", "reference"),
        Row("DataTable with 1,000 rows, CPU to first paint", f"{plain[0] * 1000:.0f} ms", "reference"),
        Row(
            "40 bookmarks, CPU to first table / hello-world",
            f"{ours[0] / hello[0]:.2f}",
            "≤ 1.30",
            ours[0] <= 1.3 * hello[0],
        ),
        Row(
            "1,000 bookmarks, CPU to first table / DataTable", f"{large[0] / plain[0]:.2f}", "< 1", large[0] < plain[0]
        ),
        Row("40 bookmarks, wall time / hello-world", f"{ours[1] / hello[1]:.2f}", ""),
        Row("bytes written by then, 40 bookmarks", f"{ours[2]:,.0f}", "< 40,000", ours[2] < 40_000),
        Row("bytes written by then, 1,000 bookmarks", f"{large[2]:,.0f}", "< 40,000", large[2] < 40_000),
    ]


def standing(folder: Path, seconds: float) -> list[Row]:
    """Bytes and CPU while nothing happens, and for a cursor key."""
    program = dashboard(home_with(folder, 41))
    program.read_until(b"stage00000000001")
    program.read_for(15)
    cpu, written = program.cpu(), program.read_for(seconds)
    share = (program.cpu() - cpu) / seconds
    keys = []
    for n in range(20):
        program.send(_DOWN if n < 10 else _UP)
        keys.append(program.read_for(0.25))
    program.kill()
    key = statistics.median(keys)
    return [
        Row("nothing changes, 40 rows in view", f"{written / seconds:.1f} B/s", "< 60 B/s", written / seconds < 60),
        Row("nothing changes, CPU", f"{share:.2%}", "< 0.3 %", share < 0.003),
        Row("a cursor key", f"{key:.0f} B", "< 600 B", key < 600),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="starts of each program; the median counts")
    parser.add_argument("--seconds", type=float, default=30, help="how long the idle screen is watched")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show("The screen at 120x40", [*starts(Path(folder), given.runs), *standing(Path(folder), given.seconds)])


if __name__ == "__main__":
    main()
