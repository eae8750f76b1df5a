"""The detail's panes as lines: pure functions of what is known of one hot update."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from rich.cells import cell_len

from hottui.analysis.answer_summary import summarize
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.answer import read_answer
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Tracked, Transition, Trouble
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import UNICODE
from hottui.render.styled_text import Line
from hottui.tui.detail.tabs import TABS
from tests.tui.panes import lines_of
from tests.tui.stage import START, Clock

WORLD = Simulation(1, Clock(START))
PANES: dict[str, Callable[[DetailContext], Sequence[Line]]] = {
    tab.id: partial(lines_of, tab) for tab in TABS if tab.body
}


def about(label: str, *, width: int = 100, words: str = "", before: str = "") -> DetailContext:
    """All that is known of the demo's hot update with this label."""
    member = next(m for m in WORLD.updates if m.spec.label == label)
    answer = read_answer(json.dumps({"success": True, "data": WORLD.result(*member.key)}))
    ref = Ref(ENDPOINT_IN_PROCESS, *member.key)
    tracked = Tracked(ref, Bookmark(ref, label), summarize(answer), Freshness.LIVE, START, START - 60)
    moves = tuple(move for move in WORLD.history(ENDPOINT_IN_PROCESS) if move.ref == ref)
    earlier = about(before).answer if before else None
    return DetailContext(tracked, START, width, UNICODE, answer, START, "", earlier, moves, words=tuple(words.split()))


def texts(pane: str, subject: DetailContext) -> list[str]:
    return [line.text.rstrip() for line in PANES[pane](subject)]


def found(lines: list[str], beginning: str) -> str:
    return next(line for line in lines if line.lstrip().startswith(beginning))


@pytest.mark.parametrize("pane", PANES)
def test_every_pane_shows_that_nothing_was_read_yet(pane: str) -> None:
    subject = DetailContext(Tracked(Ref("e", "w", "n", "i")), START, 80, UNICODE)
    shown = texts(pane, subject)
    assert any("yet" in line for line in shown)
    assert all(cell_len(line) <= 80 for line in shown)


def test_the_overview_puts_what_was_asked_for_beside_the_target() -> None:
    lines = texts("overview", about("orders-enrich"))
    header, row = found(lines, "KEY"), found(lines, "parallelism")
    assert row[header.index("ASKED FOR") :].startswith("10 ")
    assert row[header.index("TARGET") :].startswith("currently 4")


def test_a_long_state_line_goes_on_below() -> None:
    wide, narrow = texts("overview", about("orders-enrich")), texts("overview", about("orders-enrich", width=58))
    assert "UPDATING  for 1m, first seen" in found(wide, "State")
    assert "first seen" not in found(narrow, "State")
    assert any(line.strip().startswith("for 1m, first seen") for line in narrow)


def test_the_overview_shows_why_a_read_failed_and_what_to_do() -> None:
    subject = about("orders-enrich")
    stale = Tracked(
        subject.tracked.ref, None, subject.tracked.summary, Freshness.STALE, START - 300, START - 600,
        Trouble(START, "The service cannot be reached.", "Look at the network."),
    )  # fmt: skip
    shown = "\n".join(texts("overview", DetailContext(stale, START, 100, UNICODE, subject.answer, START - 300)))
    assert "stale, last read 5m ago" in shown
    assert "The service cannot be reached." in shown
    assert "Look at the network." in shown
    assert "Not bookmarked" in shown


def test_the_request_id_of_a_good_and_a_failed_read_can_be_copied() -> None:
    subject = about("orders-enrich")
    trouble = Trouble(START, "The service reported an error.", "Ask the vendor's support.", "9F2A-11")
    stale = Tracked(subject.tracked.ref, None, subject.tracked.summary, Freshness.STALE, START, START, trouble)
    answer = read_answer(json.dumps({"requestId": "0B1C-22", "success": True, "data": {}}))
    values = {
        line.text[:19].strip(): line.value
        for line in PANES["overview"](DetailContext(stale, START, 100, UNICODE, answer, START))
    }
    assert (values["Failed request ID"], values["Request ID"]) == ("9F2A-11", "0B1C-22")
    unread = "\n".join(texts("overview", DetailContext(Tracked(stale.ref, trouble=trouble), START, 60, UNICODE)))
    assert "9F2A-11" in unread


def test_a_failure_without_a_reason_shows_that_there_is_none() -> None:
    for failure in ({}, {"failureSeverity": "LOW", "reason": '""', "message": ""}, None):
        data = {"status": {"status": "FAILED", "failure": failure}}
        answer = read_answer(json.dumps({"success": True, "data": data}))
        tracked = Tracked(Ref("e", "w", "n", "i"), None, summarize(answer), Freshness.LIVE, START, START)
        lines = texts("overview", DetailContext(tracked, START, 80, UNICODE, answer, START))
        assert found(lines, "Reason").endswith("The service gave no reason.")
        assert any(line.endswith(" LOW") for line in lines) == bool(failure)
    assert not any("no reason" in line for line in texts("overview", about("smoke")))


def test_a_failure_is_shown_in_full_and_copied_whole() -> None:
    lines = PANES["overview"](about("fraud cep ×32", width=60))
    shown = " ".join(" ".join(line.text for line in lines).split())
    assert "CRITICAL" in shown
    assert "Max parallelism mismatch between checkpoint and current topology" in shown
    message = next(line for line in lines if line.text.startswith(" Message"))
    assert message.value is not None
    assert message.value.count("\n") == 5


