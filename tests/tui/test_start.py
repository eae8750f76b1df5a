"""What the dashboard shows first: the cursor on the given ID, the greeting, the offers without a configuration."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.widgets import Input

from hottui.cli.output import CommandError
from hottui.errors import HottuiError
from hottui.tui.dashboard_options import ConnectionProfile, FirstRun
from hottui.tui.screens.profile_form import ProfileForm
from tests.tui.conftest import MakeStage
from tests.tui.stage import AppPilot, dashboard, drawn, foot, screen_text, table, until


async def test_the_cursor_starts_on_the_given_id(make_stage: MakeStage) -> None:
    stage = make_stage(size=5)
    wanted = stage.tracked[3].ref
    async with stage.running(cursor=wanted) as pilot:
        assert table(pilot).cursor == wanted
        assert dashboard(pilot).detail is None


async def test_a_single_given_id_is_opened(make_stage: MakeStage) -> None:
    stage = make_stage(size=1)
    async with stage.running(cursor=stage.tracked[0].ref) as pilot:
        await until(pilot, lambda: dashboard(pilot).detail is not None)
        assert table(pilot).cursor == stage.tracked[0].ref


async def test_the_greeting_is_one_line_in_place_of_the_keys(make_stage: MakeStage) -> None:
    from hottui.cli.demo import _GREETING

    stage = make_stage(size=3)
    async with stage.running(greeting=_GREETING) as pilot:
        await drawn(pilot)
        assert foot(pilot) == _GREETING
        assert not pilot.app._notifications
        stage.tick(pilot, 60)
        assert "detail" in foot(pilot)
    async with stage.running(greeting=_GREETING, notices=("The store is read-only.",)) as pilot:
        await drawn(pilot)
        assert foot(pilot) == "The store is read-only."


@dataclass
class Offered:
    """What the form did."""

    error: HottuiError | None = None
    saved: list[ConnectionProfile] = field(default_factory=list)
    checked: list[ConnectionProfile] = field(default_factory=list)
    restarted: list[tuple[str, ...]] = field(default_factory=list)

    async def check(self, profile: ConnectionProfile) -> None:
        self.checked.append(profile)
        if self.error is not None:
            raise self.error

    def options(self) -> dict[str, Any]:
        empty = ConnectionProfile("prod", "", "public", "", "default-namespace", "default")
        offer = FirstRun(
            empty, ("cn-hangzhou", "cn-beijing"), self.check, self.saved.append, self.restarted.append, "/doc/README.md"
        )
        hint = "No region and no workspace configured. Pass --region."
        return {"location": None, "location_hint": hint, "first_run": offer, "context": "no location configured"}


async def form(pilot: AppPilot) -> None:
    """Wait until the form has the focus."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ProfileForm) and isinstance(pilot.app.focused, Input))


async def test_nothing_configured_offers_a_form_the_demo_and_the_readme(make_stage: MakeStage) -> None:
    offered = Offered()
    async with make_stage(bookmarked=False).running(**offered.options()) as pilot:
        shown = screen_text(pilot)
        for text in ("No region and no workspace configured.", "S  set up", "O  open the demo", "/doc/README.md"):
            assert text in shown
        assert "S set up" in foot(pilot)
        await pilot.press("O")
    assert offered.restarted == [("demo",)]


@pytest.mark.parametrize("key", ["a", "S"])
async def test_the_form_checks_saves_and_restarts(key: str, make_stage: MakeStage) -> None:
    offered = Offered(CommandError("The key is unknown.", "Set it."))
    async with make_stage(bookmarked=False).running(**offered.options()) as pilot:
        await pilot.press(key)
        await form(pilot)
        await pilot.press(*"cn-h", "right", "enter", "enter", *"w1", "enter", "enter", "enter", "enter")
        await until(pilot, lambda: "The key is unknown. Set it." in screen_text(pilot))
        assert (offered.saved, offered.restarted) == ([], [])
        offered.error = None
        await pilot.press("enter")
        await until(pilot, lambda: bool(offered.restarted))
    profile = ConnectionProfile("prod", "cn-hangzhou", "public", "w1", "default-namespace", "default")
    assert (offered.checked, offered.saved) == ([profile, profile], [profile])
    assert offered.restarted == [("-p", "prod")]


async def test_the_form_saves_without_a_check_and_escape_leaves_it(make_stage: MakeStage) -> None:
    offered = Offered(CommandError("Not reached."))
    async with make_stage(bookmarked=False).running((60, 15), **offered.options()) as pilot:
        await pilot.press("a")
        await form(pilot)
        assert "Profile name" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert offered.saved == []
        await pilot.press("a")
        await form(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(offered.restarted))
    assert offered.checked == []


async def test_the_offers_are_only_for_those_without_a_location(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await pilot.press("S", "O")
        assert pilot.app.screen is dashboard(pilot)
        assert "set up" not in foot(pilot)
