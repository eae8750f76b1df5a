"""The words in which the cast is written: jobs, and the hot updates they went through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hottui.demo.life import Life


class Encoding(Enum):
    """How the service put a plan into its answer."""

    OBJECT = "an object"
    ONCE = "text, encoded once"
    TWICE = "text, encoded twice, as in the vendor's example"
    CUT = "text that ends in the middle"


class Setting(Enum):
    """Which resource settings a job has."""

    BASIC = "BASIC"
    EXPERT = "EXPERT"
    BATCH = "batch"
    BARE = "none at all"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job runs."""

    workspace: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Job:
    """A running job. `plan` names a shape in `demo.plans`; a job in EXPERT mode has one."""

    name: str
    place: Place
    setting: Setting = Setting.BASIC
    plan: str = ""
    encoding: Encoding = Encoding.TWICE
    cpu: float = 1.0
    memory: str = "4 GiB"
    conf_keys: int = 16
    secrets: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a hot update failed, in the service's fields."""

    reason: str
    message: str
    severity: str = "LOW"


@dataclass(frozen=True, slots=True)
class HotUpdate:
    """One hot update as the cast list gives it.

    `rescale` is (parallelism before, parallelism asked for); `conf` maps a key to (value before, value asked for).
    `kept` says that the target setting goes on showing the values from before, as in the vendor's own example.
    """

    job: Job
    life: Life
    label: str = ""
    note: str = ""
    rescale: tuple[int, int] | None = None
    conf: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    parallelism: int = 4
    failed: Failed | None = None
    kept: bool = False
    denied: bool = False
    added: float | None = None
    """The second of its bookmark; that of its birth when not given."""

    @property
    def bookmarked(self) -> float:
        """The second at which the team bookmarked it."""
        return self.life.born if self.added is None else self.added
