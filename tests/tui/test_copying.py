"""Copying and secrets: what the terminal is given, and what is never given away."""

import base64
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hottui.demo.simulation import Simulation
from hottui.model.masking import MASK
from hottui.model.ref import Ref
from hottui.model.tracking import Observation
from hottui.tui.terminal.clipboard import LIMIT, TooLong, osc52
from hottui.tui.widgets.header_footer import Footer
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import AppPilot, dashboard, drawn, foot, screen_text, table, until
from tests.tui.stub_monitor import StubMonitor
from tests.tui.test_commands import copied


def test_plain_osc52() -> None:
    assert osc52("héllo", {}) == "\x1b]52;c;" + base64.b64encode("héllo".encode()).decode() + "\x07"


def test_tmux_gets_it_bare_and_in_an_envelope() -> None:
    plain = osc52("abc", {})
    envelope = "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    assert osc52("abc", {"TMUX": "/tmp/tmux-0/default,1,0"}) == plain + envelope


def test_screen_gets_it_in_pieces() -> None:
    text = "abc" * 400
    wrapped = osc52(text, {"STY": "1.tty"})
    pieces = wrapped.split("\x1b\\")[:-1]
    assert len(pieces) > 1
    assert all(piece.startswith("\x1bP") and len(piece) <= 250 for piece in pieces)
    assert "".join(piece[2:] for piece in pieces) == osc52(text, {})


@pytest.mark.parametrize("text", ["x" * LIMIT, "城" * (LIMIT // 3)])
def test_as_much_as_terminals_take_is_copied(text: str) -> None:
    assert len(osc52(text, {})) <= 100_000


@pytest.mark.parametrize("text", ["x" * (LIMIT + 1), "城" * (LIMIT // 3 + 1)])
def test_more_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(TooLong, match="exceed the terminal clipboard's limit"):
        osc52(text, {})


def test_a_lone_surrogate_can_be_copied() -> None:
    assert base64.b64decode(osc52("a\ud800b", {})[7:-1]) == b"a?b"


class Talkative(Simulation):
    """The demo's world, with more to say than a clipboard takes."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        found = super().result(workspace, namespace, hot_update_id)
        return found and {**found, "more": "x" * LIMIT}


async def test_an_answer_that_is_too_long_is_not_copied(make_stage: MakeStage) -> None:
    stage = make_stage(world=lambda clock: Talkative(1, clock, size=1))
    async with stage.running((120, 40)) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: "hottui get -o json" in foot(pilot) + screen_text(pilot))
        assert not any("]52;" in text for text in stage.written)


async def test_copying_nothing_shows_a_message(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        await pilot.press("v")
        assert foot(pilot) == "No value under the cursor."
        put_cursor(pilot, "ledger")
        await pilot.press("Y")
        await until(pilot, lambda: foot(pilot) == "No answer to copy yet.")
        assert not any("]52;" in text for text in stage.written)


def secrets(pilot: AppPilot) -> Iterator[int]:
    """The lines of the conf whose values are masked."""
    view = pilot.app.query_one("#lines", LinesView)
    return (n for n, line in enumerate(view.lines) if MASK in line.text)


async def test_a_masked_value_is_not_copied(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await pilot.press(tab("conf"))
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        await pilot.click(view, offset=(5, next(secrets(pilot))))
        assert view.value == MASK
        await pilot.press("v")
        assert "masked" in foot(pilot)
        assert not any("]52;" in text for text in stage.written)


async def test_no_screen_copies_a_value_that_is_masked_or_too_long(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage(size=None)
    reasons = {"x" * (LIMIT + 1): f"exceed the terminal clipboard's limit of {LIMIT:,}", MASK: "masked"}
    async with stage.running((240, 40)) as pilot:
        put_cursor(pilot, "checkout-fix")
        await drawn(pilot)
        for keys in (("J",), ("D", "2")):
            await pilot.press(*keys)
            await loaded(pilot)
            for value, reason in reasons.items():
                with monkeypatch.context() as patch:
                    patch.setattr(LinesView, "value", value)
                    await pilot.press("v")
                await until(pilot, lambda reason=reason: reason in pilot.app.screen.query(Footer).last().text)  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
    assert not any("]52;" in text for text in stage.written)


async def test_secrets_are_masked_again_when_the_cursor_moves_and_when_the_detail_is_left(
    make_stage: MakeStage,
) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        for keys in (("w", "down", "up"), ("escape", tab("conf")), ("escape", "s", tab("conf"))):
            await pilot.press(tab("conf"), "s")
            await loaded(pilot)
            assert not list(secrets(pilot))
            assert "secrets shown" in screen_text(pilot)
            await pilot.press(*keys)
            await loaded(pilot)
            assert list(secrets(pilot)), keys
            assert "secrets shown" not in screen_text(pilot)


async def test_the_value_of_a_line_of_the_answer_is_copied_without_its_quotes(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await pilot.press(tab("answer"))
        await loaded(pilot)
        await pilot.press("home", "v")
        await drawn(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        assert '"requestId"' in view.lines[view.place[0] or 0].text
        assert copied(stage) == view.value
        assert '"' not in copied(stage)
        assert table(pilot).current == dashboard(pilot).current


async def test_other_keys_act_while_an_answer_is_masked(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, observation = threading.Event(), StubMonitor.observation

    def slow(monitor: StubMonitor, ref: Ref) -> Observation | None:
        go_on.wait(60)
        return observation(monitor, ref)

    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        monkeypatch.setattr(StubMonitor, "observation", slow)
        await pilot.press("Y", "y")
        await until(pilot, lambda: "Copied ID" in foot(pilot))
        assert not go_on.is_set()
        go_on.set()
        await until(pilot, lambda: "Copied JSON" in foot(pilot))


@pytest.mark.parametrize("key", ["Y", "s"])
async def test_the_event_loop_does_not_wait_for_the_store(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Another process may be writing to it: over a network file system, a read waits for that."""
    waited: list[bool] = []
    observation = StubMonitor.observation

    def noted(monitor: StubMonitor, ref: Ref) -> Observation | None:
        waited.append(threading.current_thread() is threading.main_thread())
        return observation(monitor, ref)

    async with make_stage().running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await pilot.press("enter", "2")
        await loaded(pilot)
        monkeypatch.setattr(StubMonitor, "observation", noted)
        await pilot.press(key)
        await until(pilot, lambda: bool(waited))
    assert not any(waited)
