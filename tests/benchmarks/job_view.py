"""How soon the screen of a job opens from the store, and how it scrolls with a history of 250 rows.

`python -m tests.benchmarks.job_view [--runs N]`. The real program on a terminal of its own, against the demo in another
process. First a session reads the job; later ones open the screen from the store. Measured are the time from the key to
the job's name on the screen, with the reference of a key that opens the help, and the longest turn of the event loop
while the history is read and scrolled (by the clock, and in processor time of the loop's own thread).
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from hottui.demo.simulation import Simulation
from hottui.model.tracking import sort_key
from hottui.store.store import Store
from tests.benchmarks import stage
from tests.benchmarks.report import Row, show
from tests.benchmarks.served import served
from tests.benchmarks.soak import Home, Turn
from tests.benchmarks.terminal import OnTerminal

LABEL = "orders-enrich noon"
_ENGINE, _COMPLETE = b"vvr-8", b"255, the newest first"
"""What the screen shows once it has the saved job, and the whole history."""
_SCROLL = (b"\x1b[B",) * 40 + (b"\x1b[6~",) * 20 + (b"\x1b[5~",) * 20 + (b"G", b"g") * 5


def furnish(path: Path, endpoint: str) -> None:
    """Bookmark the hot updates of the job with the long history, with their answers."""
    world = Simulation()
    stage.furnish(path, world, endpoint)
    with Store.open(path) as store:
        shown = sorted(store.tracked(), key=sort_key)
        job = next(row for row in shown if row.bookmark and row.bookmark.label == LABEL)
        for row in shown:
            if row.summary is None or job.summary is None or row.summary.job_id != job.summary.job_id:
                store.remove(row.ref)


class Opening(NamedTuple):
    """The time from a key to the screen it opens, and the processor time of the process until then, in seconds."""

    wall: float
    cpu: float


class Session(NamedTuple):
    """Measurements of one session: screens opened for the first time and again, the whole history, and long turns."""

    help: Opening
    help_again: Opening
    job: Opening
    job_again: Opening
    complete: float
    turns: list[Turn]


def opened(program: OnTerminal, key: bytes, marker: bytes) -> Opening:
    """Press `key`, and measure until `marker` was written."""
    program.output.clear()
    began, cpu = time.monotonic(), program.cpu()
    program.send(key)
    program.read_until(marker)
    return Opening(time.monotonic() - began, program.cpu() - cpu)


def close(program: OnTerminal) -> None:
    """Close the open screen."""
    program.send(b"\x1b")
    program.read_for(1.5)


def first_session(home: Home) -> None:
    """Read the job, so that the store has it."""
    program = home.open()
    program.read_until(b"orders-enrich")
    program.read_for(3.0)
    opened(program, b"J", _COMPLETE)
    program.read_for(5.0)
    end(program)


def session(home: Home) -> Session:
    """Open both screens twice, and scroll the job's."""
    program = home.open()
    program.read_until(b"orders-enrich")
    program.read_for(3.0)
    help_first = opened(program, b"?", b"Help")
    close(program)
    help_again = opened(program, b"?", b"Help")
    close(program)
    before = time.monotonic() - program.started
    job_first = opened(program, b"J", _ENGINE)
    program.read_until(_COMPLETE)
    complete = time.monotonic() - program.started - before
    for key in _SCROLL:
        program.send(key)
        program.read_for(0.05)
    program.read_for(3.0)
    last = time.monotonic() - program.started
    close(program)
    job_again = opened(program, b"J", _ENGINE)
    end(program)
    turns = [turn for turn in home.turns() if before <= turn.at <= last]
    return Session(help_first, help_again, job_first, job_again, complete, turns)


def end(program: OnTerminal) -> None:
    """Quit, and wait until everything is saved."""
    program.send(b"\x03")
    program.read_for(2.0)
    program.kill()


def opening_rows(what: str, first: list[Opening], again: list[Opening], goal: float | None = None) -> list[Row]:
    """Return the medians of a screen opened for the first time, with its imports, and again."""
    rows = []
    for which, openings in (("first time", first), ("again", again)):
        wall, cpu = (statistics.median(getattr(each, name) for each in openings) for name in ("wall", "cpu"))
        met = None if goal is None else wall < goal
        text = f"{wall * 1000:.0f} ms, {cpu * 1000:.0f} ms"
        rows.append(Row(f"{what}, {which}: time, CPU", text, "reference" if goal is None else "< 100 ms", met))
    return rows


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, served() as endpoint:
        home = Home(Path(name), endpoint)
        furnish(home.store, endpoint)
        first_session(home)
        sessions = []
        for _ in range(given.runs):
            (Path(name) / "turns").unlink(missing_ok=True)
            sessions.append(session(home))
    turns = [turn for each in sessions for turn in each.turns]
    cpu, wall = (max((getattr(turn, name) for turn in turns), default=0.0) for name in ("cpu", "wall"))
    show(
        "The screen of a job with 250 changes by Autopilot",
        [
            *opening_rows("the help", [each.help for each in sessions], [each.help_again for each in sessions]),
            *opening_rows("the job", [each.job for each in sessions], [each.job_again for each in sessions], goal=0.1),
            Row("its whole history, read from the service", f"{statistics.median(e.complete for e in sessions):.1f} s"),
            Row("longest turn of the event loop, CPU", f"{cpu * 1000:.0f} ms", "≤ 50 ms", cpu <= 0.05),
            Row("longest turn of the event loop, by the clock", f"{wall * 1000:.0f} ms"),
        ],
    )


if __name__ == "__main__":
    main()
