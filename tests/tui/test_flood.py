"""How much input acts: what nobody can have typed is ignored."""

from textual import events
from textual.message import Message

from hottui.tui.terminal.input_limits import KEYS, Limiter, TooManyKeys


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def typed(count: int) -> list[Message]:
    return [events.Key("x", "x") for _ in range(count)]


def moves(count: int) -> list[Message]:
    return [events.MouseMove(None, n, 0, 1, 0, 0, False, False, False) for n in range(count)]


def test_too_many_keys_at_once_are_ignored_until_there_is_a_pause() -> None:
    limiter = Limiter(Clock())
    assert len(limiter.limit(typed(500))) == 500
    (warning,) = limiter.limit(typed(KEYS))
    assert isinstance(warning, TooManyKeys)
    assert limiter.limit(typed(1)) == []
    limiter.silence(0.1)
    assert limiter.limit(typed(1)) == []
    limiter.silence(0.1)
    limiter.silence(0.2)
    assert len(limiter.limit(typed(1))) == 1


def test_a_key_held_down_for_an_hour_is_no_flood() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    for _ in range(3_600 * 50):
        clock.now += 0.02
        assert len(limiter.limit(typed(1))) == 1


def test_mouse_movements_are_thinned_out_and_keys_between_them_act() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    assert len(limiter.limit([*moves(1_000), *typed(1)])) < 200
    assert len(limiter.limit(typed(1))) == 1
    assert limiter.limit(moves(1)) == []
    clock.now += 1.0
    assert len(limiter.limit(moves(1))) == 1


def test_pastes_count_by_their_length() -> None:
    limiter = Limiter(Clock())
    pastes: list[Message] = [events.Paste("x" * 60_000) for _ in range(20)]
    assert len(limiter.limit(pastes[:5])) == 5
    assert [type(event) for event in limiter.limit(pastes)] == [TooManyKeys]
