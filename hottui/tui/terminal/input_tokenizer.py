"""Split terminal input into keys, complete escape sequences and pastes (ECMA-48, xterm, bracketed paste)."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

ESC: Final = "\x1b"
PASTE_LIMIT: Final = 65_536
"""Characters kept of one paste: more than any list of IDs or response of HotUpdateJob has."""
_SEQUENCE_LIMIT = 256
"""Characters kept of a CSI or SS3 sequence; real ones have fewer than 40."""
_STRING_LIMIT = 4_096
"""Characters of an OSC, DCS, APC, PM or SOS string after which its terminator is considered missing."""
_SEQUENCE_TIMEOUT = 2.0
"""Seconds without input after which an incomplete string or sequence is abandoned."""
_INTRODUCER_TIMEOUT = 0.5
"""The same after a bare `ESC [` or `ESC O`, which alt-[ and alt-O also send."""
_PASTE_TIMEOUT = 5.0
"""The same in a paste; long, because the rest of a paste would act as keys."""
_OVERRUN_TIMEOUT = 0.25
"""The same for a string or sequence that exceeds its limit."""
_LATE_REST_WITHIN = 1.0
"""Seconds after the escape key within which characters that continue a sequence are treated as its late rest."""
_TYPED = 16
"""Characters in one read that may have been typed; more are sent by a program, and restart the timeout."""

_PASTE_START = "\x1b[200~"
_PASTE_END = re.compile("(?:\x1b\\[|\x9b)201~")
_PASTE_END_BEGUN = re.compile("(?:\x1b(?:\\[(?:20?1?)?)?|\x9b(?:20?1?)?)\\Z")
_TEXT = re.compile("[^\x1b\x80-\x9f]+")
_C1 = re.compile("[\x80-\x9f]")
_STRINGS = frozenset("]P_^X")
"""Introducers of OSC, DCS, APC, PM and SOS strings, after ESC."""
_STRING_STOP = re.compile("[\x07\x18\x1a\x1b\x9c]")
"""BEL and ST terminate a string; CAN, SUB and any ESC abort it."""
_SEQUENCES = {"[": (re.compile("[ -?]*"), "@"), "O": (re.compile("[0-9;]*"), " ")}
"""CSI and SS3, after ESC: what may precede the final character, and the lowest final character."""
_FOLLOWED_BY = {"\x1b[M": 3, "\x1b[[": 1}
"""Sequences that continue after their final character: legacy mouse reports, function keys of the Linux console."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text of one bracketed paste; not `complete` if it was longer than `PASTE_LIMIT`."""

    text: str
    complete: bool = True


Token = str | Pasted
"""A single character, a complete escape sequence (two characters: alt and a key), or a paste."""


class _In(Enum):
    """What the next character belongs to."""

    GROUND = auto()
    STRING = auto()
    LONG_SEQUENCE = auto()
    PASTE = auto()


class Tokenizer:
    """Tokenizes text in pieces, split anywhere. Control strings are consumed up to their terminator and yield nothing.

    It has no clock: the caller reports time without input with `wait`, so that time during which the process was
    stopped does not count.
    """

    def __init__(self, escape_delay: float) -> None:
        self._escape_delay = escape_delay
        self._state = _In.GROUND
        self._rest = ""
        """The incomplete sequence at the end of the input so far."""
        self._idle = 0.0
        """Seconds without input within the incomplete sequence."""
        self._length = 0
        """Characters in the current string, sequence or paste."""
        self._paste: list[str] = []
        self._escaped = False
        """Whether an ESC was just reported as the key because nothing followed in time."""

    def feed(self, text: str) -> list[Token]:
        """Return the tokens that are complete now."""
        if self._state is _In.GROUND or (len(text) > _TYPED and self._limit() != _SEQUENCE_TIMEOUT):
            self._idle = 0.0
        if self._escaped and len(text) > 1 and (text[0] in _STRINGS or text[0] in _SEQUENCES):
            text = ESC + text
        self._escaped = False
        text, self._rest = self._rest + text, ""
        tokens: list[Token] = []
        at = 0
        while at < len(text):
            end = self._step(text, at, tokens)
            if end is None:
                self._rest = text[at:]
                break
            at = end
        return tokens

    def wait(self, seconds: float) -> list[Token]:
        """Return the tokens completed by this much time without input: the escape key, or an unterminated paste."""
        self._idle += seconds
        limit = self._limit()
        self._escaped = self._escaped and self._idle < _LATE_REST_WITHIN
        if limit is None or self._idle < limit:
            return []
        tokens: list[Token] = []
        if self._state is _In.PASTE:
            self._keep(self._rest)
            tokens = [self._pasted()]
        elif self._state is _In.GROUND and self._rest == ESC:
            tokens = [ESC]
            self._escaped = True
        self._rest = ""
        self._enter(_In.GROUND)
        return tokens

    @property
    def timeout(self) -> float | None:
        """Seconds without input until the next timeout; None while nothing is incomplete."""
        limit = self._limit()
        return None if limit is None else max(limit - self._idle, 0.0)

    def _limit(self) -> float | None:
        match self._state:
            case _In.PASTE:
                return _PASTE_TIMEOUT
            case _In.STRING:
                return _SEQUENCE_TIMEOUT if self._length <= _STRING_LIMIT else _OVERRUN_TIMEOUT
            case _In.LONG_SEQUENCE:
                return _OVERRUN_TIMEOUT
        by_length = {0: None, 1: self._escape_delay, 2: _INTRODUCER_TIMEOUT}
        return by_length.get(len(self._rest), _SEQUENCE_TIMEOUT)

    def _enter(self, state: _In) -> None:
        self._state, self._length, self._idle = state, 0, 0.0

    # Each of the following returns the position after what it consumed, or None if it needs more input.

    def _step(self, text: str, at: int, tokens: list[Token]) -> int | None:
        match self._state:
            case _In.GROUND:
                return self._ground(text, at, tokens)
            case _In.STRING:
                return self._string(text, at)
            case _In.LONG_SEQUENCE:
                return self._long_sequence(text, at)
            case _In.PASTE:
                return self._in_paste(text, at, tokens)

    def _ground(self, text: str, at: int, tokens: list[Token]) -> int | None:
        if match := _TEXT.match(text, at):
            tokens.extend(match[0])
            return match.end()
        if _C1.match(text, at):  # the 8-bit form of ESC and a character
            return self._introduced(chr(ord(text[at]) - 0x40), text, at + 1, tokens)
        if at + 1 == len(text):
            return None
        kind = text[at + 1]
        if kind == ESC or _C1.match(kind):  # the first ESC was the escape key
            tokens.append(ESC)
            return at + 1
        if kind not in _STRINGS and kind not in _SEQUENCES:
            tokens.append(ESC + kind)
        return self._introduced(kind, text, at + 2, tokens)

    def _introduced(self, kind: str, text: str, start: int, tokens: list[Token]) -> int | None:
        """Continue after ESC and `kind`, or its 8-bit form."""
        if kind in _STRINGS:
            self._enter(_In.STRING)
        elif kind in _SEQUENCES:
            return self._sequence(kind, text, start, tokens)
        return start

    def _sequence(self, kind: str, text: str, start: int, tokens: list[Token]) -> int | None:
        """Parse a CSI or SS3 sequence whose parameters begin at `start`."""
        pattern, lowest = _SEQUENCES[kind]
        end = _after(pattern, text, start)
        if end == len(text):
            if end - start <= _SEQUENCE_LIMIT:
                return None
            self._enter(_In.LONG_SEQUENCE)
            return end
        if not lowest <= text[end] <= "~":
            return end  # interrupted by another sequence or a key
        sequence = ESC + kind + text[start : end + 1]
        end += 1
        if extra := _FOLLOWED_BY.get(sequence):
            more = text[end : end + extra]
            if ESC in more:
                return end + more.index(ESC)
            if len(more) < extra:
                return None
            sequence += more
            end += extra
        if sequence == _PASTE_START:
            self._enter(_In.PASTE)
        elif len(sequence) <= _SEQUENCE_LIMIT:
            tokens.append(sequence)
        return end

    def _long_sequence(self, text: str, at: int) -> int:
        end = _after(_SEQUENCES["["][0], text, at)
        if end == len(text):
            return end
        self._enter(_In.GROUND)
        return end + 1 if "@" <= text[end] <= "~" else end

    def _string(self, text: str, at: int) -> int | None:
        match = _STRING_STOP.search(text, at)
        if match is None:
            self._length += len(text) - at
            return len(text)
        stop, end = match.start(), match.end()
        if match[0] != ESC:
            self._enter(_In.GROUND)
            return end
        if end < len(text):
            self._enter(_In.GROUND)
            return end + 1 if text[end] == "\\" else stop
        if stop == at:
            return None
        self._length += stop - at
        return stop

    def _in_paste(self, text: str, at: int, tokens: list[Token]) -> int | None:
        if match := _PASTE_END.search(text, at):
            self._keep(text[at : match.start()])
            tokens.append(self._pasted())
            self._enter(_In.GROUND)
            return match.end()
        begun = _PASTE_END_BEGUN.search(text, at)
        end = begun.start() if begun else len(text)
        if end == at:
            return None
        self._keep(text[at:end])
        return end

    def _keep(self, text: str) -> None:
        self._paste.append(text[: max(PASTE_LIMIT - self._length, 0)])
        self._length += len(text)

    def _pasted(self) -> Pasted:
        pasted = Pasted("".join(self._paste), self._length <= PASTE_LIMIT)
        self._paste.clear()
        return pasted


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the position after the match of `pattern` at `at`, or `at`."""
    match = pattern.match(text, at)
    return match.end() if match else at
