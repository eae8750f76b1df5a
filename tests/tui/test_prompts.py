"""Questions asked at the foot: what is entered, what is refused and how, and what escape leaves."""

import json

import pytest
from textual import events
from textual.widgets import Input

from tests.tui.conftest import MakeStage
from tests.tui.scenes import put_cursor
from tests.tui.stage import AppPilot, StubStage, dashboard, drawn, foot, screen_lines, table, until
from tests.tui.test_commands import answer


def ids(stage: StubStage) -> set[str]:
    return {one.ref.id for one in stage.monitor.rows.values()}


def asking(pilot: AppPilot) -> int:
    """How many questions stand on the screen."""
    return sum(each.display for each in pilot.app.screen.query("Prompt"))


async def add(pilot: AppPilot, text: str) -> None:
    await pilot.press("a")
    await answer(pilot, text)


ANSWERS = (
    ("abc-1", {"abc-1"}),
    ("abc-1 abc-2,abc-3", {"abc-1", "abc-2", "abc-3"}),
    ("abc-1 abc-1", {"abc-1"}),
    (json.dumps({"success": True, "data": {"jobHotUpdateId": "from-json"}}), {"from-json"}),
    (json.dumps({"statusCode": 200, "body": {"data": {"jobHotUpdateId": "from-sdk"}}}), {"from-sdk"}),
)


@pytest.mark.parametrize(("text", "added"), ANSWERS, ids=["one", "several", "twice", "json", "sdk"])
async def test_ids_that_are_added_are_shown_and_kept(make_stage: MakeStage, text: str, added: set[str]) -> None:
    stage = make_stage(size=3)
    before = ids(stage)
    async with stage.running() as pilot:
        await add(pilot, text)
        assert foot(pilot).startswith("Added")
        assert table(pilot).current is not None
        assert table(pilot).current.ref.id in added  # type: ignore[union-attr]
        await until(pilot, lambda: ids(stage) == before | added)


