"""Measure memory, CPU and output of hottui over a long run, as if left open for a week.

`python -m tests.benchmarks.soak --minutes N [--chaos 0.05] [--hot-updates 200] [--typing SECONDS]`. The real program on
a terminal of its own, against the demo in another process with faults strewn in; then again where everything has ended.
Figures are of hottui's process alone; CPU is the process's own time, which a busy machine does not add to.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from hottui.demo.simulation import Simulation
from hottui.model.state import is_final
from hottui.store.store import Store
from tests.benchmarks import stage
from tests.benchmarks.report import Row, show
from tests.benchmarks.served import served
from tests.benchmarks.terminal import OnTerminal, run

_KEYS = (b"\x1b[B", b"\r", b"2", b"6", b"7", b"1", b"\x1b", b"?", b"\x1b", b"/x", b"\x1b", b"\x1b[A", b"r")
"""Down, open, other tabs, close, help, filter, up, refresh."""
_SAMPLE_EVERY = 5.0
_SETTLED = 100.0
"""Seconds before an idle simulation is measured, in which everything is read once at 10 per second."""


@dataclass(frozen=True)
class Sample:
    """Memory and usage of the process at one time (in seconds since the start)."""

    at: float
    rss: float
    """KiB."""
    descriptors: int
    threads: int
    cpu: float
    written: int
    in_progress: int = 0


@dataclass(frozen=True)
class Minute:
    """One minute of the run."""

    at: float
    """When it ended, in seconds since the start."""
    in_progress: float
    """How many were in progress, on average."""
    cpu: float
    """The share of one processor."""
    written: float
    """Bytes per second to the terminal."""
    rss: float
    """KiB at its end."""


@dataclass(frozen=True)
class Turn:
    """A long turn of the event loop."""

    at: float
    wall: float
    cpu: float


class Home:
    """A home folder for hottui, and the running program."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder
        self._endpoint = endpoint
        self._turns = folder / "turns"
        self.store = folder / "data" / "hottui" / "hottui.db"
        self.store.parent.mkdir(parents=True)

    def open(self) -> OnTerminal:
        """The command with which a user starts `hottui`, with its loop measured."""
        environment = {
            "HOME": str(self._folder),
            "XDG_DATA_HOME": str(self._folder / "data"),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "XDG_STATE_HOME": str(self._folder / "state"),
            "COLORTERM": "",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
            "HOTTUI_ENDPOINT": self._endpoint,
            "HOTTUI_WORKSPACE": "any",  # so that the keys are used for this endpoint with any workspace
        }
        return run([sys.executable, "-m", "tests.benchmarks.probed", str(self._turns)], environment)

    def turns(self) -> list[Turn]:
        """Return the long turns of its loop so far."""
        lines = self._turns.read_text().splitlines() if self._turns.exists() else []
        return [Turn(*map(float, line.split())) for line in lines]


def sample(program: OnTerminal, written: int, in_progress: int = 0) -> Sample:
    """Return a sample of the process."""
    folder = Path(f"/proc/{program.pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return Sample(
        at=time.monotonic() - program.started,
        rss=float(status["VmRSS"].split()[0]),
        descriptors=len(os.listdir(folder / "fd")),
        threads=int(status["Threads"]),
        cpu=program.cpu(),
        written=written,
        in_progress=in_progress,
    )


@contextmanager
def living(folder: Path, size: int, chaos: float) -> Iterator[tuple[Home, Simulation]]:
    """Serve a simulation with changes and faults, all bookmarked."""
    started = time.time()
    with served(world="living", size=size, started=started, chaos=chaos) as endpoint:
        home, world = Home(folder / "living", endpoint), Simulation(size=size, started=started)
        with Store.open(home.store) as store:
            store.add_all(world.bookmarks(endpoint))
        yield home, world


@contextmanager
def quiet(folder: Path, size: int) -> Iterator[Home]:
    """Serve a simulation in which everything is finished."""
    with served(world="quiet", size=size) as endpoint:
        home = Home(folder / "quiet", endpoint)
        stage.furnish(home.store, stage.Quiet(size), endpoint)
        yield home


def in_progress(world: Simulation) -> int:
    """Return how many hot updates are in progress."""
    states = [member.spec.lifecycle.state(world.elapsed) for member in world.updates if not member.spec.denied]
    return sum(state is not None and not is_final(state) for state in states)


def watch(program: OnTerminal, world: Simulation, minutes: float, typing: float) -> list[Sample]:
    """Run for the given time, with occasional keys if requested; return a sample every few seconds."""
    keys, written = cycle(_KEYS), 0
    samples: list[Sample] = []
    end, next_key = program.started + minutes * 60, program.started + 20.0
    while (left := end - time.monotonic()) > 0:
        written += program.read_for(min(left, _SAMPLE_EVERY, typing or _SAMPLE_EVERY))
        program.output.clear()
        if typing and time.monotonic() >= next_key:
            program.send(next(keys))
            next_key = time.monotonic() + typing
        if not samples or time.monotonic() - program.started >= samples[-1].at + _SAMPLE_EVERY:
            samples.append(sample(program, written, in_progress(world)))
    samples.append(sample(program, written, in_progress(world)))
    return samples


