"""Hot updates as plain text and as JSON lines, for pipes, scripts and terminals that draw nothing."""

import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.state import FAILED, Freshness
from hottui.model.times import UNKNOWN, known_time
from hottui.model.tracking import Tracked
from hottui.render.ages import age
from hottui.render.glyphs import ASCII, UNICODE, state_word

_TITLES: Final = ("STATE", "FOR", "LABEL", "JOB", "REGION", "WORKSPACE", "NAMESPACE", "ID", "SEEN", "CHANGE")
"""What is changed, and why it failed, stand last: however long they are, nothing is pushed away by them."""
_GAP: Final = 2
_CHANGE: Final = 24
"""Cells that the last column has at least, for as long as another one can give way."""
_GIVE_WAY: Final = (
    ("JOB", 9), ("JOB", 0), ("WORKSPACE", 9), ("LABEL", 20), ("SEEN", 0), ("WORKSPACE", 0), ("NAMESPACE", 12),
    ("REGION", 0), ("NAMESPACE", 0), ("FOR", 0), ("LABEL", 12), ("ID", 13), ("LABEL", 0), ("ID", 0),
)  # fmt: skip
"""Columns in the order in which they are narrowed or, at 0, left out where a terminal is too narrow."""

NO_BOOKMARKS: Final = ("There are no bookmarks yet.", "Add one: hottui add ID")
"""What is said instead of an empty table, and what to do next."""


def table(tracked: Iterable[Tracked], width: int = 0, ascii_only: bool = False, now: float | None = None) -> str:
    """One row a hot update below a row of titles, without the columns that all rows leave empty; none at all for none.

    Region, workspace and namespace are told as far as there are several.
    No row is wider than `width` cells; 0 stands for any width, and nothing is cut.
    """
    now = time.time() if now is None else now
    listed = list(tracked)
    if not listed:
        return ""
    locations = varying_locations([one.ref for one in listed])
    rows = [
        tuple(_plain(text, ascii_only) for text in _row(one, location, now))
        for one, location in zip(listed, locations, strict=True)
    ]
    natural = dict.fromkeys(_TITLES, 0)
    for title, column in zip(_TITLES, zip(*rows, strict=True), strict=True):
        natural[title] = max(cells(text) for text in (title, *column)) if any(column) else 0
    columns = tuple(_fitted(natural, width).values())
    ellipsis = (ASCII if ascii_only else UNICODE).ellipsis
    lines = (
        (" " * _GAP).join(fit(text, size, ellipsis) for text, size in zip(row, columns, strict=True) if size).rstrip()
        for row in (_TITLES, *rows)
    )
    return "\n".join(fit(line, width, ellipsis).rstrip() if width else line for line in lines)


def _fitted(natural: dict[str, int], width: int) -> dict[str, int]:
    """The cells of each column, 0 for one that is left out, within `width`."""
    sizes = dict(natural)
    if not width or _total(sizes) <= width:
        return sizes
    last = sizes["CHANGE"]
    sizes["CHANGE"] = min(last, _CHANGE)
    for title, narrow in _GIVE_WAY:
        if _total(sizes) <= width:
            break
        sizes[title] = min(sizes[title], narrow)
    if last:
        sizes["CHANGE"] = max(min(last, sizes["CHANGE"] + width - _total(sizes)), 1)
    return sizes


def _total(sizes: dict[str, int]) -> int:
    shown = [each for each in sizes.values() if each]
    return sum(shown) + _GAP * (len(shown) - 1)


def _plain(text: str, ascii_only: bool) -> str:
    text = visible(text).strip()
    if ascii_only and not text.isascii():
        from hottui.render.glyphs import to_ascii  # noqa: PLC0415 - Textual comes with it

        text = to_ascii(text.replace(UNICODE.arrow, ASCII.arrow))
    return text


def _row(tracked: Tracked, location: tuple[str, str, str], now: float) -> tuple[str, ...]:
    summary, bookmark = tracked.summary, tracked.bookmark
    return (
        state_word(tracked),
        age(now - tracked.since) if tracked.since is not None else "",
        bookmark.label if bookmark else "",
        summary.job_id if summary else "",
        *location,
        tracked.ref.id,
        age(now - tracked.seen) if tracked.seen is not None else "",
        _change(tracked),
    )


def _change(tracked: Tracked) -> str:
    """What was asked for, how badly it failed, and why; severity and reason first where the hot update failed."""
    summary = tracked.summary
    trouble = tracked.trouble.message if tracked.trouble and tracked.freshness is not Freshness.LIVE else ""
    if summary is None:
        return trouble
    if summary.state == FAILED:
        parts = [" ".join(filter(None, (summary.severity, summary.explanation))), trouble, summary.change]
    else:
        parts = [summary.change, summary.severity, trouble or summary.reason]
    return "  ".join(filter(None, parts))


def iso(at: float | None) -> str | None:
    """Seconds since the epoch as `2026-01-31T09:30:00Z`; None for a time that is not known."""
    return None if known_time(at) in (None, UNKNOWN) else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def ref_document(ref: Ref) -> dict[str, str]:
    """A ref as JSON shows it."""
    return {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id}


def bookmark_document(tracked: Tracked) -> dict[str, Any]:
    """What `ls -o json` prints of one bookmark."""
    ref, bookmark, summary = tracked.ref, tracked.bookmark, tracked.summary
    return {
        "ref": ref_document(ref),
        "label": bookmark.label if bookmark else "",
        "note": bookmark.note if bookmark else "",
        "added": iso(bookmark.added) if bookmark else None,
        "state": tracked.state or None,
        "freshness": tracked.freshness.value,
        "since": iso(tracked.since),
        "seen": iso(tracked.seen),
        "change": summary.change if summary else "",
        "job": summary.job_id if summary else "",
    }


def region_name(endpoint: str) -> str:
    """The region of a vendor's endpoint, ` vpc` behind it for that network; the host of any other."""
    host = endpoint.partition("://")[2].removesuffix(".aliyuncs.com").removeprefix("ververica.")
    return host.removeprefix("ververica-vpc.") + (" vpc" if host.startswith("ververica-vpc.") else "")


def varying_locations(refs: Sequence[Ref]) -> list[tuple[str, str, str]]:
    """Region, workspace and namespace of each of `refs`; empty where all have the same."""
    columns = (
        [region_name(ref.endpoint) for ref in refs],
        [ref.workspace for ref in refs],
        [ref.namespace for ref in refs],
    )
    several = [column if len(set(column)) > 1 else [""] * len(column) for column in columns]
    return list(zip(*several, strict=True))
