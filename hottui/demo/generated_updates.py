"""Generated hot updates: new ones that arrive while the demo runs, and many at once for load tests."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from hottui.demo.flink_confs import INTERVAL, MIN_PAUSE, TIMEOUT
from hottui.demo.job_types import ChangedLater, HotUpdate, Job, Outcome
from hottui.demo.jobs import DEMO_UPDATES, FAILURES, JOBS
from hottui.demo.lifecycle import HOUR, MINUTE, ongoing
from hottui.model.state import FAILED, HOT_UPDATED

ARRIVE_FOR = 30 * MINUTE
"""Seconds for which new hot updates arrive; after that the existing ones only finish."""

_STEPS = {INTERVAL: ("180s", "60s"), TIMEOUT: ("10min", "30min"), MIN_PAUSE: ("60s", "30s")}
_SUFFIXES = ("autopilot", "peak", "night-shift", "lag-alert", "cost-cut", "checkpoint", "canary")


def arrivals(seed: int) -> tuple[HotUpdate, ...]:
    """Return the new hot updates of the first half hour: one about every twenty seconds, with three transitions."""
    return tuple(_arriving(Random(f"{seed} arrivals")))  # noqa: S311 - demo data, not cryptography


def _arriving(rng: Random) -> Iterator[HotUpdate]:
    start = 18.0
    number = 1
    now = _Values()
    while start < ARRIVE_FOR:
        yield now.followed_by(_invented(rng, start, number, takes=rng.uniform(5, 60)))
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
    return {key: _STEPS[key] for key in rng.sample(sorted(_STEPS), rng.randint(1, 3))}


class _Values:
    """What the jobs run with after the hot updates so far, so that the next one starts from it."""

    def __init__(self) -> None:
        self._parallelism: dict[str, int] = {}  # by name: hashing jobs would take most of the start-up
        self._conf: dict[tuple[str, str], Any] = {}
        for update in sorted(DEMO_UPDATES, key=lambda update: update.lifecycle.phases[-1][0]):
            self._record(update)

    def followed_by(self, update: HotUpdate) -> HotUpdate:
        """Return `update` with the values that its job has before it."""
        job = update.job
        before = self._parallelism.get(job.name, update.parallelism)
        update = replace(
            update,
            parallelism=before,
            rescale=_scaled(before, update.rescale) if update.rescale else None,
            conf={key: self._step(job, key) for key in update.conf},
        )
        self._record(update)
        return update

    def _record(self, update: HotUpdate) -> None:
        if update.failed is None and update.outcome is not Outcome.NONE:
            if update.rescale:
                self._parallelism[update.job.name] = update.rescale[1]
            self._conf |= {(update.job.name, key): new for key, (_, new) in update.conf.items()}
        if isinstance(update.then, ChangedLater):
            self._parallelism[update.job.name] = update.then.parallelism
        self._parallelism.setdefault(update.job.name, update.rescale[0] if update.rescale else update.parallelism)

    def _step(self, job: Job, key: str) -> tuple[Any, Any]:
        one, other = _STEPS[key]
        before = self._conf.get((job.name, key), one)
        return before, one if before == other else other


def _scaled(before: int, drawn: tuple[int, int]) -> tuple[int, int]:
    """Return a rescale from `before` by about the factor of the `drawn` one, between 1 and 128."""
    old, new = drawn
    up = min(before * max(new // old, 1), 128)
    return before, up if new > old and up != before else max(before // 2, 1) if before > 1 else 2
