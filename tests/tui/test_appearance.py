"""Conversion of styled text to strips."""

from rich.style import Style

from hottui.render.styled_text import Span
from hottui.tui.appearance import to_strip


def test_adjacent_spans_of_one_style_are_merged_and_control_characters_made_visible() -> None:
    styles = {"a": Style(color="red"), "b": Style(color="blue")}
    strip = to_strip([Span("x", "a"), Span("\x1b[2J", "a"), Span("z", "b")], styles)
    assert [segment.text for segment in strip] == ["x␛[2J", "z"]
