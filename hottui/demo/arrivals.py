"""Generated hot updates: new ones that arrive while the demo runs, and many at once for load tests."""

from collections.abc import Iterator
from random import Random

from hottui.demo.flink_confs import INTERVAL, MIN_PAUSE, TIMEOUT
from hottui.demo.job_types import HotUpdate
from hottui.demo.jobs import FAILURES, JOBS
from hottui.demo.lifecycle import HOUR, MINUTE, ongoing
from hottui.model.state import FAILED, HOT_UPDATED

ARRIVE_FOR = 30 * MINUTE
"""Seconds for which new hot updates arrive; after that the existing ones only finish."""

_SUFFIXES = ("autopilot", "peak", "night-shift", "lag-alert", "cost-cut", "checkpoint", "canary")


def arrivals(seed: int) -> tuple[HotUpdate, ...]:
    """Return the new hot updates of the first half hour: one about every twenty seconds, with three transitions."""
    return tuple(_arriving(Random(f"{seed} arrivals")))  # noqa: S311 - demo data, not cryptography


def _arriving(rng: Random) -> Iterator[HotUpdate]:
    start = 18.0
    number = 1
    while start < ARRIVE_FOR:
        yield _invented(rng, start, number, takes=rng.uniform(5, 60))
        start += rng.uniform(12, 30)
        number += 1


def crowd(seed: int, count: int) -> tuple[HotUpdate, ...]:
    """Return `count` hot updates, all bookmarked from the start.

    Four of five are already finished, some finish during the next half hour, a few are not found at first.
    """
    rng = Random(f"{seed} crowd")  # noqa: S311 - demo data, not cryptography
    return tuple(_one_of_many(rng, number) for number in range(1, count + 1))


def _one_of_many(rng: Random, number: int) -> HotUpdate:
    drawn = rng.random()
    if drawn < 0.80:
        start = -rng.uniform(5 * MINUTE, 10 * HOUR)
        return _invented(rng, start, number, takes=rng.uniform(5, 60))
    if drawn < 0.95:
        return _invented(rng, -rng.uniform(1, 30), number, takes=rng.uniform(30, ARRIVE_FOR))
    return _invented(rng, rng.uniform(5, 10 * MINUTE), number, takes=rng.uniform(5, 60), added=0.0)


def _invented(rng: Random, start: float, number: int, *, takes: float, added: float | None = None) -> HotUpdate:
    """Return a random hot update that takes `takes` seconds; one in eight fails."""
    job = rng.choice(JOBS)
    failed = rng.choice(FAILURES) if rng.random() < 0.12 else None
    label = f"{job.name} {rng.choice(_SUFFIXES)} {number}"
    updating = start + rng.uniform(2, 9)
    lifecycle = ongoing(init=start, updating=updating, ends=updating + takes, end=FAILED if failed else HOT_UPDATED)
    if rng.random() < 0.35:
        return HotUpdate(job, lifecycle, label, conf=_checkpointing(rng), failed=failed, added=added)
    return HotUpdate(job, lifecycle, label, rescale=_rescale(rng), failed=failed, added=added)


def _rescale(rng: Random) -> tuple[int, int]:
    few, factor = rng.choice((2, 4, 8, 16)), rng.choice((2, 2, 3, 4))
    return (few, few * factor) if rng.random() < 0.7 else (few * factor, few)


def _checkpointing(rng: Random) -> dict[str, tuple[str, str]]:
    steps = {INTERVAL: ("180s", "60s"), TIMEOUT: ("10min", "30min"), MIN_PAUSE: ("60s", "30s")}
    return {key: steps[key] for key in rng.sample(sorted(steps), rng.randint(1, 3))}
