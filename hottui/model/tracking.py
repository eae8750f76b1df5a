"""What hottui itself knows of a hot update: when it was seen, how it moved, how fresh the picture is.

Times are seconds since the epoch, as observed here: the service gives none.
"""

from dataclasses import dataclass
from typing import Final

from hottui.model.effect import Effect, Interruption
from hottui.model.ref import Ref
from hottui.model.state import FAILED, Freshness, is_final

MAX_LABEL: Final = 256
"""Characters of a label: the table has one line for it."""
MAX_NOTE: Final = 10_000
"""Characters of a note."""

NO_REASON: Final = "The service gave no reason"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the table shows of a good answer, in the service's words; ready to be painted without reading JSON."""

    state: str
    job_id: str = ""
    change: str = ""
    severity: str = ""
    reason: str = ""
    mode: str = ""

    @property
    def explanation(self) -> str:
        """Why it failed in the service's words, or that it gave none; empty where there is nothing to explain."""
        return self.reason or (NO_REASON if self.state == FAILED else "")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A ref kept in the store."""

    ref: Ref
    label: str = ""
    note: str = ""
    added: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One good answer at one time. `answer` is the body as it came, as JSON text."""

    ref: Ref
    at: float
    summary: Summary
    request_id: str
    answer: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A state that differs from the one seen before; `previous` is empty at the first observation."""

    ref: Ref
    at: float
    state: str
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last read failed: a message, what to do about it, and when."""

    at: float
    message: str
    hint: str = ""
    request_id: str = ""
    """The service's ID of the failed request, which its support asks for; empty where no answer had one."""
    cause: str = ""
    """In a word or two, to be counted and summed up: `timeout`, `network`, `permission`."""
    interim: bool = False
    """Whether the read was cut short because others waited: it is repeated with more time."""

    @property
    def advice(self) -> str:
        """What to do about it, and the request ID."""
        return with_request_id(self.hint, self.request_id)


def with_request_id(hint: str, request_id: str) -> str:
    """`hint` and the request ID, unless there is none or `hint` names it already."""
    if not request_id or request_id in hint:
        return hint
    return f"{hint} Request ID: {request_id}".strip()


@dataclass(frozen=True, slots=True)
class Tracked:
    """Everything the table shows of one hot update. Values are replaced, never changed in place."""

    ref: Ref
    bookmark: Bookmark | None = None
    summary: Summary | None = None
    freshness: Freshness = Freshness.WAITING
    seen: float | None = None
    """When the last good answer came."""
    since: float | None = None
    """When the present state was first seen."""
    trouble: Trouble | None = None
    looked_at: bool = False
    """Whether the detail was opened since the last transition."""
    effect: Effect | None = None
    """How much of it the running job carries: the verdict and the reason. `Monitor.insight` has the items."""
    job_name: str = ""
    """The name of the job's deployment; empty where it is not known."""
    interruption: Interruption | None = None
    """How long the job did not run."""

    @property
    def state(self) -> str:
        """The service's word; empty before the first good answer."""
        return self.summary.state if self.summary else ""

    @property
    def in_progress(self) -> bool:
        """Whether it still moves, as far as is known."""
        return bool(self.summary) and not is_final(self.state)

    @property
    def needs_a_look(self) -> bool:
        """Whether it failed and nobody has opened it since."""
        return self.state == FAILED and not self.looked_at


def sort_key(tracked: Tracked) -> tuple[int, float, Ref]:
    """What needs a look comes first: updating, then failed and not yet looked at, then the rest, latest move first."""
    rank = 0 if tracked.in_progress else 1 if tracked.needs_a_look else 2
    return (rank, -(tracked.since or (tracked.bookmark.added if tracked.bookmark else 0.0)), tracked.ref)
