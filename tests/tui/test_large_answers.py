"""Large answers: prepared in the background, once, and drawn line by line; a tab that fails costs nothing else.

No verdict here depends on time: what is counted is what was made, how often and in which thread. The times are in
`tests.benchmarks.large_answers`.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model import masking
from hottui.model.answer import read_answer
from hottui.model.masking import json_values
from hottui.model.ref import Ref
from hottui.model.tracking import Observation, Summary, Tracked, Transition
from hottui.render import plan_drawing
from hottui.render.detail_context import NO_ANALYSIS, DetailContext
from hottui.render.glyphs import UNICODE
from hottui.render.lazy_lines import ConcatenatedLines, MappedLines, fixed, matching
from hottui.render.styled_text import line
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import THREAD, in_thread
from hottui.tui.detail import answer as raw
from hottui.tui.detail import flink_conf, pane, timeline
from hottui.tui.detail import loader as subjects
from hottui.tui.detail.pane import DetailPane
from hottui.tui.detail.prepared_text import prepare, shown
from hottui.tui.detail.tabs import TABS
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeStage
from tests.tui.panes import lines_of
from tests.tui.plan_stage import canvas, give, rested, view
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import START, AppPilot, Clock, dashboard, drawn, screen_text, table, until

KEYS = 4_000
LABEL = "orders-enrich"
HEIGHT = 40


class Large(Simulation):
    """One hot update has thousands of conf keys."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        found = super().result(workspace, namespace, hot_update_id)
        if found is not None and hot_update_id == next(m.id for m in self.updates if m.spec.label == LABEL):
            found = json.loads(json.dumps(found))
            found["targetResourceSetting"]["flinkConf"] = {f"option.{n}": f"value-{n}" for n in range(KEYS)}
        return found


