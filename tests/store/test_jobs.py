"""What is saved about the job behind a bookmark."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hottui.model.effect import BeforeSource, Effect, Verdict
from hottui.model.masking import MASK
from hottui.model.ref import JobRef
from hottui.store.inspection import saved_permissions
from hottui.store.jobs import SavedPermission
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, insight, observation, ref

JOB = JobRef.of(ref(), "job-1")


def test_the_row_has_the_verdict_and_the_insight_everything(open_store: OpenStore) -> None:
    store = open_store()
    assert not store.jobs.record(insight()), "not bookmarked"
    store.add(bookmark())
    assert store.jobs.record(insight())
    (row,) = open_store().tracked()
    assert row.effect == Effect(Verdict.PARTIAL, "1 of 2 values runs.")
    assert (row.job_name, row.interruption) == ("orders-enrich", insight().interruption)
    saved = open_store().jobs.insight(ref())
    assert saved is not None
    assert saved.before.vertices == {"v1": 4}
    assert saved.effect is not None
    assert [item.key for item in saved.effect.items] == ["parallelism", "fs.s3.secret-key"]


def test_no_secret_reaches_the_disk(store: Store, path: Path) -> None:
    store.add(bookmark())
    store.record(observation(), None)
    store.jobs.record(insight())
    store.jobs.record_answer(JOB, "job", 1.0, {"flinkConf": {"fs.s3.secret-key": "hunter4"}})
    store.close()
    assert b"hunter" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_an_observed_before_and_the_latest_verdict_win(store: Store) -> None:
    store.add(bookmark())
    store.jobs.record(insight(at=5.0, verdict=None, source=BeforeSource.PREDECESSOR))
    store.jobs.record(insight(at=6.0))
    later = insight(at=9.0, verdict=Verdict.DRIFTED, source=BeforeSource.UNKNOWN)
    store.jobs.record(replace(later, before=replace(later.before, parallelism=99)))
    store.jobs.record(insight(at=7.0, verdict=Verdict.NONE))
    saved = store.jobs.insight(ref())
    assert saved is not None
    assert (saved.before.source, saved.before.parallelism) == (BeforeSource.OBSERVED, 4)
    assert saved.effect is not None
    assert (saved.at, saved.effect.verdict) == (9.0, Verdict.DRIFTED)


def test_answers_about_a_job_are_kept_while_a_hot_update_of_it_is(store: Store) -> None:
    assert not store.jobs.record_answer(JOB, "job", 1.0, {"deploymentName": "orders"})
    store.add(bookmark())
    store.record(observation(), None)
    assert store.jobs.record_answer(JOB, "job", 1.0, {"deploymentName": "orders", "token": "x9"})
    assert store.jobs.record_answer(JOB, "job", 2.0, {"deploymentName": "更新", "token": "x9"})
    found = store.jobs.answers(JOB)
    assert (found["job"].at, found["job"].answer) == (2.0, {"deploymentName": "更新", "token": MASK})
    assert not store.jobs.answers(replace(JOB, namespace="other"))
    store.remove(ref())
    assert store.jobs.answers(JOB), "the removal can be undone"
    store.vacuum()
    assert not store.jobs.answers(JOB)


def test_a_damaged_row_counts_as_missing(store: Store, path: Path) -> None:
    store.add(bookmark())
    store.record(observation(), None)
    store.jobs.record(insight())
    store.jobs.record_answer(JOB, "job", 1.0, {})
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE insight SET body = X'FF00', encoding = 'zlib'")
        raw.execute("UPDATE job_answer SET body = 7")
        raw.execute("UPDATE bookmark SET verdict = 'splendid', interruption = '{', job_name = X'41'")
    (row,) = store.tracked()
    assert (row.effect, row.interruption, row.job_name) == (None, None, "A")
    assert store.jobs.insight(ref()) is None
    assert not store.jobs.answers(JOB)
    assert store.jobs.record(insight())


def test_the_last_outcome_of_each_action_is_kept(store: Store, path: Path) -> None:
    denied = SavedPermission("demo@host", "ws", "team", "GetJob", granted=False, at=5.0)
    store.jobs.record_permission(denied)
    store.jobs.record_permission(replace(denied, action="FlinkApiProxy"))
    store.jobs.record_permission(replace(denied, granted=True, at=6.0))
    assert [(each.action, each.granted, each.at) for each in saved_permissions(path)] == [
        ("FlinkApiProxy", False, 5.0),
        ("GetJob", True, 6.0),
    ]
