"""Build hook: the manual page, built from the commands, becomes a shared file of the wheel."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPage(BuildHookInterface[Any]):
    """Writes hottui(1) for a wheel; an editable installation has none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the page to the wheel's data."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from hottui.cli.manual import manual  # noqa: PLC0415 - importable from now on
        finally:
            sys.path.remove(self.root)
        self._folder = TemporaryDirectory(prefix="hottui-manual-")
        page = Path(self._folder.name) / "hottui.1"
        page.write_text(manual(), encoding="utf-8")
        build_data["shared_data"][str(page)] = "share/man/man1/hottui.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface
        """Remove the temporary file."""
        if version != "editable":
            self._folder.cleanup()
