"""Seeded input for fuzzing: random bytes, generated sequences, keys, pastes, and terminal sizes."""

import random
from collections.abc import Callable
from typing import Final

from hottui.tui.commands import COMMANDS

Size = tuple[int, int]
Piece = bytes | Size
"""Bytes written to the terminal, or its new size in columns and rows."""

_KEYS: Final = {
    "enter": "\r", "escape": "\x1b", "slash": "/", "question_mark": "?", "delete": "\x1b[3~", "tab": "\t",
    "shift+tab": "\x1b[Z", "left": "\x1b[D", "right": "\x1b[C", "up": "\x1b[A", "down": "\x1b[B", "space": " ",
    "plus": "+", "equals_sign": "=", "minus": "-", "left_square_bracket": "[", "right_square_bracket": "]",
    "asterisk": "*", "f1": "\x1bOP", "ctrl+p": "\x10", "ctrl+z": "\x1a",
}  # fmt: skip
_QUIT: Final = ("q", "ctrl+q", "ctrl+c")
_MOVES: Final = ("\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "g", "G", *"1234567", "\x7f", "\x01", "\x05", "\x0b", "\x17")
_SIZES: Final = (
    (1, 1),
    (2, 1),
    (1, 40),
    (3, 3),
    (20, 5),
    (60, 15),
    (80, 24),
    (120, 40),
    (250, 70),
    (65_535, 1),
    (1, 65_535),
)
_STRINGS: Final = ("\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX")
_STRINGS_8BIT: Final = (b"\x9d", b"\x90", b"\x9f", b"\x9e", b"\x98")
_TEXT: Final = "abex/?ujk漢字é？／ｊ\u202e\u200b 0123456789,;:-_{}[]\"'"


class Source:
    """Yield pieces of input, determined by the seed. None quits intentionally; random bytes may."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self._keys = [key for command in COMMANDS if command.id != "quit" for key in command.keys]
        self._acting: tuple[Callable[[], Piece], ...] = (
            *[self.keys] * 6, self.noise, self.words, self.kitty, self.click, self.size, self.size,
            self.prompt, self.palette, self.flood,
        )  # fmt: skip
        self._inert: tuple[Callable[[], Piece], ...] = (
            self.string, self.string, self.reply, self.paste, self.motion, self.size, self.broken,
        )  # fmt: skip

    def acting(self) -> Piece:
        """Any kind of input."""
        return self.chance.choice((*self._acting, *self._inert))()

    def inert(self) -> Piece:
        """Input that must have no effect without a prompt: everything but keys and clicks."""
        return self.chance.choice(self._inert)()

    def split(self, data: bytes) -> list[bytes]:
        """Split `data` into one or more pieces, never after an ESC, which is a key if nothing follows it."""
        kind = self.chance.random()
        if kind < 0.6 or len(data) > 10_000:
            return [data]
        size = 1 if kind < 0.7 and len(data) < 50 else max(len(data) // self.chance.randint(2, 4), 1)
        parts: list[bytes] = []
        for n in range(0, len(data), size):
            if parts and parts[-1].endswith(b"\x1b"):
                parts[-1] += data[n : n + size]
            else:
                parts.append(data[n : n + size])
        return parts

    # Input with an effect

    def keys(self) -> bytes:
        """Keys of commands and of navigation."""
        names = self.chance.choices((*self._keys, *_MOVES), k=self.chance.randint(1, 8))
        return "".join(_KEYS.get(name, name) for name in names).encode()

    def noise(self) -> bytes:
        """Any bytes, without most of those that would quit."""
        data = self.chance.randbytes(self.chance.randint(1, 300))
        return data.translate(None, b"q\x03\x11")

    def words(self) -> bytes:
        return "".join(self.chance.choices(_TEXT, k=self.chance.randint(1, 30))).encode()

    def prompt(self) -> bytes:
        """A prompt and text typed into it, in one write."""
        end = self.chance.choice(("\r", "\x1b", "", "\r\r"))
        return self.chance.choice("/aei").encode() + self.words() + end.encode()

    def palette(self) -> bytes:
        """The palette, and keys for its list, in one write."""
        keys = ("\x1b[6~", "\x1b[5~", "\x1b[B", "\x1b[A", "\x1b[F", "\x1b[H", "\r", "\x1b", "z", "pl", "\x10")
        return ("\x10" + "".join(self.chance.choices(keys, k=self.chance.randint(1, 5)))).encode()

    def kitty(self) -> bytes:
        """Keys of the kitty protocol, most of them invalid."""
        numbers = [self._number() for _ in range(3)]
        numbers = ["" if number == "113" else number for number in numbers]
        parts = [
            ":".join(self.chance.sample(numbers, k=self.chance.randint(1, 3))) for _ in range(self.chance.randint(1, 4))
        ]
        return f"\x1b[{';'.join(parts)}{self.chance.choice('u~ABCDEFHPQRS')}".encode()

    def click(self) -> bytes:
        buttons, x, y = self.chance.choice((0, 1, 2, 4, 8, 16, 128)), self._number(), self._number()
        return f"\x1b[<{buttons};{x};{y}M\x1b[<{buttons};{x};{y}m".encode()

    def flood(self) -> bytes:
        """More keys than a person can type."""
        return self.words() * self.chance.choice((50, 500, 5_000))

    # Input without an effect

    def string(self) -> bytes:
        """An OSC, DCS, APC, PM or SOS string; most are terminated."""
        body = "".join(self.chance.choices(_TEXT + "\r\n\tqqq", k=self.chance.choice((0, 5, 40, 3_000)))).encode()
        end = self.chance.choice((b"\x07", b"\x1b\\", b"\x9c", b"\x18"))
        start = self.chance.choice((*(each.encode() for each in _STRINGS), *_STRINGS_8BIT))
        return start + body + end

    def reply(self) -> bytes:
        """Replies of terminals, also with invalid numbers."""
        form = self.chance.choice((
            "\x1b]11;rgb:1e1e/1e1e/1e1e\x07", "\x1bP>|tmux 3.3a\x1b\\", "\x1b[?62;22c", "\x1b[>41;354;0c",
            "\x1b[{};{}R",
            "\x1b[?{};{}$y", "\x1b[48;{};{};{};{}t", "\x1b[{};{}t", "\x1b[?{}u", "\x1b[I", "\x1b[O", "\x1b[{}n",
            "\x1bP1$r{}m\x1b\\", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\", "\x1b_Gi={};OK\x1b\\", "\x1b[1;{}:3A",
            "\x1b[97;5:3u",
            "\x1b[1114112u", "\x1b[97;1;1114112u",
        ))  # fmt: skip
        return form.format(*(self._number() for _ in range(4))).encode()

    def paste(self) -> bytes:
        """A bracketed paste, with any content except its end."""
        size = self.chance.choice((1, 20, 2_000, 200_000))
        body = b"".join(self.chance.choices((self.noise(), b"\x1bq", b"x", b"\x1b[A", b"\r", self.words()), k=20))
        body = (body * (size // len(body) + 1))[:size].replace(b"\x1b[201~", b"")
        return b"\x1b[200~" + body + b"\x1b[201~"

    def motion(self) -> bytes:
        """The mouse moves."""
        count = self.chance.choice((1, 10, 500))
        return "".join(
            f"\x1b[<35;{self.chance.randint(1, 300)};{self.chance.randint(1, 100)}M" for _ in range(count)
        ).encode()

    def broken(self) -> bytes:
        """Sequences with any parameters, none of which is a key."""
        parameters = "".join(self.chance.choices("0123456789;:", k=self.chance.choice((1, 5, 400))))
        return f"\x1b[?{parameters}{self.chance.choice('abcdefghijklmnopqrstuvwxyz')}".encode()

    def size(self) -> Size:
        return self.chance.choice(_SIZES)

    def _number(self) -> str:
        number = self.chance.choice(
            (-1, 0, 1, 2, 5, 27, 99, 120, 65_535, 1_114_112, 10**30, self.chance.randint(0, 300))
        )
        return "" if number < 0 else str(number)
