"""Wrapping and clipping text."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hottui.model.control_characters import visible
from hottui.render import styled_text
from hottui.render.styled_text import clip, wrap

TEXTS = st.text(st.sampled_from("ab .…→×城市 　\u00a0e\u0301👍🏽") | st.characters(), max_size=200)


@given(TEXTS, st.integers(8, 60))
def test_wrap_fits_the_width_and_drops_only_spaces(text: str, width: int) -> None:
    pieces = wrap(text, width)
    assert all(cell_len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == visible(text).replace(" ", "")


def test_wrap_breaks_at_spaces_and_keeps_the_indent() -> None:
    assert wrap("    at the place of somewhere", 20) == ["    at the place of", "somewhere"]
    assert wrap("a word-that-is-cut-in-two", 20) == [
        "a word-that-is-cut-i",
        "n-two",
    ]  # a break at the space would leave the line almost empty
    assert wrap("a" * 20, 8) == ["a" * 8, "a" * 8, "a" * 4]
    assert wrap("", 20) == [""]
    assert wrap("城市日报城市日报", 9) == ["城市日报", "城市日报"]


def test_wrap_examines_each_character_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    examined = 0

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(text: str, *more: int) -> Any:
            nonlocal examined
            examined += len(text)
            return function(text, *more)

        return counted

    for name in ("cell_len", "set_cell_size"):
        monkeypatch.setattr(styled_text, name, counting(getattr(styled_text, name)))
    wrap("城" * 40_000, 60)
    assert 40_000 <= examined < 8 * 40_000


def test_clip_reports_how_much_is_missing() -> None:
    assert clip("abc", 3) == "abc"
    assert clip("abcd" * 1_000, 10) == "abcdabcdab… 3,990 characters more"
