"""The usual duration of a hot update, and from when on one in progress is slow."""

from hypothesis import given
from hypothesis import strategies as st

from hottui.analysis.usual_duration import ENOUGH, observed_duration, short_duration, slow_text, usual_duration
from hottui.model.ref import Ref
from hottui.model.tracking import Transition

spans = st.lists(st.floats(0, 10_000), min_size=ENOUGH)


def test_of_the_job_else_of_its_namespace() -> None:
    of_job = usual_duration([10, 14, 20], [1, 1, 1])
    assert of_job is not None
    assert (of_job.median, of_job.p90, of_job.count, of_job.of_job) == (14, 20, 3, True)
    of_namespace = usual_duration([10, float("nan"), -1], range(1, 11))
    assert of_namespace is not None
    assert (of_namespace.median, of_namespace.p90, of_namespace.of_job) == (5.5, 9, False)
    assert usual_duration([1, 2]) is None


def test_slow_beyond_nine_in_ten_or_a_minute() -> None:
    usual = usual_duration([10, 14, 20])
    assert slow_text(20, usual) == ""
    assert slow_text(20.1, usual) == "slow (usually 14s)"
    assert slow_text(60, None) == ""
    assert slow_text(61, None) == "slow (usually under 1m)"


@given(spans)
def test_the_median_is_within_and_p90_above_it(seconds: list[float]) -> None:
    usual = usual_duration(seconds)
    assert usual is not None
    assert min(seconds) <= usual.median <= usual.p90 <= max(seconds)


def test_the_observed_duration_is_that_of_an_update_seen_in_progress() -> None:
    def seen(*states: str) -> list[Transition]:
        return [Transition(Ref("https://e", "w", "n", "u"), 100.0 + 7 * n, state) for n, state in enumerate(states)]

    assert observed_duration(seen("INIT", "HOT_UPDATING", "HOT_UPDATED")) == 14
    assert observed_duration(list(reversed(seen("INIT", "FAILED")))) == 7
    for states in ((), ("HOT_UPDATED",), ("INIT", "HOT_UPDATING"), ("FAILED", "HOT_UPDATED")):
        assert observed_duration(seen(*states)) is None


def test_durations_in_words() -> None:
    words = {0.44: "0.4s", 14.4: "14s", 59.7: "1m 00s", 80: "1m 20s", 3600: "1h 00m", 7500: "2h 05m"}
    assert {seconds: short_duration(seconds) for seconds in words} == words
