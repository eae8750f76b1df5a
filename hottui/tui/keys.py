"""The thread that reads the terminal: from bytes to events, whatever the bytes are."""

import codecs
import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from textual import constants
from textual.message import Message

from hottui import unheard
from hottui.tui.escape_sequences import Token, Tokenizer
from hottui.tui.flood import Limiter
from hottui.tui.input_events import Translator

_TICK: Final = 0.1
"""Seconds between two checks whether to stop."""
_ENCODING_ERRORS: Final = "hottui-terminal"


def _replace(error: UnicodeError) -> tuple[str, int]:
    """A lone byte from 0x80 to 0x9f is an 8-bit control; everything else that is not UTF-8 is one unknown character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    control = len(wrong) == 1 and 0x80 <= wrong[0] < 0xA0
    return chr(wrong[0]) if control else "\N{REPLACEMENT CHARACTER}", error.end


codecs.register_error(_ENCODING_ERRORS, _replace)


def read(descriptor: int, stop: threading.Event, deliver: Callable[[Message], None]) -> bool:
    """Pass each key, click, paste and report to `deliver` until `stop` is set; return whether the terminal is there.

    Textual's own loop ends with a traceback at the first
    byte that is not UTF-8, and runs at full speed once the terminal is gone.
    """
    reader = _Reader(deliver)
    while not stop.is_set():
        patience = reader.patience
        timeout = _TICK if patience is None else min(patience, _TICK)
        if not select.select((descriptor,), (), (), timeout)[0]:
            reader.silence(timeout)
            continue
        try:
            data = os.read(descriptor, 4096)
        except OSError:
            return False
        if not data:
            return False
        reader.feed(data)
    return True


class _Reader:
    """Decodes, tokenizes, translates and limits. A fault in that is reported; what caused it is dropped."""

    def __init__(self, deliver: Callable[[Message], None]) -> None:
        self._deliver = deliver
        self._limiter = Limiter()
        self._reset()

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which something incomplete is given up; None where nothing is."""
        return self._tokenizer.patience

    def feed(self, data: bytes) -> None:
        """Deliver what is complete with `data`."""
        with self._faults_reported():
            self._take(self._tokenizer.feed(self._decode(data)))

    def silence(self, seconds: float) -> None:
        """Deliver what is complete because nothing came for so long."""
        with self._faults_reported():
            self._limiter.silence(seconds)
            self._take(self._tokenizer.wait(seconds))

    def _take(self, tokens: list[Token]) -> None:
        for event in self._limiter.limit(list(self._translator.translate(tokens))):
            self._deliver(event)

    @contextmanager
    def _faults_reported(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - reported; no input may end the program
            self._reset()
            unheard.current().heard(fault)

    def _reset(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(_ENCODING_ERRORS).decode
        self._tokenizer = Tokenizer(constants.ESCAPE_DELAY)
        self._translator = Translator()
