"""The first frame needs the monitor, so importing it must be cheap."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["hottui.monitor.snapshot", "hottui.monitor.monitor"])
def test_importing_the_monitor_is_cheap(module: str) -> None:
    code = f"import sys, {module}; print(*{{'httpx', 'pydantic', 'textual'}} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
