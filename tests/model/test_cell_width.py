"""Fitting and padding text to terminal cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hottui.model.cell_width import fit, pad
from hottui.model.control_characters import visible

TEXTS = st.text(st.sampled_from("ab .…→×城市 　\u00a0e\u0301👍🏽") | st.characters(), max_size=200)


@given(TEXTS, st.integers(0, 60))
def test_fit_returns_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(visible(text), width)) == width


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("城市日报", 8, "城市日报"), ("城市日报", 7, "城市日…"),
     ("城市日报", 6, "城市 …"), ("abc", 0, ""), ("abc", 1, "…")],
)  # fmt: skip
def test_fit(text: str, width: int, wanted: str) -> None:
    assert fit(text, width) == wanted


def test_pad_counts_cells() -> None:
    assert pad("城", 4) == "城  "
    assert pad("abcdef", 4) == "abcdef"
