"""Compare crossings with graphviz `dot` on graphs that are not plans: `python -m tests.benchmarks.shapes`.

Crossings are exact and repeat. Without `dot` only our own are printed.
"""

import argparse
import time

from tests.benchmarks import dot
from tests.benchmarks.graphs import SEEDS, families
from tests.benchmarks.plans import counted
from tests.benchmarks.report import Row, show

_TOTAL, _WORST = 0.98, 1.2
"""Goals: our crossings divided by dot's, in total and for a graph on which dot has at least `_MANY`."""
_MANY = 10


def measure(seeds: tuple[int, ...]) -> list[Row]:
    """Return one row per family, and the totals."""
    rows, beyond = [], []
    total = reference = 0
    largest = 0.0
    for family, graphs in families(seeds).items():
        begin = time.process_time()
        ours = {name: counted(plan) for name, plan in graphs.items()}
        taken = time.process_time() - begin
        total += sum(ours.values())
        measured = f"{sum(ours.values()):,}"
        if dot.available():
            theirs = {name: dot.crossings(plan) for name, plan in graphs.items()}
            reference += sum(theirs.values())
            measured += f" : {sum(theirs.values()):,} = {sum(ours.values()) / sum(theirs.values()):.3f}×"
            for name, other in theirs.items():
                if other >= _MANY:
                    largest = max(largest, ours[name] / other)
                    if ours[name] > _WORST * other:
                        beyond.append(f"{name} {ours[name]}:{other}")
        rows.append(Row(f"{family} ({len(graphs)})", f"{measured}, {taken / len(graphs) * 1000:.0f} ms each"))
    if not dot.available():
        return [*rows, Row("dot", "not installed: not compared")]
    ratio = total / reference
    note = f"{largest:.2f}×; beyond: {', '.join(beyond) or 'none'}"
    return [
        *rows,
        Row("all", f"{total:,} : {reference:,} = {ratio:.3f}×", f"≤ {_TOTAL:.2f}× dot", ratio <= _TOTAL),
        Row(f"worst graph (dot {_MANY} or more)", note, f"≤ {_WORST:.2f}×", not beyond),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare crossings with dot on graphs that are not plans.")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    seeds = tuple(parser.parse_args().seeds)
    show(f"crossings, seeds {', '.join(map(str, seeds))}", measure(seeds))


if __name__ == "__main__":
    main()
