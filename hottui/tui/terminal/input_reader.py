"""The thread that reads the terminal and turns any bytes into events."""

import codecs
import os
import select
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from textual import constants
from textual.message import Message

from hottui.runtime import error_hooks
from hottui.tui.terminal.input_events import Translator
from hottui.tui.terminal.input_limits import Limiter
from hottui.tui.terminal.input_tokenizer import Token, Tokenizer

_TICK: Final = 0.1
"""Seconds after which a pause in the input is noted."""
_IDLE_AFTER: Final = 0.5
"""Seconds of silence after which nothing depends on more of it: the thread sleeps until there is input."""
_BURST: Final = 64
"""Events in one read that cannot have been typed. They are held back: their total decides their handling."""
_BURST_ENDS: Final = 0.03
"""Seconds without input that end such a burst."""
_BURST_LASTS: Final = 0.5
"""Seconds after which the first part of a burst is delivered anyway."""
_ENCODING_ERRORS: Final = "hottui-terminal"


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Decode a lone byte from 0x80 to 0x9f as an 8-bit control, any other invalid UTF-8 as a replacement character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    control = len(wrong) == 1 and 0x80 <= wrong[0] < 0xA0
    return chr(wrong[0]) if control else "\N{REPLACEMENT CHARACTER}", error.end


codecs.register_error(_ENCODING_ERRORS, _replace)


class StopEvent(threading.Event):
    """An event that also ends a `select` on its descriptor."""

    def __init__(self) -> None:
        super().__init__()
        self._output, self._input = os.pipe()
        for end in (self._output, self._input):
            os.set_blocking(end, False)
            weakref.finalize(self, os.close, end)

    def fileno(self) -> int:
        """Return the descriptor, which is readable while the event is set."""
        return self._output

    def set(self) -> None:
        """Set the event."""
        super().set()
        with suppress(BlockingIOError):  # set many times
            os.write(self._input, b".")

    def clear(self) -> None:
        """Clear the event."""
        super().clear()
        with suppress(BlockingIOError):  # it was not set
            os.read(self._output, 4096)


def read(descriptor: int, stop: StopEvent, deliver: Callable[[list[Message]], None]) -> bool:
    """Pass keys, clicks, pastes and reports to `deliver` until `stop` is set; return whether the terminal is there.

    What was read together is delivered together, so that its amount is known.

    Textual's own loop raises at the first byte that is not UTF-8, and spins once the terminal is gone.
    """
    reader = _Reader(deliver)
    with _nonblocking(descriptor) as terminal:
        while not stop.is_set():
            timeout = reader.timeout
            ready, _, _ = select.select((terminal, stop.fileno()), (), (), timeout)
            if terminal not in ready:
                if timeout is not None:
                    reader.silence(timeout)
                continue
            try:
                data = os.read(terminal, 4096)
            except BlockingIOError:  # read by another process, such as the shell while this one was stopped
                continue
            except OSError:
                return False
            if not data:
                return False
            reader.feed(data)
    return True


@contextmanager
def _nonblocking(descriptor: int) -> Iterator[int]:
    """Open the terminal again without blocking: O_NONBLOCK belongs to the open file, which the shell shares.

    A blocking read could wait forever for input that another process took after `select` reported it, and with it
    whoever waits for the end of the thread.
    """
    try:
        own = os.open(os.ttyname(descriptor), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # not a terminal, or one without a path in this mount namespace
        yield descriptor
        return
    try:
        yield own
    finally:
        os.close(own)


class _Reader:
    """Decodes, tokenizes, translates and limits input. Unexpected errors are reported and the input dropped."""

    def __init__(self, deliver: Callable[[list[Message]], None]) -> None:
        self._deliver = deliver
        self._limiter = Limiter()
        self._burst: list[Message] = []
        self._burst_began = 0.0
        self._silence = 0.0
        self._reset()

    @property
    def timeout(self) -> float | None:
        """Seconds without input after which to call `silence`; None if nothing depends on it."""
        timeout = self._tokenizer.timeout
        if timeout is None and not self._burst and self._silence >= _IDLE_AFTER:
            return None
        return min(_TICK if timeout is None else timeout, _BURST_ENDS if self._burst else _TICK)

    def feed(self, data: bytes) -> None:
        """Deliver the events completed by `data`."""
        self._silence = 0.0
        with self._errors_reported():
            self._take(self._tokenizer.feed(self._decode(data)))

    def silence(self, seconds: float) -> None:
        """Deliver the events completed by this much time without input."""
        self._silence += seconds
        with self._errors_reported():
            self._limiter.silence(seconds)
            self._take(self._tokenizer.wait(seconds), ends=True)

    def _take(self, tokens: list[Token], *, ends: bool = False) -> None:
        """Deliver `tokens`, or hold them for the rest of the burst."""
        if not self._burst:
            self._burst_began = time.monotonic()
        self._burst += self._limiter.limit(list(self._translator.translate(tokens)))
        if ends or len(self._burst) < _BURST or time.monotonic() - self._burst_began > _BURST_LASTS:
            burst, self._burst = self._burst, []
            if burst:
                self._deliver(burst)

    @contextmanager
    def _errors_reported(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - reported; no input may end the program
            self._reset()
            error_hooks.current_hooks().handle(fault)

    def _reset(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(_ENCODING_ERRORS).decode
        self._tokenizer = Tokenizer(constants.ESCAPE_DELAY)
        self._translator = Translator()
