"""A process that writes to a store for a while and prints what was committed; several run concurrently.

python -m tests.store.concurrent_worker work PATH NUMBER SECONDS   one of several workers; prints a Ledger as JSON
python -m tests.store.concurrent_worker until-killed PATH START    prints the number of each bookmark once it is saved
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hottui.store import prepare
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.samples import bookmark, move, observation, ref

ROOT = Path(__file__).parents[2]
SHARED = "shared"


@dataclass
class Ledger:
    """What was confirmed to one process: the store must agree when all have ended."""

    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    shared_moves: list[str] = field(default_factory=list)
    last_states: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    noticed: int = 0
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def start(*arguments: object) -> "subprocess.Popen[str]":
    """Run as one of several workers."""
    command = [sys.executable, "-m", "tests.store.concurrent_worker", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def gather(path: Path, processes: int, seconds: float) -> list[Ledger]:
    """Run `processes` workers on the store at `path` for `seconds`; return the ledger of each."""
    ledgers = []
    with ExitStack() as workers:
        running = []
        for number in range(processes):
            running.append(workers.enter_context(start("work", path, number, seconds)))
            workers.callback(running[-1].kill)  # before waiting for it, in case of a failure
        for process in running:
            out, err = process.communicate(timeout=seconds + 120)
            assert process.returncode == 0, err
            ledgers.append(Ledger(**json.loads(out)))
    return ledgers


def disagreements(path: Path, ledgers: Sequence[Ledger]) -> list[str]:
    """Return every difference between the store at `path` and what was confirmed to the processes."""
    differences = [f"error: {error}" for ledger in ledgers for error in ledger.errors]
    with Store.open(path) as store:
        tracked = {each.ref.id: each for each in store.tracked()}
        moves = {each.state for each in store.transitions(ref(SHARED))}
        differences += [f"notice: {notice}" for notice in store.notices]
        for ledger in ledgers:
            differences += [f"lost: {name}" for name in ledger.kept if name not in tracked]
            differences += [f"back again: {name}" for name in ledger.removed if name in tracked]
            differences += [f"lost move: {state}" for state in ledger.shared_moves if state not in moves]
            for name, state in ledger.last_states.items():
                if name in tracked and tracked[name].state != state:
                    differences.append(f"lost update: {name} is {tracked[name].state}, not {state}")
                kept = store.answer(ref(name))
                if name in tracked and (kept is None or state not in kept.answer):
                    differences.append(f"lost answer: {name}")
        known = {name for ledger in ledgers for name in ledger.kept} | {SHARED}
        differences += [f"from nowhere: {name}" for name in tracked.keys() - known]
    return differences


def work(path: Path, number: int, seconds: float) -> Ledger:
    """Add, remove, observe, annotate and view, as fast as possible."""
    rng = random.Random(number)
    ledger = Ledger()
    with Store.open(path) as store:
        store.add(bookmark(SHARED))
        version, end = store.data_version(), time.monotonic() + seconds
        while time.monotonic() < end or not ledger.writes:
            try:
                _one_round(store, ledger, number, rng)
                before, version = version, store.data_version()
                ledger.noticed += before != version
            except StoreError as error:
                ledger.errors.append(f"{type(error).__name__}: {error.message}")
        ledger.notices += store.notices
    return ledger


def _one_round(store: Store, ledger: Ledger, number: int, rng: random.Random) -> None:
    name = f"p{number}-{ledger.writes}"
    if store.add(bookmark(name, label=f"by {number}")):
        ledger.kept.append(name)
    now, state = time.time(), f"S-{name}"
    if store.record(observation(name, now, state, f'"{state}"'), move(name, now, state)):
        ledger.last_states[name] = state
    if store.record(observation(SHARED, now, state), move(SHARED, now, state)):
        ledger.shared_moves.append(state)
    store.mark_seen(ref(name), now)
    store.mark_viewed(ref(SHARED), now)
    if rng.random() < 0.3 and ledger.kept:
        gone = ledger.kept.pop(rng.randrange(len(ledger.kept)))
        store.remove(ref(gone))
        ledger.removed.append(gone)
    if rng.random() < 0.1:
        store.tracked()
    ledger.writes += 1


def until_killed(path: Path, first: int) -> None:
    """Add and observe forever, printing each bookmark only when both are saved."""
    with Store.open(path) as store:
        for number in range(first, sys.maxsize):
            name = f"k{number}"
            store.add(bookmark(name))
            store.record(observation(name, float(number), answer=f'"{name * 500}"'), None)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def kill_in_the_midst(path: Path, first: int, rng: random.Random) -> int:
    """Run a process that adds bookmarks from `first`, and `kill -9` it; return the last number that it printed."""
    process = start("until-killed", path, first)
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout as out:
        last = first - 1
        for _ in range(rng.randint(1, 60)):
            last = int(out.readline())
        time.sleep(rng.random() / 500)  # anywhere within a write
        process.kill()
        for line in out.read().splitlines():
            last = int(line)
    return last


def missing_after_kill(path: Path, last: int) -> list[str]:
    """Return the numbers up to `last` that are missing in the reopened store."""
    with Store.open(path) as store:
        names = {each.ref.id for each in store.tracked() if each.state}
        missing = [f"k{number}" for number in range(last + 1) if f"k{number}" not in names]
        kept = store.answer(ref(f"k{last}"))
        if kept is None or kept.answer != f'"{f"k{last}" * 500}"':
            missing.append(f"answer of k{last}")
        return missing + list(store.notices)


if __name__ == "__main__":
    if table := os.environ.get("HOTTUI_TEST_MOUNTS"):
        prepare._MOUNTS = Path(table)
    task, where, *numbers = sys.argv[1:]
    if task == "work":
        sys.stdout.write(json.dumps(asdict(work(Path(where), int(numbers[0]), float(numbers[1])))))
    else:
        until_killed(Path(where), int(numbers[0]))
