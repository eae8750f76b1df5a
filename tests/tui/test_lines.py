"""Fitting and folding text into cells."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from hottui.model.control_characters import visible
from hottui.render.styled_text import Span, clip, fit, pad, wrap
from hottui.tui.appearance import to_strip

TEXTS = st.text(st.sampled_from("ab .…→×城市 　\u00a0e\u0301👍🏽") | st.characters(), max_size=200)


@given(TEXTS, st.integers(0, 60))
def test_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(visible(text), width)) == width


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("城市日报", 8, "城市日报"), ("城市日报", 7, "城市日…"),
     ("城市日报", 6, "城市 …"), ("abc", 0, ""), ("abc", 1, "…")],
)  # fmt: skip
def test_fit(text: str, width: int, wanted: str) -> None:
    assert fit(text, width) == wanted


@given(TEXTS, st.integers(8, 60))
def test_folded_text_fits_and_loses_nothing_but_spaces(text: str, width: int) -> None:
    pieces = wrap(text, width)
    assert all(cell_len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == visible(text).replace(" ", "")


def test_text_is_folded_at_spaces_and_keeps_its_indent() -> None:
    assert wrap("    at the place of somewhere", 20) == ["    at the place of", "somewhere"]
    assert wrap("a word-that-is-cut-in-two", 20) == [
        "a word-that-is-cut-i",
        "n-two",
    ]  # else the line were all but empty
    assert wrap("a" * 20, 8) == ["a" * 8, "a" * 8, "a" * 4]
    assert wrap("", 20) == [""]
    assert wrap("城市日报城市日报", 9) == ["城市日报", "城市日报"]


def test_folding_takes_time_in_proportion_to_the_text() -> None:
    def seconds(letters: int) -> float:
        begin = time.process_time()
        wrap("城" * letters, 60)
        return time.process_time() - begin

    seconds(1_000)
    assert min(seconds(40_000) for _ in range(3)) < 40 * max(min(seconds(4_000) for _ in range(3)), 0.001)


def test_clipped_text_says_how_much_is_missing() -> None:
    assert clip("abc", 3) == "abc"
    assert clip("abcd" * 1_000, 10) == "abcdabcdab… 3,990 letters more"


def test_padding_counts_cells() -> None:
    assert pad("城", 4) == "城  "
    assert pad("abcdef", 4) == "abcdef"


def test_neighbours_of_one_style_are_one_segment_and_nothing_hidden_passes() -> None:
    styles = {"a": Style(color="red"), "b": Style(color="blue")}
    strip = to_strip([Span("x", "a"), Span("\x1b[2J", "a"), Span("z", "b")], styles)
    assert [segment.text for segment in strip] == ["x␛[2J", "z"]
