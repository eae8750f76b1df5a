"""The help is kept for the next time, and looks new each time."""

import pytest
from textual.widgets import Input

from hottui.tui.app import Hottui
from hottui.tui.command_palette import Palette
from hottui.tui.screens.help import Help
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeStage
from tests.tui.stage import dashboard, drawn, resize, screen_lines, until


async def test_the_help_opens_at_the_top(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("question_mark")
        await drawn(pilot)
        first = screen_lines(pilot)
        await pilot.press("pagedown", "escape", "question_mark")
        await drawn(pilot)
        assert screen_lines(pilot) == first
        assert isinstance(pilot.app.focused, LinesView)


async def test_the_help_wraps_to_the_size_and_uses_the_current_theme(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("question_mark")
        await drawn(pilot)
        first, border = screen_lines(pilot), pilot.app.screen.query_one(LinesView).styles.border_top
        await pilot.press("escape", "T", "home", "enter")
        await resize(pilot, 120, 40)
        await pilot.press("question_mark")
        await drawn(pilot)  # first drawn by the app: a screen drawn alone has nothing behind it
        await until(pilot, lambda: len(screen_lines(pilot)) == 40)
        kept = screen_lines(pilot)
        assert kept[1:3] != first[1:3]
        assert pilot.app.screen.query_one(LinesView).styles.border_top != border
    async with make_stage(size=3).running((120, 40)) as pilot:
        await pilot.press("question_mark")
        await drawn(pilot)
        assert screen_lines(pilot)[:-1] == kept[:-1]  # the foot tells of the theme


async def test_the_help_stays_where_it_is_when_the_terminal_is_resized_or_the_palette_closes(
    make_stage: MakeStage,
) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("question_mark", "pagedown")
        await drawn(pilot)
        view = pilot.app.screen.query_one(LinesView)
        top = view.scroll_y
        assert top > 0
        await resize(pilot, 79, 24)
        await drawn(pilot)
        assert view.scroll_y == top
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Palette))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await drawn(pilot)
        assert view.scroll_y == top


async def test_its_key_closes_the_help_too_and_it_opens_once(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        for key in ("question_mark", "f1"):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, Help))
            await pilot.press("ctrl+p")
            await until(pilot, lambda: isinstance(pilot.app.screen, Palette))
            await pilot.press("f1")  # the help is open below the palette
            assert [type(screen) for screen in pilot.app.screen_stack].count(Help) == 1
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, Help))
            await pilot.press(key)
            await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


async def test_the_key_of_the_help_can_be_typed(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("slash", "question_mark", "q")
        await drawn(pilot)
        assert pilot.app.query_one(Input).value == "?q"
        assert pilot.app.screen is dashboard(pilot)


async def test_help_and_suspend_work_on_every_screen(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    suspended: list[object] = []
    monkeypatch.setattr(Hottui, "action_suspend_process", lambda app: suspended.append(app.screen))
    async with make_stage(size=3).running() as pilot:
        for opens in ("question_mark", "exclamation_mark", "D", "ctrl+p"):
            await pilot.press(opens)
            await until(pilot, lambda: pilot.app.screen is not dashboard(pilot))
            opened = pilot.app.screen
            await pilot.press("ctrl+z")
            await until(pilot, lambda screen=opened: screen in suspended)  # type: ignore[misc]
            if opens != "question_mark":
                await pilot.press("f1")
                await until(pilot, lambda: isinstance(pilot.app.screen, Help))
                await pilot.press("escape")
                await until(pilot, lambda screen=opened: pilot.app.screen is screen)  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


async def test_the_help_opens_at_the_part_that_is_open(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        for keys, part in (((), "Table"), (("enter",), "Detail"), (("5",), "Plan"), (("escape", "J"), "Job")):
            await pilot.press(*keys)
            await drawn(pilot)
            await pilot.press("question_mark")
            await drawn(pilot)
            view = pilot.app.screen.query_one(LinesView)
            assert view.lines[round(view.scroll_y) + 1].text.strip() == part
            await pilot.press("escape")


async def test_the_help_is_searched(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("question_mark", "slash", *"PAUSE resu", "enter")
        view = pilot.app.screen.query_one(LinesView)
        entries = ["Table and detail", "p               Pause or resume polling.", "Glyphs"]
        assert [each.text.strip() for each in view.lines if each.text.strip()][:3] == entries
        assert (view.border_title, view.border_subtitle) == ("Help: pause resu", "/: search, esc: clear search")
        assert pilot.app.focused is view
        await pilot.press("slash", *"no such", "escape")
        assert len(view.lines) < 10, "escape keeps the search before"
        await pilot.press("slash", *"no such", "enter")
        assert [each.text.strip() for each in view.lines] == ["Nothing in the help matches no such."]
        await pilot.press("escape")
        assert len(view.lines) > 50
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("escape")
        assert pilot.app.screen is dashboard(pilot)
