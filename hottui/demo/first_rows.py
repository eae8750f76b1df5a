"""The demo's rows for the first frame, derived from its definitions.

They are those of the store after `in_process.observations` are recorded. Reading them from answers would take three
times as long as everything else before that frame: models, masking, and writing a history.
"""

from collections.abc import Iterator
from typing import Any

from hottui.demo.job_types import HotUpdate, Setting
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.json_text import write_json
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.model.tracking import Bookmark, Summary, Tracked, Transition


def first_rows(simulation: Simulation, endpoint: str) -> tuple[Tracked, ...]:
    """Return every bookmarked hot update with its current state, in the order of adding."""
    last = {transition.ref: transition for transition in simulation.history(endpoint)}
    by_id = {update.id: update for update in simulation.updates}
    now = simulation.elapsed
    return tuple(_row(mark, by_id[mark.ref.id], last.get(mark.ref), now) for mark in simulation.bookmarks(endpoint))


def _row(mark: Bookmark, update: SimulatedUpdate, last: Transition | None, now: float) -> Tracked:
    if last is None:
        return Tracked(mark.ref, mark)
    gone = update.spec.lifecycle.state(now) is None
    summary = Summary(last.state) if gone else _summary(update, last.state)
    return Tracked(mark.ref, mark, summary, seen=last.at, since=last.at)


def _summary(update: SimulatedUpdate, state: str) -> Summary:
    spec = update.spec
    failed = spec.failed if state == FAILED else None
    return Summary(
        state=state,
        job_id=update.job_id,
        change=", ".join(_changes(spec, applied=state == HOT_UPDATED and not spec.keeps_old_values)),
        severity=failed.severity if failed else "",
        reason=f"{failed.reason}: {failed.message}" if failed else "",
        mode=spec.job.setting.value if spec.job.setting in {Setting.BASIC, Setting.EXPERT} else "",
    )


def _changes(spec: HotUpdate, *, applied: bool) -> Iterator[str]:
    """Yield the requested changes, each with the value in the target setting if it differs."""
    known = spec.job.setting is not Setting.BARE

    def arrow(before: Any, asked: Any) -> str:
        shown = f"→ {_text(asked)}"
        return f"{_text(before)} {shown}" if known and not applied and before != asked else shown

    if spec.rescale:
        yield f"parallelism {arrow(*spec.rescale)}"
    if len(spec.conf) == 1:
        [(key, values)] = spec.conf.items()
        yield f"{key} {arrow(*values)}"
    elif spec.conf:
        yield f"{len(spec.conf)} conf keys"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else write_json(value)
