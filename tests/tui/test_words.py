"""The words on screen: ages, rows, bars, hints, help. Pure functions, so every case is a line here."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len

from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.times import duration
from hottui.model.tracking import Bookmark, Summary, Tracked, Trouble
from hottui.monitor.snapshot import Hold, LoopStatus, Slow, Snapshot
from hottui.render.ages import COARSE, EXACT, SEEN, age, next_change, seen_age
from hottui.render.glyphs import ASCII, UNICODE, Glyphs, key_names, state_word
from hottui.render.table_columns import ANY_LENGTH, TITLES, LongestTexts, columns_for, longest_texts
from hottui.render.table_rows import next_row_change, row_ages, row_content, row_spans
from hottui.tui.commands import COMMANDS, Scope
from hottui.tui.hints import dashboard_words, hints_for, plan_words
from hottui.tui.screens.help import help_lines
from hottui.tui.screens.troubles import trouble_lines
from hottui.tui.widgets import status_text
from hottui.tui.widgets.header_footer import fitting_hints

NOW = 1_790_000_000.0
REF = Ref("http://127.0.0.1", "a-workspace", "a-namespace", "an-id")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h"), (86_399, "23h"), (86_400, "1d"),
     (9e7, "1041d")],
)  # fmt: skip
def test_age(seconds: float, shown: str) -> None:
    assert age(seconds) == shown


def test_the_age_of_what_has_ended_has_few_texts() -> None:
    texts = dict.fromkeys(age(seconds, COARSE) for seconds in range(90_000))
    assert list(texts)[:22] == [
        *(f"{n}s" for n in range(10)), "10s", "30s", "1m", "2m", "3m", "4m", "5m", "10m", "15m", "20m", "25m", "30m"
    ]  # fmt: skip
    assert len(texts) == 27 + 23 + 1


def test_the_next_change_of_an_age_is_when_its_text_differs() -> None:
    for steps in (EXACT, COARSE, SEEN):
        seconds = -3.5
        while seconds < 200_000:
            after = next_change(seconds, steps)
            assert after > 0
            later = [age(seconds + part * after, steps) for part in (0, 0.4, 0.999, 1)]
            assert later[0] == later[1] == later[2] != later[3], (seconds, steps, later)
            seconds += max(after * 0.6, 0.3)
        assert next_change(-3.5, steps) == steps[0][1] + 3.5
    for odd in (math.nan, math.inf, NOW):
        assert next_change(odd) == math.inf


@pytest.mark.parametrize(("seconds", "shown"), [(-3, "now"), (9.9, "now"), (59, "now"), (61, "1m"), (7_200, "2h")])
def test_seen_age_ticks_coarsely(seconds: float, shown: str) -> None:
    assert seen_age(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (72, "1m 12s"), (3_600, "1h 00m"), (11_100, "3h 05m"), (190_800, "2d 5h")]
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_row_reads_the_same_for_as_long_as_its_ages_do() -> None:
    tracked = Tracked(REF, summary=Summary(HOT_UPDATED), since=NOW - 7_200, seen=NOW - 7_200)
    for state, fresh, shown, after in (
        (HOT_UPDATED, Freshness.LIVE, ("2h", ""), 3_600),
        (HOT_UPDATING, Freshness.LIVE, ("2h", "2h"), 3_600),
        (FAILED, Freshness.STALE, ("2h", "2h"), 3_600),
    ):
        one = replace(tracked, summary=Summary(state), freshness=fresh)
        assert row_ages(one, NOW) == row_ages(one, NOW + 3_599) == shown
        assert row_ages(one, NOW) != row_ages(one, NOW + 3_600)
        assert next_row_change(one, NOW) == after
    assert next_row_change(replace(tracked, since=NOW - 20), NOW) == 10
    assert next_row_change(replace(tracked, since=NOW - 20, summary=Summary(HOT_UPDATING)), NOW) == 1
    assert next_row_change(replace(tracked, since=None), NOW) == math.inf


def row(tracked: Tracked, total: int = 120) -> str:
    columns = row_spans(tracked, row_ages(tracked, NOW), columns_for(total), UNICODE)
    return "".join(span.text for column in columns for span in column)


def summary(change: str = "", **more: str) -> Tracked:
    return Tracked(
        REF, summary=Summary(more.pop("state", HOT_UPDATING), "a-job", change, **more), freshness=Freshness.LIVE
    )


def test_a_long_key_gives_way_from_its_front() -> None:
    change = "execution.checkpointing.externalized-checkpoint.timeout 10min → 60min"
    assert "…timeout 10min → 60min" in row(summary(change), 80)
    assert "…externalized-checkpoint.timeout 10min → 60min" in row(summary(change), 140)
    assert change in row(summary(change), 220)


def test_a_number_with_a_dot_is_no_key() -> None:
    assert "ratio 0.25" in row(summary("very.long.prefix.of.the.ratio 0.25 → 0.75"), 80)


def test_a_failed_row_shows_severity_and_reason_before_the_change() -> None:
    change = "execution.checkpointing.timeout 10min → 60min"
    failed = summary(change, severity="CRITICAL", reason="NoSlots: 24 of 64 are free", state=FAILED)
    assert f"CRITICAL NoSlots: 24 of 64 are free  {change}" in row(failed, 220)
    for total in (60, 80, 120):
        assert "CRITICAL NoSlots: " in row(failed, total)
    long = summary(change, severity="LOW", reason="Why " * 500, state=FAILED)
    assert "LOW Why Why" in row(long, 60)
    updating = summary(change, severity="LOW", reason="Why")
    assert f"{change}  LOW Why" in row(updating, 220)


def test_a_failed_row_without_a_reason_shows_that_there_is_none() -> None:
    assert "LOW The service gave no reason  p 1 → 2" in row(summary("p 1 → 2", severity="LOW", state=FAILED), 150)
    assert "The service gave no reason" in row(summary(state=FAILED), 80)
    assert "no reason" not in row(summary(severity="LOW", state=HOT_UPDATED))


def test_a_stale_failed_row_still_shows_the_reason() -> None:
    failed = summary("p 1 → 2", severity="LOW", reason="NoSlots", state=FAILED)
    stale = replace(failed, freshness=Freshness.STALE, trouble=Trouble(NOW, "No network."))
    assert "LOW NoSlots  No network.  p 1 → 2" in row(stale, 150)
    assert "p 1 → 2  No network." in row(replace(stale, summary=Summary(HOT_UPDATING, "", "p 1 → 2")), 150)


def test_a_row_shows_the_effect_and_the_name_of_the_job() -> None:
    applied = replace(summary("p 1 → 2", state=HOT_UPDATED), effect=Effect(Verdict.NONE), job_name="orders-enrich")
    assert "≠ no effect  orders-enrich  " in row(applied, 120)
    assert "a-job" not in row(applied, 200)
    assert "no effect" in row(applied, 80)
    assert "≠" not in row(applied, 80), "a narrow table has only the word"
    assert row_content(applied) != row_content(replace(applied, effect=Effect(Verdict.APPLIED)))
    assert row_content(applied) == row_content(replace(applied, effect=Effect(Verdict.NONE, "Another reason.")))


def test_a_slow_update_is_marked_before_its_change() -> None:
    slow = "".join(
        span.text
        for column in row_spans(summary("p 1 → 2"), ("20s", "now"), columns_for(80), UNICODE, "slow (usually 14s)")
        for span in column
    )
    assert "slow (usually 14s)  p " in slow


_SHARED = ("LABEL", "CHANGE", "ID")
"""Columns that share what the others leave, and the one that is shorter here than it may be."""


def all_widths(total: int, content: LongestTexts = ANY_LENGTH) -> dict[str, int]:
    return {**dict.fromkeys(TITLES, 0), **dict(columns_for(total, content))}


def test_empty_and_narrow_columns_give_up_their_width() -> None:
    def columns(total: int, *tracked: Tracked) -> dict[str, int]:
        return all_widths(total, longest_texts(tracked))

    bare = Tracked(REF)
    full = Tracked(REF, Bookmark(REF, "l" * 40), Summary(HOT_UPDATED, "j" * 36), Freshness.LIVE, NOW)
    full = replace(full, effect=Effect(Verdict.SUPERSEDED), job_name="j" * 40)
    for total in (60, 80, 92, 120, 200):
        wide, none = columns(total, full), columns(total, bare)
        assert all(
            wide[title] == wide_enough for title, wide_enough in all_widths(total).items() if title not in _SHARED
        )
        assert (none["LABEL"], none["EFFECT"], none["JOB"], none["SEEN"]) == (0, 0, 0, 0)
        for found in (wide, none):
            assert 1 + sum(width + 1 for width in found.values() if width) == total, "no cell is lost"
            assert found["ID"] in (0, len(REF.id)), "no more than it needs"
        assert columns(total, bare, full) == wide
    brief = replace(full, effect=Effect(Verdict.NONE), job_name="j")
    assert columns(120, bare, brief) == columns(120, bare, full), "no column moves with each effect"
    short = replace(full, bookmark=Bookmark(REF, "键"))
    assert columns(120, short)["LABEL"] == len("LABEL"), "a title is never cut"
    assert columns(120, short, replace(full, bookmark=Bookmark(REF, "键" * 5)))["LABEL"] == 10


@pytest.mark.parametrize(
    ("tracked", "words"),
    [
        (Tracked(REF), ("· waiting", "·")),
        (Tracked(REF, freshness=Freshness.GONE, trouble=Trouble(NOW, "Not there.")), ("∅ gone", "Not there.")),
        (Tracked(REF, freshness=Freshness.DENIED, trouble=Trouble(NOW, "No.")), ("⊘ denied", "No.")),
        (Tracked(REF, Bookmark(REF), Summary(HOT_UPDATED), Freshness.STALE, NOW, NOW), ("★✔ UPDATED!",)),
        (Tracked(REF, summary=Summary("ROLLING_BACK")), ("◇ ROLLING_BACK",)),
        (Tracked(REF, summary=Summary("")), ("◇ no state",)),
    ],
)
def test_every_state_is_a_sign_and_a_word(tracked: Tracked, words: tuple[str, ...]) -> None:
    for word in words:
        assert word in row(tracked)


LOOP = LoopStatus(paused=False, interval=2.0, period=None, in_flight=0, holds=(), unsaved=0, trouble=None)
MANY = (
    *[summary()] * 8, *[summary(state=FAILED)] * 5, *[summary(state=HOT_UPDATED)] * 25,
    Tracked(REF, freshness=Freshness.DENIED), Tracked(REF, freshness=Freshness.GONE), Tracked(REF),
)  # fmt: skip


def bar(width: int, loop: LoopStatus | None = LOOP) -> str:
    left, right = status_text.head("prod · cn-hangzhou", MANY, loop, UNICODE, width)
    return "".join(span.text for span in (*left, *right))


def test_the_header_never_cuts_a_word() -> None:
    for width in range(1, 200):
        shown = bar(width)
        assert "live, every 2s" in shown
        assert cell_len(shown) <= max(width, cell_len("● live, every 2s "))


def test_the_header_shortens_counts_then_context_and_drops_counts_last() -> None:
    assert "prod" in bar(120)
    assert "8 updating  5 failed  25 updated  1 denied  1 gone  1 waiting" in bar(120)
    assert "prod" in bar(90)
    assert "◐ 8  ✖ 5  ✔ 25  ⊘ 1  ∅ 1  · 1" in bar(90)
    assert "prod" in bar(60)
    assert "prod" not in bar(50)
    assert "◐ 8  ✖ 5  ✔ 25  ⊘ 1  ∅ 1  · 1" in bar(60)
    assert "8" not in bar(20)


def test_the_window_title_has_what_needs_attention() -> None:
    assert status_text.window_title(MANY, UNICODE) == "✖5 ◐8 hottui"
    assert status_text.window_title(MANY, ASCII) == "x5 ~8 hottui"
    assert status_text.window_title((), UNICODE) == status_text.window_title(MANY[-3:], UNICODE) == "hottui"


def status_of(tracked: Sequence[Tracked], loop: LoopStatus = LOOP, width: int = 150) -> str:
    _, right = status_text.head("here", tuple(tracked), loop, UNICODE, width)
    return "".join(span.text for span in right)


def numbered(count: int, tracked: Tracked) -> list[Tracked]:
    return [replace(tracked, ref=replace(REF, id=f"{tracked.freshness}{number}")) for number in range(count)]


SILENT = replace(summary(), freshness=Freshness.STALE, trouble=Trouble(NOW, "No answer.", cause="timeout"))
LIVE = replace(summary(), freshness=Freshness.LIVE)


def test_unanswered_rows_are_counted_with_their_cause() -> None:
    mixed = [*numbered(36, SILENT), *numbered(10, LIVE)]
    told = "● live, every 2s · no answer from 36 of 46 – timeout"
    assert told in status_of(mixed)
    finished = numbered(100, replace(summary(state=HOT_UPDATED), freshness=Freshness.LIVE))
    assert told in status_of([*mixed, *finished]), "what has finished is not read"
    never = Tracked(REF, freshness=Freshness.STALE, trouble=SILENT.trouble)
    counts = "".join(span.text for span in status_text.head("", (never,), LOOP, UNICODE, 120)[1])
    assert "1 waiting" in counts
    assert "stale" not in counts
    assert state_word(never) == "waiting"
    assert told in status_of([*numbered(36, never), *numbered(10, LIVE), *finished])
    network = replace(SILENT, trouble=Trouble(NOW, "Down.", cause="network"))
    assert "no answer from 4 of 4 – network" in status_of([*numbered(3, network), *numbered(1, SILENT)])
    assert "live, every 7s (interval 2s) · no answer from 36" in status_of(mixed, replace(LOOP, period=7.0))
    assert "live, every 2s · no answer: 36/46" in status_of(mixed, width=50)
    for width in range(40, 160):
        left, right = status_text.head("here", tuple(mixed), LOOP, UNICODE, width)
        assert cell_len("".join(span.text for span in (*left, *right))) <= width


def test_live_is_not_shown_while_nothing_is_polled() -> None:
    assert "nothing to poll" in status_of([])
    for silent in (SILENT, replace(SILENT, freshness=Freshness.DENIED)):
        assert "no answer from 2 of 2" in status_of(numbered(2, silent))
        assert "live" not in status_of(numbered(2, silent))
        finished = replace(summary(state=HOT_UPDATED), freshness=Freshness.LIVE)
        assert "live" not in status_of([*numbered(2, silent), finished])


def test_rows_on_hold_count_as_unanswered() -> None:
    rows = numbered(3, LIVE)
    hold = Hold("one", "No permission.", "Ask for it.", NOW, "team", "permission")
    loop = replace(LOOP, holds=(hold,), held=frozenset(row.ref for row in rows))
    assert "▲ 1 account paused (access denied)  · no answer from 3 of 3 – permission" in status_of(rows, loop)
    other = replace(LIVE, ref=replace(REF, id="other"))
    assert "live, every 2s · no answer from 3 of 4 – permission" in status_of([*rows, other], loop)
    assert worst(loop, NOW)[0] == "team: No permission."


def test_a_denied_row_is_not_counted_as_unanswered() -> None:
    denied = replace(SILENT, freshness=Freshness.DENIED)
    assert status_of([denied, *numbered(40, LIVE)]).endswith("1 denied   ● live, every 2s ")


def test_troubles_are_listed_with_the_rows_they_concern() -> None:
    loop = replace(LOOP, holds=(Hold("one", "The key is refused.", "Renew it.", NOW),))
    gone = Tracked(replace(REF, id="lost"), freshness=Freshness.GONE, trouble=Trouble(NOW, "Not there.", "Check it."))
    snapshot = Snapshot((*numbered(2, SILENT), gone, *numbered(2, LIVE)), loop, NOW)
    lines, refs = trouble_lines(snapshot, NOW + 60, 80)
    text = "\n".join(each.text for each in lines)
    assert [
        text.index(part) for part in ("The key is refused.", "Renew it.", "2 hot updates: No answer.", "Not there.")
    ]
    assert "lost  1m ago" in text
    assert [ref.id for ref in refs.values()] == ["stale0", "stale1", "lost"]
    assert [each.value for each in lines if each.value] == list(refs)
    assert trouble_lines(Snapshot((LIVE,), LOOP, NOW), NOW, 80)[0][0].text.strip() == "Nothing is wrong."


def test_the_header_shows_the_status_of_polling() -> None:
    assert "connecting" in bar(150, None)
    assert "‖ paused" in bar(150, replace(LOOP, paused=True))
    assert "live, every 9s (interval 2s)" in bar(150, replace(LOOP, period=9.2))


def test_a_hold_is_shown_with_its_hint() -> None:
    holds = (Hold("one", "The key is refused.", "Renew it.", NOW), Hold("two", "Another.", "", NOW))
    loop = replace(LOOP, holds=holds)
    sentence, hint, _ = worst(loop, NOW)
    assert (sentence, hint) == ("The key is refused.", "Renew it.")
    assert lines_of(loop, 1) == [" The key is refused.  (and 1 more: press !)  Renew it."]
    assert lines_of(loop, 2) == [" The key is refused.  Renew it.", " Another."]
    many = replace(loop, holds=holds * 3, not_permitted="Not permitted.")
    assert [line.strip() for line in lines_of(many, 3)][2] == "The key is refused.  (and 4 more: press !)  Renew it."
    assert lines_of(LOOP, 3) == []


def lines_of(loop: LoopStatus, most: int) -> list[str]:
    found = status_text.trouble_lines(status_text.troubles(loop, NOW), most, 60)
    return ["".join(span.text for span in parts).rstrip() for parts in found]


def worst(loop: LoopStatus, now: float = NOW) -> tuple[str, str, str]:
    return next(iter(status_text.troubles(loop, now)), ("", "", "bar"))


def test_only_an_account_throttled_for_long_is_reported() -> None:
    slow = Slow("one", "The service slows the account down.", "Fewer dashboards help.", NOW - 3)
    loop = replace(LOOP, slowed=(slow,))
    assert "throttled by the service" in bar(150, loop)
    assert worst(loop, NOW)[0] == ""
    assert worst(loop, NOW + 10)[:2] == (slow.message, slow.hint)


def test_a_missing_permission_is_shown_in_one_line() -> None:
    loop = replace(LOOP, not_permitted="Not permitted in team: GetJob.")
    message, hint, style = worst(loop, NOW)
    assert (message, style) == ("Not permitted in team: GetJob.", status_text.QUIET)
    assert hint
    ahead = replace(loop, clock_offset=900.0)
    assert [style for _, _, style in status_text.troubles(ahead, NOW)] == ["bar.warning", status_text.QUIET]


def test_a_skewed_clock_is_reported_as_ahead_or_behind() -> None:
    behind = worst(replace(LOOP, clock_offset=1_200.0), NOW)[0]
    ahead = worst(replace(LOOP, clock_offset=-1_200.0), NOW)[0]
    assert behind == "This machine's clock is 20m 00s behind the service's."
    assert ahead == "This machine's clock is 20m 00s ahead of the service's."


def test_hints_are_whole_or_not_there() -> None:
    pairs = hints_for(Scope.TABLE, Scope.DASHBOARD)
    for width in range(1, 160):
        shown = "".join(span.text for span in fitting_hints(pairs, width))
        assert len(shown) <= width
        assert "? help" in shown or width < 20
        assert "q quit" in shown or width < 20
    assert "enter detail" in "".join(span.text for span in fitting_hints(pairs, 160))


def test_hints_name_what_a_key_does_in_the_current_state() -> None:
    usual = dict.fromkeys(("paused", "first_run", "marked", "filtered", "can_undo", "zoomed"), False)
    assert dashboard_words(**usual) == {} == plan_words(tables=False, operators=False, tracing=False)
    scopes = (Scope.PLAN, Scope.DETAIL, Scope.TABLE, Scope.DASHBOARD)
    for state, key, words in (
        ("paused", "p", ("pause", "resume")),
        ("first_run", "a", ("add", "")),
        ("marked", "esc", ("", "unmark")),
        ("filtered", "esc", ("", "clear filter")),
        ("can_undo", "u", ("", "undo")),
        ("zoomed", "z", ("zoom", "unzoom")),
    ):
        for on, word in zip((False, True), words, strict=True):
            hints = dict(hints_for(*scopes, words=dashboard_words(**{**usual, state: on})))
            assert hints.get(key, "") == word, state
    assert plan_words(tables=True, operators=True, tracing=True) == {
        "plan-table": "graph", "plan-level": "vertices", "plan-trace": "untrace"
    }  # fmt: skip


OF_NO_MEANING = {"cursor", "rule", "dot", "arrow", "ellipsis", "changed"}
"""Signs that draw and join; and the one that stands beside a value which says itself what changed."""


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("width", [20, 50, 96])
def test_the_help_names_every_command_and_sign_and_fits(glyphs: Glyphs, width: int) -> None:
    lines = help_lines(glyphs, width)
    text = " ".join(" ".join(line.text.split()) for line in lines)
    for command in COMMANDS:
        assert key_names(command.shown_keys, glyphs) in text
        if width == 96:
            assert command.help in text
    for name, sign in glyphs._asdict().items():
        assert f"{sign} " in text or name in OF_NO_MEANING, name
    if width > 40:
        assert all(cell_len(line.text) <= width for line in lines)


def test_every_sign_has_one_cell_and_ascii_is_ascii() -> None:
    for name, sign in UNICODE._asdict().items():
        assert cell_len(sign) == 1, name
    assert all(sign.isascii() for sign in ASCII)
    states = ("init", "updating", "updated", "failed", "unknown", "waiting", "gone", "denied")
    for glyphs in (UNICODE, ASCII):
        assert len({getattr(glyphs, state) for state in states}) == len(states)
