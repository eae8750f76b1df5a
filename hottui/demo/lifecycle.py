"""The lifecycle of a hot update: its state at each second of the simulation."""

from dataclasses import dataclass
from math import inf

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, INIT

DAY = 86_400.0
HOUR = 3_600.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one hot update, each with its first second.

    Seconds count from the start of the simulation and are negative before it. The service knows the hot update from its
    first phase until `gone`.
    """

    phases: tuple[tuple[float, str], ...]
    gone: float = inf

    def state(self, second: float) -> str | None:
        """Return the state at `second`, or None if the service does not know the hot update yet or any longer."""
        if second >= self.gone:
            return None
        reached = self.reached(second)
        return reached[-1][1] if reached else None

    def reached(self, second: float) -> tuple[tuple[float, str], ...]:
        """Return the phases that have begun by `second`, oldest first."""
        return tuple(phase for phase in self.phases if phase[0] <= second)

    @property
    def starts(self) -> float:
        """The first second at which the service knows it."""
        return self.phases[0][0]


def finished(*, ended: float, took: float, end: str = HOT_UPDATED) -> Lifecycle:
    """Return a lifecycle that reached the state `end` at second `ended` (usually negative) after `took` seconds."""
    waited = min(took / 4, 6.0)
    begun = ended - took
    return Lifecycle(((begun, INIT), (begun + waited, HOT_UPDATING), (ended, end)))


def ongoing(*, init: float, updating: float, ends: float, end: str = HOT_UPDATED) -> Lifecycle:
    """Return a lifecycle with the given first seconds of its phases."""
    return Lifecycle(((init, INIT), (updating, HOT_UPDATING), (ends, end)))
