"""The LRU cache of answers."""

from hottui.model.state import FAILED
from hottui.monitor.answer_cache import AnswerCache
from tests.monitor.samples import observation, ref


def test_the_least_recently_used_answers_are_evicted() -> None:
    answers = AnswerCache(capacity=100)
    for name in "abc":
        answers.put(observation(name, FAILED, 1.0, "x" * 40))
        answers.get(ref("a"))
    assert [bool(answers.get(ref(name))) for name in "abc"] == [True, False, True]
    answers.put(observation("big", FAILED, 1.0, "x" * 500))
    assert [bool(answers.get(ref(name))) for name in ("a", "c", "big")] == [False, False, True]


def test_replacing_an_answer_frees_its_space() -> None:
    answers = AnswerCache(capacity=100)
    answers.put(observation("other", FAILED, 1.0, "x" * 40))
    for _ in range(10):
        answers.put(observation("one", FAILED, 1.0, "x" * 60))
    assert answers.get(ref("other"))
    answers.drop(ref("one"))
    assert answers.get(ref("one")) is None
