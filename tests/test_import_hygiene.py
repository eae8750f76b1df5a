"""Packages that may not be imported before the first frame: each of them delays it noticeably."""

import json
import subprocess
import sys

HEAVY = ("regex", "pydantic", "pydantic_core", "httpx", "httpcore", "textual", "rich", "alibabacloud_credentials",
         "uvicorn")  # fmt: skip
LIGHT = (
    "hottui",
    "hottui.cli",
    "hottui.runtime.crash_report",
    "hottui.paths",
    "hottui.config.settings",
    "hottui.model",
    "hottui.model.json_text",
    "hottui.model.masking",
    "hottui.model.effect",
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
    "hottui.demo.first_rows",
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


# Python that imports every module in a child forked from the same clean interpreter, and prints what each one imports.
_PROGRAM = """
import json, os, sys

imported = {}
for module in sys.argv[1:]:
    reading, writing = os.pipe()
    if not os.fork():
        os.close(reading)
        __import__(module)
        names = sorted({name.partition(".")[0] for name in sys.modules})
        with os.fdopen(writing, "w") as pipe:
            json.dump(names, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.wait()
    imported[module] = json.loads(text) if text else None
print(json.dumps(imported))
"""


def imports_of(*modules: str) -> dict[str, set[str]]:
    """Return the top-level names in `sys.modules` after importing each of `modules` alone, with one interpreter."""
    command = [sys.executable, "-c", _PROGRAM, *modules]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    imported = json.loads(done.stdout)
    assert None not in imported.values(), done.stderr
    return {module: set(names) for module, names in imported.items()}


def test_light_modules_import_nothing_heavy() -> None:
    dashboard, demo = "hottui.tui.screens.dashboard", "hottui.cli.demo"
    imported = imports_of(*LIGHT, *WITHOUT_SQLITE, "hottui.model.answer", dashboard, demo)
    assert {module: found for module in LIGHT if (found := imported[module] & set(HEAVY))} == {}
    assert [module for module in WITHOUT_SQLITE if "sqlite3" in imported[module]] == []
    assert (imported[dashboard] | imported[demo]) & {"pydantic", "httpx"} == set()
    assert "pydantic" in imported["hottui.model.answer"], "the check detects a heavy import"
