"""Slow work in a thread, while the event loop goes on.

Python runs one thread at a time. A thread that computes gives way to the loop between two steps of Python, when the
loop has waited for the switch interval; within one call of C (reading JSON, sorting) it does not.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_SWITCH_INTERVAL = 0.001
"""Seconds; with Python's own 5 ms a key that takes ten steps of the loop would be answered after 50 ms."""


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` returns. Cancelling this does not stop the thread: `work` is to be short, or to look for itself."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    return await asyncio.to_thread(work)
