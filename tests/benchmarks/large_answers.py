"""How the dashboard responds while a tab is open on a large answer that changes every two seconds.

`python -m tests.benchmarks.large_answers [--seconds 12] [--only KIND:TAB ...]`. The real program on a terminal of its
own, against a service in another process. For every tab: the longest turn of the event loop (by the clock, and in
processor time of the loop's own thread, which a busy machine does not add to) after the first answers were read, the
time from `q` or from SIGTERM to the end of the process, how often the other rows are read, and the processor time.
"""

import argparse
import os
import signal
import statistics
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATING, INIT
from hottui.model.tracking import Observation, Summary, Transition
from hottui.store.store import Store
from tests.benchmarks.large_world import PERIOD, Large, served_large
from tests.benchmarks.report import Row, show
from tests.benchmarks.soak import Home, Turn
from tests.benchmarks.terminal import OnTerminal

TABS = ("overview", "conf", "batch", "streaming", "plan", "timeline", "answer")
_TRANSITIONS = 10_000
_LONGEST_TURN = 0.05
CASES = (
    *(("plan", tab) for tab in TABS),
    *(("conf", tab) for tab in ("conf", "answer")),
    *(("asked", tab) for tab in ("overview", "conf")),
    *(("failure", tab) for tab in ("overview", "answer")),
)
"""What is large, and which tab is open."""


@dataclass(frozen=True)
class Measured:
    """Measurements of one tab."""

    turns: list[Turn]
    quit: float
    intervals: list[float]
    cpu: float
    """The share of one processor without key presses."""


def furnish(path: Path, world: Large, endpoint: str, transitions: int) -> None:
    """Bookmark everything; the large hot update has a history."""
    with Store.open(path) as store:
        readable = {member.id for member in world.updates if not member.spec.denied and world.result(*member.key)}
        store.add_all(bookmark for bookmark in world.bookmarks(endpoint) if bookmark.ref.id in readable)
        ref: Ref = next(ref for ref in world.refs(endpoint) if ref.id == world.large)
        at = time.time() - transitions * 10
        for n in range(transitions):
            state, before = (INIT, HOT_UPDATING)[n % 2], (HOT_UPDATING, INIT)[n % 2]
            moved = Transition(ref, at + n * 10, state, before if n else "")
            store.record(Observation(ref, at + n * 10, Summary(state), "", "{}"), moved)
        store.annotate(ref, "large", "")


def measure(kind: str, tab: str, seconds: float, by_signal: bool) -> Measured:
    """Open `tab`, wait, filter, move around, and close it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requests = folder / "requests"
        with served_large(kind, requests) as endpoint:
            home = Home(folder / "home", endpoint)
            world = Large("")
            furnish(home.store, world, endpoint, _TRANSITIONS if tab == "timeline" else 10)
            program = home.open()
            program.read_until(b"large")
            program.read_for(4.0)
            press(program, b"/", b"large", b"\r", str(TABS.index(tab) + 1).encode())
            opened = time.monotonic()
            program.read_for(PERIOD + 1)
            before, began = program.cpu(), time.monotonic()
            program.read_for(seconds)
            cpu = (program.cpu() - before) / (time.monotonic() - began)
            press(program, b"/", b"1", b"2", b"3", b"\r", b"G", b"k", b"\x1b[6~", b"l", b"v", b"\x1b", b"Y")
            program.read_for(PERIOD)
            left = time.monotonic()
            if by_signal:
                os.kill(program.pid, signal.SIGTERM)
            else:
                program.send(b"q")
            while not _ended(program.pid):
                program.read_for(0.01)
            os.close(program.fd)
            quit_after = time.monotonic() - left
            turns = [turn for turn in home.turns() if opened - program.started <= turn.at <= left - program.started]
            asked = [line.split() for line in requests.read_text().splitlines()]
    by_id: dict[str, list[float]] = {}
    for ref, at in asked:
        if ref != world.large and opened <= float(at) <= left:
            by_id.setdefault(ref, []).append(float(at))
    intervals = [b - a for times in by_id.values() for a, b in pairwise(times)]
    return Measured(turns, quit_after, intervals, cpu)


def press(program: OnTerminal, *keys: bytes) -> None:
    """Send keys, half a second apart."""
    for each in keys:
        program.send(each)
        program.read_for(0.5)


def _ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG) != (0, 0)


def row_of(kind: str, tab: str, how: str, measured: Measured) -> Row:
    """Return one line of the table."""
    wall = max((turn.wall for turn in measured.turns), default=0.0)
    cpu = max((turn.cpu for turn in measured.turns), default=0.0)
    intervals = measured.intervals or [float("inf")]
    text = (
        f"{cpu * 1000:.0f} ms, {wall * 1000:.0f} ms; {measured.quit:.2f} s; "
        f"{statistics.median(intervals):.1f} s, {max(intervals):.1f} s; {measured.cpu:.0%}"
    )
    met = cpu <= _LONGEST_TURN and measured.quit < 1.0 and max(intervals) < 2 * PERIOD
    return Row(f"{kind}: {tab} ({how})", text, "≤ 50 ms; < 1 s; < 4 s", met)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--only", nargs="*", default=(), help="such as plan:answer")
    given = parser.parse_args()
    rows = []
    for number, (kind, tab) in enumerate(CASES):
        if not given.only or f"{kind}:{tab}" in given.only:
            by_signal = number % 2 == 1
            row = row_of(kind, tab, "SIGTERM" if by_signal else "q", measure(kind, tab, given.seconds, by_signal))
            print(row.what, row.measured, row.met, flush=True)
            rows.append(row)
    show("longest turn: CPU, by the clock; to the end; others read every: median, most; CPU", rows)


if __name__ == "__main__":
    main()
