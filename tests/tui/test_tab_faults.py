"""A tab that fails says so: its fault is reported, and the other tabs and the table go on."""

import json
from dataclasses import replace
from typing import Any

import pytest

from hottui.graph.render.drawing import Drawing
from hottui.model import answer as answers
from hottui.model.state import HOT_UPDATED
from hottui.model.tracking import Observation
from hottui.render import plan_drawing, plan_legend
from hottui.render.lazy_lines import MappedLines
from hottui.runtime import error_hooks
from hottui.tui.detail import plan_worker
from hottui.tui.detail.loader import DetailLoader
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.detail.tabs import TABS
from tests.tui.conftest import MakeStage
from tests.tui.plan_stage import rested
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import AppPilot, dashboard, drawn, screen_text, table


class Odd(Exception):
    """What no code expects."""


def fails(*_: Any, **__: Any) -> Any:
    raise Odd


def lazily(*_: Any) -> MappedLines[int]:
    """Lines that cannot be made when they are to be drawn."""
    return MappedLines(range(50), lambda _: fails(), lambda _: "a", width=10)


_TEXTS = tuple(each.id for each in TABS if each.body is not None)


def _texts_with(**parts: Any) -> tuple[str, Any]:
    """The tabs, those of text with other parts."""
    return "hottui.tui.detail.pane.TABS", tuple(replace(each, **parts) if each.body else each for each in TABS)


_FAULTS: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "the texts": (_TEXTS, _texts_with(body=fails)),
    "their lines": (_TEXTS, _texts_with(body=lazily)),
    "their heads": (_TEXTS, _texts_with(head=fails)),
    "the plan": (("plan",), (plan_drawing, "read_plan_input", fails)),
    "drawing it": (("plan",), (plan_worker, "draw_plan", fails)),
    "its window": (("plan",), (Drawing, "rows", fails)),
    "showing it": (("plan",), (PlanCanvas, "show", fails)),
    "its panel": (("plan",), (plan_legend, "panel", fails)),
}
_SAID = "Internal error (Odd): this "


@pytest.mark.parametrize("fault", _FAULTS)
async def test_an_error_in_a_tab_is_shown_and_the_rest_works(
    fault: str, make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, patched = _FAULTS[fault]
    async with make_stage(size=None, denied=False).running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await drawn(pilot)
        with monkeypatch.context() as patch:
            patch.setattr(*patched)
            for name in names:
                await _open(pilot, name)
                assert _SAID in screen_text(pilot), name
            for key in ("down", "right", "Y", "slash", "a", "enter", "end"):
                await pilot.press(key)
            await pilot.resize_terminal(100, 30)
            await rested(pilot)
            assert _SAID in screen_text(pilot)
            assert [said for said in error_hooks.current_hooks().messages if "(Odd)" in said]
            await _open(pilot, "conf" if names == ("plan",) else "plan")
            assert _SAID not in screen_text(pilot)
        await pilot.press("escape", "escape")
        assert table(pilot).has_focus
        before = dashboard(pilot).current
        await pilot.press("end")
        assert dashboard(pilot).current != before
        assert pilot.app.return_code is None
        await pilot.press("q")
    assert pilot.app.return_value == 0


async def _open(pilot: AppPilot, name: str) -> None:
    await pilot.press(tab(name))
    await loaded(pilot)
    await rested(pilot)


async def test_after_an_error_the_next_plan_is_drawn(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with make_stage(size=None, denied=False).running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        with monkeypatch.context() as patch:
            patch.setattr(plan_worker, "draw_plan", fails)
            await _open(pilot, "plan")
            assert "cannot be shown" in screen_text(pilot)
        await pilot.press("escape")
        put_cursor(pilot, "store-top ×2")
        await drawn(pilot)
        await _open(pilot, "plan")
        assert "cannot be shown" not in screen_text(pilot)
        assert dashboard(pilot).query_one(PlanCanvas).drawing is not None


@pytest.mark.parametrize("place", ["reading", "asking"])
async def test_a_detail_that_fails_to_load_does_not_show_the_previous_one(
    place: str, make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_stage(size=None, denied=False).running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await drawn(pilot)
        await _open(pilot, "conf")
        owner: dict[str, tuple[Any, str]] = {
            "reading": (answers, "read_plan"), "asking": (DetailLoader, "_read_answers"),
        }  # fmt: skip
        put_cursor(pilot, "checkout-fix")
        with monkeypatch.context() as patch:
            patch.setattr(*owner[place], fails)
            await drawn(pilot)
            await loaded(pilot)
            pane = dashboard(pilot).detail
            assert pane is not None
            assert pane.subject is not None
            assert pane.subject.answer is None
            assert "Cannot read the answer: internal error (Odd)." in screen_text(pilot)
        assert [said for said in error_hooks.current_hooks().messages if "(Odd)" in said]
        assert len(table(pilot).rows) > 5


async def test_a_stored_answer_of_another_hot_update_is_not_shown(make_stage: MakeStage) -> None:
    made = make_stage(size=None, denied=False)
    ended = next(one for one in made.tracked if one.state == HOT_UPDATED and one.bookmark and one.summary)
    text = json.dumps({"success": True, "data": {"jobHotUpdateId": "another", "jobId": "no-job-of-this-one"}})
    assert ended.seen is not None
    assert ended.summary is not None
    made.monitor.answers[ended.ref] = Observation(ended.ref, ended.seen + 1, ended.summary, "R-1", text)
    async with made.running((120, 40)) as pilot:
        table(pilot).move_to(ended.ref)
        await drawn(pilot)
        await _open(pilot, "answer")
        assert "Cannot read the answer: it belongs to another hot update (another)." in screen_text(pilot)
        assert "no-job-of-this-one" not in screen_text(pilot)
