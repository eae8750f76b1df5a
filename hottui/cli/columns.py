"""The columns of lists of hot updates: their text in a table, and their values in CSV."""

from collections.abc import Callable
from typing import Final, NamedTuple

from hottui.model.state import FAILED, Freshness
from hottui.model.times import iso
from hottui.model.tracking import Summary, Tracked
from hottui.render.ages import age
from hottui.render.effect_text import verdict_label
from hottui.render.glyphs import freshness_word, state_word

_NOT_READ: Final = Summary("")


class Column(NamedTuple):
    """How one column is written. Both functions take the row and the current time in seconds since the epoch."""

    text: Callable[[Tracked, float], str]
    value: Callable[[Tracked, float], str]


def _same(text: Callable[[Tracked], str]) -> Column:
    return Column(lambda row, _: text(row), lambda row, _: text(row))


def _summary(row: Tracked) -> Summary:
    return row.summary or _NOT_READ


def _ago(at: float | None, now: float) -> str:
    return age(now - at) if at is not None else ""


def _for_seconds(row: Tracked, now: float) -> str:
    return str(max(int(now - row.since), 0)) if row.since is not None else ""


COLUMNS: Final = {
    "state": Column(lambda row, _: state_word(row), lambda row, _: row.state),
    "for": Column(lambda row, now: _ago(row.since, now), _for_seconds),
    "label": _same(lambda row: row.label),
    "effect": Column(
        lambda row, _: verdict_label(row.effect.verdict) if row.effect else "",
        lambda row, _: row.effect.verdict.value if row.effect else "",
    ),
    "job": _same(lambda row: row.job),
    "region": _same(lambda row: region_name(row.ref.endpoint)),
    "workspace": _same(lambda row: row.ref.workspace),
    "namespace": _same(lambda row: row.ref.namespace),
    "id": _same(lambda row: row.ref.id),
    "seen": Column(lambda row, now: _ago(row.seen, now), lambda row, _: iso(row.seen) or ""),
    "change": Column(lambda row, _: _change(row), lambda row, _: _summary(row).change),
    "severity": _same(lambda row: _summary(row).severity),
    "reason": _same(lambda row: _summary(row).explanation),
    "since": _same(lambda row: iso(row.since) or ""),
    "freshness": _same(freshness_word),
    "job-id": _same(lambda row: _summary(row).job_id),
    "endpoint": _same(lambda row: row.ref.endpoint),
    "note": _same(lambda row: row.bookmark.note if row.bookmark else ""),
}
"""By name, in the order of the help."""

IN_TABLE: Final = (
    "state", "for", "label", "effect", "job", "region", "workspace", "namespace", "id", "seen", "change",
)  # fmt: skip
"""The default of a table. The change and the reason of a failure come last, so that a long text does not move other
columns."""
IN_CSV: Final = (
    "id", "label", "state", "since", "seen", "change", "severity", "reason", "effect", "job", "endpoint", "workspace",
    "namespace",
)  # fmt: skip
"""The default of CSV."""


def _change(tracked: Tracked) -> str:
    """Return the change, severity and reason; severity and reason come first if the hot update failed."""
    summary = tracked.summary
    trouble = tracked.trouble.message if tracked.trouble and tracked.freshness is not Freshness.LIVE else ""
    if summary is None:
        return trouble
    if summary.state == FAILED:
        parts = [summary.failure, trouble, summary.change]
    else:
        parts = [summary.change, summary.severity, trouble or summary.reason]
    return "  ".join(filter(None, parts))


def region_name(endpoint: str) -> str:
    """Return the region of an Alibaba Cloud endpoint, followed by ` vpc` for that network; otherwise the host."""
    host = endpoint.partition("://")[2].removesuffix(".aliyuncs.com").removeprefix("ververica.")
    return host.removeprefix("ververica-vpc.") + (" vpc" if host.startswith("ververica-vpc.") else "")
