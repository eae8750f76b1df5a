"""Hot updates as JSON data: the keys that `ls`, `wait`, `watch` and notifications have in common."""

from dataclasses import replace
from typing import Any

from hottui.model.ref import Ref
from hottui.model.times import iso
from hottui.model.tracking import Summary, Tracked, Transition
from hottui.render.glyphs import freshness_word

_NOT_READ = Summary("")


def ref_document(ref: Ref) -> dict[str, str]:
    """Return `ref` as JSON data."""
    return {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id}


def row_document(row: Tracked) -> dict[str, Any]:
    """Return what is known of a hot update. States are the service's words, times UTC; unknown values are null.

    `effect` has the verdict and its reason; what was asked for and runs is in `get --effect -o json`.
    """
    summary = row.summary or _NOT_READ
    return {
        "ref": ref_document(row.ref),
        "label": row.label,
        "state": row.state or None,
        "freshness": freshness_word(row),
        "since": iso(row.since),
        "change": summary.change,
        "severity": summary.severity,
        "reason": summary.reason,
        "job_id": summary.job_id or None,
        "job_name": row.job_name or None,
        "effect": {"verdict": row.effect.verdict.value, "reason": row.effect.reason} if row.effect else None,
    }


def transition_document(row: Tracked, transition: Transition) -> dict[str, Any]:
    """Return what `watch -o jsonl` prints for one transition. `previous` is null for the first observation."""
    at = {"at": iso(transition.at), "previous": transition.previous or None}
    return at | row_document(_at_transition(row, transition))


def _at_transition(row: Tracked, transition: Transition) -> Tracked:
    """Return `row` without what belongs to a later state than that of `transition`."""
    if row.state == transition.state:
        return row
    return replace(row, summary=Summary(transition.state), since=transition.at, effect=None)


def bookmark_document(row: Tracked) -> dict[str, Any]:
    """Return what `ls -o json` prints for one bookmark."""
    bookmark = row.bookmark
    return row_document(row) | {
        "note": bookmark.note if bookmark else "",
        "added": iso(bookmark.added) if bookmark else None,
        "seen": iso(row.seen),
    }
