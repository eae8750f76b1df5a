"""The JSON of one hot update means the same in every command."""

import json
from dataclasses import replace

from hottui.cli import wait
from hottui.cli.columns import COLUMNS
from hottui.cli.wait_decisions import Ended
from hottui.errors import ExitCode
from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, Freshness
from hottui.model.tracking import Bookmark, Summary, Tracked, Transition
from hottui.render.documents import bookmark_document, row_document, transition_document

REF = Ref("https://flink.example", "w", "n", "hu-1")
ROW = Tracked(
    REF,
    Bookmark(REF, "label", "note", 5.0),
    Summary(FAILED, "job-1", "parallelism 4 → 8", "HIGH", "No slots."),
    Freshness.LIVE,
    seen=20.0,
    since=10.0,
    effect=Effect(Verdict.NONE, "The hot update failed."),
    job_name="orders",
)


def test_a_key_has_one_meaning_in_all_commands() -> None:
    common = row_document(ROW)
    assert common["effect"] == {"verdict": "none", "reason": "The hot update failed."}
    assert (common["job_id"], common["job_name"]) == ("job-1", "orders")
    for document, more in (
        (bookmark_document(ROW), {"note", "added", "seen"}),
        (wait._document(ROW, Ended(ExitCode.FAILED, "why")), {"exit_code", "message"}),
        (transition_document(ROW, Transition(REF, 10.0, FAILED)), {"at", "previous"}),
    ):
        assert document.keys() - common.keys() == more
        assert {key: document[key] for key in common} == common
        json.dumps(document)


def test_a_transition_does_not_get_what_belongs_to_a_later_state() -> None:
    document = transition_document(ROW, Transition(REF, 9.0, "UPDATING", "INIT"))
    assert (document["state"], document["since"], document["previous"]) == ("UPDATING", "1970-01-01T00:00:09Z", "INIT")
    assert (document["change"], document["severity"], document["effect"]) == ("", "", None)


def test_what_was_never_read_is_not_stale() -> None:
    never = Tracked(REF, freshness=Freshness.STALE)
    assert row_document(never)["freshness"] == COLUMNS["freshness"].value(never, 0.0) == "waiting"
    assert wait._listed([never]) == "hu-1 (no answer yet)"
    assert row_document(replace(ROW, freshness=Freshness.STALE))["freshness"] == "stale"


def test_unknown_values_are_null() -> None:
    document = row_document(Tracked(REF))
    assert {key for key, value in document.items() if value is None} == {
        "state", "since", "job_id", "job_name", "effect",
    }  # fmt: skip
