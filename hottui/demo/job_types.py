"""The types in which the demo's jobs and hot updates are defined."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from typing import Any

from hottui.demo.lifecycle import Lifecycle


class PlanEncoding(Enum):
    """How the plan is encoded in the answer."""

    OBJECT = "an object"
    ONCE = "text, encoded once"
    TWICE = "text, encoded twice, as in the vendor's example"
    CUT = "text that ends in the middle"


class Setting(Enum):
    """The kind of resource settings of a job."""

    BASIC = "BASIC"
    EXPERT = "EXPERT"
    BATCH = "batch"
    BARE = "none at all"


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace and its workspace."""

    workspace: str
    name: str


@dataclass(frozen=True, slots=True)
class Job:
    """A running job. `plan` names a shape in `demo.plans` and is required in EXPERT mode."""

    name: str
    namespace: Namespace
    setting: Setting = Setting.BASIC
    plan: str = ""
    encoding: PlanEncoding = PlanEncoding.TWICE
    cpu: float = 1.0
    memory: str = "4 GiB"
    conf_keys: int = 16
    secrets: int = 0
    engine: str = "vvr-8.0.11-flink-1.17"
    health: int = 95
    """The health score of the service, 0 to 100."""
    autopilot: int = 0
    """The number of Autopilot's changes in the last thirty days."""
    scheduled: int = 0
    """The number of changes by scheduled plans, one a day."""
    ended: float = inf
    """The second at which a batch job finishes."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The failure of a hot update, with the service's fields."""

    reason: str
    message: str
    severity: str = "LOW"


class Outcome(Enum):
    """How much of a successful hot update the running job carries."""

    APPLIED = "all of it"
    PARTIAL = "all but two vertices: one has an explicit parallelism, one a lower maximum parallelism"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class JobFails:
    """The job fails at second `at`, after a hot update."""

    at: float
    failed: Failed
    task: str = ""
    """The Flink task that failed."""


@dataclass(frozen=True, slots=True)
class ChangedLater:
    """Somebody changes the job at second `at` by a hot update whose ID nobody tracks."""

    at: float
    by: str
    parallelism: int


@dataclass(frozen=True, slots=True)
class HotUpdate:
    """The definition of one hot update.

    `rescale` is (parallelism before, requested parallelism); `conf` maps a key to (value before, requested value). With
    `keeps_old_values`, the target setting continues to show the values from before, as in the vendor's example.
    `outcome` is what the running job carries after a success, `then` what happens to the job afterwards.
    """

    job: Job
    lifecycle: Lifecycle
    label: str = ""
    note: str = ""
    rescale: tuple[int, int] | None = None
    conf: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    parallelism: int = 4
    failed: Failed | None = None
    keeps_old_values: bool = False
    denied: bool = False
    outcome: Outcome = Outcome.APPLIED
    then: JobFails | ChangedLater | None = None
    added: float | None = None
    """The second at which it was bookmarked; by default when the service first knows it."""

    @property
    def bookmarked(self) -> float:
        """The second at which it was bookmarked."""
        return self.lifecycle.starts if self.added is None else self.added


@dataclass(frozen=True, slots=True)
class SimulatedJob:
    """A job with its IDs, its hot updates and their IDs. `at` converts seconds of the simulation to the epoch's."""

    id: str
    deployment_id: str
    spec: Job
    updates: tuple[HotUpdate, ...]
    at: Callable[[float], float]
    gone: float = inf
    """The second at which the service deletes it."""

    @property
    def flink_id(self) -> str:
        """Flink's ID of the job."""
        return self.id.replace("-", "")

    def milliseconds(self, second: float) -> int:
        """A second of the simulation in milliseconds since the epoch."""
        return round(self.at(second) * 1000)
