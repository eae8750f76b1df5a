"""Saved insight: what is known of the job behind each bookmark, the last answers about jobs, and permissions.

Secrets are masked before anything is written. Answers about a job are shared by all bookmarks of the job, and kept as
long as one of them is. A row that cannot be read counts as missing, since all of this can be read again.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NewType

from hottui.model.effect import Effect, EffectItem, before_from_json, before_to_json
from hottui.model.job_insight import Insight, insight_from_json, insight_to_json, merge_insight
from hottui.model.json_text import Json, UnreadableJson, read_json, write_json
from hottui.model.ref import JobRef, Ref
from hottui.model.times import UNKNOWN, known_time
from hottui.store.database import Database
from hottui.store.serialization import pack, ref_values, text_of, unpack, without_surrogates
from hottui.store.writes import key_of

MaskedInsight = NewType("MaskedInsight", Insight)
"""An insight with secrets masked, as `masked_insight` returns it."""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """The last good answer of one call about a job: JSON by the service's names, secrets masked."""

    at: float
    answer: Json


@dataclass(frozen=True, slots=True)
class SavedPermission:
    """Whether an action was granted in a namespace when it was tried last."""

    account: str
    workspace: str
    namespace: str
    action: str
    granted: bool
    at: float


class JobStore:
    """What the store holds about jobs. Thread-safe; methods raise only StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def record(self, insight: Insight) -> bool:
        """Save `insight`; False, and nothing saved, if its ref is not bookmarked.

        A `before` that was observed is never replaced, and an older judgement never replaces a newer one.
        """
        return self.record_masked(masked_insight(insight))

    def record_masked(self, insight: MaskedInsight) -> bool:
        """`record` for an insight that is masked already."""
        with self._database.write() as connection:
            key = key_of(connection, insight.ref)
            if key is None:
                return False
            record_insight(connection, key, insight, self._clock())
            return True

    def insight(self, ref: Ref) -> Insight | None:
        """Return the saved insight of `ref`; None if there is none."""
        rows = self._database.read(
            "SELECT encoding, body FROM insight JOIN bookmark ON bookmark.id = insight.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL",
            ref_values(ref),
        )
        return insight_from_json(ref, _document(*rows[0])) if rows else None

    def record_answer(self, job: JobRef, call: str, at: float, answer: Json) -> bool:
        """Save the last good answer of `call` about `job`; False if no hot update of the job is bookmarked."""
        from hottui.model.masking import mask_json  # noqa: PLC0415 - compiles many patterns, not needed at start-up

        encoding, body = pack(write_json(mask_json(answer)))
        values = _job_values(job)
        with self._database.write() as connection:
            bookmarked = connection.execute(
                "SELECT 1 FROM bookmark WHERE endpoint = ? AND workspace = ? AND namespace = ? AND job_id = ? "
                "AND removed IS NULL LIMIT 1",
                values,
            ).fetchone()
            if bookmarked is None:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO job_answer (endpoint, workspace, namespace, job_id, call, at, encoding, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, call, at, encoding, body),
            )
        return True

    def answers(self, job: JobRef) -> Mapping[str, SavedAnswer]:
        """Return the last good answer of each call about `job`."""
        rows = self._database.read(
            "SELECT call, at, encoding, body FROM job_answer "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND job_id = ?",
            _job_values(job),
        )
        found = ((text_of(call), _time(at), _document(*packed)) for call, at, *packed in rows)
        return {call: SavedAnswer(at, answer) for call, at, answer in found if answer is not None}

    def record_permission(self, permission: SavedPermission) -> None:
        """Save whether an action was granted."""
        names = (permission.account, permission.workspace, permission.namespace, permission.action)
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO permission (account, workspace, namespace, action, granted, at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (*map(without_surrogates, names), permission.granted, permission.at),
            )


def record_insight(connection: sqlite3.Connection, key: int, masked: MaskedInsight, now: float) -> None:
    """Save the insight of bookmark `key`. The caller holds the transaction."""
    row = connection.execute("SELECT encoding, body FROM insight WHERE bookmark = ?", (key,)).fetchone()
    saved = insight_from_json(masked.ref, _document(*row)) if row else None
    insight = masked if saved is None else merge_insight(saved, masked, now)
    document = insight_to_json(insight)
    connection.execute(
        "INSERT OR REPLACE INTO insight (bookmark, encoding, body) VALUES (?, ?, ?)", (key, *pack(write_json(document)))
    )
    effect, interruption = insight.effect, document["interruption"]
    connection.execute(
        "UPDATE bookmark SET verdict = ?, effect_reason = ?, job_name = ?, interruption = ? WHERE id = ?",
        (
            effect.verdict.value if effect else None,
            without_surrogates(effect.reason) if effect else "",
            without_surrogates(insight.job_name),
            write_json(interruption) if interruption else "",
            key,
        ),
    )


def masked_insight(insight: Insight) -> MaskedInsight:
    """Return `insight` with secrets masked. Not for use in a transaction: one with many items takes seconds."""
    from hottui.model.masking import mask_json, mask_text, mask_value  # noqa: PLC0415 - compiles many patterns

    def masked(item: EffectItem) -> EffectItem:
        return replace(
            item,
            name=mask_text(item.name),
            before=mask_value(item.key, item.before),
            asked=mask_value(item.key, item.asked),
            running=mask_value(item.key, item.running),
            why=mask_text(item.why),
        )

    effect = insight.effect
    return MaskedInsight(
        replace(
            insight,
            before=before_from_json(mask_json(before_to_json(insight.before))),
            effect=effect and Effect(effect.verdict, mask_text(effect.reason), tuple(map(masked, effect.items))),
            job_name=mask_text(insight.job_name),
        )
    )


def _time(value: Any) -> float:
    return known_time(value) or UNKNOWN


def _document(encoding: Any, body: Any) -> Json:
    text = unpack(encoding, body)
    try:
        return None if text is None else read_json(text)
    except UnreadableJson:
        return None


def _job_values(job: JobRef) -> tuple[str, str, str, str]:
    return ref_values(Ref(job.endpoint, job.workspace, job.namespace, job.job_id))
