"""Hot updates beyond the cast: those that arrive while somebody watches, and a crowd for load."""

from collections.abc import Iterator
from random import Random

from hottui.demo.cast import FAILURES, JOBS
from hottui.demo.casting import HotUpdate, Job
from hottui.demo.confs import INTERVAL, MIN_PAUSE, TIMEOUT
from hottui.demo.life import MINUTE, Life, living
from hottui.model.state import FAILED, HOT_UPDATED

ARRIVE_FOR = 30 * MINUTE
"""How long new hot updates keep arriving, in seconds; after that the world only finishes."""

_WAYS = ("autopilot", "peak", "night-shift", "lag-alert", "cost-cut", "checkpoint", "canary")


def arrivals(seed: int) -> tuple[HotUpdate, ...]:
    """New hot updates over the first half hour, one about every twenty seconds: each moves three times."""
    return tuple(_arriving(Random(f"{seed} arrivals")))  # noqa: S311 - a cast, not cryptography


def _arriving(rng: Random) -> Iterator[HotUpdate]:
    born = 18.0
    number = 1
    while born < ARRIVE_FOR:
        yield _invented(rng, born, number)
        born += rng.uniform(12, 30)
        number += 1


def crowd(seed: int, count: int) -> tuple[HotUpdate, ...]:
    """`count` hot updates, bookmarked from the start: two in five have ended, the others are born or end over time."""
    rng = Random(f"{seed} crowd")  # noqa: S311 - a cast, not cryptography
    members = []
    for number in range(1, count + 1):
        past = rng.random() < 0.4
        born = -rng.uniform(5 * MINUTE, 600 * MINUTE) if past else rng.uniform(-MINUTE, ARRIVE_FOR)
        members.append(_invented(rng, born, number, added=min(born, 0.0)))
    return tuple(members)


def _invented(rng: Random, born: float, number: int, added: float | None = None) -> HotUpdate:
    job = rng.choice(JOBS)
    fails = rng.random() < 0.12
    label = f"{job.name} {rng.choice(_WAYS)} {number}"
    life = _short_life(rng, born, FAILED if fails else HOT_UPDATED)
    failed = rng.choice(FAILURES) if fails else None
    if rng.random() < 0.35:
        return HotUpdate(job, life, label, conf=_checkpointing(rng), failed=failed, added=added)
    return HotUpdate(job, life, label, rescale=_rescale(rng, job), failed=failed, added=added)


def _short_life(rng: Random, born: float, end: str) -> Life:
    updating = born + rng.uniform(2, 9)
    return living(init=born, updating=updating, ends=updating + rng.uniform(5, 60), end=end)


def _rescale(rng: Random, job: Job) -> tuple[int, int]:
    before = rng.choice((2, 4, 8, 16))
    factor = rng.choice((2, 3, 4)) if job.conf_keys % 2 else 2
    return (before, before * factor) if rng.random() < 0.7 else (before * factor, before)


def _checkpointing(rng: Random) -> dict[str, tuple[str, str]]:
    steps = {INTERVAL: ("180s", "60s"), TIMEOUT: ("10min", "30min"), MIN_PAUSE: ("60s", "30s")}
    return {key: steps[key] for key in rng.sample(sorted(steps), rng.randint(1, 3))}
