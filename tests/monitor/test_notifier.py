"""When snapshots are published: at once, debounced, or once a second for ages only."""

import asyncio
from dataclasses import replace

from hottui.model.state import HOT_UPDATED, HOT_UPDATING
from hottui.model.tracking import Transition
from hottui.monitor.notifier import AGES_EVERY, NOTIFY_EVERY, Notifier
from hottui.monitor.schedule import NEVER
from hottui.monitor.snapshot import LoopStatus, Snapshot
from tests.monitor.bench import bench, until
from tests.monitor.samples import ref
from tests.monitor.virtual import virtual, virtual_loop


class Recorder:
    """Return a notifier with a different snapshot each time, unless it is `still`."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self.transitions: list[Transition] = []
        self.woken = 0
        self.still = False
        self._loop = LoopStatus(False, 2.0, None, 0, (), 0, None)
        self.notifier = Notifier(self._picture, self._wake)
        self.notifier.listen(self.snapshots.append, self.transitions.append)
        self.notifier.publish_due(100.0)
        assert len(self.snapshots) == 1

    def _picture(self) -> Snapshot:
        if not self.still:
            self._loop = replace(self._loop, unsaved=self._loop.unsaved + 1)
        return Snapshot((), self._loop, 0.0)

    def _wake(self) -> None:
        self.woken += 1


def test_nothing_is_due_without_changes() -> None:
    assert Recorder().notifier.due == NEVER


def test_changes_are_debounced_and_ages_longer() -> None:
    recorder = Recorder()
    recorder.notifier.publish_ages()
    assert recorder.notifier.due == 100.0 + AGES_EVERY
    recorder.notifier.publish_soon()
    recorder.notifier.publish_ages()
    assert recorder.notifier.due == 100.0 + NOTIFY_EVERY
    recorder.notifier.publish_due(100.0 + NOTIFY_EVERY - 0.01)
    assert len(recorder.snapshots) == 1
    recorder.notifier.publish_due(100.0 + NOTIFY_EVERY)
    assert len(recorder.snapshots) == 2
    assert recorder.notifier.due == NEVER
    assert recorder.woken == 2, "a later due time does not wake the loop"


def test_many_actions_publish_one_snapshot() -> None:
    recorder = Recorder()
    with recorder.notifier.one_snapshot():
        recorder.notifier.publish_now()
        recorder.notifier.publish_now()
        assert len(recorder.snapshots) == 1
    assert (len(recorder.snapshots), recorder.woken) == (2, 1)


def test_publish_now_publishes_before_it_returns_and_wakes_the_loop() -> None:
    recorder = Recorder()
    recorder.notifier.publish_ages()
    recorder.notifier.publish_now()
    assert len(recorder.snapshots) == 2
    assert recorder.notifier.due == NEVER
    assert recorder.woken == 2
    recorder.notifier.publish_due(200.0)
    assert len(recorder.snapshots) == 2


def test_a_transition_is_published_immediately_except_the_first() -> None:
    recorder = Recorder()
    recorder.notifier.publish_transition(Transition(ref("one"), 1.0, HOT_UPDATING, ""))
    assert recorder.notifier.due == NEVER
    recorder.notifier.publish_transition(Transition(ref("one"), 2.0, HOT_UPDATED, HOT_UPDATING))
    recorder.notifier.publish_due(100.0)
    assert len(recorder.snapshots) == 2
    assert len(recorder.transitions) == 2


def test_an_equal_snapshot_is_not_published_again() -> None:
    recorder = Recorder()
    recorder.still = True
    recorder.notifier.publish_now()
    recorder.notifier.publish_due(200.0)
    recorder.notifier.publish_now()
    recorder.notifier.publish_due(300.0)
    assert len(recorder.snapshots) == 1
    assert recorder.notifier.due == NEVER


@virtual
async def test_ages_are_published_each_second_and_transitions_immediately() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall, interval=0.5) as b:
        b.monitor.track(b.script(HOT_UPDATING, *"abcdefgh"))
        await asyncio.sleep(10)
        before, asked = len(b.snapshots), len(b.network.times)
        await asyncio.sleep(30)
        assert len(b.network.times) - asked > 200, "answers arrive all the time"
        assert 25 <= len(b.snapshots) - before <= 31
        assert [one.summary for one in b.snapshots[-1].tracked] == [one.summary for one in b.snapshots[-2].tracked]
        assert all(
            one.summary is other.summary
            for one, other in zip(b.snapshots[-1].tracked, b.snapshots[-2].tracked, strict=True)
        ), "whoever drew it need not look at it again"
        b.script(HOT_UPDATED, "a")
        moved = loop.time()
        await until(lambda: len(b.transitions) == 9)
        noticed = loop.time()
        await asyncio.sleep(0.02)
        assert b.snapshots[-1].at >= b.transitions[-1].at, "a snapshot with the transition"
        assert noticed - moved < 1.5
