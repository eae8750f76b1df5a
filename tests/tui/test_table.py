"""The live table while things happen: the cursor keeps its hot update, and only what reads differently is drawn."""

from dataclasses import replace

import pytest
from textual.geometry import Region

from hottui.model.notify_settings import SLOW, NotifySettings
from hottui.model.state import HOT_UPDATED, HOT_UPDATING
from hottui.model.tracking import Tracked, Transition
from hottui.tui.app import Hottui
from hottui.tui.slow_updates import UsualDurations
from hottui.tui.widgets.live_table import LiveTable
from tests.tui.conftest import MakeStage
from tests.tui.scenes import put_cursor
from tests.tui.stage import (
    START,
    AppPilot,
    compared,
    dashboard,
    drawn,
    foot,
    screen_lines,
    screen_text,
    table,
    until,
)


class Drawn:
    """Which lines of the table were drawn since it was asked last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[int] = []
        self.regions: list[Region] = []
        render, refresh = LiveTable.render_line, LiveTable.refresh

        def counted(widget: LiveTable, y: int) -> object:
            self.lines.append(y)
            return render(widget, y)

        def noted(widget: LiveTable, *regions: Region, **options: bool) -> object:
            self.regions += regions or (widget.region,)
            return refresh(widget, *regions, **options)

        monkeypatch.setattr(LiveTable, "render_line", counted)
        monkeypatch.setattr(LiveTable, "refresh", noted)

    def take(self) -> tuple[list[int], list[Region]]:
        lines, regions = self.lines[:], self.regions[:]
        self.lines.clear()
        self.regions.clear()
        return lines, regions


def labels(pilot: AppPilot) -> list[str]:
    return [one.bookmark.label for one in table(pilot).rows if one.bookmark]


async def test_what_needs_attention_comes_first(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        rows = table(pilot).rows
        ranks = [0 if one.in_progress else 1 if one.needs_attention else 2 for one in rows]
        assert ranks == sorted(ranks)
        assert set(ranks) == {0, 1, 2}
        assert "checkout-fix" in screen_lines(pilot)[table(pilot).region.y + 1]


async def test_the_cursor_stays_on_its_hot_update_when_the_rows_move(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        before, order = table(pilot).cursor, labels(pilot)
        assert before is not None
        stage.monitor.observe(before, HOT_UPDATED)
        await drawn(pilot)
        assert table(pilot).current.state == HOT_UPDATED  # type: ignore[union-attr]
        assert labels(pilot) != order
        assert table(pilot).cursor == before
        y = table(pilot).region.y + 1 + labels(pilot).index("orders-enrich")
        assert "orders-enrich" in screen_lines(pilot)[y]


async def test_a_repeated_answer_draws_nothing(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        rows = [replace(row, seen=START) for row in stage.monitor.rows.values() if row.in_progress]
        assert rows
        stage.monitor.set_rows(*rows)
        await drawn(pilot)
        noted = Drawn(monkeypatch)
        stage.monitor.set_rows(*(replace(row, seen=START + 2.0) for row in rows))
        await drawn(pilot)
        assert noted.take() == ([], [])
        stage.monitor.set_rows(*(replace(row, seen=START - 400.0) for row in rows))
        await drawn(pilot)
        assert len(noted.take()[1]) == len(rows)


async def test_the_rows_around_the_cursor_keep_their_place_when_others_come_and_go_above(make_stage: MakeStage) -> None:
    stage = make_stage(size=60)
    async with stage.running((100, 24), settled=False) as pilot:
        await drawn(pilot)
        await pilot.press("end")
        shown = screen_lines(pilot)
        here = table(pilot).rows
        table(pilot).show(here[5:])
        await drawn(pilot)
        assert screen_lines(pilot)[table(pilot).region.y : -1] == shown[table(pilot).region.y : -1]
        table(pilot).show(here)
        await drawn(pilot)
        assert screen_lines(pilot)[table(pilot).region.y : -1] == shown[table(pilot).region.y : -1]


async def test_when_its_hot_update_goes_the_cursor_takes_the_one_that_moves_up(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running() as pilot:
        await pilot.press("home", "down", "down")
        following = table(pilot).rows[3].ref
        await pilot.press("x")
        await drawn(pilot)
        assert table(pilot).cursor == following
        await pilot.press("end", "x")
        await drawn(pilot)
        assert table(pilot).cursor == table(pilot).rows[-1].ref


async def test_removing_the_last_row_closes_its_detail_and_shows_how_to_add_one(make_stage: MakeStage) -> None:
    stage = make_stage(size=1)
    async with stage.running((120, 40)) as pilot:
        await pilot.press("enter", "x")
        await drawn(pilot)
        assert table(pilot).cursor is None
        assert dashboard(pilot).detail is None
        assert "Press a" in screen_text(pilot)
        for key in ("enter", "b", "e", "x", "n", "y", "v", "Y", "r", "1", "w", "z", "s", "up", "end", "pagedown"):
            await pilot.press(key)
        await pilot.press("u")
        await drawn(pilot)
        assert len(table(pilot).rows) == 1


async def test_the_filter_stays_while_rows_change(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running() as pilot:
        table(pilot).filter("updating")
        rows = table(pilot).rows
        await pilot.press("j", "k")
        stage.monitor.observe(rows[0].ref, HOT_UPDATED)
        stage.monitor.observe(rows[1].ref, HOT_UPDATED)
        await drawn(pilot)
        shown = {row.ref for row in table(pilot).rows}
        assert shown == {row.ref for row in (rows[0], *rows[2:])}, "the row under the cursor stays"
        assert table(pilot).cursor == rows[0].ref
        table(pilot).filter("updating ")
        assert {row.ref for row in table(pilot).rows} == {row.ref for row in rows[2:]}


async def test_an_update_beyond_the_usual_duration_is_marked_slow_and_notified(make_stage: MakeStage) -> None:
    stage = make_stage(size=60)
    async with stage.running((120, 40), notify=NotifySettings((SLOW,), bell=True)) as pilot:
        app = pilot.app
        assert isinstance(app, Hottui)
        row = next(n for n, one in enumerate(table(pilot).rows) if one.state == HOT_UPDATING)
        ref = table(pilot).rows[row].ref
        others = [one for one in table(pilot).rows if one.state == HOT_UPDATED and one.ref.namespace == ref.namespace]
        stage.monitor.history = [
            Transition(one.ref, START + at, state)
            for one in others[:3]
            for at, state in ((0, HOT_UPDATING), (14, HOT_UPDATED))
        ] + [Transition(ref, START, HOT_UPDATING)]
        dashboard(pilot).usual_durations = durations = UsualDurations(stage.monitor)
        table(pilot).note = durations.note
        await compared(pilot)
        line = table(pilot).region.y + 1 + row
        assert "slow" not in screen_lines(pilot)[line]
        stage.tick(pilot, 15)
        await drawn(pilot)
        assert "slow" not in screen_lines(pilot)[line], "not read since"
        app._notify()
        stage.monitor.observe(ref, HOT_UPDATING)
        await drawn(pilot)
        assert "slow (usually 14s)" in screen_lines(pilot)[line]
        app._notify()
        assert "\x07" not in stage.written
        stage.clock.now += 5
        app._notify()
        assert stage.written.count("\x07") == 1
        stage.monitor.observe(ref, HOT_UPDATED)
        await drawn(pilot)
        assert "slow" not in "".join(one for one in screen_lines(pilot) if ref.id[:9] in one)


async def test_nothing_is_drawn_when_nothing_changes(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Drawn(monkeypatch)
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await compared(pilot)
        seen.take()
        for _ in range(5):
            table(pilot).show(dashboard(pilot).tracked)
            dashboard(pilot)._tick()
            await drawn(pilot)
        assert seen.take() == ([], [])


async def test_one_changed_row_is_one_drawn_row(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Drawn(monkeypatch)
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await drawn(pilot)
        seen.take()
        rows = list(table(pilot).rows)
        rows[4] = replace(rows[4], since=(rows[4].since or 0) - 3_600)
        table(pilot).show(tuple(rows))
        await drawn(pilot)
        lines, regions = seen.take()
        assert set(lines) == {5}
        assert len(regions) == 1
        assert regions[0].width < 30  # state and time stand on the left: the rest of the row is left alone


async def test_a_finished_row_is_not_drawn_again_while_others_tick(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Drawn(monkeypatch)
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await drawn(pilot)
        seen.take()
        stage.clock.now += 3
        dashboard(pilot)._tick()
        await drawn(pilot)
        moving = {n + 1 for n, one in enumerate(table(pilot).rows) if one.in_progress}
        lines, _ = seen.take()
        assert lines
        assert set(lines) <= moving


async def test_a_cursor_key_draws_two_rows(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Drawn(monkeypatch)
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await pilot.press("home")
        await drawn(pilot)
        seen.take()
        await pilot.press("down")
        await drawn(pilot)
        lines, _ = seen.take()
        assert set(lines) == {1, 2}


async def test_rows_out_of_sight_are_not_drawn(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Drawn(monkeypatch)
    stage = make_stage(size=60)
    async with stage.running((120, 24), settled=False) as pilot:
        await drawn(pilot)
        seen.take()
        rows = list(table(pilot).rows)
        rows[50] = Tracked(rows[50].ref)
        table(pilot).show(tuple(rows))
        await drawn(pilot)
        assert seen.take() == ([], [])


async def test_ages_tick_on_screen(make_stage: MakeStage) -> None:
    stage = make_stage(size=1)
    async with stage.running((120, 40)) as pilot:
        line = table(pilot).region.y + 1
        assert " 5s " in screen_lines(pilot)[line]
        stage.clock.now += 3
        await until(pilot, lambda: " 8s " in screen_lines(pilot)[line])  # its own timer
        stage.clock.now -= 3
        for seconds, shown in ((50, " 55s "), (10, " 1m "), (50, " 1m "), (3_600, " 1h ")):
            stage.clock.now += seconds
            dashboard(pilot)._tick()
            await drawn(pilot)
            assert shown in screen_lines(pilot)[line]


async def test_a_click_on_a_count_filters_by_that_state_and_another_click_ends_it(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((160, 40)) as pilot:
        head = screen_lines(pilot)[0]
        counts = {
            word: int(head.split(f" {word}")[0].split()[-1]) for word in ("updating", "failed", "updated", "gone")
        }
        everything = len(table(pilot).rows)
        table(pilot).filter("!zzz")
        for word, count in counts.items():
            await pilot.click("#head", offset=(head.index(word), 0))
            assert table(pilot).filter_text == f"!zzz state:{word}"
            assert len(table(pilot).rows) == count
        assert f"filter: !zzz state:gone ({counts['gone']}/{everything})" in foot(pilot)
        await pilot.click("#head", offset=(head.index("gone"), 0))
        assert table(pilot).filter_text == "!zzz"
        for part in ("hottui", "live"):
            await pilot.click("#head", offset=(head.index(part), 0))
            await pilot.click("#foot", offset=(2, 0))
            assert table(pilot).filter_text == "!zzz"


async def test_the_prompt_of_the_filter_shows_how_many_match_or_what_is_wrong(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((80, 24)) as pilot:
        everything = len(table(pilot).rows)
        await pilot.press("slash", *"state:failed")
        await drawn(pilot)
        assert screen_lines(pilot)[-1].split() == ["Filter", "state:failed", f"{len(table(pilot).rows)}/{everything}"]
        await pilot.press(*" colour:red")
        await drawn(pilot)
        assert screen_lines(pilot)[-1].endswith("No field colour. Fields: state label job id profile effect is ")
        await pilot.press("enter")
        await drawn(pilot)
        assert foot(pilot).startswith("No field colour.")
        assert "Esc clears the filter." in screen_text(pilot)
        await pilot.press("escape", "i")  # another prompt has no count
        await drawn(pilot)
        assert screen_lines(pilot)[-1].split() == ["Interval", "in", "seconds", "2"]


async def test_chosen_columns_are_shown_in_their_order(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running(columns=("ID", "LABEL", "STATE")) as pilot:
        assert screen_lines(pilot)[table(pilot).region.y].split() == ["ID", "LABEL", "STATE"]
        row = table(pilot).rows[0]
        assert screen_lines(pilot)[table(pilot).region.y + 1].split()[:2] == [f"★{row.ref.id}", row.label]
