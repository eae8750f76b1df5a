"""Setup of every test: default signals, short names of cases, and which tests are slow."""

import signal
from pathlib import Path
from types import FrameType
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a loaded machine is no fault of the code

SLOW_PATHS: Final = (
    "cli/test_bad_input.py",
    "cli/test_get_effect.py",
    "cli/test_plain_table.py",
    "cli/test_process.py",
    "cli/test_signals.py",
    "cli/test_terminal.py",
    "demo/test_sdk.py",
    "faults",
    "graph/render/test_highlight.py",
    "graph/render/test_round_trip.py",
    "monitor/test_fairness.py",
    "monitor/test_faults.py",
    "monitor/test_loop.py",
    "monitor/test_read_dispatch.py",
    "monitor/test_store.py",
    "service/test_arbitrary_bytes.py",
    "service/test_credential_process.py",
    "service/test_credentials.py",
    "service/test_job_client.py",
    "store/test_concurrency.py",
    "terminal",
    "test_import_hygiene.py",
    "test_packaging.py",
    "tui/test_comparison.py",
    "tui/test_copying.py",
    "tui/test_garbage.py",
    "tui/test_input_order.py",
    "tui/test_job_screen.py",
    "tui/test_large_answers.py",
    "tui/test_moving.py",
    "tui/test_plan_keys.py",
    "tui/test_plan_tab.py",
    "tui/test_prompts.py",
    "tui/test_sizes.py",
    "tui/test_tab_faults.py",
    "tui/test_snapshots.py",
    "tui/test_plan_snapshots.py",
)
"""Folders and modules whose tests are `slow`: they need ptys, processes or the full stack, simulate hours, or take long
and hardly depend on the version of Python. Every command is still run on each version, by `tui/test_commands.py`."""

SLOW_FIXTURES: Final = frozenset({"make_full_stage"})
"""Fixtures that start the full stack: a test that uses one is `slow`."""


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
        path = item.path.relative_to(here)
        fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if fixtures or any(path.is_relative_to(each) for each in SLOW_PATHS):
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case after the start of a long text: some have a million characters, and reports contain every name."""
    if isinstance(val, str | bytes) and len(val) > 60:
        return f"{val[:30]!a}... {len(val)}"
    return None
