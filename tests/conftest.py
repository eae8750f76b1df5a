"""Setup of every test: default signals, short names of cases, and which tests are slow."""

import signal
from pathlib import Path
from types import FrameType
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a loaded machine is no fault of the code

SLOW: Final = (
    "terminal",
    "faults",
    "cli/test_process.py",
    "graph/test_light.py",
    "graph/test_reading_back.py",
    "model/test_masking_text.py",
    "monitor/test_guest.py",
    "monitor/test_loop.py",
    "monitor/test_store.py",
    "store/test_processes.py",
    "tui/test_garbage.py",
    "tui/test_holding.py",
    "tui/test_plan_snapshots.py",
    "tui/test_plan_tab.py",
    "tui/test_snapshots.py",
)
"""Folders and modules whose tests are `slow`: real terminals, many processes, snapshots, long simulations."""


def pytest_configure() -> None:
    """Restore signals that are ignored, since programs started by tests inherit that.

    `nohup` ignores SIGHUP and a shell script's `&` SIGINT, and a program inherits that; a handler it does not inherit.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _go_on)


def _go_on(number: int, frame: FrameType | None) -> None:
    """Ignore a signal in this process, but not in the programs that it starts."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here)
        if any(place.is_relative_to(each) for each in SLOW):
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case after the start of a long text: some have a million characters, and reports contain every name."""
    if isinstance(val, str | bytes) and len(val) > 60:
        return f"{val[:30]!a}... {len(val)}"
    return None
