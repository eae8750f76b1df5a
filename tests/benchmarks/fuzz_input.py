"""Fuzz the dashboard's input: `python -m tests.benchmarks.fuzz_input --minutes 10 --seed 1`.

Each session is a new program on a new terminal. Half of them get only input that must not act: then no bookmark may
change. The exit code is 1 if anything was wrong. `--seed S --only N` repeats a session.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.terminal import fuzz


def main() -> None:
    """Run the fuzzer and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--session", type=float, default=20.0, help="seconds of input for each program")
    parser.add_argument("--only", type=int, default=None, help="run this session alone")
    given = parser.parse_args()
    end, number, wrong = time.monotonic() + given.minutes * 60, 0, 0
    while time.monotonic() < end:
        number += 1
        if given.only not in {None, number}:
            continue
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, fuzz.place(Path(name)) as home:
            outcome = fuzz.run(home, f"{given.seed}-{number}", given.session, inert=number % 2 == 0)
        wrong += bool(outcome.faults)
        print(
            f"session {number}: {outcome.pieces} pieces, {outcome.written / 1e6:.1f} MB written, "
            f"{outcome.memory / 1e6:.0f} MB resident",
            *outcome.faults,
            sep="\n  ",
            flush=True,
        )
        if given.only is not None:
            break
    print(f"{number} sessions, {wrong} with faults (seed {given.seed})")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
