"""Measure the store, and run long versions of its concurrency tests.

python -m tests.benchmarks.store [--seconds 20] [--kills 50]
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hottui.store.store import Store
from tests.store.concurrent_worker import disagreements, gather, kill_in_the_midst, missing_after_kill
from tests.store.samples import bookmark, move, observation, ref

PROCESSES = 8
ANSWER = '{"data":{"targetResourceSetting":{"flinkConf":{"k":"v"}},"plan":"' + "node and edge " * 1500 + '"}}'
"""About 20 kB, like the answer of a job with a plan of a dozen vertices."""


def main() -> int:
    """Print the measurements; return 1 if a check failed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20.0, help="how long the crowd works")
    options.add_argument("--kills", type=int, default=50, help="how often a process is killed")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        costs(Path(folder))
        faults = crowd(Path(folder), chosen.seconds) + kills(Path(folder), chosen.kills)
    return 1 if faults else 0


def costs(folder: Path) -> None:
    """Measure the calls of a start and of a running monitor."""
    bare, whole = import_time("pass"), import_time("import hottui.store.store")
    say(f"import of hottui.store.store beyond a bare python: {(whole - bare) * 1000:.1f} ms")
    for count in (40, 1000):
        costs_of(folder / str(count) / "hottui.db", [f"hu-{number}" for number in range(count)])


def costs_of(path: Path, names: list[str]) -> None:
    """Measure the same for a store with these bookmarks."""
    with Store.open(path) as store:
        store.add_all(bookmark(name, label="orders-enrich") for name in names)
        recording = timed(lambda: [store.record(observation(name, answer=ANSWER), move(name)) for name in names], 1)
        sights = {ref(name): time.time() for name in names}
        seeing = timed(lambda: store.mark_all_seen(sights), 5)
        version = timed(store.data_version, 200)
        tracked = timed(store.tracked, 20)
        answer = timed(lambda: store.answer(ref("hu-7")), 100)
    opening = timed(lambda: Store.open(path).close(), 20)
    say(f"{len(names):,} bookmarks, an answer of {len(ANSWER):,} bytes each, {path.stat().st_size:,} bytes on disk:")
    say(f"  open and close                           {opening * 1e3:8.2f} ms")
    say(f"  read all that the table shows            {tracked * 1e3:8.2f} ms")
    say(f"  record an answer and its move            {recording / len(names) * 1e3:8.2f} ms each")
    say(f"  note that all were seen                  {seeing * 1e3:8.2f} ms")
    say(f"  ask whether another process wrote        {version * 1e6:8.1f} µs")
    say(f"  read one answer                          {answer * 1e6:8.1f} µs")


def crowd(folder: Path, seconds: float) -> int:
    """Run eight processes on one store; return the number of differences."""
    path = folder / "crowd" / "hottui.db"
    ledgers = gather(path, PROCESSES, seconds)
    faults = disagreements(path, ledgers) + [notice for ledger in ledgers for notice in ledger.notices]
    rounds = [ledger.writes for ledger in ledgers]
    say(
        f"{PROCESSES} processes for {seconds:g} s: {sum(rounds):,} rounds of 6 writes "
        f"(least {min(rounds):,}, most {max(rounds):,}), {sum(len(each.kept) for each in ledgers):,} bookmarks kept, "
        f"{sum(len(each.removed) for each in ledgers):,} removed, {len(faults)} lost or wrong"
    )
    for fault in faults[:10]:
        say(f"  {fault}")
    return len(faults)


def kills(folder: Path, count: int) -> int:
    """Kill a writing process repeatedly; return the number of stores that lacked confirmed writes."""
    path, rng, first, faults = folder / "kills" / "hottui.db", random.Random(9), 0, []
    for _ in range(count):
        last = kill_in_the_midst(path, first, rng)
        faults += missing_after_kill(path, last)
        first = last + 1
    say(f"{count} times kill -9: {first:,} bookmarks were confirmed, {len(faults)} lost or wrong")
    return len(faults)


def import_time(code: str) -> float:
    """Return the median seconds that a new process takes for `code`."""
    return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True), 9)


def timed(action: Callable[[], object], times: int) -> float:
    """Return the median seconds of `times` runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
