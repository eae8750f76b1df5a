"""Text of the service and of labels is data: it is shown, never interpreted, on every part of the screen."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from rich.style import Style
from textual import events
from textual.widgets import Input

from hottui.analysis.answer_summary import summarize
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Tracked, Transition, Trouble
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import UNICODE
from hottui.render.styled_text import Span
from hottui.render.table_columns import columns_for
from hottui.render.table_rows import row_ages, row_spans
from hottui.tui.appearance import to_strip
from hottui.tui.detail.tabs import TABS as PANES
from hottui.tui.layout import TABS
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.widgets.status_text import head
from tests.tui.conftest import MakeFullStage
from tests.tui.panes import lines_of
from tests.tui.scenes import loaded, tab
from tests.tui.stage import START, AppPilot, Clock, drawn, foot, screen_text, table, until
from tests.tui.test_commands import copied

EVIL = (
    "\x1b[2J\x1b]0;owned\x07\x9b31m[bold red]red[/] [@click=app.quit]quit[/] \u202egnirts\u202c\r\n"
    "\u2028next\u200b\x00\x7f\u2066iso\u2069\tend"
)
LONG = EVIL + "x" * 10_000 + "\x1b[31m"
SURROGATE = EVIL + "\ud800"
_MAPS = {"flinkConf"}
"""Objects whose keys are the user's."""
_KEPT = {"jobHotUpdateId", "id", "source", "target"}
"""What must stay as it is for the answer to be about the same hot update, and the plan a plan."""
_HIDING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def harmless(text: str) -> bool:
    """Whether nothing in `text` (line ends aside) moves a cursor, turns a line round or hides."""
    return all(unicodedata.category(letter) not in _HIDING for letter in text.replace("\n", ""))


def poisoned(value: Any, evil: str, name: str = "") -> Any:
    """`value` with `evil` after every text in it and after every conf key; a plan stays one, with poisoned texts."""
    if isinstance(value, dict):
        return {key + evil * (name in _MAPS): poisoned(item, evil, key) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, evil) for item in value]
    if not isinstance(value, str) or name in _KEPT:
        return value
    plan = decoded(value) if name == "resourcePlan" else None
    return json.dumps(poisoned(plan, evil)) if plan else value + evil


def decoded(text: str) -> Any:
    """The plan inside a text, however often encoded; None where there is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return decoded(found) if isinstance(found, str) else found


class HostileWorld(Simulation):
    """The demo's world, with something nasty at the end of every text and of every conf key."""

    evil = EVIL

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        found = super().result(workspace, namespace, hot_update_id)
        return None if found is None else poisoned(found, self.evil)

    def bookmarks(self, endpoint: str) -> tuple[Bookmark, ...]:
        return tuple(
            Bookmark(mark.ref, mark.label + self.evil, mark.note + self.evil, mark.added)
            for mark in super().bookmarks(endpoint)
        )


class LongHostileWorld(HostileWorld):
    evil = LONG


@pytest.mark.parametrize(
    ("world", "size"),
    [(HostileWorld, (120, 40)), (HostileWorld, (60, 20)), (LongHostileWorld, (80, 24))],
    ids=["120x40", "60x20", "10,000 letters"],
)
@pytest.mark.slow
async def test_nothing_hidden_reaches_the_screen(
    make_full_stage: MakeFullStage, world: type[Simulation], size: tuple[int, int]
) -> None:
    stage = make_full_stage(world=lambda clock: world(1, clock, size=6))
    async with stage.running(size) as pilot:
        shows(pilot, "␛")
        table(pilot).move_to(stage.world.refs("http://127.0.0.1")[0])
        for number, name in enumerate(TABS, 1):
            await pilot.press(str(number))
            await loaded(pilot)
            assert harmless(screen_text(pilot)), name
            for keys in (("end",), ("pageup",), ("right", "right")):
                await pilot.press(*keys)
                assert harmless(screen_text(pilot)), (name, keys)
        for keys in (("r",), ("b",), ("b",), ("x",), ("u",)):
            await pilot.press(*keys)
            await drawn(pilot)
            assert harmless(screen_text(pilot)), keys
            assert "␛" in foot(pilot), keys


