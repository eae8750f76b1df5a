"""Hot updates as plain text and as JSON lines, for pipes, scripts and terminals that draw nothing."""

import time
from collections.abc import Iterable
from typing import Any

from rich.cells import cell_len

from hottui.model.ref import Ref
from hottui.model.text import shorten, visible
from hottui.model.tracking import Tracked
from hottui.tui.ages import age
from hottui.tui.glyphs import state_word

_TITLES = ("STATE", "FOR", "LABEL", "CHANGE", "JOB", "ID", "SEEN")
_WIDEST = 48


def table(tracked: Iterable[Tracked], now: float | None = None) -> str:
    """One row a hot update below a row of titles; columns as wide as they need to be."""
    now = time.time() if now is None else now
    rows = [_TITLES, *(_row(one, now) for one in tracked)]
    widths = [max(cell_len(row[n]) for row in rows) for n in range(len(_TITLES))]
    lines = (
        "  ".join(text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _row(tracked: Tracked, now: float) -> tuple[str, ...]:
    summary, mark = tracked.summary, tracked.bookmark
    change = summary.change if summary else ""
    if summary and summary.severity:
        change = f"{change}  {summary.severity}"
    if tracked.trouble:
        change = f"{change}  {tracked.trouble.sentence}"
    return tuple(
        visible(shorten(text, _WIDEST)).strip()
        for text in (
            state_word(tracked),
            age(now - tracked.since) if tracked.since is not None else "",
            mark.label if mark else "",
            change,
            summary.job_id if summary else "",
            tracked.ref.id,
            age(now - tracked.seen) if tracked.seen is not None else "",
        )
    )


def iso(at: float | None) -> str | None:
    """Seconds since the epoch as `2026-01-31T09:30:00Z`."""
    return None if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def place_of(ref: Ref) -> dict[str, str]:
    """A ref as JSON shows it."""
    return {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id}


def bookmark_document(tracked: Tracked) -> dict[str, Any]:
    """What `ls -o json` prints of one bookmark."""
    ref, mark, summary = tracked.ref, tracked.bookmark, tracked.summary
    return {
        "ref": place_of(ref),
        "label": mark.label if mark else "",
        "note": mark.note if mark else "",
        "added": iso(mark.added) if mark else None,
        "state": tracked.state or None,
        "freshness": tracked.freshness.value,
        "since": iso(tracked.since),
        "seen": iso(tracked.seen),
        "change": summary.change if summary else "",
        "job": summary.job_id if summary else "",
    }
