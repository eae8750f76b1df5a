"""What other processes changed in the store, brought together with what this one knows: pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Transition
from hottui.monitor.transitions import restored


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be tracked anew or otherwise, what no longer, and the moves that others saw first."""

    changed: tuple[Tracked, ...]
    gone: tuple[Ref, ...]
    transitions: tuple[Transition, ...]


def merge(known: Iterable[Tracked], rows: Iterable[Tracked], unconfirmed: Callable[[Ref], bool]) -> Merged:
    """What `rows`, all that the store holds, change in what is `known`.

    A ref for which `unconfirmed` says that a change of its bookmark is still on its way to the store is left as it is
    here. A bookmark that the store no longer holds was removed by another process.
    """
    held = {tracked.ref: tracked for tracked in known}
    kept = {row.ref: row for row in rows}
    changed: list[Tracked] = []
    transitions: list[Transition] = []
    for row in kept.values():
        here = held.get(row.ref)
        if unconfirmed(row.ref):
            continue
        if here is None:
            changed.append(restored(row))
            continue
        now, transition = _adopted(here, row)
        if now != here:
            changed.append(now)
        if transition is not None:
            transitions.append(transition)
    gone = (r for r, t in held.items() if t.bookmark is not None and r not in kept and not unconfirmed(r))
    return Merged(tuple(changed), tuple(gone), tuple(transitions))


def _adopted(here: Tracked, row: Tracked) -> tuple[Tracked, Transition | None]:
    """`here` with the row's bookmark and whatever was seen later than here."""
    now = replace(here, bookmark=row.bookmark)
    if row.summary is None or row.seen is None or (here.seen is not None and row.seen <= here.seen):
        looked_at = here.looked_at or (row.looked_at and row.state == here.state)
        return replace(now, looked_at=looked_at), None
    now = replace(now, summary=row.summary, seen=row.seen, since=row.since)
    if row.state == here.state:
        return replace(now, looked_at=here.looked_at or row.looked_at), None
    since = row.seen if row.since is None else row.since
    return replace(now, looked_at=row.looked_at), Transition(row.ref, since, row.state, here.state)
