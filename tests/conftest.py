"""What every test stands on: signals as a login shell hands them down, and cases with short names."""

import signal
from types import FrameType


def pytest_configure() -> None:
    """Hand no ignored signal down to the programs that tests start and end by signals.

    `nohup` ignores SIGHUP and a shell script's `&` SIGINT, and a program inherits that; a handler it does not inherit.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _go_on)


def _go_on(number: int, frame: FrameType | None) -> None:
    """Ignore a signal, as this run was told to, and nothing that it starts."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case after the beginning of a long text: some have a million letters, and reports name every case."""
    if isinstance(val, str | bytes) and len(val) > 60:
        return f"{val[:30]!a}... {len(val)}"
    return None
