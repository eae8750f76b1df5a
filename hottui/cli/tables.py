"""Hot updates as a plain-text table and as JSON, for pipes and scripts."""

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
from hottui.render.effect_text import verdict_label
from hottui.render.glyphs import ASCII, UNICODE, state_word

_TITLES: Final = ("STATE", "FOR", "LABEL", "EFFECT", "JOB", "REGION", "WORKSPACE", "NAMESPACE", "ID", "SEEN", "CHANGE")
"""The change and the reason of a failure come last, so that a long text does not move other columns."""
_GAP: Final = 2
_CHANGE: Final = 24
"""Minimum width of the last column while others can still be narrowed."""
_NARROWING: Final = (
    ("JOB", 14), ("JOB", 9), ("JOB", 0), ("WORKSPACE", 9), ("LABEL", 20), ("SEEN", 0), ("WORKSPACE", 0),
    ("NAMESPACE", 12), ("REGION", 0), ("NAMESPACE", 0), ("FOR", 0), ("LABEL", 12), ("EFFECT", 0),
    ("ID", 13), ("LABEL", 0), ("ID", 0),
)  # fmt: skip
"""Columns in the order in which they are narrowed (in cells) or, at 0, left out on a narrow terminal."""

NO_BOOKMARKS: Final = ("No bookmarks yet.", "Add one: hottui add ID")
"""Message and hint shown instead of an empty table."""


def table(tracked: Iterable[Tracked], width: int = 0, ascii_only: bool = False, now: float | None = None) -> str:
    """Return a header and one row per hot update, without columns that are empty in all rows; "" if there are none.

    Region, workspace and namespace are shown if they vary. Rows are at most `width` cells wide; 0 is unlimited.
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
    """Return the width of each column, 0 if left out, for a table of at most `width` cells."""
    sizes = dict(natural)
    if not width or _total(sizes) <= width:
        return sizes
    last = sizes["CHANGE"]
    sizes["CHANGE"] = min(last, _CHANGE)
    for title, narrow in _NARROWING:
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
        from hottui.render.glyphs import to_ascii  # noqa: PLC0415 - rarely needed

        text = to_ascii(text.replace(UNICODE.arrow, ASCII.arrow))
    return text


def _row(tracked: Tracked, location: tuple[str, str, str], now: float) -> tuple[str, ...]:
    summary, bookmark = tracked.summary, tracked.bookmark
    return (
        state_word(tracked),
        age(now - tracked.since) if tracked.since is not None else "",
        bookmark.label if bookmark else "",
        verdict_label(tracked.effect.verdict) if tracked.effect else "",
        tracked.job_name or (summary.job_id if summary else ""),
        *location,
        tracked.ref.id,
        age(now - tracked.seen) if tracked.seen is not None else "",
        _change(tracked),
    )


def _change(tracked: Tracked) -> str:
    """Return the change, severity and reason; severity and reason come first if the hot update failed."""
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
    """Return seconds since the epoch as `2026-01-31T09:30:00Z`; None for an unknown time."""
    return None if known_time(at) in (None, UNKNOWN) else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def ref_document(ref: Ref) -> dict[str, str]:
    """Return `ref` as JSON data."""
    return {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id}


def bookmark_document(tracked: Tracked) -> dict[str, Any]:
    """Return a bookmark as `ls -o json` prints it."""
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
        "job_name": tracked.job_name or None,
        "effect": tracked.effect.verdict.value if tracked.effect else None,
    }


def region_name(endpoint: str) -> str:
    """Return the region of an Alibaba Cloud endpoint, followed by ` vpc` for that network; otherwise the host."""
    host = endpoint.partition("://")[2].removesuffix(".aliyuncs.com").removeprefix("ververica.")
    return host.removeprefix("ververica-vpc.") + (" vpc" if host.startswith("ververica-vpc.") else "")


def varying_locations(refs: Sequence[Ref]) -> list[tuple[str, str, str]]:
    """Return region, workspace and namespace of each of `refs`; "" where all have the same."""
    columns = (
        [region_name(ref.endpoint) for ref in refs],
        [ref.workspace for ref in refs],
        [ref.namespace for ref in refs],
    )
    several = [column if len(set(column)) > 1 else [""] * len(column) for column in columns]
    return list(zip(*several, strict=True))
