"""Compare the cost of a read with hottui's client and the official SDK, against the served demo in the same run.

`python -m tests.benchmarks.reads [--reads N] [--at-once N] [--rounds N]`. Every mode runs in a process of its own, the
demo in another; the modes take turns, and of each the least CPU and the least wall time of all rounds count: a busy
machine only adds to them. Every mode is warm before it is measured, with as many connections as it uses. Figures are
per 1,000 reads; the ratios are what holds from machine to machine.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.report import Row, show
from tests.benchmarks.served import served
from tests.service.authority import new_authority

HOTTUI, SYNC, THREADS, ASYNC = "hottui", "sdk-sync", "sdk-threads", "sdk-async"
NAMES = {HOTTUI: "hottui", SYNC: "SDK, synchronous", THREADS: "SDK, threads", ASYNC: "SDK, async"}
_SLOW_MODE_READS = 60  # the SDK's async mode makes a connection and a TLS context for each call


@dataclass(frozen=True)
class Cost:
    """Return the seconds for 1,000 reads."""

    cpu: float
    wall: float


def run(mode: str, endpoint: str, ca: Path | None, reads: int, at_once: int) -> Cost:
    """Run one round of one mode."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.readers", mode, endpoint, str(ca or "-")]
    environment = {"SSL_CERT_FILE": str(ca)} if ca else {}
    done = subprocess.run(
        [*command, str(reads), str(at_once)], stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    result = json.loads(done.stdout)
    return Cost(result["cpu"] * 1000 / reads, result["wall"] * 1000 / reads)


def compare(modes: list[str], endpoint: str, ca: Path | None, options: argparse.Namespace) -> dict[str, Cost]:
    """Return the best round of each mode; the modes alternate, so that a busy minute affects all of them."""
    rounds: dict[str, list[Cost]] = {mode: [] for mode in modes}
    for _ in range(options.rounds):
        for mode in modes:
            reads = min(options.reads, _SLOW_MODE_READS) if mode == ASYNC else options.reads
            rounds[mode].append(run(mode, endpoint, ca, reads, options.at_once))
    return {mode: Cost(min(c.cpu for c in costs), min(c.wall for c in costs)) for mode, costs in rounds.items()}


def rows(costs: dict[str, Cost], *, wall_goal: bool) -> list[Row]:
    """Return a table: every mode, then hottui's ratios."""
    table = [Row(NAMES[mode], f"{cost.cpu:.2f} s CPU, {cost.wall:6.2f} s") for mode, cost in costs.items()]
    mine = costs[HOTTUI]
    others = [cost for mode, cost in costs.items() if mode != HOTTUI]
    cpu = mine.cpu / min(cost.cpu for cost in others)
    table.append(Row("hottui's CPU to the best of the SDK", f"{cpu:.2f}×", "at most 1.5×", cpu <= 1.5))
    wall = mine.wall / min(cost.wall for cost in others)
    goal = ("under 1×", wall < 1.0) if wall_goal else ("", None)
    table.append(Row("hottui's wall time to the best of the SDK", f"{wall:.2f}×", *goal))
    return table


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=1000, help="reads of each mode in a round")
    parser.add_argument("--at-once", type=int, default=8, help="reads in flight, where a mode can")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"1,000 reads, {options.at_once} at once; best of {options.rounds} rounds of {options.reads} reads")
    with served() as endpoint:
        costs = compare([HOTTUI, SYNC, THREADS], endpoint, None, options)
        show("loopback, plain http", rows(costs, wall_goal=False))
    with tempfile.TemporaryDirectory() as folder:
        authority = new_authority(Path(folder))
        with served(latency=0.05, chain=authority.issue("localhost")) as endpoint:
            costs = compare([HOTTUI, SYNC, THREADS, ASYNC], endpoint, authority.file, options)
            show("TLS, 50 ms latency", rows(costs, wall_goal=True))


if __name__ == "__main__":
    main()
