"""How long to wait after a failure."""

from random import Random
from typing import Final

FIRST: Final = 2.0
LONGEST: Final = 60.0


def full_jitter(failures: int, rng: Random, *, first: float = FIRST, longest: float = LONGEST) -> float:
    """Seconds to wait after the `failures`-th failure in a row (from 1).

    Anything between `first` and a ceiling that doubles with each failure up to `longest`: those who failed together
    do not come back together.
    """
    ceiling = min(longest, first * 2.0 ** min(failures, 32))
    return rng.uniform(min(first, ceiling), ceiling)
