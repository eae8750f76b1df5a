"""Tokens of terminal input as Textual's events: what is not understood becomes none."""

import random

from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from hottui.tui.terminal.input_events import PasteTooLong, Translator
from hottui.tui.terminal.input_tokenizer import Pasted, Token


def translate(*tokens: Token) -> list[Message]:
    return list(Translator().translate(tokens))


def keys(*tokens: Token) -> list[str]:
    """The names of the keys; the test fails where something else comes of a token."""
    found = translate(*tokens)
    assert all(isinstance(event, events.Key) for event in found), found
    return [event.key for event in found if isinstance(event, events.Key)]


def test_keys_have_the_names_of_their_bindings() -> None:
    expected = {
        "q": "q", "C": "C", "?": "question_mark", "/": "slash", " ": "space", "[": "left_square_bracket", "+": "plus",
        "\r": "enter", "\t": "tab", "\x7f": "backspace", "\x1b": "escape", "\x03": "ctrl+c", "\x10": "ctrl+p",
        "\x1b[A": "up", "\x1bOB": "down", "\x1b[5~": "pageup", "\x1b[Z": "shift+tab", "\x1b[H": "home",
        "\x1b[3~": "delete",
        "\x1b[1;5A": "ctrl+up", "\x1b[1;2C": "shift+right", "\x1b[5A": "ctrl+up", "\x1b[[A": "f1", "\x1bOP": "f1",
        "\x1b[113;1u": "q", "\x1b[113;;113u": "q", "\x1b[99;5u": "ctrl+c", "\x1b[97;2;65u": "A", "\x1b[27u": "escape",
        "\x1b[13u": "enter", "\x1b[57414u": "enter", "\x1b[97;5:1u": "ctrl+a", "\x1b[97;5:2u": "ctrl+a",
        "\x1b[97:65:97;2u": "shift+a", "\x1b[1;129B": "down", "\x1b[57399u": "0",
        "\x1bq": "alt+q", "\x1bQ": "alt+shift+q", "\x1b/": "alt+slash", "é": "é", "漢": "漢",
    }  # fmt: skip
    for token, name in expected.items():
        assert keys(token) == [name], repr(token)


def test_what_is_not_understood_becomes_nothing() -> None:
    nothing = (
        "\x1b[97;5:3u", "\x1b[1;5:3A", "\x1b[1114112u", "\x1b[55296u", "\x1b[97;999u", "\x1b[97;1;1114112u",
        "\x1b[97;1;27u", "\x1b[97;1;7:113u", "\x1b[" + "9" * 100 + "u", "\x1b[1;" + "9" * 100 + "A", "\x1b[u", "\x1b[~",
        "\x1b[99~", "\x1b[98A", "\x1b[?62;4;22c", "\x1b[>41;354;0c", "\x1b[?1;2c", "\x1b[0n", "\x1b[24;80R",
        "\x1b[48;30;100;0;0t", "\x1b[8;24;80t", "\x1b[?2048;2$y", "\x1b[?1016;1$y", "\x1b[?2026;0$y", "\x1b[?31u",
        "\x1b[1;7p", "\x1b[57441u", "\x1b[57358;1:3u", "\x1b[32;10;20M", "\x1b[M !!", "\x1bO5", "\x1bO!",
        "\x1b[?2026;4$y",
        "\x1b[<0;0;5M", "\x1b[<0;-3;5M", "\x1b[<0;99999;5M", "\x1b[<128;5;5M", "\x1b[<;;M", "\x1b[<0;5M", "\x1b[3 q",
    )  # fmt: skip
    for token in nothing:
        assert translate(token) == [], repr(token)
    assert [type(event) for event in translate("\x1b[I", "\x1b[O", "\x1b[?2026;2$y")] == [
        events.AppFocus,
        events.AppBlur,
        TerminalSupportsSynchronizedOutput,
    ]


def test_full_width_keys_act_as_ascii_and_type_themselves() -> None:
    names = {"？": "question_mark", "／": "slash", "ｊ": "j", "Ｃ": "C", "\u3000": "space", "【": "left_square_bracket",
             "、": "slash", "＋": "plus", "１": "1"}  # fmt: skip
    for wide, name in names.items():
        (key,) = translate(wide)
        assert isinstance(key, events.Key)
        assert (key.key, key.character) == (name, wide)
    (key,) = translate(f"\x1b[{ord('？')};1;{ord('？')}u")
    assert isinstance(key, events.Key)
    assert (key.key, key.character) == ("question_mark", "？")


def test_the_mouse_is_read_in_cells() -> None:
    found = translate(
        "\x1b[<0;10;20M", "\x1b[<0;12;20m", "\x1b[<35;1;1M", "\x1b[<64;5;5M", "\x1b[<69;5;5M", "\x1b[<20;5;5M"
    )
    kinds = [type(event) for event in found]
    assert kinds == [events.MouseDown, events.MouseUp, events.MouseMove, events.MouseScrollUp, events.MouseScrollDown,
                     events.MouseDown]  # fmt: skip
    down, up, *_, ctrl = found
    assert isinstance(down, events.MouseDown)
    assert isinstance(up, events.MouseUp)
    assert isinstance(ctrl, events.MouseDown)
    assert (down.x, down.y, down.button) == (9, 19, 1)
    assert (up.x, up.y, up.delta_x, up.delta_y) == (11, 19, 2, 0)
    assert (ctrl.ctrl, ctrl.shift, ctrl.meta) == (True, True, False)


def test_a_paste_is_text_without_controls() -> None:
    (paste,) = translate(Pasted("a\r\nb\rc\td\x00\x1b[31m"))
    assert isinstance(paste, events.Paste)
    assert paste.text == "a\nb\nc\td␛[31m"
    assert [type(event) for event in translate(Pasted("part", complete=False))] == [PasteTooLong]


def test_no_token_raises() -> None:
    chance = random.Random(9)
    for _ in range(20_000):
        parameters = "".join(chance.choices("0123456789;:<?>=!$ -", k=chance.randint(0, 30)))
        translate(f"\x1b[{parameters}{chr(chance.randint(0x40, 0x7E))}", f"\x1b{chr(chance.randint(0, 0x7F))}")
    for code in (*range(0xD800), *range(0xE000, 0x11000), *range(0x1F000, 0x20000)):
        translate(chr(code))
