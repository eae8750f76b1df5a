"""The loop on the real client and the demo's service, in virtual time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hottui.analysis import answer_summary
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import sort_key
from hottui.monitor.journal import NullJournal
from hottui.service import response
from tests.monitor.bench import bench, until
from tests.monitor.virtual import virtual, virtual_loop


@virtual
async def test_a_hot_update_is_polled_to_its_end_with_one_transition_each() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        (one,) = b.script(INIT, "one")
        b.monitor.track([one])
        await asyncio.sleep(5)
        b.script(HOT_UPDATING, "one")
        await asyncio.sleep(5)
        b.script(HOT_UPDATED, "one")
        await asyncio.sleep(60)
        assert [(move.previous, move.state) for move in b.transitions] == [
            ("", INIT),
            (INIT, HOT_UPDATING),
            (HOT_UPDATING, HOT_UPDATED),
        ]
        assert b.monitor.transitions(one) == tuple(b.transitions)
        assert b.of("one").freshness is Freshness.LIVE
        assert b.of("one").since == b.transitions[-1].at
        asked = b.network.by_id["one"]
        await asyncio.sleep(3600)
        assert b.network.by_id["one"] == asked, "a finished ref is not read again"


@virtual
async def test_polling_resumes_if_a_final_state_changes_back() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(HOT_UPDATED, "one"))
        await asyncio.sleep(1)
        b.script(HOT_UPDATING, "one")
        await asyncio.sleep(30)
        assert b.of("one").in_progress
        b.script(FAILED, "one")
        await asyncio.sleep(3)
        assert b.of("one").state == FAILED
        assert b.of("one").needs_attention


@virtual
async def test_the_observation_has_the_unchanged_answer() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall, size=3) as b:
        one = b.world.refs("http://127.0.0.1")[0]
        assert b.monitor.observation(one) is None
        b.monitor.track([one])
        await asyncio.sleep(1)
        seen = b.monitor.observation(one)
        assert seen is not None
        assert seen.answer.startswith('{"requestId"')
        assert seen.request_id in seen.answer
        assert seen.at == b.of(one.id).seen


@virtual
async def test_no_changes_no_snapshots_and_no_work() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(HOT_UPDATED, *"abcde"))
        await asyncio.sleep(60)
        published, asked = len(b.snapshots), len(b.network.times)
        await asyncio.sleep(24 * 3600)
        assert (len(b.snapshots), len(b.network.times)) == (published, asked)


@virtual
async def test_an_equal_answer_is_not_parsed_summarized_or_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for owner, name in ((response, "read_answer"), (answer_summary, "summarize"), (NullJournal, "write")):
        whole = getattr(owner, name)

        def counted(*values: Any, name: str = name, whole: Callable[..., Any] = whole, **named: Any) -> Any:
            done.append(name)
            return whole(*values, **named)

        monkeypatch.setattr(owner, name, counted)
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        one, _ = b.script(HOT_UPDATING, "one", "two")
        b.monitor.track([one, b.ref("two")], bookmark=True)
        await asyncio.sleep(5)
        done.clear()
        before, asked = b.of("one"), b.network.by_id["one"]
        await asyncio.sleep(30)
        assert b.network.by_id["one"] > asked + 10
        assert done == []
        now = b.of("one")
        assert now.seen is not None
        assert now.seen > loop.wall() - 3, "the time of the answer is known"
        assert now == replace(before, seen=now.seen)
        seen = b.monitor.observation(one)
        assert seen is not None
        assert seen.at == now.seen
        assert seen.request_id in seen.answer, "the ID of the last request, for support"

        b.world.parts["one"] = {"jobId": "another"}
        await asyncio.sleep(10)
        assert done == ["read_answer", "summarize", "write"]
        assert b.of("one").job == "another"


@virtual
async def test_a_burst_of_answers_publishes_few_snapshots() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall, size=200) as b:
        b.monitor.track(b.world.refs("http://127.0.0.1")[:100])
        start = loop.time()
        await asyncio.sleep(11)
        seconds = loop.time() - start
        assert len(b.network.times) >= 100
        assert len(b.snapshots) <= 4 * seconds + 2 + len([move for move in b.transitions if move.previous])


@virtual
async def test_a_command_publishes_a_snapshot_immediately() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(HOT_UPDATING, *"abcdefgh"))
        await asyncio.sleep(3)
        before = loop.time()
        b.monitor.pause(True)
        await until(lambda: b.last.loop.paused)
        assert loop.time() - before < 0.05


@virtual
async def test_the_snapshot_is_sorted() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(FAILED, "ill"))
        b.monitor.track(b.script(HOT_UPDATED, "done", "done2"))
        b.monitor.track(b.script(HOT_UPDATING, "moving"))
        await asyncio.sleep(3)
        assert list(b.last.tracked) == sorted(b.last.tracked, key=sort_key)
        assert [each.ref.id for each in b.last.tracked][:2] == ["moving", "ill"]
        b.monitor.mark_viewed(b.ref("ill"))
        assert b.monitor.snapshot().tracked[1].ref.id != "ill"


@virtual
async def test_the_status_has_the_measured_interval_of_hundreds_of_refs() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(HOT_UPDATING, *(f"id{number}" for number in range(200))))
        await asyncio.sleep(64)
        assert b.network.most_in_a_second <= 10
        assert b.network.most_at_once <= 8
        assert min(b.network.by_id.values()) >= 3
        assert b.last.loop.period == pytest.approx(20, rel=0.05)


@virtual
async def test_the_measured_interval_is_the_configured_one_under_low_load() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track(b.script(HOT_UPDATING, "one", "two"))
        await asyncio.sleep(30)
        assert b.monitor.snapshot().loop.period == pytest.approx(2.0, abs=0.1)
        b.monitor.set_interval(10)
        await asyncio.sleep(60)
        assert b.last.loop.period == pytest.approx(10.0, abs=0.5)
        assert b.last.loop.interval == 10
        b.script(HOT_UPDATED, "one", "two")
        await asyncio.sleep(60)
        assert b.last.loop.period is None


@virtual
async def test_paused_only_a_refresh_reads() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        refs = b.script(HOT_UPDATING, "one", "two")
        b.monitor.track(refs)
        await asyncio.sleep(5)
        b.monitor.pause(True)
        await asyncio.sleep(1)
        asked = dict(b.network.by_id)
        await asyncio.sleep(600)
        assert b.network.by_id == asked
        b.monitor.refresh(refs[0])
        await asyncio.sleep(60)
        assert b.network.by_id == {**asked, "one": asked["one"] + 1}
        b.monitor.pause(False)
        await asyncio.sleep(5)
        assert b.network.by_id["two"] > asked["two"]


@virtual
async def test_untracking_cancels_the_read_and_tracking_again_restores_it() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        (one,) = b.script(HOT_UPDATED, "one")
        b.monitor.track([one])
        await asyncio.sleep(20)
        seen, answer = b.of("one").seen, b.monitor.observation(one)
        b.network.hangs = True
        b.monitor.refresh(one)
        await asyncio.sleep(1)
        b.monitor.untrack(one)
        await asyncio.sleep(0.1)
        assert b.network.under_way.total() == 0
        assert b.last.tracked == ()
        b.network.hangs = False
        b.monitor.track([one])
        await asyncio.sleep(1)
        assert b.of("one").state == HOT_UPDATED
        assert b.of("one").seen == seen
        assert b.monitor.observation(one) == answer
        assert len(b.monitor.transitions(one)) == 1


@virtual
async def test_cancellation_during_reads_leaves_no_tasks() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.network.hangs = True
        b.monitor.track(b.script(HOT_UPDATING, *"abcdefghijkl"))
        await asyncio.sleep(2)
        assert b.network.under_way.total() == 8
    assert b.network.under_way.total() == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@virtual
async def test_a_second_run_repeats_the_interrupted_reads() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.network.hangs = True
        b.monitor.track(b.script(HOT_UPDATING, "one"))
        await asyncio.sleep(1)
    b.network.hangs = False
    again = asyncio.create_task(b.monitor.run())
    await until(lambda: b.of("one").freshness is Freshness.LIVE)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)