def drawn_text(spans: Iterable[Span]) -> str:
    """What is written to the terminal of these spans, colours aside."""
    return to_strip(spans, defaultdict(Style)).text


def shows(pilot: AppPilot, text: str) -> None:
    """Assert that the screen is harmless and that `text` can be read on it."""
    assert harmless(screen_text(pilot))
    assert text in screen_text(pilot)


@pytest.mark.slow
async def test_a_failed_hot_update_with_a_hostile_message_is_shown_and_copied_as_it_is_shown(
    make_full_stage: MakeFullStage,
) -> None:
    stage = make_full_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        failed = next(t for t in table(pilot).rows if t.summary and t.summary.change.startswith("pipeline"))
        table(pilot).move_to(failed.ref)
        await pilot.press("enter")
        await loaded(pilot)
        shows(pilot, "[bold red]all is well[/]")
        view = pilot.app.query_one("#lines", LinesView)
        message = next(n for n, line in enumerate(view.lines) if "Message" in line.text)
        while view.place[0] != message:
            await pilot.press("down")
        await pilot.press("v")
        await drawn(pilot)
        shows(pilot, "Copied value: ␛")


@pytest.mark.slow
async def test_what_is_copied_does_nothing_where_it_is_pasted(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(world=lambda clock: HostileWorld(1, clock, size=6))
    async with stage.running((120, 40)) as pilot:
        table(pilot).move_to(stage.world.refs("http://127.0.0.1")[0])
        await pilot.press(tab("answer"))
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        await pilot.press("home")
        while "]0;owned" not in (view.value or ""):
            await pilot.press("down")
        await pilot.press("v")
        await until(pilot, lambda: "Copied value" in foot(pilot))
        assert "␛[2J" in copied(stage)
        assert harmless(copied(stage).replace("\t", ""))
        await pilot.press("Y")
        await until(pilot, lambda: "Copied JSON" in foot(pilot))
        assert "]0;owned" in copied(stage)
        assert harmless(copied(stage))


@pytest.mark.slow
async def test_hostile_text_can_be_pasted_into_a_prompt(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(size=2)
    async with stage.running((120, 40)) as pilot:
        for key in ("a", "slash", "e"):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.focused, Input))
            pilot.app.post_message(events.Paste(EVIL))
            await drawn(pilot)
            shows(pilot, "[bold red]")
            await pilot.press("enter")
            await drawn(pilot)
            assert harmless(screen_text(pilot))
            await pilot.press("escape")
            await drawn(pilot)


def test_surrogates_and_all_else_in_every_pane() -> None:
    world = Simulation(1, Clock(START))
    ref = Ref("http://127.0.0.1" + SURROGATE, "w" + SURROGATE, "n" + SURROGATE, "id" + SURROGATE)
    for member in world.updates[:40]:
        data = world.result(*member.key)
        if data is None:
            continue
        text = json.dumps({"requestId": SURROGATE, "success": True, "data": poisoned(data, SURROGATE)})
        answer = read_answer(text)
        tracked = Tracked(
            ref, Bookmark(ref, SURROGATE, SURROGATE), summarize(answer), Freshness.STALE, START, START,
            Trouble(START, SURROGATE, SURROGATE),
        )  # fmt: skip
        moves = (Transition(ref, START, SURROGATE), Transition(ref, START, "FAILED", SURROGATE))
        for reveal in (False, True):
            subject = DetailContext(
                tracked, START, 100, UNICODE, answer, START, SURROGATE, answer, moves, reveal=reveal
            )
            for pane in PANES:
                assert harmless(pane.label(subject, narrow=False))
                for line in lines_of(pane, subject) if pane.body else ():
                    assert harmless(drawn_text(line.spans)), pane.id
        for total in (30, 80, 200):
            row = row_spans(tracked, row_ages(tracked, START), columns_for(total), UNICODE)
            assert harmless(drawn_text(span for column in row for span in column))
        for part in head(SURROGATE, (tracked,), None, UNICODE, 400):
            assert harmless(drawn_text(part))
