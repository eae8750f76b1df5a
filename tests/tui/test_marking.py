"""Marked hot updates: what acts on all of them, what undoes it, and what the footer shows."""

from hottui.tui.screens.choice_dialog import ComparisonChoice
from hottui.tui.screens.comparison import ComparisonScreen
from tests.tui.conftest import MakeStage
from tests.tui.scenes import put_cursor
from tests.tui.stage import AppPilot, StubStage, dashboard, drawn, foot, screen_text, table, until
from tests.tui.test_commands import answer, copied


async def mark(pilot: AppPilot, *labels: str) -> list[str]:
    """Mark the rows with `labels`; return their IDs."""
    for label in labels:
        put_cursor(pilot, label)
        await pilot.press("space")
    return [ref.id for ref in table(pilot).marks]


def notes(stage: StubStage, ids: list[str]) -> list[tuple[str, str] | None]:
    by_id = {row.ref.id: row for row in stage.monitor.rows.values()}
    found = [by_id[one].bookmark if one in by_id else None for one in ids]
    return [(one.label, one.note) if one else None for one in found]


def hints(stage: StubStage, pilot: AppPilot) -> str:
    """Return the footer once its message is over."""
    stage.tick(pilot, 10)
    return foot(pilot)


async def test_actions_are_for_all_marked_and_undo_covers_them(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        ids = await mark(pilot, "smoke", "member-sync")
        before = notes(stage, ids)
        put_cursor(pilot, "checkout-fix")
        await pilot.press("y")
        assert copied(stage).split(" ") == ids
        assert foot(pilot).startswith("Copied 2 IDs:")
        await pilot.press("Y")
        await until(pilot, lambda: "Copied JSON" in foot(pilot))
        assert [one in copied(stage).splitlines()[n] for n, one in enumerate(ids)] == [True, True]
        await pilot.press("r")
        assert [ref.id for ref in stage.monitor.refreshed if ref] == ids
        assert foot(pilot) == "Reading 2 hot updates."
        await pilot.press("e")
        await answer(pilot, "together")
        assert notes(stage, ids) == [("together", note) for _, note in before]  # type: ignore[misc]
        assert foot(pilot) == "Label of 2 hot updates changed (u: undo)"
        await pilot.press("b")
        assert notes(stage, ids) == [None, None]
        assert len(table(pilot).marks) == 2
        await pilot.press("x")
        await drawn(pilot)
        assert foot(pilot) == "2 hot updates removed (u: undo)"
        assert table(pilot).marks == ()
        assert not set(ids) & {ref.id for ref in stage.monitor.rows}
        for expected, message in (
            ([None, None], "Restored 2 hot updates"),
            ([("together", note) for _, note in before], "Restored 2 hot updates and their bookmarks"),  # type: ignore[misc]
            (before, "Restored the labels of 2 hot updates"),
        ):
            await pilot.press("u")
            await drawn(pilot)
            assert notes(stage, ids) == expected
            assert foot(pilot) == message
        assert set(ids) <= {ref.id for ref in stage.monitor.rows}


async def test_the_footer_counts_what_is_marked_and_escape_unmarks_first(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        await pilot.press("slash", *"failed", "enter", "asterisk", "escape")
        assert table(pilot).marks == ()
        assert table(pilot).filter_text == "failed"
        await pilot.press("asterisk", "escape", "asterisk")
        count = len(table(pilot).rows)
        await mark(pilot, "fraud cep ×32")
        await pilot.press("slash", "end", *" !failed", "enter")
        assert f"marked: {count - 1}, {count - 1} hidden" in hints(stage, pilot)
        await pilot.press("escape")
        assert "marked" not in hints(stage, pilot)
        await pilot.press("escape")
        assert table(pilot).filter_text == ""


async def test_different_labels_are_not_replaced_by_none(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        ids = await mark(pilot, "smoke", "member-sync")
        before = notes(stage, ids)
        await pilot.press("e")
        assert "Label of 2 hot updates" in screen_text(pilot)
        await answer(pilot, " ")
        assert foot(pilot) == "No label entered: nothing is changed."
        assert notes(stage, ids) == before


async def test_two_marked_are_compared_at_once(make_stage: MakeStage) -> None:
    async with make_stage(size=None).running((120, 40)) as pilot:
        await mark(pilot, "smoke", "payments-agg")
        put_cursor(pilot, "checkout-fix")
        await pilot.press("D")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonScreen))
        await until(pilot, lambda: "Compare smoke → payments-agg" in " ".join(screen_text(pilot).split()))
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        await mark(pilot, "member-sync")
        await pilot.press("D")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonChoice))
        assert "3 are marked; mark one or two" in screen_text(pilot)
