"""Tracked hot updates: summary, bookmark, freshness, observed times and transitions.

Times are seconds since the epoch, as observed by hottui: the API returns none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from hottui.model.effect import Effect, Interruption
from hottui.model.ref import Ref
from hottui.model.state import FAILED, Freshness, is_final

MAX_LABEL: Final = 256
"""Maximum characters of a label, which the table shows on one line."""
MAX_NOTE: Final = 10_000
"""Maximum characters of a note."""

NO_REASON: Final = "The service gave no reason"


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a good answer that the table shows, so that it can be drawn without parsing JSON."""

    state: str
    job_id: str = ""
    change: str = ""
    severity: str = ""
    reason: str = ""
    mode: str = ""

    @property
    def explanation(self) -> str:
        """The service's reason for the failure, or that there is none; empty if the hot update did not fail."""
        return self.reason or (NO_REASON if self.state == FAILED else "")

    @property
    def failure(self) -> str:
        """Severity and explanation in one text."""
        return " ".join(filter(None, (self.severity, self.explanation)))


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A ref kept in the store."""

    ref: Ref
    label: str = ""
    note: str = ""
    added: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One good answer at one time. `answer` is the unchanged body, as JSON text."""

    ref: Ref
    at: float
    summary: Summary
    request_id: str
    answer: str
    digest: bytes = field(default=b"", compare=False, repr=False)
    """The digest of `answer` without the request ID; empty if it was not computed."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A state that differs from the previous observation; `previous` is empty at the first one."""

    ref: Ref
    at: float
    state: str
    previous: str = ""


def first_in_progress(transitions: Iterable[Transition]) -> float | None:
    """Return when a hot update was first seen in progress; None if it had ended when it was first seen."""
    return next((transition.at for transition in transitions if not is_final(transition.state)), None)


NOT_CALLED: Final = "not called"
"""The cause of a `Trouble` with a call that was not made, because something needed for it is not known."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last read failed: a message, a hint, and when."""

    at: float
    message: str
    hint: str = ""
    request_id: str = ""
    """The service's ID of the failed request, for its support; empty if no response contained one."""
    cause: str = ""
    """The cause in a word or two, used to count troubles: `timeout`, `network`, `permission`."""
    interim: bool = False
    """Whether the read was cancelled because others waited: it is retried with more time."""

    @property
    def advice(self) -> str:
        """The hint and the request ID."""
        return with_request_id(self.hint, self.request_id)


def with_request_id(hint: str, request_id: str) -> str:
    """Return `hint` with the request ID, unless there is none or `hint` contains it."""
    if not request_id or request_id in hint:
        return hint
    return f"{hint} Request ID: {request_id}".strip()


@dataclass(frozen=True, slots=True)
class Tracked:
    """Everything that the table shows of one hot update. Immutable."""

    ref: Ref
    bookmark: Bookmark | None = None
    summary: Summary | None = None
    freshness: Freshness = Freshness.WAITING
    seen: float | None = None
    """When the last good answer was received."""
    since: float | None = None
    """When the current state was first observed."""
    trouble: Trouble | None = None
    viewed: bool = False
    """Whether the detail was opened since the last transition."""
    effect: Effect | None = None
    """How much of it the running job carries: the verdict and the reason. `Monitor.insight` has the items."""
    job_name: str = ""
    """The name of the job's deployment; empty where it is not known."""
    interruption: Interruption | None = None
    """How long the job did not run."""

    @property
    def state(self) -> str:
        """The service's state; empty before the first good answer."""
        return self.summary.state if self.summary else ""

    @property
    def label(self) -> str:
        """The bookmark's label; empty without a bookmark."""
        return self.bookmark.label if self.bookmark else ""

    @property
    def job(self) -> str:
        """The name of its job, or the ID while the name is unknown."""
        return self.job_name or (self.summary.job_id if self.summary else "")

    @property
    def in_progress(self) -> bool:
        """Whether its last known state is not a final one."""
        return bool(self.summary) and not is_final(self.state)

    @property
    def needs_attention(self) -> bool:
        """Whether it failed and its detail was not opened since."""
        return self.state == FAILED and not self.viewed


def sort_key(tracked: Tracked) -> tuple[int, float, Ref]:
    """Return the key of the default order: in progress, then failed and not yet opened, then the rest; latest first."""
    rank = 0 if tracked.in_progress else 1 if tracked.needs_attention else 2
    return (rank, -(tracked.since or (tracked.bookmark.added if tracked.bookmark else 0.0)), tracked.ref)
