"""Export to one document, and import without duplicates."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hottui.model.masking import MASK
from hottui.model.tracking import Observation, Summary
from hottui.store.errors import StoreError
from hottui.store.export_import import Imported, InvalidDocument
from hottui.store.store import Store
from tests.store.samples import bookmark, insight, move, observation, ref


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_all([bookmark(label="orders", note="ask Li"), bookmark("hu-2", added=1500.0)])
    store.record(observation(at=1000.0), move(at=1000.0))
    store.record(
        observation(at=1060.0, state="HOT_UPDATED", answer='{"data":{"x":"更新"}}'),
        move(at=1060.0, state="HOT_UPDATED", previous="INIT"),
    )
    return store


@pytest.fixture
def elsewhere(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "elsewhere" / "hottui.db", clock=lambda: 20_000.0) as store:
        yield store


def test_import_restores_everything(filled: Store, elsewhere: Store) -> None:
    assert take(elsewhere, filled.export()) == Imported(added=2, known=0, transitions=2)
    assert elsewhere.tracked() == filled.tracked()
    assert elsewhere.transitions(ref()) == filled.transitions(ref())
    assert elsewhere.answer(ref()) == filled.answer(ref())


def test_insight_is_exported_and_documents_without_it_are_imported(filled: Store, elsewhere: Store) -> None:
    filled.jobs.record(insight())
    document = plain(filled)
    take(elsewhere, document)
    assert elsewhere.jobs.insight(ref()) == filled.jobs.insight(ref()) is not None
    assert elsewhere.tracked() == filled.tracked()
    assert elsewhere.tracked()[0].effect is not None
    assert "hunter" not in json.dumps(document)
    for entry in document["bookmarks"]:
        del entry["insight"]
    assert take(elsewhere, document) == Imported(added=0, known=2, transitions=0)
    assert elsewhere.jobs.insight(ref()) is not None


def test_importing_twice_changes_nothing(filled: Store, elsewhere: Store) -> None:
    document = filled.export()
    take(elsewhere, document)
    before = elsewhere.tracked()
    assert take(elsewhere, document) == Imported(added=0, known=2, transitions=0)
    assert take(filled, document) == Imported(added=0, known=2, transitions=0)
    assert elsewhere.tracked() == before == filled.tracked()


def test_existing_values_win_and_empty_ones_are_filled_in(filled: Store, elsewhere: Store) -> None:
    elsewhere.add(bookmark(label="mine", added=500.0))
    elsewhere.record(observation(at=2000.0, state="FAILED"), move(at=2000.0, state="FAILED"))
    assert take(elsewhere, filled.export()) == Imported(added=1, known=1, transitions=2)
    mine = elsewhere.tracked()[0]
    assert mine.bookmark == bookmark(label="mine", note="ask Li", added=500.0)
    assert (mine.state, mine.seen, mine.since) == ("FAILED", 2000.0, 2000.0)
    assert [each.state for each in elsewhere.transitions(ref())] == ["INIT", "HOT_UPDATED", "FAILED"]


def test_shared_transitions_are_not_duplicated(filled: Store, elsewhere: Store) -> None:
    elsewhere.add(bookmark())
    elsewhere.record(observation(at=1000.7), move(at=1000.7))
    elsewhere.record(observation(at=1059.2, state="HOT_UPDATED"), move(at=1059.2, state="HOT_UPDATED"))
    assert take(elsewhere, filled.export()).transitions == 0
    assert [(each.at, each.state) for each in elsewhere.transitions(ref())] == [
        (1000.0, "INIT"),
        (1059.2, "HOT_UPDATED"),
    ]


def test_removed_bookmarks_are_not_exported(filled: Store) -> None:
    filled.remove(ref())
    assert [entry["ref"]["id"] for entry in plain(filled)["bookmarks"]] == ["hu-2"]


def test_answers_saved_unmasked_are_masked_on_export(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(bookmark())
    with monkeypatch.context() as earlier:
        earlier.setattr("hottui.store.store.masked", lambda seen: seen)
        seen = observation(answer='{"data":{"pass":"geheim1"}}')
        store.record(replace(seen, summary=replace(seen.summary, reason="-----BEGIN A KEY-----geheim2")), None)
    answer = store.answer(ref())
    assert answer is not None
    assert "geheim" in answer.answer
    assert "geheim" not in json.dumps(store.export())


def test_secrets_are_masked_on_export_and_import(filled: Store, elsewhere: Store) -> None:
    secret = Observation(ref(), 1100.0, Summary("FAILED", reason="token=hunter2"), "r", '{"password":"hunter2"}')
    filled.record(secret, None)
    document = plain(filled)
    assert "hunter2" not in json.dumps(document)
    document["bookmarks"][0]["answer"]["text"] = '{"password":"hunter2"}'
    document["bookmarks"][0]["answer"]["summary"]["reason"] = "token=hunter2"
    take(elsewhere, document)
    kept = elsewhere.answer(ref())
    assert kept is not None
    assert (kept.answer, kept.summary.reason) == (f'{{"password":"{MASK}"}}', f"token={MASK}")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "The document is not a hottui export: it is not a JSON object"),
        ([], "The document is not a hottui export: it is not a JSON object"),
        ({"bookmarks": []}, "The document is not a hottui export."),
        (
            {"format": "hottui", "version": 2, "bookmarks": []},
            "The document has version 2; this hottui supports version 1",
        ),
        ({"format": "hottui", "version": True, "bookmarks": []}, "has version True"),
        ({"format": "hottui", "version": "\x1b[31m", "bookmarks": []}, r"has version '\\x1b\[31m'"),
        ({"format": "hottui", "bookmarks": []}, "has version None"),
        ({"format": "hottui", "version": 1}, "has no list of bookmarks"),
    ],
)
def test_invalid_document_imports_nothing(store: Store, document: Any, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message) as refused:
        take(store, document)
    assert isinstance(refused.value, StoreError)


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(entry: dict[str, Any]) -> None:
        for part in path[:-1]:
            entry = entry[part]
        entry[path[-1]] = to

    return apply


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change("ref", to=None), "`ref` is missing or not an object"),
        (change("ref", "id", to="a/b"), "The ID 'a/b' contains a slash"),
        (change("ref", "workspace", to=""), "The workspace is empty"),
        (change("ref", "namespace", to=7), "`namespace` is not text"),
        (change("ref", "endpoint", to="http://example.com"), "the endpoint 'http://example.com' is not an https"),
        (change("ref", "endpoint", to="https://u:p@example.com/x"), "is not an https:// URL"),
        (change("label", to=["x"]), "`label` is not text"),
        (change("added", to="now"), "`added` is not a time"),
        (change("added", to=True), "`added` is not a time"),
        (change("added", to=10**400), "`added` is not a time in seconds since the epoch."),
        (change("added", to=1e300), "`added` is not a time in seconds since the epoch."),
        (change("added", to=1_769_850_000_000), "the epoch; 1769850000000 may be milliseconds."),
        (change("transitions", 1, "at", to=1_769_850_000_000.5), "`at` is not a time in seconds since the epoch; 17"),
        (change("answer", "at", to=1e300), "`at` is not a time"),
        (change("answer", "at", to=-1), "`at` is not a time"),
        (change("label", to="x" * 257), "`label` has 257 characters; at most 256 are accepted"),
        (change("note", to="x" * 10_001), "`note` has 10,001 characters; at most 10,000 are accepted"),
        (change("ref", "endpoint", to="https://" + "x" * 1000), "`endpoint` has 1,008 characters"),
        (change("transitions", to={}), "`transitions` is not a list"),
        (change("transitions", to=[3]), "a transition is missing or not an object"),
        (change("transitions", 0, "at", to=-1), "`at` is not a time"),
        (change("answer", to="x"), "`answer` is missing or not an object"),
        (change("answer", "summary", to=None), "`summary` is missing or not an object"),
        (change("answer", "text", to=1), "`text` is not text"),
        (change("insight", to=[]), "`insight` is missing or not an object"),
    ],
)
def test_malformed_entry_is_reported_and_the_others_imported(
    filled: Store, elsewhere: Store, damage: Callable[[dict[str, Any]], None], message: str
) -> None:
    document = plain(filled)
    damage(document["bookmarks"][0])
    problems: list[str] = []
    outcome = take(elsewhere, document, problems)
    (refused,) = problems
    assert outcome.skipped == 1
    assert refused.startswith("Bookmark 1: ")
    assert message in refused
    assert outcome.added == 1
    assert [each.ref.id for each in elsewhere.tracked()] == ["hu-2"]


def take(store: Store, document: Any, problems: list[str] | None = None) -> Imported:
    """Import `document` as JSON."""
    source = io.BytesIO(json.dumps(document).encode())
    return store.import_(source, problem=(problems if problems is not None else []).append)


def plain(store: Store) -> Any:
    return json.loads(json.dumps(store.export()))
