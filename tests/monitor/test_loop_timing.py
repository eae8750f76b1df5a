"""The measured polling interval, and suspend detection."""

from hottui.monitor.loop_timing import SUSPENDED_AFTER, PollRate, SuspendDetector
from tests.monitor.samples import ref


def test_the_interval_is_measured_between_answers_about_the_same_ref() -> None:
    assert PollRate().seconds(0.0, 2.0) is None
    rate = PollRate()
    for number in range(10):
        rate.answered(ref("a"), 3.0 * number, in_progress=True)
        rate.answered(ref("b"), 3.0 * number + 1, in_progress=True)
    assert rate.seconds(28.0, 2.0) == 3.0
    rate.forget(ref("a"))
    rate.answered(ref("a"), 28.5, in_progress=True)
    assert rate.seconds(29.0, 2.0) == 3.0
    assert rate.seconds(58.0, 2.0) == 29.8, "an overdue ref counts with its waiting time"
    rate.answered(ref("a"), 30.0, in_progress=False)
    rate.answered(ref("b"), 30.0, in_progress=False)
    assert rate.seconds(30.0, 2.0) is None


def test_the_first_round_is_not_measured() -> None:
    rate = PollRate()
    for name, times in {"a": (0.0, 4.0), "b": (0.1, 4.1)}.items():
        for now in times:
            rate.answered(ref(name), now, in_progress=True)
    assert rate.seconds(4.1, 2.0) == 4.0
    rate.answered(ref("a"), 6.0, in_progress=True)
    rate.answered(ref("b"), 6.1, in_progress=True)
    assert rate.seconds(6.1, 2.0) == 2.0


def test_suspend_detection() -> None:
    detector = SuspendDetector()
    detector.expect(10.0)
    assert not detector.check(9.0, 1009.0)
    assert not detector.check(10.0 + SUSPENDED_AFTER, 1010.0 + SUSPENDED_AFTER)
    assert detector.check(10.1 + SUSPENDED_AFTER, 1010.1 + SUSPENDED_AFTER), "stopped"
    assert not detector.check(10.2 + SUSPENDED_AFTER, 1010.2 + SUSPENDED_AFTER), "reported once"
    detector.expect(None)
    assert not detector.check(5000.0, 6000.0), "nothing was scheduled"
    assert detector.check(5001.0, 9000.0), "suspended"
    assert not detector.check(5002.0, 9001.0)
