"""When a widget is woken because a text changes with time."""

import math
from collections.abc import Callable
from typing import Any, cast

from textual.message_pump import MessagePump

from hottui.tui.alarm import Alarm
from tests.tui.stage import START, Clock


class Timers:
    """Stands in for a widget: keeps the timers that were set."""

    def __init__(self) -> None:
        self.set: list[tuple[float, Callable[[], None]]] = []
        self.stopped = 0

    def set_timer(self, delay: float, callback: Callable[[], None]) -> "Timers":
        self.set.append((round(delay, 3), callback))
        return self

    def stop(self) -> None:
        self.stopped += 1


def test_it_rings_once_at_the_earliest_time() -> None:
    timers, clock, rung = Timers(), Clock(START + 0.25), list[Any]()
    alarm = Alarm(cast("MessagePump", timers), clock, lambda: rung.append(clock.now))
    alarm.within(math.inf)
    assert timers.set == []
    alarm.within(30)
    alarm.within(40)
    assert [delay for delay, _ in timers.set] == [30.8], "at the full second, and a little later"
    alarm.within(2.5)
    alarm.within(2.6)
    assert [delay for delay, _ in timers.set] == [30.8, 2.8]
    assert timers.stopped == 1
    timers.set[-1][1]()
    assert len(rung) == 1
    alarm.within(86_400)
    assert timers.set[-1][0] == 60.8, "the machine may be suspended"


def test_a_time_that_has_passed_does_not_keep_it_from_ringing() -> None:
    timers, clock = Timers(), Clock(START)
    alarm = Alarm(cast("MessagePump", timers), clock, lambda: None)
    alarm.within(1)
    clock.now += 1.02
    alarm.within(1)
    assert len(timers.set) == 1, "about to ring"
    clock.now += 60
    alarm.within(1)
    assert [delay for delay, _ in timers.set] == [1.05, 2.03]
    assert timers.stopped == 1
