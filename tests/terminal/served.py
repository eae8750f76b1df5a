"""A served simulation in which everything changes continuously, and a home with its bookmarks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.state import HOT_UPDATING, INIT
from hottui.store.store import Store


class Restless(Simulation):
    """Every hot update changes its state each second until `rest` is set."""

    def __init__(self, size: int) -> None:
        super().__init__(size=size, started=time.time() - 3_600.0)
        self.rest = False
        self.read_at: list[float] = []

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the result in one of two states."""
        self.read_at.append(time.monotonic())
        result = super().result(workspace, namespace, hot_update_id)
        if result is None:
            return None
        turn = 0 if self.rest else int(time.time()) % 2
        return {**result, "status": {**result["status"], "status": (INIT, HOT_UPDATING)[turn]}}

    def denies(self, workspace: str, namespace: str, hot_update_id: str) -> bool:
        """Allow every read."""
        return False


def store_path(home: dict[str, str]) -> Path:
    """Return the path of the store with these variables."""
    return Path(home["XDG_DATA_HOME"]) / "hottui" / "hottui.db"


@contextmanager
def watched(world: Restless, home: dict[str, str]) -> Iterator[dict[str, str]]:
    """Serve `world`, all bookmarked; yields the variables for it."""
    path = store_path(home)
    with serving(DemoService(world)) as endpoint:
        path.parent.mkdir(parents=True)
        store = Store.open(path)
        store.add_all(world.bookmarks(endpoint))
        store.close()
        world.read_at.clear()
        place = world.refs(endpoint)[0]
        yield {
            "HOTTUI_WORKSPACE": place.workspace,
            "HOTTUI_ENDPOINT": endpoint,
            "HOTTUI_INTERVAL": "0.5",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
        }