def slope(samples: list[Sample]) -> float:
    """Return the growth in KiB per minute, by linear regression."""
    middle = sum(one.at for one in samples) / len(samples)
    mean = sum(one.rss for one in samples) / len(samples)
    spread = sum((one.at - middle) ** 2 for one in samples)
    return 60 * sum((one.at - middle) * (one.rss - mean) for one in samples) / spread


def by_minute(samples: list[Sample]) -> list[Minute]:
    """Return each whole minute."""
    minutes = []
    last = samples[0]
    within: list[Sample] = []
    for one in samples[1:]:
        within.append(one)
        if one.at >= last.at + 60:
            passed = one.at - last.at
            mean = sum(each.in_progress for each in within) / len(within)
            cpu, written = (one.cpu - last.cpu) / passed, (one.written - last.written) / passed
            minutes.append(Minute(one.at, mean, cpu, written, one.rss))
            last, within = one, []
    return minutes


def rows_of(samples: list[Sample], turns: list[Turn]) -> list[Row]:
    """Print the measurements of the changing simulation with their goals."""
    first = next(one for one in samples if one.at >= min(60.0, samples[-1].at / 4))
    warm = [one for one in samples if one.at >= min(120.0, samples[-1].at / 2)]
    last = samples[-1]
    grows = slope(warm)
    minutes = by_minute(samples)
    near = min(minutes, key=lambda minute: abs(minute.in_progress - 20)) if minutes else None
    half = [one for one in warm if one.at >= samples[-1].at / 2]
    steady = [turn for turn in turns if turn.at >= first.at]
    longest = max(steady, key=lambda turn: turn.wall, default=Turn(0, 0, 0))
    busiest = max(steady, key=lambda turn: turn.cpu, default=Turn(0, 0, 0))
    start = max((turn for turn in turns if turn.at < first.at), key=lambda turn: turn.wall, default=Turn(0, 0, 0))
    rows = [
        Row(f"memory grows, after {warm[0].at:.0f} s", f"{grows:.1f} KiB/min", "< 20", grows < 20),
        Row("… in the second half of the time", f"{slope(half):.1f} KiB/min"),
        Row("memory at minute one, at the end", f"{first.rss / 1024:.1f}, {last.rss / 1024:.1f} MiB"),
        Row(
            "descriptors at minute one, at the end",
            f"{first.descriptors}, {last.descriptors}",
            "no more",
            last.descriptors <= first.descriptors,
        ),
        Row("threads at minute one, at the end", f"{first.threads}, {last.threads}", "no more",
            last.threads <= first.threads),
        Row("bytes to the terminal", f"{(last.written - first.written) / (last.at - first.at):.0f} B/s"),
        Row("the loop's longest turn since minute one", f"{longest.wall * 1000:.0f} ms", "≤ 50", longest.wall <= 0.05),
        Row("… most CPU of its own in one turn", f"{busiest.cpu * 1000:.0f} ms"),
        Row("… longest turn before (start and first reads)", f"{start.wall * 1000:.0f} ms, {start.cpu * 1000:.0f} CPU"),
    ]  # fmt: skip
    if near:
        rows.append(Row(f"CPU at {near.in_progress:.0f} in progress", f"{near.cpu:.2%}", "< 3 %", near.cpu < 0.03))
    return rows


def rest(home: Home, seconds: float) -> list[Row]:
    """Print CPU and bytes when everything is finished."""
    program = home.open()
    program.read_for(_SETTLED)
    before, written = program.cpu(), program.read_for(seconds)
    share = (program.cpu() - before) / seconds
    program.kill()
    return [
        Row("CPU when all is done", f"{share:.2%}", "< 0.5 %", share < 0.005),
        Row("bytes to the terminal when all is done", f"{written / seconds:.1f} B/s"),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--chaos", type=float, default=0.05, help="the probability that a request meets a fault")
    parser.add_argument("--hot-updates", type=int, default=200)
    parser.add_argument("--typing", type=float, default=0.0, help="seconds between two keys; 0: nobody types")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with living(folder, given.hot_updates, given.chaos) as (home, world):
            program = home.open()
            samples = watch(program, world, given.minutes, given.typing)
            program.kill()
            turns = home.turns()
        rows = rows_of(samples, turns)
        with quiet(folder, given.hot_updates) as home:
            rows += rest(home, min(60.0, given.minutes * 60))
    for minute in by_minute(samples):
        print(
            f"minute {minute.at / 60:4.1f}: {minute.in_progress:5.1f} in progress, {minute.cpu:6.2%} CPU, "
            f"{minute.written:6.0f} B/s to the terminal, {minute.rss / 1024:.2f} MiB"
        )
    show(f"{given.hot_updates} hot updates, {given.minutes:g} minutes, {given.chaos:.0%} chaos", rows)


if __name__ == "__main__":
    main()