def test_changed_conf_keys_come_first_with_old_and_new() -> None:
    lines = texts("conf", about("checkout-fix"))
    assert [line[:2] for line in lines[:3]] == [" ±", " ±", "  "]
    assert "30s → 180s" in found(lines, "± execution.checkpointing.interval")
    keys = [line.split()[0] for line in lines[2:-2]]
    assert keys == sorted(keys)


def test_the_values_of_the_conf_are_in_one_column() -> None:
    lines = PANES["conf"](about("checkout-fix", width=120))
    rows = [line for line in lines if line.value is not None]
    begins = {cell_len(row.spans[0].text + row.spans[1].text) for row in rows if cell_len(row.spans[1].text) <= 48}
    assert len(begins) == 1


def test_a_long_key_gives_way_to_its_value() -> None:
    wide, narrow = texts("conf", about("checkout-fix", width=100)), texts("conf", about("checkout-fix", width=58))
    assert any("execution.checkpointing.externalized-checkpoint-retention  RETAIN" in row for row in wide)
    assert "RETAIN_ON_CANCELL" in found(narrow, "…externalized-checkpoint-retention")


def test_the_filter_of_the_conf() -> None:
    rows = texts("conf", about("checkout-fix", words="checkpointing 180s"))[:-2]
    assert rows
    assert all("checkpointing" in row and "180s" in row for row in rows)
    assert "No matches for “zzz”." in texts("conf", about("checkout-fix", words="zzz"))[0]


@pytest.mark.parametrize("label", ["orders-enrich", "store-top ×2", "quarter-report"])
def test_the_columns_of_the_slots_table_align_with_their_titles(label: str) -> None:
    lines = texts("streaming", about(label))
    titles = [n for n, line in enumerate(lines) if line.lstrip().startswith("GROUP")]
    assert len(titles) == 1
    header = lines[titles[0]]
    assert header.count("GROUP") == 1
    rows = lines[titles[0] + 1 : lines.index("", titles[0])]
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    end = header.index("SLOTS") + len("SLOTS")
    assert all(row[end - 1].isdigit() and row[end] == " " for row in rows)


def test_batch_and_streaming_show_when_there_is_no_setting() -> None:
    assert "No batch resource setting in the target setting." in texts("batch", about("orders-enrich"))[0]
    assert "No streaming resource setting in the target setting." in texts("streaming", about("compaction slots"))[0]
    assert "64" in found(texts("batch", about("compaction slots")), "Max slots")


def test_an_invalid_plan_is_reported_in_place_of_its_cost() -> None:
    assert "cannot be read" in found(texts("streaming", about("catalog-sync")), "Plan")
    assert "cannot be read" in found(texts("overview", about("catalog-sync")), "Plan")


def test_the_timeline_shows_how_long_each_state_lasted() -> None:
    lines = texts("timeline", about("login-guard"))
    assert [line.split()[-2] for line in lines[1:3]] == ["9s", "19s"]
    bars = [line.split()[-1] for line in lines[1:4]]
    assert [set(bar) for bar in bars] == [{"█"}] * 3
    assert len(bars[0]) < len(bars[2]) < len(bars[1]), "bars are as long as the phases took"
    assert lines[3].rstrip("█ ").endswith("12s so far")
    assert "The API returns no timestamps." in " ".join(" ".join(lines).split())
    ended = texts("timeline", about("smoke"))
    assert ended[3].endswith("since then")
    assert lines[0].split()[:2] == ["TIME", f"({datetime.fromtimestamp(START).astimezone().tzname()})"]
    utc = texts("timeline", replace(about("login-guard"), utc=True))
    assert utc[0].split()[:2] == ["TIME", "(UTC)"]
    assert utc[3].strip().startswith("2026-09-21 14:13:08")


def test_a_timeline_of_one_state_has_no_sum() -> None:
    subject = about("orders-enrich")
    ref = subject.tracked.ref
    only = DetailContext(subject.tracked, START, 80, UNICODE, transitions=(Transition(ref, START - 5, "INIT"),))
    lines = texts("timeline", only)
    assert not any("From the first" in line for line in lines)
    assert lines[1].endswith("5s so far")


def test_the_answer_is_the_json_as_it_came_and_the_plan_once_more_decoded() -> None:
    subject = about("orders-enrich")
    lines = texts("answer", subject)
    plan = next(n for n, line in enumerate(lines) if line.strip().startswith("resourcePlan  the same plan"))
    assert subject.answer is not None
    assert json.loads("\n".join(lines[plan + 1 :])) == subject.answer.plan.document
    assert any("characters more" in line or '"resourcePlan"' in line for line in lines[:plan])


@pytest.mark.parametrize("pane", ["overview", "timeline", "batch"])
def test_panes_of_words_fold_to_the_width(pane: str) -> None:
    for width in (58, 80, 120):
        for label in ("orders-enrich", "fraud cep ×32", "legacy-export", "catalog-sync", "compaction slots"):
            lines = texts(pane, about(label, width=width))
            assert all(cell_len(line) <= width for line in lines), (label, width)