async def test_json_of_many_lines_can_be_pasted(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        text = json.dumps({"success": True, "data": {"jobHotUpdateId": "pasted"}}, indent=2)
        pilot.app.post_message(events.Paste(text))
        await drawn(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "pasted" in ids(stage))


BAD = {
    "slash": ("a/b", "slash"),
    "address": ("https://example.invalid/hot-updates/1", "slash"),
    "unicode": ("中文", "non-ASCII"),
    "long": ("x" * 10_000, "10,000 characters"),
    "dot": (".", "HTTP clients remove it"),
    "dots": ("..", "HTTP clients remove it"),
    "one bad of two": ("good b\\d", "slash"),
    "control": ("a\x1b[2Jb", "control character"),
    "garbled json": ('{"data": ', "Cannot read the JSON"),
    "other json": ('{"data": {"jobId": "1"}}', "jobHotUpdateId"),
    "only a comment": ("# nothing", "No ID"),
    "only commas": (", ,", "No ID"),
}


async def test_bad_ids_get_a_message_and_change_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    before = ids(stage)
    async with stage.running((160, 24)) as pilot:
        for case, (text, reason) in BAD.items():
            await add(pilot, text)
            assert reason in foot(pilot), case
            assert reason in screen_lines(pilot)[-1], case
            assert table(pilot).has_focus, case
            assert len(table(pilot).rows) == 3, case
            stage.clock.now += 10  # the message goes
            dashboard(pilot)._tick()
            assert reason not in foot(pilot), case
        assert ids(stage) == before


async def test_spaces_alone_add_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        await add(pilot, "   ")
        assert len(table(pilot).rows) == 3


async def test_an_id_that_is_tracked_already_keeps_its_label(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        known = next(one for one in table(pilot).rows if one.bookmark and one.bookmark.label == "orders-enrich")
        await add(pilot, known.ref.id)
        assert len(table(pilot).rows) == 3
        assert table(pilot).current == known


async def test_adding_without_a_location_shows_what_to_set(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running(location=None, location_hint="Choose a region with --region.") as pilot:
        await pilot.press("a")
        await drawn(pilot)
        assert foot(pilot) == "Choose a region with --region."
        assert not asking(pilot)


async def test_escape_cancels_a_prompt(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        mark = table(pilot).current.bookmark  # type: ignore[union-attr]
        for keys in (("a", *"abc"), ("e", *"abc"), ("e", "enter", *"abc"), ("i", *"9")):
            await pilot.press(*keys, "escape")
            await until(pilot, lambda: not asking(pilot))
            await drawn(pilot)
            assert table(pilot).has_focus
        assert len(table(pilot).rows) == 3
        assert table(pilot).current.bookmark == mark  # type: ignore[union-attr]
        assert stage.monitor.snapshot().loop.interval == 2.0


async def test_only_one_prompt_at_a_time(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        await dashboard(pilot).action_add()
        await dashboard(pilot).action_interval()
        await drawn(pilot)
        assert asking(pilot) == 1


async def test_annotating_a_row_bookmarks_it(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        ref = table(pilot).cursor
        await pilot.press("b")
        await drawn(pilot)
        await pilot.press("e")
        await answer(pilot, "again")
        await answer(pilot, "")
        await until(pilot, lambda: any(one.ref == ref and one.label == "again" for one in stage.monitor.bookmarks()))


async def test_a_bad_interval_is_refused(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        for text in ("abc", "0", "0.4", "-2", "nan", "inf", "1e9", "3601", "2 minutes", "2ms", "1_0", "0x10", "2,5"):
            await pilot.press("i")
            await answer(pilot, text)
            assert stage.monitor.snapshot().loop.interval == 2.0, text
            assert foot(pilot) == f"Invalid interval “{text}”. Enter seconds from 0.5 to 3600."
            stage.clock.now += 10
            dashboard(pilot)._tick()
        for text in ("", "  "):
            await pilot.press("i")
            await answer(pilot, text)
            assert foot(pilot) == "No interval entered. Enter seconds from 0.5 to 3600."
            stage.clock.now += 10
            dashboard(pilot)._tick()


async def test_what_is_typed_or_pasted_as_interval_replaces_the_present_one(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        await pilot.press("i", "7", "enter")
        assert stage.monitor.snapshot().loop.interval == 7.0
        await pilot.press("i", "1", "2", "enter")
        assert stage.monitor.snapshot().loop.interval == 12.0
        await pilot.press("i")
        pilot.app.post_message(events.Paste("30"))
        await pilot.press("enter")
        assert stage.monitor.snapshot().loop.interval == 30.0
        await pilot.press("i", "end", "0", "enter")
        assert stage.monitor.snapshot().loop.interval == 300.0


async def test_a_good_interval_is_taken(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        for text, seconds in (("0.5", 0.5), ("3600", 3600.0), (" 10 s ", 10.0), ("20S", 20.0), ("1e2", 100.0)):
            await pilot.press("i")
            await answer(pilot, text)
            assert stage.monitor.snapshot().loop.interval == seconds


async def test_the_filter_works_while_it_is_typed_and_escape_brings_the_old_one_back(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running() as pilot:
        everything = len(table(pilot).rows)
        await pilot.press("slash", *"orders", "enter")
        await drawn(pilot)
        found = len(table(pilot).rows)
        assert 0 < found < everything
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        assert pilot.app.focused.value == "orders"  # type: ignore[union-attr]
        await pilot.press("end", *" noon")
        await drawn(pilot)
        assert 0 < len(table(pilot).rows) < found
        await pilot.press(*"zzz")
        await drawn(pilot)
        assert table(pilot).rows == ()
        assert "No matches for “orders noonzzz”" in "\n".join(screen_lines(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not asking(pilot))
        await drawn(pilot)
        assert table(pilot).filter_text == "orders"
        assert len(table(pilot).rows) == found


async def test_the_filter_looks_into_every_word_of_a_row(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running() as pilot:
        for text, label in (
            ("FAILED restore", "fraud cep ×32"), ("shard split", "member-sync"), ("城市 提频", "城市日报 提频"),
            ("gone", "inventory ×3"), ("denied", "ledger"), ("finance", "ledger"),
            ("min-pause prep", "quarter-report prep"),
        ):  # fmt: skip
            table(pilot).filter(text)
            assert [one.bookmark.label for one in table(pilot).rows if one.bookmark] == [label], text


async def test_the_filter_of_the_conf_shows_keys_and_values_that_hold_it(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running() as pilot:
        put_cursor(pilot, "quarter-report")
        await pilot.press("2", "slash", *"checkpointing 10min", "enter")
        await drawn(pilot)
        shown = [line for line in screen_lines(pilot) if "checkpointing" in line and "filter" not in line]
        assert len(shown) == 1
        assert "timeout" in shown[0]
        assert table(pilot).filter_text == ""


async def test_a_label_or_note_that_is_too_long_is_refused(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        before = [one.bookmark for one in stage.monitor.rows.values()]
        for label, note, words in (
            ("x" * 257, None, "Label too long: 257 characters, at most 256."),
            ("short", "x" * 10_001, "Note too long: 10,001 characters, at most 10,000."),
        ):
            await pilot.press("e")
            await answer(pilot, label)
            if note is not None:
                await answer(pilot, note)
            await until(pilot, lambda words=words: words in foot(pilot))  # type: ignore[misc]
        assert [one.bookmark for one in stage.monitor.rows.values()] == before
