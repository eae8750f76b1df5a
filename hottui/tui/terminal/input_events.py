"""Translate tokens of terminal input into Textual events. Unknown sequences are dropped."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IgnoredSequence
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import ASCII_KEY_NAMES, KEY_NAME_REPLACEMENTS, Keys
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from hottui.model.control_characters import visible_block
from hottui.tui.terminal.input_tokenizer import Pasted, Token

_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "\u3000": " ", "、": "/", "【": "[", "】": "]", "《": "<", "》": ">",
}  # fmt: skip
"""Full-width characters that Chinese and Japanese input methods type for ASCII keys."""
_KEY = re.compile(
    r"\x1b\[(?P<code>\d*)(?::\d*)*(?:;(?P<modifiers>\d*)(?::(?P<event>\d*))?(?:;(?P<text>[\d:]*))?)?(?P<final>[u~A-HPQS])"
)
"""The kitty keyboard protocol, which includes xterm's keys with modifiers."""
_TYPED_BY = {"enter": "\r", "tab": "\t", "backspace": "\x7f", **{str(digit): str(digit) for digit in range(10)}}
"""The characters typed by named keys; the digits are those of the keypad."""
_PRESSED = frozenset({"", "1", "2"})
"""Event types of the protocol: pressed and repeated; 3 is released."""
_MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")
"""By bit. Caps lock and num lock follow and are ignored."""
_ALL_MODIFIERS = 256
_MOUSE = re.compile(r"\x1b\[<(?P<buttons>\d{1,3});(?P<x>\d{1,4});(?P<y>\d{1,4})(?P<state>[Mm])")
_LINE_END = re.compile("\r\n?")
"""Terminals paste carriage returns as line ends."""
_SCROLL = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)
_FOCUS: dict[str, type[Message]] = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}
_SYNCHRONIZED_OUTPUT = re.compile(r"\x1b\[\?2026;[123]\$y")


class PasteTooLong(Message):
    """A paste over the limit. It is dropped whole: a part of it might mean something else."""


class Translator:
    """Translates tokens into events. Keeps the last mouse position, since mouse events carry the distance moved."""

    def __init__(self) -> None:
        self._x = self._y = 0

    def translate(self, tokens: Iterable[Token]) -> Iterator[Message]:
        """Yield the events of `tokens`, in order."""
        for token in tokens:
            if isinstance(token, Pasted):
                if not token.complete:
                    yield PasteTooLong()
                    continue
                yield events.Paste(visible_block(_LINE_END.sub("\n", token.text.replace("\x00", ""))))
            elif len(token) == 1:
                yield key_of(token)
            elif len(token) == 2:
                yield _alt(token)
            elif mouse := _MOUSE.fullmatch(token):
                yield from self._mouse(mouse)
            else:
                yield from _from_sequence(token)

    def _mouse(self, match: re.Match[str]) -> Iterator[events.MouseEvent]:
        buttons, x, y = int(match["buttons"]), int(match["x"]) - 1, int(match["y"]) - 1
        if x < 0 or y < 0 or buttons & ~0x7F:  # no position, or a button beyond the third
            return
        kind: type[events.MouseEvent]
        if buttons & 64:
            kind, button = _SCROLL[buttons & 3], 0
        else:
            button = (buttons + 1) & 3
            if buttons & 32 or button == 0:
                kind = events.MouseMove
            else:
                kind = events.MouseDown if match["state"] == "M" else events.MouseUp
        moved_x, moved_y, self._x, self._y = x - self._x, y - self._y, x, y
        shift, meta, ctrl = bool(buttons & 4), bool(buttons & 8), bool(buttons & 16)
        yield kind(None, x, y, moved_x, moved_y, button, shift, meta, ctrl, screen_x=x, screen_y=y)


def key_of(character: str) -> events.Key:
    """Return the key that types `character`. A full-width form has its ASCII key's name but types itself."""
    named = ANSI_SEQUENCES_KEYS.get(character)
    if isinstance(named, tuple):
        return events.Key(named[0].value, character)
    return events.Key(_name(character), character)


def _name(character: str) -> str:
    """Return the name used in bindings for the key of a printable character."""
    character = _FULL_WIDTH.get(character, character)
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name) or ASCII_KEY_NAMES.get(character, character)


def _alt(token: str) -> events.Key:
    """Return the key for alt and a character, which some terminals also send for other keys."""
    named = ANSI_SEQUENCES_KEYS.get(token)
    if isinstance(named, tuple):
        return events.Key(named[0].value, None)
    if isinstance(named, str):
        return key_of(named)
    key = key_of(token[1])
    if not key.is_printable:
        return key
    return events.Key(f"alt+shift+{key.key.lower()}" if key.key.isupper() else f"alt+{key.key}", None)


def _from_sequence(token: str) -> Iterator[Message]:
    if focus := _FOCUS.get(token):
        yield focus()
    elif _SYNCHRONIZED_OUTPUT.fullmatch(token):
        yield TerminalSupportsSynchronizedOutput()
    elif (match := _KEY.fullmatch(token)) and (keys := _extended(match)) is not None:
        yield from keys
    else:
        yield from _from_table(token)


def _extended(match: re.Match[str]) -> list[events.Key] | None:
    """Return the keys of a kitty protocol sequence; None if it is not one, empty if it is not a key press."""
    code, modifiers, text = _number(match["code"], 1), _number(match["modifiers"], 1), _text(match["text"] or "")
    pressed = (match["event"] or "") in _PRESSED and (match["code"] or match["final"] not in "u~")
    if code is None or modifiers is None or modifiers > _ALL_MODIFIERS or text is None or not pressed:
        return []
    key = FUNCTIONAL_KEYS.get(f"{code}{match['final']}", "")
    character = _printable(code) if match["final"] == "u" else ""
    if not key and not character:
        return None
    held = [name for bit, name in enumerate(_MODIFIERS) if max(modifiers - 1, 0) & (1 << bit)]
    if text:  # the text already includes shift and alt
        return [_with_modifiers([name for name in held if name not in {"shift", "alt"}], key_of(each)) for each in text]
    if key in MODIFIER_FUNCTIONAL_KEYS:
        return []
    return [_with_modifiers(held, events.Key(key, _TYPED_BY.get(key)) if key else key_of(character))]


def _with_modifiers(modifiers: list[str], key: events.Key) -> events.Key:
    if not modifiers:
        return key
    return events.Key("+".join([*sorted(modifiers), key.key]), None)


def _number(digits: str | None, default: int) -> int | None:
    """Return the number, `default` without digits, or None if it is too long to be valid."""
    if not digits:
        return default
    return int(digits) if len(digits) < 8 else None


def _text(codes: str) -> str | None:
    """Return the characters of colon-separated code points; None if one of them cannot be typed."""
    characters = [_printable(_number(code, 0) or 0) for code in codes.split(":") if code]
    return "".join(characters) if all(characters) else None


def _printable(code: int) -> str:
    """Return the character; empty for controls, surrogates, private use and unassigned code points."""
    character = chr(code) if code < 0x110000 else ""
    return character if character and unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} else ""


def _from_table(token: str) -> Iterator[events.Key]:
    """Yield the keys of a sequence from Textual's table, except those for escape and a key: escape would act."""
    named = ANSI_SEQUENCES_KEYS.get(token)
    if isinstance(named, str):
        yield key_of(named)
    elif named is not None and not isinstance(named, IgnoredSequence) and named[0] is not Keys.Escape:
        yield events.Key(named[0].value, None)