@contextmanager
def spied(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> Iterator[list[str]]:
    """The names of the threads in which the function was called."""
    calls: list[str] = []
    original: Callable[..., Any] = getattr(place, name)

    def spy(*args: Any, **options: Any) -> Any:
        calls.append(threading.current_thread().name)
        return original(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, spy)
        yield calls


@contextmanager
def broken(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> Iterator[None]:
    """The function fails."""

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("of the test")

    with monkeypatch.context() as patch:
        patch.setattr(place, name, fail)
        yield


def large(make_stage: MakeStage) -> Any:
    return make_stage(size=None, denied=False, world=lambda clock: Large(1, clock)).running((120, HEIGHT))


async def opened(pilot: AppPilot, name: str, label: str = LABEL) -> DetailPane:
    put_cursor(pilot, label)
    await drawn(pilot)
    await pilot.press(tab(name))
    await settled(pilot)
    detail = dashboard(pilot).detail
    assert detail is not None
    return detail


async def settled(pilot: AppPilot) -> None:
    await loaded(pilot)
    await drawn(pilot)
    await loaded(pilot)


def lines_view(pilot: AppPilot) -> LinesView:
    return dashboard(pilot).query_one("#lines", LinesView)


async def test_large_texts_are_made_and_filtered_in_the_background(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large(make_stage) as pilot:
        with spied(monkeypatch, pane, "prepare") as calls, spied(monkeypatch, subjects, "decode") as reads:
            detail = await opened(pilot, "answer")
            for name in ("conf", "overview", "batch", "streaming", "timeline", "answer"):
                await pilot.press(tab(name))
                await settled(pilot)
            assert len(lines_view(pilot).lines) > KEYS
            detail.filter("value-77")
            await settled(pilot)
            assert set(calls) == {THREAD}
            assert set(reads) == {THREAD}
            texts = [each.text for each in lines_view(pilot).lines]
            assert len(texts) == len([n for n in range(KEYS) if str(n).startswith("77")])
            assert all("value-77" in text for text in texts)
        with spied(monkeypatch, pane, "prepare") as calls:
            await opened(pilot, "answer", "checkout-fix")
            assert set(calls) == {threading.current_thread().name}, "a small text is there at once"


async def test_only_lines_in_sight_are_made(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, maker, name in ((raw, "_json_line", "answer"), (flink_conf._Rows, "line", "conf")):
        async with large(make_stage) as pilot:
            await opened(pilot, "batch")
            with spied(monkeypatch, module, maker) as made:
                await pilot.press(tab(name))
                await settled(pilot)
                assert len(lines_view(pilot).lines) >= KEYS
                for key in ("G", "k", "pageup", "g", "l"):
                    await pilot.press(key)
                    await drawn(pilot)
            assert 0 < len(made) < 20 * HEIGHT < KEYS, name


async def test_equal_answers_prepare_no_text(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large(make_stage) as pilot:
        detail = await opened(pilot, "answer")
        with spied(monkeypatch, pane, "prepare") as calls, spied(monkeypatch, subjects, "decode") as reads:
            dashboard(pilot).load_detail()
            await settled(pilot)
            for name in ("overview", "answer"):
                await pilot.press(tab(name))
                await settled(pilot)
            assert calls == [THREAD], "the overview, once"
            dashboard(pilot)._tick()
            detail.on_resize()
            await settled(pilot)
            assert calls == [THREAD]
            assert reads == []


async def test_a_long_timeline_makes_only_what_is_in_sight_when_a_second_passes(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large(make_stage) as pilot:
        detail = await opened(pilot, "timeline")
        for worker in [each for each in pilot.app.workers if each.group == "history"]:
            await worker.wait()
        await settled(pilot)
        assert detail.subject is not None
        ref = detail.subject.tracked.ref
        moves = tuple(Transition(ref, START - 10_000 + n, f"S{n % 2}", "" if n == 0 else "S") for n in range(5_000))
        give(pilot, replace(detail.subject, transitions=moves, job=NO_ANALYSIS))
        await settled(pilot)
        assert len(lines_view(pilot).lines) > 5_000
        with spied(monkeypatch, timeline, "_row") as made:
            for _ in range(3):
                detail.tick()
                await drawn(pilot)
        assert len(made) < 10 * HEIGHT
        await pilot.press("G")
        await drawn(pilot)
        assert "so far" in screen_text(pilot)


async def test_a_plan_is_prepared_in_the_background(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large(make_stage) as pilot:
        with spied(monkeypatch, plan_drawing, "searchable_plan_input") as calls:
            detail = await opened(pilot, "plan")
            assert calls == [THREAD]
            first = canvas(pilot).drawing
            assert first is not None
            assert detail.subject is not None
            assert detail.subject.answer is not None
            give(pilot, detail.subject)
            await rested(pilot)
            assert calls == [THREAD], "the same answer is looked at once"
            again = read_answer(detail.subject.answer.text.replace('"requestId": "', '"requestId": "X'))
            give(pilot, replace(detail.subject, answer=again))
            await rested(pilot)
            assert calls == [THREAD, THREAD]
            assert canvas(pilot).drawing is first, "another answer with the same plan is not drawn"


async def test_a_load_in_progress_is_finished_when_requested_again(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large(make_stage) as pilot:
        await opened(pilot, "overview", "checkout-fix")
        begun, go_on = threading.Event(), threading.Event()
        read, calls = subjects.decode, list[str]()

        def slow(observation: Observation, reveal: bool) -> Any:
            calls.append(observation.answer)
            begun.set()
            assert go_on.wait(60)
            return read(observation, reveal)

        monkeypatch.setattr(subjects, "decode", slow)
        put_cursor(pilot, LABEL)
        await until(pilot, begun.is_set)
        for _ in range(5):
            dashboard(pilot).load_detail()
            await drawn(pilot)
        go_on.set()
        await settled(pilot)
        detail = dashboard(pilot).detail
        assert detail is not None
        assert detail.subject is not None
        assert detail.subject.tracked.ref == table(pilot).cursor
        assert len(calls) == len(set(calls)), "what was read first is shown, not thrown away and read again"


# Faults


async def test_an_error_in_a_large_tab_is_shown_and_the_rest_works(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: DetailContext) -> Any:
        raise RuntimeError("of the test")

    for part in ("body", "head", "note"):
        async with large(make_stage) as pilot:
            failing: dict[str, Any] = {part: fail}
            tabs = tuple(replace(each, **failing) if each.body else each for each in TABS)
            with monkeypatch.context() as patch:
                patch.setattr(pane, "TABS", tabs)
                patch.setattr("hottui.tui.detail.tabs.TABS", tabs)
                await opened(pilot, "batch")
                for each in tabs:
                    await pilot.press(tab(each.id))
                    await settled(pilot)
                    says = "Internal error (RuntimeError)" in " ".join(screen_text(pilot).split())
                    assert says == (part != "note" and each.body is not None), (part, each.id)
            await pilot.press("escape")
            await drawn(pilot)
            assert LABEL in screen_text(pilot)
    assert error_hooks.current_hooks().messages


async def test_a_fault_in_a_line_or_a_plan_or_in_reading_stays_there(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large(make_stage) as pilot:
        with broken(monkeypatch, raw, "_json_line"):
            await opened(pilot, "answer")
            assert "this line cannot be shown" in screen_text(pilot)
        with broken(monkeypatch, plan_drawing, "searchable_plan_input"):
            await pilot.press(tab("plan"))
            await settled(pilot)
            assert "Internal error (RuntimeError)" in " ".join(screen_text(pilot).split())
        with broken(monkeypatch, subjects, "decode"):
            detail = await opened(pilot, "overview", "checkout-fix")
            assert "Cannot read the saved answer: internal error (RuntimeError)" in " ".join(screen_text(pilot).split())
        assert detail.is_mounted
        await opened(pilot, "plan")
        await until(pilot, lambda: view(pilot).canvas.drawing is not None)


# Without a screen


class _Monitor:
    """Gives equal answers and histories, each time as other objects."""

    def observation(self, ref: Ref) -> Observation:
        text = "".join(["{", '"success": true, "data": {"jobHotUpdateId": "i"}', "}"])
        return Observation(ref, START, Summary(""), "", text)

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        return (Transition(ref, START, "INIT"), Transition(ref, START + 1, "FAILED", "INIT"))

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        return ()


async def test_equal_answers_and_histories_are_the_same_objects() -> None:
    tracked = Tracked(Ref(ENDPOINT_IN_PROCESS, "w", "n", "i"))
    loader = subjects.DetailLoader(_Monitor(), Appearance(clock=Clock(START)))
    first = await loader.load(tracked, (), reveal=False)
    second = await loader.load(tracked, (), reveal=False)
    assert first.answer is second.answer is not None
    assert first.transitions is second.transitions


async def test_exit_does_not_wait_for_the_background_thread() -> None:
    assert await in_thread(lambda: threading.current_thread().daemon)
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 / 0)


def test_lists_of_lines() -> None:
    rows = MappedLines(range(5), lambda n: line(f"row {n}"), lambda n: f"ROW {n} hidden")
    every = ConcatenatedLines(fixed((line("first"),)), rows, fixed(()), fixed((line("a last one"),)))
    texts = [each.text for each in every]
    assert texts == ["first", "row 0", "row 1", "row 2", "row 3", "row 4", "a last one"]
    assert [every[n].text for n in range(-7, 7)] == texts * 2
    assert [each.text for each in every[1:3]] == texts[1:3]
    assert every.width == len("a last one")
    for index in (-8, 7):
        with pytest.raises(IndexError):
            _ = every[index]
    assert [each.text for each in matching(every, ("row", "3"))] == ["row 3"]
    assert len(matching(every, ("hidden",))) == 5
    assert len(matching(every, ("nowhere",))) == 0
    assert matching(every, ()) is every


def about(data: dict[str, Any], **more: Any) -> DetailContext:
    answer = read_answer(json.dumps({"success": True, "data": data}))
    return DetailContext(Tracked(Ref("e", "w", "n", "i")), START, 100, UNICODE, answer, START, **more)


def test_many_keys_are_sorted_and_measured() -> None:
    keys = [f"option.{n}" for n in range(25_000)]
    Random(1).shuffle(keys)
    subject = about({"targetResourceSetting": {"flinkConf": dict.fromkeys(keys, "v") | {"long": "x" * 150}}})
    tab_of_conf = next(each for each in TABS if each.id == "conf")
    found = lines_of(tab_of_conf, subject)
    assert [each.text.split()[0] for each in found] == sorted([*keys, "long"])
    body = prepare(tab_of_conf, subject, None).lines
    assert body.width == max(len(each.text) for each in body)
    assert shown(tab_of_conf, subject, body).width == body.width


def test_a_value_is_decoded_when_it_is_copied() -> None:
    plan = '{"nodes": [' + '"ü\\n", ' * 5_000 + "1]}"
    subject = about({"jobId": plan, "empty": [], "n": 7})
    tab_of_answer = next(each for each in TABS if each.id == "answer")
    copied = {
        each.text.strip().split('"')[1]: each.copied for each in lines_of(tab_of_answer, subject) if '"' in each.text
    }
    assert copied["jobId"] == plan
    assert copied["n"] == "7"
    assert copied["data"] is None


def test_a_large_answer_is_masked_once_for_the_store_and_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"data": {"password": "hunter2", "more": "x" * 300_000, "of": "this test"}})
    with spied(monkeypatch, json_values, "mask_json") as calls:
        masked = {masking.mask_answer(text) for _ in range(3)}
        assert len(calls) == 1
    assert len(masked) == 1
    assert "hunter2" not in masked.pop()
