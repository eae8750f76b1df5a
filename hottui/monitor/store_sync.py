"""Merging changes that other processes made in the store into the tracked list. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Tracked, Transition
from hottui.monitor.transitions import restored


@dataclass(frozen=True, slots=True)
class Merged:
    """Added and changed hot updates, removed refs, and transitions that other processes observed first."""

    changed: tuple[Tracked, ...]
    removed: tuple[Ref, ...]
    transitions: tuple[Transition, ...]


def merge(known: Iterable[Tracked], rows: Iterable[Tracked], unconfirmed: Callable[[Ref], bool]) -> Merged:
    """Return what `rows`, the whole content of the store, change in `known`.

    A ref is skipped if `unconfirmed`, that is while a change of its bookmark has not been written yet. A bookmark that
    is missing in the store was removed by another process.
    """
    here_by_ref = {tracked.ref: tracked for tracked in known}
    kept = {row.ref: row for row in rows}
    changed: list[Tracked] = []
    transitions: list[Transition] = []
    for row in kept.values():
        here = here_by_ref.get(row.ref)
        if unconfirmed(row.ref):
            continue
        if here is None:
            changed.append(restored(row))
            continue
        now, transition = _merged_row(here, row)
        if now != here:
            changed.append(now)
        if transition is not None:
            transitions.append(transition)
    removed = (r for r, t in here_by_ref.items() if t.bookmark is not None and r not in kept and not unconfirmed(r))
    return Merged(tuple(changed), tuple(removed), tuple(transitions))


def missing_bookmarks(known: Iterable[Tracked], rows: Iterable[Tracked]) -> tuple[Bookmark, ...]:
    """Return the bookmarks that `rows` lack because the store's file was replaced, not because they were removed."""
    saved = {row.ref for row in rows}
    return tuple(one.bookmark for one in known if one.bookmark is not None and one.ref not in saved)


def _merged_row(here: Tracked, row: Tracked) -> tuple[Tracked, Transition | None]:
    """Return `here` with the row's bookmark and, if the row is newer, its observation."""
    now = replace(
        here,
        bookmark=row.bookmark,
        effect=here.effect or row.effect,
        job_name=here.job_name or row.job_name,
        interruption=here.interruption or row.interruption,
    )
    if row.summary is None or row.seen is None or (here.seen is not None and row.seen <= here.seen):
        viewed = here.viewed or (row.viewed and row.state == here.state)
        return replace(now, viewed=viewed), None
    now = replace(now, summary=row.summary, seen=row.seen, since=row.since)
    if row.state == here.state:
        return replace(now, viewed=here.viewed or row.viewed), None
    since = row.seen if row.since is None else row.since
    return replace(now, viewed=row.viewed), Transition(row.ref, since, row.state, here.state)
