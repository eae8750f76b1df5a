"""Control and invisible characters of the service's texts are made visible."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.control_characters import escaped, shorten, visible, visible_block, visible_lines

INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
any_text = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("\x00\x1b\x9b\x07\n\r\t\x7f\u202e\u2066\u200b\u2028\ufeff\U000e0041\ud800ab订é")
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\r\nb\tc\x00\x08", "a␍␊b␉c␀␈"),
        ("\x7f\x9b2J\x85", "␡⟨U+009B⟩2J⟨U+0085⟩"),
        ("user\u202egnp.exe", "user⟨U+202E⟩gnp.exe"),
        ("\u2066iso\u2069", "⟨U+2066⟩iso⟨U+2069⟩"),
        ("zero\u200bwidth\u200d\u2060", "zero⟨U+200B⟩width⟨U+200D⟩⟨U+2060⟩"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\ufefftext\u00ad", "⟨U+FEFF⟩text⟨U+00AD⟩"),
        ("\U000e0001\U000e0041\U000e007f", "⟨U+E0001⟩⟨U+E0041⟩⟨U+E007F⟩"),
        ("\u3164\u115f\uffa0", "⟨U+3164⟩⟨U+115F⟩⟨U+FFA0⟩"),
        ("\ud800\udfff", "\N{REPLACEMENT CHARACTER}" * 2),
    ],
)
def test_control_and_invisible_characters_become_symbols(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain [bold]markup[/bold]",
        "订单数据流 処理 한국어",
        "é à ü n\u0303 ทดสอบ हिन्दी",
        "✔ → ★ 😀",
        "العربية",
        "\u3000 \u00a0",
    ],
)
def test_letters_accents_and_combining_marks_are_unchanged(text: str) -> None:
    assert visible(text) == text


def test_every_character_is_visible() -> None:
    slipped = [hex(c) for c in range(0x110000) if unicodedata.category(visible(chr(c))[0]) in INVISIBLE]
    assert slipped == []


def test_visible_letters_and_marks_are_unchanged() -> None:
    changed = {
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code))[0] in "LNPS" and visible(chr(code)) != chr(code)
    }
    fillers = {0x115F, 0x1160, 0x3164, 0xFFA0}
    assert {code for code in changed if not 0x13430 <= code <= 0x1345F} == fillers


@given(any_text)
def test_visible_text_is_one_line(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(char) for char in shown} & INVISIBLE
    assert visible(shown) == shown
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(any_text)
def test_lines_are_split_only_at_line_feeds(text: str) -> None:
    lines = visible_lines(text)
    assert len(lines) == text.count("\n") + 1
    assert all(visible(line) == line for line in lines)


def test_lines_keep_their_indent() -> None:
    assert visible_lines("at a\r\n\tat b\rc\u2028d\n") == ["at a", "    at b␍c⟨U+2028⟩d", ""]


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abcd", 1, "…"), ("abcd", 0, ""), ("abcd", -1, ""), ("", 0, "")],
)
def test_shorten(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@given(st.dictionaries(any_text, any_text, max_size=3), st.sampled_from([None, 1]))
def test_escaped_json_has_the_same_value_and_no_control_characters(value: dict[str, str], indent: int | None) -> None:
    text = escaped(json.dumps(value, ensure_ascii=False, indent=indent))
    assert json.loads(text) == json.loads(json.dumps(value))
    assert not {unicodedata.category(letter) for letter in text.replace("\n", "")} & INVISIBLE


def test_letters_are_not_escaped_in_json() -> None:
    assert escaped('["订单","\x9b2J","\u202e","\U000e0041"]') == r'["订单","\u009b2J","\u202e","\udb40\udc41"]'


def test_a_block_keeps_only_line_ends_and_tabs() -> None:
    assert visible_block("a\tb\r\n\x1b[31mc\u202e\rd\n") == "a\tb\n␛[31mc⟨U+202E⟩␍d\n"
