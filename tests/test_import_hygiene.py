"""What the way to the first frame may not import: each name here costs more than the frame has time for."""

import json
import subprocess
import sys

import pytest

HEAVY = ("pydantic", "pydantic_core", "httpx", "httpcore", "textual", "rich", "alibabacloud_credentials", "uvicorn")
LIGHT = (
    "hottui",
    "hottui.cli",
    "hottui.runtime.crash_report",
    "hottui.paths",
    "hottui.config.settings",
    "hottui.model",
    "hottui.model.json_text",
    "hottui.model.masking",
    "hottui.model.ref",
    "hottui.model.state",
    "hottui.model.control_characters",
    "hottui.model.tracking",
    "hottui.monitor",
    "hottui.monitor.snapshot",
    "hottui.store",
    "hottui.store.store",
    "hottui.service",
    "hottui.service.endpoints",
    "hottui.service.errors",
    "hottui.demo",
    "hottui.graph",
    "hottui.tui",
    "hottui.runtime.error_hooks",
)
WITHOUT_SQLITE = (
    "hottui.cli",
    "hottui.model.tracking",
    "hottui.model.masking",
    "hottui.monitor.snapshot",
    "hottui.paths",
)


def imported_by(module: str) -> set[str]:
    """The top-level names that a fresh interpreter has imported after `import module`."""
    program = f"import sys, json, {module}; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_import_nothing_heavy(module: str) -> None:
    assert imported_by(module) & set(HEAVY) == set()


@pytest.mark.parametrize("module", WITHOUT_SQLITE)
def test_the_database_is_imported_when_it_is_opened(module: str) -> None:
    assert "sqlite3" not in imported_by(module)


def test_the_check_can_see_a_heavy_import() -> None:
    assert "pydantic" in imported_by("hottui.model.answer")
