"""What is typed, read in a thread: bytes that are no UTF-8 are passed over, and the end of the terminal is told."""

import codecs
import os
import select
import threading
from collections.abc import Callable, Iterable

from textual._xterm_parser import XTermParser
from textual.message import Message

_TICK = 0.1
"""Seconds between two looks whether to stop, and whether an escape was a key of its own."""


def read(descriptor: int, stop: threading.Event, heard: Callable[[Message], None]) -> bool:
    """Tell `heard` of each key, click and report until `stop` is set; returns whether the terminal is still there.

    Textual's own loop ends with a traceback at the first byte that is no UTF-8 (line noise, a paste in another
    encoding), and runs at full speed once the terminal is gone.
    """
    parser = XTermParser(False)
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def tell(messages: Iterable[Message]) -> None:
        for message in messages:
            heard(message)

    while not stop.is_set():
        if select.select((descriptor,), (), (), _TICK)[0]:
            try:
                data = os.read(descriptor, 4096)
            except OSError:
                return False
            if not data:
                return False
            if text := decode(data):
                tell(parser.feed(text))
        tell(parser.tick())
    return True
